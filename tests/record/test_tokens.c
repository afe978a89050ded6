#include "support/alloc_sweep.h"
#include "support/random.h"
#include "support/test.h"

#include "record/tokens.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

static struct tokens *tokens;

static int make_tokens(void **state)
{
    (void)state;
    return tokens_new(&tokens);
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

/* The masked view: Q, U, C, N for what is masked, . for the rest. */
static const char *masked_of(const char *text)
{
    static char marks[256];
    read_text(text);
    for (size_t i = 0; i < tokens->n_masked; i++) {
        uint32_t hash = tokens->masked[i];
        marks[i] = hash == MASKED_QUOTE    ? 'Q'
                   : hash == MASKED_URL    ? 'U'
                   : hash == MASKED_CODE   ? 'C'
                   : hash == MASKED_NUMBER ? 'N'
                                           : '.';
    }
    marks[tokens->n_masked] = 0;
    return marks;
}

static void words_numbers_and_signs_are_told_apart(void **state)
{
    (void)state;
    assert_string_equal(kinds_of("Hello, world 42 x2 1,000.5 _a ----"), "wswnmnws");
    assert_string_equal(kinds_of("don't 'tis 10:30"), "wswnsn");
    assert_string_equal(kinds_of(""), "");
    assert_string_equal(kinds_of(" \t\r "), "");
}

static void line_ends_are_collapsed_and_dropped_at_both_ends(void **state)
{
    (void)state;
    assert_string_equal(kinds_of("\n\n a \n \r\n b\n"), "w/w");
    read_text("a\n");
    tokens_add(tokens, SPAN("\nb"));
    assert_int_equal(tokens->n, 3);
    assert_int_equal(tokens->kind[1], TOKEN_NEWLINE);
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

static void quotes_are_regions_only_if_they_close_soon(void **state)
{
    (void)state;
    assert_string_equal(masked_of("say \"a b c\" and `x y` and 'q r' end"), ".Q.Q.Q.");
    assert_string_equal(masked_of("it is 5\" wide\nand 6\" long"), "..N....N..");
    assert_string_equal(masked_of("rock 'n roll"), "....");
    assert_string_equal(masked_of("don't can't won't"), "...");
    char text[300] = "\"";
    memset(text + 1, 'a', 250);
    memcpy(text + 251, "\" b", 4);
    assert_string_equal(masked_of(text), "....");
    assert_string_equal(masked_of("\xe2\x80\x9c"
                                  "a b\xe2\x80\x9d c \xe3\x80\x8c\xe4\xb8\xad\xe3\x80\x8d"),
        "Q.Q");
}

static void code_fences_and_urls_are_regions(void **state)
{
    (void)state;
    assert_string_equal(masked_of("run\n```c\nint x = 1;\n```\nnow"), "..C..");
    assert_string_equal(masked_of("open ```int x"), ".C");
    assert_string_equal(masked_of("see https://a.example/b?c=1. Then www.example.org, ok"), ".U..U..");
    assert_string_equal(masked_of("c: //x and http:// y"), ".........");
}

static void slots_change_the_tokens_but_not_the_masked_view(void **state)
{
    (void)state;
    uint32_t masked[64];
    read_text("Rate item 17 called \"red fox\" from https://a.example/1 now");
    size_t n = tokens->n_masked;
    memcpy(masked, tokens->masked, n * sizeof *masked);
    read_text("Rate item 9 called \"a very slow dog\" from http://b.example/x/y now");
    assert_int_equal(tokens->n_masked, n);
    assert_memory_equal(masked, tokens->masked, n * sizeof *masked);
}

static void hashes_are_what_they_were_when_weights_were_trained(void **state)
{
    (void)state;
    read_text("The quick-brown fox_7 \xc3\xbc"
              "ber 3.14 internationalization");
    static const uint32_t fixed[] = { 0xee72730c, 0x66e5a116, 0x045dab61, 0xd59b62df, 0x21a5cb55, 0x78054908,
        0x0772347e, 0xb16c0d46 };
    assert_int_equal(tokens->n, sizeof fixed / sizeof fixed[0]);
    for (size_t i = 0; i < tokens->n; i++)
        assert_int_equal(tokens->hash[i], fixed[i]);
}

static void a_word_has_the_hash_that_a_table_gives_it(void **state)
{
    (void)state;
    static const char *const words[] = { "a", "Seventeen",
        "\xc3\x9c"
        "ber",
        "internationalization_of_1", "don't", "abcdefgh", "abcdefghijklmnop", "abcdefghijklmnopq" };
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        read_text(words[i]);
        assert_int_equal(tokens->n, 1);
        assert_int_equal(tokens->hash[0], token_hash_word(span_of(words[i])));
    }
    read_text("=");
    assert_int_equal(tokens->hash[0], token_hash_symbol('='));
}

static bool plain_word(char c)
{
    return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || c == '_';
}

/* Character by character, for text without quotes, colons and dots. */
static size_t naive(const char *text, size_t n, uint32_t *ret_hashes)
{
    size_t count = 0;
    for (size_t i = 0; i < n;) {
        size_t end = i + 1;
        if (plain_word(text[i])) {
            while (end < n && plain_word(text[end]))
                end++;
            ret_hashes[count++] = token_hash_word((struct span){ text + i, end - i });
        } else if (text[i] != ' ') {
            while (end < n && text[end] == text[i])
                end++;
            ret_hashes[count++] = token_hash_symbol((uint8_t)text[i]);
        }
        i = end;
    }
    return count;
}

static void random_ascii_agrees_with_the_naive_reader(void **state)
{
    (void)state;
    struct test_random random = { 4711 };
    static const char alphabet[] = "abcdefgHIJ_0129    +-=";
    char text[700];
    uint32_t expected[700];
    print_message("seed 4711\n");
    for (unsigned round = 0; round < 3000; round++) {
        size_t n = test_random_below(&random, sizeof text),
               letters = 1 + test_random_below(&random, sizeof alphabet - 1);
        for (size_t i = 0; i < n; i++)
            text[i] = alphabet[test_random_below(&random, letters)];
        size_t count = naive(text, n, expected);
        tokens_reset(tokens);
        tokens_add(tokens, (struct span){ text, n });
        assert_int_equal(tokens->n, count);
        assert_memory_equal(tokens->hash, expected, count * sizeof *expected);
    }
}

static void nothing_outside_the_text_is_read(void **state)
{
    (void)state;
    struct test_random random = { 3 };
    static const char *const pieces[] = { "a", "word ", "\"", "'", "```", "http://x", "www.", "\xe4\xb8",
        "\xe2\x80\x9c", "12.", "\n" };
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    char *map = mmap(NULL, 3 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    assert_ptr_not_equal(map, MAP_FAILED);
    assert_int_equal(mprotect(map, page, PROT_NONE) | mprotect(map + 2 * page, page, PROT_NONE), 0);
    for (unsigned round = 0; round < 5000; round++) {
        char text[256];
        size_t n = 0, wanted = test_random_below(&random, 200);
        while (n < wanted) {
            const char *piece = pieces[test_random_below(&random, sizeof pieces / sizeof pieces[0])];
            memcpy(text + n, piece, strlen(piece));
            n += strlen(piece);
        }
        char *at = round % 2 ? map + page : map + 2 * page - n;
        memcpy(at, text, n);
        tokens_reset(tokens);
        tokens_add(tokens, (struct span){ at, n });
        assert_true(tokens->n <= n && tokens->n_masked <= tokens->n);
    }
    munmap(map, 3 * page);
}

static void text_beyond_the_limit_is_cut_off(void **state)
{
    (void)state;
    size_t n = TOKENS_BYTES_MAX + 1000;
    char *text = malloc(n);
    assert_non_null(text);
    for (size_t i = 0; i < n; i++)
        text[i] = i % 2 ? '+' : '-';
    tokens_reset(tokens);
    tokens_add(tokens, (struct span){ text, n });
    tokens_add(tokens, (struct span){ text, n });
    assert_int_equal(tokens->n, TOKENS_BYTES_MAX);
    free(text);
}

static void every_failed_allocation_is_reported(void **state)
{
    (void)state;
    struct tokens *fresh = NULL;
    for (long n = 0;; n++) {
        alloc_sweep_arm(n);
        enum status st = tokens_new(&fresh);
        if (!alloc_sweep_disarm())
            break;
        assert_int_equal(st, STATUS_NOMEM);
        assert_null(fresh);
    }
    tokens_free(fresh);
    tokens_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_numbers_and_signs_are_told_apart),
        cmocka_unit_test(line_ends_are_collapsed_and_dropped_at_both_ends),
        cmocka_unit_test(case_and_typography_are_folded),
        cmocka_unit_test(scripts_without_spaces_give_a_word_a_character),
        cmocka_unit_test(quotes_are_regions_only_if_they_close_soon),
        cmocka_unit_test(code_fences_and_urls_are_regions),
        cmocka_unit_test(slots_change_the_tokens_but_not_the_masked_view),
        cmocka_unit_test(hashes_are_what_they_were_when_weights_were_trained),
        cmocka_unit_test(a_word_has_the_hash_that_a_table_gives_it),
        cmocka_unit_test(random_ascii_agrees_with_the_naive_reader),
        cmocka_unit_test(nothing_outside_the_text_is_read),
        cmocka_unit_test(text_beyond_the_limit_is_cut_off),
        cmocka_unit_test(every_failed_allocation_is_reported),
    };
    return cmocka_run_group_tests(tests, make_tokens, free_tokens);
}
