#include "lab/dice.h"

#include "support/test.h"

#include <math.h>

enum { DRAWS = 200000 };
#define SEED UINT64_C(20260504)

/* The mean of so many draws lies within four of its standard errors. */
static void assert_mean(double sum, double mean, double sigma)
{
    double error = 4 * sigma / sqrt(DRAWS);
    if (fabs(sum / DRAWS - mean) > error)
        fail_msg("seed %llu: mean %g, expected %g +- %g", (unsigned long long)SEED, sum / DRAWS, mean, error);
}

static void units_lie_in_the_half_open_interval_and_are_uniform(void **state)
{
    (void)state;
    struct dice dice = dice_of(SEED, 1);
    double sum = 0;
    unsigned tenths[10] = { 0 };
    for (int i = 0; i < DRAWS; i++) {
        double x = dice_unit(&dice);
        assert_true(x >= 0 && x < 1);
        tenths[(int)(x * 10)]++;
        sum += x;
    }
    assert_mean(sum, 0.5, sqrt(1.0 / 12));
    for (int i = 0; i < 10; i++)
        assert_in_range(tenths[i], DRAWS / 10 - 600, DRAWS / 10 + 600);
}

static void the_same_seed_and_index_give_the_same_numbers_and_others_give_others(void **state)
{
    (void)state;
    struct dice a = dice_of(SEED, 7), b = dice_of(SEED, 7), c = dice_of(SEED, 8), d = dice_of(SEED + 1, 7);
    unsigned same = 0;
    for (int i = 0; i < 1000; i++) {
        uint64_t x = dice_u64(&a);
        assert_true(x == dice_u64(&b));
        same += x == dice_u64(&c);
        same += x == dice_u64(&d);
    }
    assert_int_equal(same, 0);
}

static void a_number_below_n_is_below_n_and_every_one_comes(void **state)
{
    (void)state;
    struct dice dice = dice_of(SEED, 2);
    unsigned seen[7] = { 0 };
    for (int i = 0; i < 7000; i++) {
        uint32_t x = dice_below(&dice, 7);
        assert_true(x < 7);
        seen[x]++;
    }
    for (int i = 0; i < 7; i++)
        assert_in_range(seen[i], 850, 1150);
    assert_int_equal(dice_below(&dice, 1), 0);
    for (int i = 0; i < 1000; i++)
        assert_true(dice_below(&dice, UINT32_MAX) < UINT32_MAX);
}

static void exponential_normal_and_lognormal_have_their_means_and_spreads(void **state)
{
    (void)state;
    struct dice dice = dice_of(SEED, 3);
    double exponential = 0, normal = 0, squares = 0, lognormal = 0;
    unsigned below = 0;
    for (int i = 0; i < DRAWS; i++) {
        double x = dice_exponential(&dice, 40), z = dice_normal(&dice), y = dice_lognormal(&dice, 5, 0.8);
        assert_true(x >= 0 && y > 0);
        exponential += x;
        normal += z;
        squares += z * z;
        lognormal += y;
        below += y < 5;
    }
    assert_mean(exponential, 40, 40);
    assert_mean(normal, 0, 1);
    assert_mean(squares, 1, sqrt(2));
    double mean = 5 * exp(0.8 * 0.8 / 2);
    assert_mean(lognormal, mean, mean * sqrt(exp(0.8 * 0.8) - 1));
    assert_in_range(below, DRAWS / 2 - 1000, DRAWS / 2 + 1000);
}

static void geometric_numbers_begin_at_one_and_have_their_mean(void **state)
{
    (void)state;
    static const double means[] = { 1, 1.5, 3, 40 };
    struct dice dice = dice_of(SEED, 4);
    for (size_t k = 0; k < sizeof means / sizeof *means; k++) {
        double sum = 0;
        for (int i = 0; i < DRAWS; i++) {
            uint32_t n = dice_geometric(&dice, means[k]);
            assert_true(n >= 1);
            sum += n;
        }
        assert_mean(sum, means[k], sqrt(means[k] * (means[k] - 1)) + 1e-9);
    }
    assert_int_equal(dice_geometric(&dice, 0), 1);
}

