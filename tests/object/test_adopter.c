#include "object/adopter.h"
#include "sightings.h"

#include <math.h>

static void entropy_is_exact_up_to_twelve_countries(void **state)
{
    (void)state;
    struct adopters adopters = { 0 };
    assert_true(adopters_entropy(&adopters) == 0);
    for (unsigned i = 0; i < 64; i++)
        adopters_add(&adopters, 0, (uint16_t)(1 + i % 8));
    adopters_add(&adopters, 0, 0);
    assert_int_equal(adopters_located(&adopters), 64);
    assert_true(fabs(adopters_entropy(&adopters) - 3) < 1e-9);
}

static void beyond_twelve_countries_entropy_is_a_lower_bound(void **state)
{
    (void)state;
    struct adopters adopters = { 0 };
    for (unsigned i = 0; i < 160; i++)
        adopters_add(&adopters, 0, (uint16_t)(1 + i % 16));
    assert_int_equal(adopters_located(&adopters), 160);
    assert_true(adopters_entropy(&adopters) < 4 && adopters_entropy(&adopters) > 3.4);
}

static void what_adopters_are_is_counted(void **state)
{
    (void)state;
    struct adopters adopters = { 0 };
    adopters_add(&adopters, ADOPTER_VERIFIED | ADOPTER_EDUCATION, 0);
    adopters_add(&adopters, ADOPTER_VERIFIED | ADOPTER_RESELLER, 0);
    assert_int_equal(adopters.accounts, 2);
    assert_int_equal(adopters.verified, 2);
    assert_int_equal(adopters.education, 1);
    assert_int_equal(adopters.reseller, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(entropy_is_exact_up_to_twelve_countries),
        cmocka_unit_test(beyond_twelve_countries_entropy_is_a_lower_bound),
        cmocka_unit_test(what_adopters_are_is_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
