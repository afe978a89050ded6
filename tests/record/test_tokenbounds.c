#include "support/alloc_sweep.h"
#include "support/random.h"
#include "support/test.h"

#include "record/tokenbounds.h"

#include <string.h>

enum { MOST = 400 };

static struct byte_masks masks[MOST / MASK_BLOCK + 3];
static struct token_bounds bounds;

static int start(void **state)
{
    (void)state;
    return token_bounds_init(&bounds, MOST) != STATUS_OK;
}

static int stop(void **state)
{
    (void)state;
    token_bounds_fini(&bounds);
    return 0;
}

static void find(const char *text, size_t n, enum byte_level level, enum mask_set of, bool after_line)
{
    size_t blocks = byte_masks_fill(level, of, (const uint8_t *)text, n, masks);
    token_bounds_find(&bounds, level, masks, blocks, of, after_line);
}

static bool digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool letter(char c)
{
    return digit(c) || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || c == '_' || (c & 0x80);
}

/* Byte by byte: does this one belong to a word? */
static bool in_word(const char *text, size_t n, size_t i)
{
    char c = text[i], before = ' ', after = ' ';
    if (i > 0)
        before = text[i - 1];
    if (i + 1 < n)
        after = text[i + 1];
    return letter(c) || ((c == '.' || c == ',') && digit(before) && digit(after)) ||
           (c == '\'' && letter(before) && letter(after));
}

struct naive {
    uint32_t begin[MOST], end[MOST], special[MOST];
    bool digits[MOST];
    uint32_t n, n_special;
};

static bool before_url(const char *text, size_t n, size_t begin, size_t end)
{
    if (end >= n)
        return false;
    if (text[end] == ':' && end + 1 < n && text[end + 1] == '/')
        return true;
    return end - begin >= 3 && (text[end - 1] | 0x20) == 'w' && (text[end - 2] | 0x20) == 'w' &&
           (text[end - 3] | 0x20) == 'w' && (text[end] == '.' || text[end] == ',');
}

static void naive_add(struct naive *out, size_t begin, size_t end, bool special, bool digits)
{
    if (special)
        out->special[out->n_special++] = out->n;
    out->begin[out->n] = (uint32_t)begin;
    out->digits[out->n] = digits;
    out->end[out->n++] = (uint32_t)end;
}

static void naive_find(const char *text, size_t n, enum mask_set of, bool after_line, struct naive *out)
{
    out->n = out->n_special = 0;
    for (size_t i = 0; i < n;) {
        size_t end = i;
        bool high = false, digits = false;
        for (; end < n && in_word(text, n, end); end++) {
            high |= text[end] < 0;
            digits |= digit(text[end]);
        }
        char c = text[i];
        if (end > i) {
            naive_add(out, i, end, high || (of == MASKS_ALL && before_url(text, n, i, end)), digits);
            after_line = false;
            i = end;
            continue;
        }
        if (c == '\n') {
            if (of == MASKS_ALL && !after_line)
                naive_add(out, i, i + 1, false, false);
            after_line = true;
        } else if ((uint8_t)c > 0x20 && c != 0x7f) {
            if (of == MASKS_ALL && (i == 0 || text[i - 1] != c))
                naive_add(out, i, i + 1, c == '\'' || c == '"' || c == '`', false);
            after_line = false;
        }
        i++;
    }
}

static void assert_found(const struct naive *expected)
{
    assert_int_equal(bounds.n, expected->n);
    assert_int_equal(bounds.n_special, expected->n_special);
    assert_memory_equal(bounds.special, expected->special, bounds.n_special * sizeof *bounds.special);
    for (size_t i = 0; i < bounds.n; i++) {
        uint32_t end = bounds.end[i * bounds.step];
        assert_int_equal(bounds.begin[i * bounds.step], expected->begin[i]);
        assert_int_equal(end, expected->end[i]);
        assert_int_equal(bounds.digits[end / MASK_BLOCK] >> end % MASK_BLOCK & 1, expected->digits[i]);
    }
}

static void bounds_agree_with_the_naive_reader_at_every_level(void **state)
{
    (void)state;
    static const char alphabet[] = "ab1.'\n w:/\",\x80`-_W9,\t\r";
    static struct naive expected;
    struct test_random random = { 31 };
    char text[MOST];
    print_message("seed 31\n");
    for (unsigned round = 0; round < 30000; round++) {
        size_t n = test_random_below(&random, MOST + 1),
               letters = 1 + test_random_below(&random, sizeof alphabet - 1);
        size_t shift = test_random_below(&random, sizeof alphabet - 1);
        for (size_t i = 0; i < n; i++)
            text[i] = alphabet[(shift + test_random_below(&random, letters)) % (sizeof alphabet - 1)];
        enum mask_set of = round % 2 ? MASKS_ALL : MASKS_WORDS;
        naive_find(text, n, of, round % 4 == 3, &expected);
        for (unsigned level = BYTES_PORTABLE; level <= byte_level_best(); level++) {
            find(text, n, (enum byte_level)level, of, round % 4 == 3);
            assert_found(&expected);
        }
    }
}

static void every_failed_allocation_is_reported(void **state)
{
    (void)state;
    struct token_bounds fresh;
    for (long n = 0;; n++) {
        alloc_sweep_arm(n);
        enum status st = token_bounds_init(&fresh, MOST);
        if (!alloc_sweep_disarm())
            break;
        assert_int_equal(st, STATUS_NOMEM);
        assert_null(fresh.first);
    }
    token_bounds_fini(&fresh);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bounds_agree_with_the_naive_reader_at_every_level),
        cmocka_unit_test(every_failed_allocation_is_reported),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
