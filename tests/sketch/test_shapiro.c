#include "sketch/shapiro.h"
#include "support/random.h"
#include "support/test.h"

#include <math.h>
#include <stdlib.h>

static int compare_floats(const void *a, const void *b)
{
    float x = *(const float *)a, y = *(const float *)b;
    return (x > y) - (x < y);
}

static double w_of(const float *numbers, size_t n)
{
    float sorted[SHAPIRO_MAX];
    for (size_t i = 0; i < n; i++)
        sorted[i] = numbers[i];
    qsort(sorted, n, sizeof *sorted, compare_floats);
    return shapiro_w(sorted, n);
}

static double uniform(struct test_random *random)
{
    return ((double)(test_random_u64(random) >> 11) + 0.5) * 0x1p-53;
}

/* Weights in pounds of eleven men, the example of the paper of 1965: W = 0.79 there, 0.7888 by AS R94. */
static void the_example_of_1965_gives_its_w(void **state)
{
    (void)state;
    const float weights[] = { 148, 154, 158, 160, 161, 162, 166, 170, 182, 195, 236 };
    assert_true(fabs(w_of(weights, 11) - 0.7888) < 5e-4);
}

/* R: shapiro.test(1:10)$statistic is 0.97016, of 1:3 is 1, of c(1, 2, 4) is 0.96429. */
static void small_samples_give_what_r_gives(void **state)
{
    (void)state;
    const float ten[] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 };
    const float three[] = { 1, 2, 3 }, skewed[] = { 1, 2, 4 };
    assert_true(fabs(w_of(ten, 10) - 0.9701646) < 1e-5);
    assert_true(fabs(w_of(three, 3) - 1) < 1e-6);
    assert_true(fabs(w_of(skewed, 3) - 0.9642857) < 1e-6);
}

/* R: shapiro.test(cars$dist)$statistic is 0.95144. */
static void a_textbook_sample_gives_what_r_gives(void **state)
{
    (void)state;
    const float dist[] = { 2, 10, 4, 22, 16, 10, 18, 26, 34, 17, 28, 14, 20, 24, 28, 26, 34, 34, 46, 26, 36,
        60, 80, 20, 26, 54, 32, 40, 32, 40, 50, 42, 56, 76, 84, 36, 46, 68, 32, 48, 52, 56, 64, 66, 54, 70,
        92, 93, 120, 85 };
    assert_true(fabs(w_of(dist, 50) - 0.95144) < 1e-5);
}

static void quantiles_are_those_of_the_normal_distribution(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 970; i++) {
        double p = 1e-9 + 0.00103 * i, x = shapiro_normal_quantile(p);
        assert_true(fabs(0.5 * erfc(-x / sqrt(2)) - p) < 1e-6 * (p < 1e-3 ? p : 1) + 1e-14);
        assert_true(fabs(x + shapiro_normal_quantile(1 - p)) < 1e-4);
    }
    assert_true(fabs(shapiro_normal_quantile(0.975) - 1.959964) < 1e-6);
}

static void normal_samples_score_high_and_skewed_ones_low(void **state)
{
    (void)state;
    struct test_random random = { 20180507 };
    float normal[SHAPIRO_MAX], skewed[SHAPIRO_MAX];
    print_message("seed %u\n", 20180507u);
    for (size_t n = 100; n <= SHAPIRO_MAX; n = n * 2 + 150) {
        for (size_t i = 0; i < n; i++) {
            normal[i] = (float)shapiro_normal_quantile(uniform(&random));
            skewed[i] = (float)-log(uniform(&random));
        }
        assert_true(w_of(normal, n) > 0.97);
        assert_true(w_of(skewed, n) < 0.87);
    }
}

static void neither_shift_nor_scale_changes_w(void **state)
{
    (void)state;
    struct test_random random = { 7 };
    float numbers[200], moved[200];
    for (size_t i = 0; i < 200; i++) {
        numbers[i] = (float)uniform(&random);
        moved[i] = 3 * numbers[i] + 40;
    }
    assert_true(fabs(w_of(numbers, 200) - w_of(moved, 200)) < 1e-4);
}

static void equal_numbers_are_not_held_against_anybody(void **state)
{
    (void)state;
    const float same[] = { 4, 4, 4, 4, 4 };
    assert_true(shapiro_w(same, 5) >= 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_example_of_1965_gives_its_w),
        cmocka_unit_test(small_samples_give_what_r_gives),
        cmocka_unit_test(a_textbook_sample_gives_what_r_gives),
        cmocka_unit_test(quantiles_are_those_of_the_normal_distribution),
        cmocka_unit_test(normal_samples_score_high_and_skewed_ones_low),
        cmocka_unit_test(neither_shift_nor_scale_changes_w),
        cmocka_unit_test(equal_numbers_are_not_held_against_anybody),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
