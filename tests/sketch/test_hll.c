#include "sketch/hll.h"
#include "support/test.h"

#include <math.h>
#include <string.h>

enum { REGS_MAX = 1 << 12 };

/* SplitMix64: the n-th value of a stream. */
static uint64_t mixed(uint64_t n)
{
    uint64_t x = n * UINT64_C(0x9E3779B97F4A7C15);
    x = (x ^ x >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    x = (x ^ x >> 27) * UINT64_C(0x94D049BB133111EB);
    return x ^ x >> 31;
}

static double estimate_of(uint64_t first, uint64_t n, unsigned log2_m)
{
    uint8_t regs[REGS_MAX] = { 0 };
    for (uint64_t i = 0; i < n; i++)
        hll_add(regs, log2_m, mixed(first + i));
    return hll_estimate(regs, log2_m);
}

static void an_empty_sketch_counts_nothing(void **state)
{
    (void)state;
    uint8_t regs[16] = { 0 };
    assert_true(hll_estimate(regs, 4) == 0);
}

static void repeats_are_counted_once(void **state)
{
    (void)state;
    uint8_t regs[64] = { 0 };
    for (int i = 0; i < 1000; i++)
        hll_add(regs, 6, mixed(7));
    assert_true(fabs(hll_estimate(regs, 6) - 1) < 0.05);
}

/* Root mean square error over 40 streams against 1.04 / sqrt(m), with room for the bias near 2.5 m. */
static void the_error_is_as_stated_at_every_size(void **state)
{
    (void)state;
    static const uint64_t sizes[] = { 3, 20, 100, 1000, 20000 };
    for (unsigned log2_m = 4; log2_m <= 12; log2_m += 2) {
        for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
            double squares = 0;
            for (uint64_t run = 0; run < 40; run++) {
                double off = estimate_of(run << 32, sizes[s], log2_m) / (double)sizes[s] - 1;
                squares += off * off;
            }
            double stated = 1.04 / sqrt((double)(1 << log2_m));
            double rms = sqrt(squares / 40);
            if (rms > 1.5 * stated)
                fail_msg("log2_m %u, n %lu: error %.3f, stated %.3f", log2_m, (unsigned long)sizes[s], rms,
                    stated);
        }
    }
}

static void a_hash_of_all_zero_bits_stays_in_range(void **state)
{
    (void)state;
    uint8_t regs[16] = { 0 };
    hll_add(regs, 4, 0);
    assert_int_equal(regs[0], 61);
    hll_add(regs, 4, UINT64_MAX);
    assert_int_equal(regs[15], 1);
}

static void merging_equals_having_seen_both(void **state)
{
    (void)state;
    uint8_t a[256] = { 0 }, b[256] = { 0 }, both[256] = { 0 };
    for (uint64_t i = 0; i < 3000; i++) {
        hll_add(i % 3 ? a : b, 8, mixed(i));
        hll_add(both, 8, mixed(i));
    }
    hll_merge(a, b, 8);
    assert_memory_equal(a, both, sizeof both);
}

static void registers_of_four_bits_estimate_the_same(void **state)
{
    (void)state;
    static const uint64_t sizes[] = { 1, 30, 500, 10000, 100000 };
    for (unsigned s = 0; s < sizeof sizes / sizeof *sizes; s++) {
        uint8_t regs[64] = { 0 }, nibbles[32] = { 0 };
        for (uint64_t i = 0; i < sizes[s]; i++) {
            hll_add(regs, 6, mixed(i));
            hll_nibble_add(nibbles, 6, mixed(i));
        }
        assert_true(fabs(hll_nibble_estimate(nibbles, 6) / hll_estimate(regs, 6) - 1) < 0.05);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_empty_sketch_counts_nothing),
        cmocka_unit_test(repeats_are_counted_once),
        cmocka_unit_test(the_error_is_as_stated_at_every_size),
        cmocka_unit_test(a_hash_of_all_zero_bits_stays_in_range),
        cmocka_unit_test(merging_equals_having_seen_both),
        cmocka_unit_test(registers_of_four_bits_estimate_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
