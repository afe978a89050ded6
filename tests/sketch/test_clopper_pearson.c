#include "sketch/clopper_pearson.h"

#include "support/test.h"

#include <math.h>
#include <stdbool.h>

static bool is_close(double value, double expected, double share)
{
    return fabs(value - expected) <= share * fabs(expected);
}

/* P(X <= hits) term by term. */
static double slow_at_most(unsigned hits, unsigned trials, double p)
{
    double sum = 0;
    for (unsigned i = 0; i <= hits; i++) {
        double term = 1;
        for (unsigned j = 0; j < i; j++)
            term *= (double)(trials - j) / (j + 1) * p;
        sum += term * pow(1 - p, trials - i);
    }
    return sum;
}

static void at_the_bound_so_few_hits_are_improbable(void **state)
{
    (void)state;
    for (unsigned trials = 1; trials <= 60; trials++)
        for (unsigned hits = 0; hits < trials; hits++) {
            double p = clopper_pearson_upper(hits, trials, 0.95);
            assert_true(p > (double)hits / trials && p < 1);
            assert_true(is_close(slow_at_most(hits, trials, p), 0.025, 1e-8));
        }
}

/* binom.test of R prints the first as 0.6524529; all are of mpmath with 30 digits. */
static void it_agrees_with_other_programs(void **state)
{
    (void)state;
    static const struct {
        uint64_t hits, trials;
        double upper;
    } known[] = {
        { 3, 10, 0.652452850059997 },
        { 7, 20, 0.592188534532828 },
        { 250, 1000, 0.278050006223756 },
        { 999, 1000, 0.999974682512509 },
        { 12, 25000, 0.000838313123968137 },
        { 1, 1000000, 5.57163065517224e-6 },
        { 3, 100000000, 8.76727281692604e-8 },
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        assert_true(is_close(clopper_pearson_upper(known[i].hits, known[i].trials, 0.95), known[i].upper,
            known[i].trials > 1000000 ? 1e-7 : 1e-9));
}

static void no_hit_and_all_hits_have_closed_forms(void **state)
{
    (void)state;
    assert_true(is_close(clopper_pearson_upper(0, 10, 0.95), 1 - pow(0.025, 0.1), 1e-12));
    assert_true(is_close(clopper_pearson_upper(0, 1, 0.9), 0.95, 1e-12));
    assert_true(clopper_pearson_upper(5, 5, 0.95) == 1);
    assert_true(is_close(clopper_pearson_upper(4, 5, 0.95), pow(0.975, 0.2), 1e-9));
}

static void more_hits_and_fewer_trials_raise_the_bound(void **state)
{
    (void)state;
    for (uint64_t trials = 100; trials <= 10000000; trials *= 10) {
        for (uint64_t hits = 0; hits < 90; hits++)
            assert_true(
                clopper_pearson_upper(hits, trials, 0.95) < clopper_pearson_upper(hits + 1, trials, 0.95));
        assert_true(clopper_pearson_upper(9, trials * 2, 0.95) < clopper_pearson_upper(9, trials, 0.95));
        assert_true(clopper_pearson_upper(9, trials, 0.9) < clopper_pearson_upper(9, trials, 0.99));
    }
}

static void no_trials_have_no_bound(void **state)
{
    (void)state;
    assert_true(isnan(clopper_pearson_upper(0, 0, 0.95)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(at_the_bound_so_few_hits_are_improbable),
        cmocka_unit_test(it_agrees_with_other_programs),
        cmocka_unit_test(no_hit_and_all_hits_have_closed_forms),
        cmocka_unit_test(more_hits_and_fewer_trials_raise_the_bound),
        cmocka_unit_test(no_trials_have_no_bound),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
