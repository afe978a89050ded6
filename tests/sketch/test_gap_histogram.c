#include "sketch/gap_histogram.h"
#include "support/test.h"

#include <math.h>

static double uniform(uint64_t *seed)
{
    *seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return ((double)(*seed >> 11) + 0.5) / (double)(UINT64_C(1) << 53);
}

static double normal(uint64_t *seed)
{
    return sqrt(-2 * log(uniform(seed))) * cos(2 * 3.14159265358979 * uniform(seed));
}

static double exponential_gap(uint64_t *seed)
{
    return -log(uniform(seed)) * 60000;
}

static double lognormal_gap(uint64_t *seed)
{
    return exp(11 + 1.5 * normal(seed));
}

static double constant_gap(uint64_t *seed)
{
    (void)seed;
    return 90000;
}

static double two_speed_gap(uint64_t *seed)
{
    return uniform(seed) < 0.9 ? 2000 + 1000 * uniform(seed) : 3600000;
}

/* The coefficient of variation of the sample itself. */
static void compare(double (*gap)(uint64_t *), double absolute, double relative)
{
    uint16_t bins[GAP_BINS] = { 0 };
    uint64_t seed = 31;
    double sum = 0, squares = 0;
    enum { N = 20000 };
    for (int i = 0; i < N; i++) {
        double x = gap(&seed);
        gap_histogram_add(bins, (uint64_t)x);
        sum += x;
        squares += x * x;
    }
    double mean = sum / N, exact = sqrt(fmax(0, squares / N - mean * mean)) / mean;
    double estimate = gap_histogram_cv(bins);
    if (fabs(estimate - exact) > absolute + relative * exact)
        fail_msg("%g instead of %g", estimate, exact);
}

static void the_variation_of_gaps_is_near_the_exact_one(void **state)
{
    (void)state;
    compare(exponential_gap, 0, 0.1);
    compare(lognormal_gap, 0, 0.15);
    compare(two_speed_gap, 0, 0.1);
}

static void equal_gaps_read_as_a_fifth_at_most(void **state)
{
    (void)state;
    compare(constant_gap, 0.2, 0);
}

static void one_gap_has_no_variation(void **state)
{
    (void)state;
    uint16_t bins[GAP_BINS] = { 0 };
    assert_true(isnan(gap_histogram_cv(bins)));
    gap_histogram_add(bins, 1000);
    assert_true(isnan(gap_histogram_cv(bins)));
}

static void every_gap_has_a_bin(void **state)
{
    (void)state;
    uint16_t bins[GAP_BINS] = { 0 };
    gap_histogram_add(bins, 0);
    gap_histogram_add(bins, 511);
    gap_histogram_add(bins, 512);
    gap_histogram_add(bins, 1023);
    gap_histogram_add(bins, 1024);
    gap_histogram_add(bins, UINT64_MAX);
    assert_int_equal(bins[0], 2);
    assert_int_equal(bins[1], 2);
    assert_int_equal(bins[2], 1);
    assert_int_equal(bins[GAP_BINS - 1], 1);
}

static void a_full_bin_halves_all(void **state)
{
    (void)state;
    uint16_t bins[GAP_BINS] = { 0 };
    bins[3] = 100;
    for (int i = 0; i < 65536; i++)
        gap_histogram_add(bins, 0);
    assert_int_equal(bins[0], 32768);
    assert_int_equal(bins[3], 50);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_variation_of_gaps_is_near_the_exact_one),
        cmocka_unit_test(equal_gaps_read_as_a_fifth_at_most),
        cmocka_unit_test(one_gap_has_no_variation),
        cmocka_unit_test(every_gap_has_a_bin),
        cmocka_unit_test(a_full_bin_halves_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
