#include "base/number.h"
#include "support/test.h"

#include <math.h>

static void plain(double value, const char *want)
{
    char text[NUMBER_TEXT_BYTES];
    number_format(value, text);
    assert_string_equal(text, want);
}

static void fixed(double value, unsigned decimals, const char *want)
{
    char text[NUMBER_TEXT_BYTES];
    number_format_fixed(value, decimals, text);
    assert_string_equal(text, want);
}

static void six_digits_are_kept_and_trailing_zeros_are_not(void **state)
{
    (void)state;
    plain(0.1 + 0.2, "0.3");
    plain(1.0 / 3, "0.333333");
    plain(2.0 / 3, "0.666667");
    plain(-123.4567, "-123.457");
    plain(99999.96, "100000");
    plain(1234567.8, "1234570");
    plain(0.9999999, "1");
    plain(0.00001234, "0.00001234");
}

static void whole_numbers_are_written_in_full(void **state)
{
    (void)state;
    plain(0, "0");
    plain(-0.0, "0");
    plain(28800000, "28800000");
    plain(999999999999999, "999999999999999");
}

static void extremes_get_an_exponent(void **state)
{
    (void)state;
    plain(1e15, "1e+15");
    plain(1.5e-7, "1.5e-07");
    plain(1e300, "1e+300");
    plain(-4.9406564584124654e-324, "-4.94066e-324");
}

static void what_is_not_a_number_is_null(void **state)
{
    (void)state;
    plain(NAN, "null");
    plain(-INFINITY, "null");
    fixed(NAN, 1, "n/a");
}

static void fixed_decimals_round_to_nearest(void **state)
{
    (void)state;
    fixed(3.14159, 2, "3.14");
    fixed(-0.04, 1, "0.0");
    fixed(-0.06, 1, "-0.1");
    fixed(12.5, 0, "13");
    fixed(7.05, 3, "7.050");
    fixed(1e18, 1, "1e+18");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(six_digits_are_kept_and_trailing_zeros_are_not),
        cmocka_unit_test(whole_numbers_are_written_in_full),
        cmocka_unit_test(extremes_get_an_exponent),
        cmocka_unit_test(what_is_not_a_number_is_null),
        cmocka_unit_test(fixed_decimals_round_to_nearest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
