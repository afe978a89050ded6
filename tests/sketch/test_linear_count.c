#include "sketch/linear_count.h"
#include "support/test.h"

#include <math.h>

static uint64_t mixed(uint64_t n)
{
    uint64_t x = n * UINT64_C(0x9E3779B97F4A7C15);
    x = (x ^ x >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    x = (x ^ x >> 27) * UINT64_C(0x94D049BB133111EB);
    return x ^ x >> 31;
}

static void the_table_is_the_formula_rounded(void **state)
{
    (void)state;
    uint64_t bits = 0;
    for (int set = 0; set < 64; set++) {
        assert_int_equal(linear_count_estimate(bits), lround(64 * log(64.0 / (64 - set))));
        bits = bits << 1 | 1;
    }
    assert_int_equal(linear_count_estimate(UINT64_MAX), lround(64 * log(128)));
}

static void repeats_are_counted_once(void **state)
{
    (void)state;
    uint64_t bits = 0;
    for (int i = 0; i < 100; i++)
        linear_count_add(&bits, mixed(3));
    assert_int_equal(linear_count_estimate(bits), 1);
}

static void the_error_is_as_stated(void **state)
{
    (void)state;
    static const struct {
        uint64_t n;
        double error;
    } cases[] = { { 32, 0.10 }, { 64, 0.11 }, { 128, 0.14 } };
    for (unsigned c = 0; c < sizeof cases / sizeof *cases; c++) {
        double squares = 0;
        for (uint64_t run = 0; run < 500; run++) {
            uint64_t bits = 0;
            for (uint64_t i = 0; i < cases[c].n; i++)
                linear_count_add(&bits, mixed(run << 32 | i));
            double off = linear_count_estimate(bits) / (double)cases[c].n - 1;
            squares += off * off;
        }
        double rms = sqrt(squares / 500);
        if (rms > 1.25 * cases[c].error)
            fail_msg("%lu distinct: error %.3f", (unsigned long)cases[c].n, rms);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_table_is_the_formula_rounded),
        cmocka_unit_test(repeats_are_counted_once),
        cmocka_unit_test(the_error_is_as_stated),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
