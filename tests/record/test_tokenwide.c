#include "support/test.h"

#include "record/tokens.h"

#include <string.h>

static struct tokens *tokens;

static int make_tokens(void **state)
{
    (void)state;
    return tokens_new(&tokens) != STATUS_OK;
}

static int free_tokens(void **state)
{
    (void)state;
    tokens_free(tokens);
    return 0;
}

static void read_text(const char *text)
{
    tokens_reset(tokens);
    tokens_add(tokens, span_of(text));
}

/* One letter a token: w word, n number, m word with a digit, s sign, / line; upper case in a region. */
static const char *kinds_of(const char *text)
{
    static char kinds[256];
    read_text(text);
    assert_true(tokens->n < sizeof kinds);
    for (size_t i = 0; i < tokens->n; i++) {
        uint8_t kind = tokens->kind[i];
        char letter = "wns/"[kind & TOKEN_CLASS];
        if ((kind & TOKEN_CLASS) == TOKEN_WORD && kind & TOKEN_DIGITS)
            letter = 'm';
        kinds[i] = kind & TOKEN_REGION && letter != '/' ? (char)(letter - 32) : letter;
    }
    kinds[tokens->n] = 0;
    return kinds;
}

static void case_and_typography_are_folded(void **state)
{
    (void)state;
    static const char *const pairs[][2] = {
        { "HELLO World_1", "hello world_1" },
        { "don\xe2\x80\x99t", "don't" },
        { "\xe2\x80\x9cit\xe2\x80\x9d", "\"it\"" },
        { "a\xe2\x80\x94"
          "b",
            "a - b" },
        { "\xc3\x84PFEL \xd0\x9c\xd0\x98\xd0\xa0", "\xc3\xa4pfel \xd0\xbc\xd0\xb8\xd1\x80" },
        { "in\xe2\x80\x8bvisible", "invisible" },
        { "and so on\xe2\x80\xa6", "and so on..." },
    };
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        uint32_t hashes[16];
        read_text(pairs[i][0]);
        size_t n = tokens->n;
        memcpy(hashes, tokens->hash, n * sizeof *hashes);
        read_text(pairs[i][1]);
        assert_int_equal(tokens->n, n);
        assert_memory_equal(hashes, tokens->hash, n * sizeof *hashes);
    }
}

static void scripts_without_spaces_give_a_word_a_character(void **state)
{
    (void)state;
    assert_string_equal(kinds_of("\xe4\xb8\xad\xe6\x96\x87\xe3\x80\x82"
                                 "abc\xe4\xb8\xad"),
        "wwsww");
    assert_string_equal(kinds_of("\xed\x95\x9c\xea\xb5\xad\xec\x96\xb4 \xec\x95\x84"), "ww");
}

static void zero_width_and_ticks_do_not_split_words(void **state)
{
    (void)state;
    assert_string_equal(kinds_of("\xe2\x80\x99"
                                 "a\xe2\x80\x99s\xe2\x80\x99"),
        "sws");
    assert_string_equal(kinds_of("a\xc2\xad"
                                 "b\xef\xbb\xbf"
                                 "c \xe2\x80\x94\xe2\x80\x94"),
        "ws");
    assert_string_equal(kinds_of("\xff\xfe \xe4\xb8"), "ww");
    assert_string_equal(kinds_of("\xef\xbc\x91\xef\xbc\x92"), "n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(case_and_typography_are_folded),
        cmocka_unit_test(scripts_without_spaces_give_a_word_a_character),
        cmocka_unit_test(zero_width_and_ticks_do_not_split_words),
    };
    return cmocka_run_group_tests(tests, make_tokens, free_tokens);
}
