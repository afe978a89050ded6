#include "support/random.h"
#include "support/test.h"

#include "base/mix.h"
#include "record/anchors.h"
#include "record/tokens.h"
#include "sketch/winnow.h"

#include <stdio.h>
#include <stdlib.h>

enum { LEAST = 4, ECHO = 8 };

static struct anchor_key key;
static struct tokens *tokens;
static struct token_scratch scratch;

static int start(void **state)
{
    struct key plain;
    (void)state;
    key_init(&plain, key_default_secret);
    anchor_key_init(&key, &plain);
    return tokens_new(&tokens) || token_scratch_init(&scratch);
}

static int stop(void **state)
{
    (void)state;
    tokens_free(tokens);
    token_scratch_fini(&scratch);
    return 0;
}

static uint64_t turn_of(const char *text)
{
    tokens_reset(tokens);
    tokens_add_words(tokens, span_of(text));
    return anchor_turn(&key, tokens->hash, tokens->n);
}

static void least_of(const char *text, uint64_t *ret_least, size_t n)
{
    tokens_reset(tokens);
    tokens_add_words(tokens, span_of(text));
    anchors_of(&key, tokens->hash, tokens->n, scratch.hashes, ret_least, n);
}

static void random_words(struct test_random *random, char *ret_text, size_t n_words)
{
    for (size_t i = 0; i < n_words; i++)
        ret_text += sprintf(ret_text, "w%x ", (unsigned)test_random_below(random, 100000));
}

static void a_turn_returned_in_other_dress_keeps_its_id(void **state)
{
    (void)state;
    const char *issued =
        "To merge **two** sorted lists, walk both of them at once and always take the smaller "
        "head.\n\nThen append what is left over.";
    const char *returned =
        "to merge two sorted lists walk both of them, at once, and always take \"the smaller\" head; "
        "then append what is left over";
    assert_true(turn_of(issued) != 0);
    assert_true(turn_of(issued) == turn_of(returned));
    assert_true(
        turn_of(
            "To merge two sorted lists, walk both of them at once and never take the smaller head. Then") !=
        turn_of(returned));
}

static void a_short_turn_has_no_id(void **state)
{
    (void)state;
    assert_true(turn_of("a b c d e f g h i j k l m n o") == 0);
    assert_true(turn_of("a b c d e f g h i j k l m n o p") != 0);
    assert_true(turn_of("") == 0);
}

static void anchors_ascend_without_repeats(void **state)
{
    (void)state;
    struct test_random random = { 21 };
    char text[16000];
    for (size_t n = 1; n < 1000; n += 37) {
        uint64_t least[ECHO];
        random_words(&random, text, n);
        least_of(text, least, ECHO);
        for (size_t i = 1; i < ECHO; i++)
            assert_true(least[i] == 0 || least[i] > least[i - 1]);
    }
}

/* What is issued and then pasted into a prompt must meet again nearly always: the measure of the whole idea. */
static unsigned found_of_300(size_t n_output, size_t n_prompt)
{
    struct test_random random = { 22 };
    char output[8000], prompt[24000];
    unsigned met = 0, strangers = 0;
    print_message("seed 22\n");
    for (unsigned round = 0; round < 300; round++) {
        uint64_t issued[LEAST], echo[ECHO], other[ECHO];
        random_words(&random, output, n_output);
        least_of(output, issued, LEAST);
        random_words(&random, prompt, n_prompt);
        least_of(prompt, other, ECHO);
        strcat(prompt, "\nAnswer:\n> ");
        strcat(prompt, output);
        least_of(prompt, echo, ECHO);
        bool found = false, wrong = false;
        for (size_t i = 0; i < LEAST; i++)
            for (size_t j = 0; j < ECHO && issued[i]; j++) {
                found |= issued[i] == echo[j];
                wrong |= issued[i] == other[j];
            }
        met += found;
        strangers += wrong;
    }
    assert_int_equal(strangers, 0);
    return met;
}

static void an_output_quoted_whole_in_a_prompt_is_found(void **state)
{
    (void)state;
    assert_int_equal(found_of_300(20, 10), 300);
    assert_int_equal(found_of_300(150, 100), 300);
    assert_in_range(found_of_300(150, 300), 290, 300);
    assert_in_range(found_of_300(150, 900), 180, 300);
}

static int ascending(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

/* All grams winnowed and sorted: the definition. */
static void defined(const uint32_t *words, size_t n_words, uint64_t *ret_least, size_t n)
{
    static uint64_t hashes[4096];
    size_t n_grams = n_words < ANCHOR_GRAM ? 0 : n_words - ANCHOR_GRAM + 1, kept = 0;
    for (size_t i = 0; i < n_grams; i++) {
        const uint32_t *w = words + i;
        uint64_t h =
            mix_fold(((uint64_t)w[0] << 32 | w[1]) ^ key.mix[0], ((uint64_t)w[2] << 32 | w[3]) ^ key.mix[1]);
        hashes[i] = mix_fold(h ^ key.mix[2], w[4] ^ key.mix[3]);
    }
    size_t chosen = winnow(hashes, n_grams);
    qsort(hashes, chosen, sizeof *hashes, ascending);
    memset(ret_least, 0, n * sizeof *ret_least);
    for (size_t i = 0; i < chosen && kept < n; i++)
        if (kept == 0 || hashes[i] != ret_least[kept - 1])
            ret_least[kept++] = hashes[i];
}

static void the_short_way_gives_the_least_of_all_winnowed_grams(void **state)
{
    (void)state;
    struct test_random random = { 23 };
    static uint32_t words[3000];
    print_message("seed 23\n");
    for (unsigned round = 0; round < 4000; round++) {
        size_t n = test_random_below(&random, round % 10 ? 300 : 3000), n_least = round % 2 ? LEAST : ECHO;
        size_t period = round % 3 ? n + 1 : 1 + test_random_below(&random, 90);
        uint64_t least[ECHO], expected[ECHO];
        for (size_t i = 0; i < n; i++)
            words[i] = i < period ? (uint32_t)test_random_u64(&random) : words[i - period];
        anchors_of(&key, words, n, scratch.hashes, least, n_least);
        defined(words, n, expected, n_least);
        assert_memory_equal(least, expected, n_least * sizeof *least);
    }
}

static void too_few_words_give_no_anchor(void **state)
{
    (void)state;
    uint64_t least[LEAST], zero[LEAST] = { 0 };
    least_of("only four words here", least, LEAST);
    assert_memory_equal(least, zero, sizeof zero);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_turn_returned_in_other_dress_keeps_its_id),
        cmocka_unit_test(a_short_turn_has_no_id),
        cmocka_unit_test(anchors_ascend_without_repeats),
        cmocka_unit_test(an_output_quoted_whole_in_a_prompt_is_found),
        cmocka_unit_test(the_short_way_gives_the_least_of_all_winnowed_grams),
        cmocka_unit_test(too_few_words_give_no_anchor),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
