#include "sketch/bottom_k.h"
#include "support/random.h"
#include "support/test.h"

#include <math.h>
#include <string.h>

enum { K = 32, ITEMS = 400 };

static void the_k_least_are_kept_in_order(void **state)
{
    (void)state;
    print_message("seeds 1 to 100\n");
    for (uint64_t seed = 1; seed <= 100; seed++) {
        struct test_random random = { seed };
        uint32_t kept[K], all[ITEMS];
        size_t n = 0, n_all = 0;
        for (size_t i = 0; i < ITEMS; i++) {
            uint32_t hash = (uint32_t)test_random_below(&random, i % 2 ? 50 : UINT32_MAX);
            size_t at = 0;
            n = bottom_k_add(kept, n, K, hash);
            while (at < n_all && all[at] < hash)
                at++;
            if (at == n_all || all[at] != hash) {
                memmove(all + at + 1, all + at, (n_all++ - at) * sizeof *all);
                all[at] = hash;
            }
            assert_int_equal(n, n_all < K ? n_all : K);
            assert_memory_equal(kept, all, n * sizeof *all);
        }
    }
}

static void small_sets_are_compared_exactly(void **state)
{
    (void)state;
    const uint32_t a[] = { 1, 3, 5, 7 }, b[] = { 3, 4, 5 };
    assert_true(fabs(bottom_k_jaccard(a, 4, b, 3, 8) - 2.0 / 5) < 1e-12);
    assert_true(bottom_k_jaccard(a, 4, b, 0, 8) <= 0 && bottom_k_jaccard(a, 0, b, 0, 8) <= 0);
    /* With room for four, only 1 3 4 5 of the union are known to be all there is below: two of four. */
    assert_true(fabs(bottom_k_jaccard(a, 4, b, 3, 4) - 2.0 / 4) < 1e-12);
}

/* Sets of 2n with n in common: J = 1/3. */
static void the_estimate_is_unbiased_with_the_stated_error(void **state)
{
    (void)state;
    struct test_random random = { 77 };
    double bias = 0, spread = 0, rounds = 1000, j = 1.0 / 3;
    for (unsigned round = 0; round < 1000; round++) {
        uint32_t a[K], b[K];
        size_t n_a = 0, n_b = 0;
        for (unsigned i = 0; i < 600; i++) {
            uint32_t hash = (uint32_t)test_random_u64(&random);
            if (i % 3 != 1)
                n_a = bottom_k_add(a, n_a, K, hash);
            if (i % 3 != 2)
                n_b = bottom_k_add(b, n_b, K, hash);
        }
        double error = bottom_k_jaccard(a, n_a, b, n_b, K) - j;
        bias += error / rounds;
        spread += error * error / rounds;
    }
    double stated = sqrt(j * (1 - j) / K);
    assert_true(fabs(bias) < 4 * stated / sqrt(rounds));
    assert_true(sqrt(spread) < 1.15 * stated && sqrt(spread) > 0.85 * stated);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_k_least_are_kept_in_order),
        cmocka_unit_test(small_sets_are_compared_exactly),
        cmocka_unit_test(the_estimate_is_unbiased_with_the_stated_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
