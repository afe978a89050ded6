#include "support/random.h"
#include "support/test.h"

#include "record/format.h"
#include "record/known.h"
#include "record/language.h"

static struct wordtable table;
static struct tokens *tokens;

static int start(void **state)
{
    (void)state;
    language_words(&table);
    format_words(&table);
    wordtable_build(&table);
    return tokens_new(&tokens) != STATUS_OK;
}

static int stop(void **state)
{
    (void)state;
    tokens_free(tokens);
    return 0;
}

static void all_words_have_room_in_one_table(void **state)
{
    (void)state;
    assert_in_range(table.n, 1, WORDTABLE_WORDS - 1);
    for (uint32_t i = 0; i < table.n; i++) {
        assert_int_not_equal(table.values[i], 0);
        assert_int_equal(wordtable_at(&table, table.hashes[i]), table.values[i]);
    }
}

static void those_of_head_and_tail_are_found_in_order(void **state)
{
    (void)state;
    struct test_random random = { 41 };
    static struct known known;
    static char text[8 * 1000];
    print_message("seed 41\n");
    for (unsigned round = 0; round < 300; round++) {
        size_t n_tokens = test_random_below(&random, 1000), found = 0;
        text[0] = 0;
        for (size_t i = 0; i < n_tokens; i++)
            strcat(text + 7 * i, test_random_below(&random, 3) ? "filler " : "answer ");
        tokens_reset(tokens);
        tokens_add(tokens, span_of(text));
        known_find(&table, tokens, &known);
        assert_int_equal(tokens->n, n_tokens);
        for (size_t i = 0; i < n_tokens; i++)
            if ((i < KNOWN_HEAD || i + KNOWN_TAIL >= n_tokens) && text[7 * i] == 'a') {
                assert_int_equal(known.at[found], i);
                assert_int_equal(known.value[found++], wordtable_at(&table, tokens->hash[i]));
            }
        assert_int_equal(known.n, found);
        assert_true(known.n_head <= found);
        assert_true(known.n_head == 0 || known.at[known.n_head - 1] < KNOWN_HEAD);
        assert_true(known.n_head == known.n || known.at[known.n_head] >= KNOWN_HEAD);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_words_have_room_in_one_table),
        cmocka_unit_test(those_of_head_and_tail_are_found_in_order),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
