#include "sketch/robust.h"
#include "support/random.h"
#include "support/test.h"

#include <math.h>

/* Median 3; deviations 2 1 0 1 97, their median 1. */
static void the_example_by_hand(void **state)
{
    (void)state;
    double values[] = { 3, 100, 1, 4, 2 };
    struct robust robust = robust_fit(values, 5, 0.01);
    assert_true(fabs(robust.centre - 3) < 1e-12 && fabs(robust.scale - 1.4826) < 1e-12);
    assert_true(fabs(robust_z(&robust, 10) - 7 / 1.4826) < 1e-12);
    assert_true(robust_z(&robust, 0) < -2);
}

static void an_even_sample_takes_the_mean_of_the_middle_two(void **state)
{
    (void)state;
    double values[] = { 8, 2, 4, 1 };
    struct robust robust = robust_fit(values, 4, 0.01); /* deviations 5 1 1 2 */
    assert_true(fabs(robust.centre - 3) < 1e-12 && fabs(robust.scale - 1.5 * 1.4826) < 1e-12);
}

static void the_floor_holds_where_nothing_varies(void **state)
{
    (void)state;
    double same[] = { 7, 7, 7 };
    struct robust robust = robust_fit(same, 3, 0.25), none = robust_fit(NULL, 0, 0.5);
    assert_true(fabs(robust.scale - 0.25) < 1e-12 && fabs(robust_z(&robust, 8) - 4) < 1e-12);
    assert_true(fabs(none.scale - 0.5) < 1e-12 && fabs(none.centre) < 1e-12);
}

static void a_third_of_wild_values_moves_it_little(void **state)
{
    (void)state;
    struct test_random random = { 12 };
    double values[3000];
    for (size_t i = 0; i < 3000; i++) {
        double u = (double)(test_random_u64(&random) >> 11) * 0x1p-53;
        values[i] = i % 3 == 0 ? 1e6 * u : u; /* wild, or uniform on [0, 1]: median 0.5, MAD 0.25 */
    }
    struct robust robust = robust_fit(values, 3000, 1e-9);
    assert_true(robust.centre > 0.5 && robust.centre < 0.8);
    assert_true(robust.scale > 0.3 && robust.scale < 0.8);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_example_by_hand),
        cmocka_unit_test(an_even_sample_takes_the_mean_of_the_middle_two),
        cmocka_unit_test(the_floor_holds_where_nothing_varies),
        cmocka_unit_test(a_third_of_wild_values_moves_it_little),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