static void poisson_numbers_have_their_mean_and_variance_small_and_large(void **state)
{
    (void)state;
    static const double means[] = { 0.3, 4, 59, 61, 900 };
    struct dice dice = dice_of(SEED, 5);
    for (size_t k = 0; k < sizeof means / sizeof *means; k++) {
        double sum = 0, squares = 0, mean = means[k];
        for (int i = 0; i < DRAWS; i++) {
            double n = dice_poisson(&dice, mean);
            sum += n;
            squares += (n - mean) * (n - mean);
        }
        assert_mean(sum, mean, sqrt(mean));
        assert_mean(squares, mean, sqrt(2 * mean * mean + mean) + 1);
    }
    assert_int_equal(dice_poisson(&dice, 0), 0);
}

static void picks_follow_the_weights_and_never_take_what_has_none(void **state)
{
    (void)state;
    static const float weights[] = { 0, 0.1F, 0, 0.2F, 0.7F, 0, 0 };
    struct dice dice = dice_of(SEED, 6);
    unsigned seen[7] = { 0 };
    for (int i = 0; i < DRAWS; i++)
        seen[dice_pick(&dice, weights, 7)]++;
    assert_int_equal(seen[0] + seen[2] + seen[5] + seen[6], 0);
    assert_in_range(seen[1], DRAWS / 10 - 600, DRAWS / 10 + 600);
    assert_in_range(seen[3], DRAWS / 5 - 800, DRAWS / 5 + 800);
}

/* The state before the draw that gives the largest unit there is: SplitMix64 runs backwards. */
static uint64_t before_the_largest(void)
{
    uint64_t x = UINT64_MAX;
    x ^= x >> 31 ^ x >> 62;
    x *= UINT64_C(0x319642b2d24d8ec3);
    x ^= x >> 27 ^ x >> 54;
    x *= UINT64_C(0x96de1b173f119089);
    x ^= x >> 30 ^ x >> 60;
    return x - UINT64_C(0x9e3779b97f4a7c15);
}

static void the_last_of_the_weights_is_picked_by_the_largest_draw(void **state)
{
    (void)state;
    struct dice probe = { before_the_largest() };
    assert_true(dice_unit(&probe) == 1 - 0x1p-53);
    /* Weights of so many sizes that sums of them are rounded. */
    struct dice dice = dice_of(SEED, 9);
    for (int i = 0; i < 20000; i++) {
        float weights[8] = { 0 };
        for (int k = 0; k < 6; k++)
            weights[k] = (float)exp(-30 * dice_unit(&dice));
        struct dice largest = { before_the_largest() };
        assert_true(dice_pick(&largest, weights, 8) < 6);
    }
}

static void numbers_of_pairs_do_not_meet(void **state)
{
    (void)state;
    /* 40,000 pairs: two that meet would be one chance in 10^10. */
    enum { SIDE = 200 };
    static uint64_t all[SIDE * SIDE];
    for (uint64_t a = 0; a < SIDE; a++)
        for (uint64_t b = 0; b < SIDE; b++) {
            uint64_t x = dice_hash(a, b);
            size_t at = (size_t)a * SIDE + (size_t)b;
            for (size_t k = at & ~(size_t)1023; k < at; k++) /* neighbours, where a weak hash would repeat */
                assert_true(all[k] != x);
            all[at] = x;
            assert_true(a == b || dice_hash(b, a) != x);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(units_lie_in_the_half_open_interval_and_are_uniform),
        cmocka_unit_test(the_same_seed_and_index_give_the_same_numbers_and_others_give_others),
        cmocka_unit_test(a_number_below_n_is_below_n_and_every_one_comes),
        cmocka_unit_test(exponential_normal_and_lognormal_have_their_means_and_spreads),
        cmocka_unit_test(geometric_numbers_begin_at_one_and_have_their_mean),
        cmocka_unit_test(poisson_numbers_have_their_mean_and_variance_small_and_large),
        cmocka_unit_test(picks_follow_the_weights_and_never_take_what_has_none),
        cmocka_unit_test(the_last_of_the_weights_is_picked_by_the_largest_draw),
        cmocka_unit_test(numbers_of_pairs_do_not_meet),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
