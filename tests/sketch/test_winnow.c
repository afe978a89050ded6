#include "support/random.h"
#include "support/test.h"

#include "sketch/winnow.h"

#include <stdbool.h>
#include <string.h>

enum { MOST = 500 };

static bool has(const uint64_t *values, size_t n, uint64_t value)
{
    for (size_t i = 0; i < n; i++)
        if (values[i] == value)
            return true;
    return false;
}

/* The paper's definition, window by window; returns distinct values. */
static size_t naive(const uint64_t *hashes, size_t n, uint64_t *ret_values)
{
    size_t chosen = 0, windows = n >= WINNOW_WINDOW ? n - WINNOW_WINDOW + 1 : n > 0;
    for (size_t i = 0; i < windows; i++) {
        uint64_t least = UINT64_MAX;
        for (size_t j = i; j < i + WINNOW_WINDOW && j < n; j++)
            least = hashes[j] < least ? hashes[j] : least;
        if (!has(ret_values, chosen, least))
            ret_values[chosen++] = least;
    }
    return chosen;
}

static void it_chooses_what_the_definition_chooses(void **state)
{
    (void)state;
    struct test_random random = { 31 };
    uint64_t hashes[MOST], expected[MOST];
    print_message("seed 31\n");
    for (size_t n = 0; n <= MOST; n += 1 + n / 10) {
        /* Few distinct values make ties and repeats. */
        for (size_t i = 0; i < n; i++)
            hashes[i] = test_random_below(&random, n % 2 ? 20 : UINT64_MAX);
        size_t n_expected = naive(hashes, n, expected);
        size_t chosen = winnow(hashes, n);
        for (size_t i = 0; i < n_expected; i++)
            assert_true(has(hashes, chosen, expected[i]));
        for (size_t i = 0; i < chosen; i++)
            assert_true(has(expected, n_expected, hashes[i]));
    }
}

static void a_long_enough_common_piece_shares_a_choice(void **state)
{
    (void)state;
    struct test_random random = { 77 };
    for (unsigned round = 0; round < 500; round++) {
        uint64_t a[100], b[100];
        for (size_t i = 0; i < 100; i++) {
            a[i] = test_random_u64(&random);
            b[i] = test_random_u64(&random);
        }
        memcpy(b + test_random_below(&random, 100 - WINNOW_WINDOW),
            a + test_random_below(&random, 100 - WINNOW_WINDOW), WINNOW_WINDOW * sizeof *a);
        size_t n_a = winnow(a, 100), n_b = winnow(b, 100);
        bool met = false;
        for (size_t i = 0; i < n_a; i++)
            met |= has(b, n_b, a[i]);
        assert_true(met);
    }
}

static void about_two_in_nine_are_chosen(void **state)
{
    (void)state;
    struct test_random random = { 12 };
    uint64_t hashes[MOST];
    size_t sum = 0;
    for (unsigned round = 0; round < 100; round++) {
        for (size_t i = 0; i < MOST; i++)
            hashes[i] = test_random_u64(&random);
        sum += winnow(hashes, MOST);
    }
    assert_in_range(sum, 100 * MOST * 20 / 100, 100 * MOST * 24 / 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_chooses_what_the_definition_chooses),
        cmocka_unit_test(a_long_enough_common_piece_shares_a_choice),
        cmocka_unit_test(about_two_in_nine_are_chosen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
