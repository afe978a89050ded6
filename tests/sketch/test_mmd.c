#include "sketch/mmd.h"
#include "support/random.h"
#include "support/test.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { MOST = 300 };

static struct mmd mmd;
static int8_t xs[MOST][MMD_DIMS], ys[MOST][MMD_DIMS];

static double kernel(const int8_t *x, const int8_t *y, double bandwidth)
{
    double squares = 0;
    for (size_t i = 0; i < MMD_DIMS; i++)
        squares += (x[i] - y[i]) * (x[i] - y[i]);
    return exp(-squares / (2 * bandwidth * bandwidth));
}

static double mean_kernel(
    const int8_t (*a)[MMD_DIMS], size_t n_a, const int8_t (*b)[MMD_DIMS], size_t n_b, double bandwidth)
{
    double sum = 0;
    for (size_t i = 0; i < n_a; i++)
        for (size_t j = 0; j < n_b; j++)
            sum += kernel(a[i], b[j], bandwidth);
    return sum / (double)(n_a * n_b);
}

/* The definition, all pairs. */
static double exact(size_t n, size_t m, double bandwidth)
{
    const int8_t(*x)[MMD_DIMS] = (const int8_t(*)[MMD_DIMS])xs,
          (*y)[MMD_DIMS] = (const int8_t(*)[MMD_DIMS])ys;
    return mean_kernel(x, n, x, n, bandwidth) + mean_kernel(y, m, y, m, bandwidth) -
           2 * mean_kernel(x, n, y, m, bandwidth);
}

static double by_features(size_t n, size_t m)
{
    float a[MMD_FEATURES] = { 0 }, b[MMD_FEATURES] = { 0 };
    for (size_t i = 0; i < n; i++)
        mmd_add(&mmd, xs[i], a);
    for (size_t i = 0; i < m; i++)
        mmd_add(&mmd, ys[i], b);
    return mmd_between(a, n, b, m);
}

/* Vectors of length 127 around a direction of their own; the share `moved` of the ys around another. */
static void draw(struct test_random *random, double moved)
{
    for (size_t i = 0; i < 2 * MOST; i++) {
        int8_t *to = i < MOST ? xs[i] : ys[i - MOST];
        double values[MMD_DIMS], squares = 0;
        bool other = i >= MOST && (double)test_random_below(random, 1000) < moved * 1000;
        for (size_t j = 0; j < MMD_DIMS; j++) {
            values[j] = (double)test_random_below(random, 2001) - 1000 + (j % 2 == other ? 600 : 0);
            squares += values[j] * values[j];
        }
        for (size_t j = 0; j < MMD_DIMS; j++)
            to[j] = (int8_t)lrint(values[j] * 127 / sqrt(squares));
    }
}

static void features_agree_with_all_pairs_within_the_stated_error(void **state)
{
    (void)state;
    double squares = 0, stated = 1 / sqrt(MMD_FREQUENCIES);
    unsigned n = 0;
    print_message("seeds 1 to 20\n");
    for (uint64_t seed = 1; seed <= 20; seed++) {
        struct test_random random = { seed };
        draw(&random, (double)(seed % 5) / 4);
        for (unsigned i = 0; i < 3; i++, n++) {
            double bandwidth = 60 + 40 * i;
            mmd_init(&mmd, bandwidth, seed);
            double error = by_features(MOST, MOST / 2) / exact(MOST, MOST / 2, bandwidth) - 1;
            assert_true(fabs(error) < 4 * stated);
            squares += error * error;
        }
    }
    assert_true(sqrt(squares / n) < 1.3 * stated);
}

/* Two vectors: MMD^2 = 2 - 2 k, so the estimate shows that of k. */
static void the_kernel_is_estimated_without_bias(void **state)
{
    (void)state;
    double bias = 0, spread = 0;
    unsigned rounds = 200;
    struct test_random random = { 5 };
    for (unsigned round = 0; round < rounds; round++) {
        draw(&random, 0.5);
        mmd_init(&mmd, 90, round);
        double error = by_features(1, 1) - exact(1, 1, 90);
        bias += error / 2 / rounds;
        spread += error * error / 4 / rounds;
    }
    assert_true(sqrt(spread) < 1.2 / sqrt(2.0 * MMD_FREQUENCIES));
    assert_true(fabs(bias) < 4 * sqrt(spread / rounds));
}

static void the_same_set_is_at_distance_zero(void **state)
{
    (void)state;
    struct test_random random = { 6 };
    draw(&random, 0);
    memcpy(ys, xs, sizeof ys);
    mmd_init(&mmd, 100, 1);
    assert_true(by_features(MOST, MOST) < 1e-9);
}

static void a_mixture_is_the_farther_the_more_is_mixed_in(void **state)
{
    (void)state;
    double before = 0;
    for (unsigned quarter = 0; quarter <= 4; quarter++) {
        struct test_random random = { 8 };
        draw(&random, quarter / 4.0);
        mmd_init(&mmd, 120, 3);
        double now = by_features(MOST, MOST);
        assert_true(now > before);
        before = now;
    }
}

static void the_bandwidth_is_that_of_the_median(void **state)
{
    (void)state;
    uint32_t distances[] = { 900, 2, 800, 5, 700000 };
    assert_true(fabs(mmd_bandwidth(distances, 5) - 20) < 1e-9);
    assert_true(mmd_bandwidth(distances, 0) > 0);
    uint32_t equal[] = { 0, 0, 0 };
    assert_true(mmd_bandwidth(equal, 3) > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(features_agree_with_all_pairs_within_the_stated_error),
        cmocka_unit_test(the_kernel_is_estimated_without_bias),
        cmocka_unit_test(the_same_set_is_at_distance_zero),
        cmocka_unit_test(a_mixture_is_the_farther_the_more_is_mixed_in),
        cmocka_unit_test(the_bandwidth_is_that_of_the_median),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
