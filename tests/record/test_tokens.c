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
        ("\xc3\x9c"
         "ber"),
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

/* Every way that this processor has gives the same, and so does the reader of words only. */
static void every_level_gives_the_same_tokens(void **state)
{
    (void)state;
    static const char *const pieces[] = { "a", "word ", "\"", "'", "```", "http://x", "www.", "\xe4\xb8",
        "\xe2\x80\x9c", "\xe2\x80\x9d", "12.", "\n", "\n \n", "\xe2\x80\x8b", "internationalization_7",
        "don't" };
    static uint32_t hashes[1024], words[1024];
    static uint8_t kinds[1024];
    struct test_random random = { 5 };
    struct tokens *only;
    char text[1000];
    assert_int_equal(tokens_new(&only), STATUS_OK);
    print_message("seed 5\n");
    for (unsigned round = 0; round < 20000; round++) {
        size_t n = 0, wanted = test_random_below(&random, 500), count = 0;
        while (n < wanted) {
            const char *piece = pieces[test_random_below(&random, sizeof pieces / sizeof pieces[0])];
            memcpy(text + n, piece, strlen(piece));
            n += strlen(piece);
        }
        for (unsigned level = BYTES_PORTABLE; level <= byte_level_best(); level++) {
            tokens->level = only->level = (enum byte_level)level;
            tokens_reset(tokens);
            tokens_add(tokens, (struct span){ text, n });
            tokens_reset(only);
            tokens_add_words(only, (struct span){ text, n });
            if (level == BYTES_PORTABLE) {
                memcpy(hashes, tokens->hash, tokens->n * sizeof *hashes);
                memcpy(kinds, tokens->kind, count = tokens->n);
            }
            assert_int_equal(tokens->n, count);
            assert_memory_equal(tokens->hash, hashes, count * sizeof *hashes);
            assert_memory_equal(tokens->kind, kinds, count);
            assert_int_equal(only->n, tokens_below(tokens, TOKEN_SYMBOL, words));
            assert_memory_equal(only->hash, words, only->n * sizeof *words);
        }
    }
    tokens_free(only);
}

static void a_long_word_is_a_number_only_if_it_begins_with_a_digit(void **state)
{
    (void)state;
    static char text[200];
    memset(text, 'x', 64);
    memset(text + 64, '7', 64);
    assert_string_equal(kinds_of(text), "m");
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
        cmocka_unit_test(hashes_are_what_they_were_when_weights_were_trained),
        cmocka_unit_test(a_word_has_the_hash_that_a_table_gives_it),
        cmocka_unit_test(random_ascii_agrees_with_the_naive_reader),
        cmocka_unit_test(nothing_outside_the_text_is_read),
        cmocka_unit_test(every_level_gives_the_same_tokens),
        cmocka_unit_test(a_long_word_is_a_number_only_if_it_begins_with_a_digit),
        cmocka_unit_test(text_beyond_the_limit_is_cut_off),
        cmocka_unit_test(every_failed_allocation_is_reported),
    };
    return cmocka_run_group_tests(tests, make_tokens, free_tokens);
}
