#include "sketch/evalue.h"

#include "support/random.h"
#include "support/test.h"

#include <math.h>

static double binomial_p(unsigned s, unsigned t, double p)
{
    return exp(lgamma(t + 1.0) - lgamma(s + 1.0) - lgamma(t - s + 1.0) + s * log(p) + (t - s) * log1p(-p));
}

/* Expectation of e when each trial succeeds with the probability truth, by adding up every outcome. */
static double mean_e(unsigned t, double p0, double truth)
{
    double mean = 0;
    for (unsigned s = 0; s <= t; s++)
        mean += binomial_p(s, t, truth) * pow(10, evalue_binomial(s, t, p0));
    return mean;
}

static void a_binomial_e_value_has_mean_one_at_the_edge_of_the_null(void **state)
{
    (void)state;
    static const unsigned trials[] = { 1, 2, 3, 6, 10, 30, 60 };
    static const double p0[] = { 0.001, 0.02, 0.1, 0.21, 0.5, 0.9 };
    for (size_t i = 0; i < sizeof trials / sizeof *trials; i++)
        for (size_t j = 0; j < sizeof p0 / sizeof *p0; j++) {
            double mean = mean_e(trials[i], p0[j], p0[j]);
            if (!(fabs(mean - 1) < 1e-6))
                fail_msg("t = %u, p0 = %g: mean %.9g", trials[i], p0[j], mean);
        }
}

static void a_binomial_e_value_has_a_smaller_mean_inside_the_null(void **state)
{
    (void)state;
    for (unsigned t = 1; t <= 40; t += 3)
        for (unsigned tenths = 1; tenths < 10; tenths++) {
            double mean = mean_e(t, 0.3, 0.3 * tenths / 10);
            if (!(mean < 1))
                fail_msg("t = %u, p = %g: mean %.9g", t, 0.03 * tenths, mean);
        }
}

static void a_binomial_e_value_grows_with_every_success(void **state)
{
    (void)state;
    for (unsigned t = 1; t <= 200; t += 7)
        for (unsigned s = 1; s <= t; s++)
            if (!(evalue_binomial(s, t, 0.25) > evalue_binomial(s - 1, t, 0.25)))
                fail_msg("%u of %u", s, t);
}

static void a_binomial_e_value_falls_with_the_chance_that_the_null_allows(void **state)
{
    (void)state;
    for (int i = 1; i < 18; i++)
        assert_true(evalue_binomial(9, 10, 0.05 * i) > evalue_binomial(9, 10, 0.05 * (i + 1)));
}

static void a_binomial_e_value_is_finite_for_every_count(void **state)
{
    (void)state;
    static const unsigned trials[] = { 1, 10, 1000, 100000, 4000000000U };
    static const double p0[] = { -1, 0, 1e-9, 0.5, 0.999, 1, 2 };
    for (size_t i = 0; i < sizeof trials / sizeof *trials; i++)
        for (size_t j = 0; j < sizeof p0 / sizeof *p0; j++) {
            assert_true(isfinite(evalue_binomial(0, trials[i], p0[j])));
            assert_true(isfinite(evalue_binomial(trials[i], trials[i], p0[j])));
        }
}

static void no_trials_say_nothing(void **state)
{
    (void)state;
    assert_true(evalue_binomial(0, 0, 0.2) == 0);
}

static void equal_counts_speak_for_one_dispatcher(void **state)
{
    (void)state;
    double counts[20];
    double days[20];
    for (size_t i = 0; i < 20; i++) {
        counts[i] = 100;
        days[i] = 5;
    }
    assert_true(evalue_even_load(counts, days, 20, 0.8) > 3);
}

static void heavy_tailed_counts_speak_against_one_dispatcher(void **state)
{
    (void)state;
    static const double counts[] = { 40, 3, 700, 12, 1, 95, 2600, 8, 22, 310 };
    static const double days[] = { 5, 5, 5, 5, 5, 5, 5, 5, 5, 5 };
    assert_true(evalue_even_load(counts, days, 10, 0.8) < -3);
}

/* The same rate seen for different times is even; the same counts over different times are not. */
static void load_is_even_by_its_rate(void **state)
{
    (void)state;
    static const double days[] = { 1, 2, 10, 4, 7, 3, 20, 1, 5, 6 };
    double counts[10];
    for (size_t i = 0; i < 10; i++)
        counts[i] = 30 * days[i];
    double even = evalue_even_load(counts, days, 10, 0.8);
    for (size_t i = 0; i < 10; i++)
        counts[i] = 180;
    assert_true(even > 1);
    assert_true(even > evalue_even_load(counts, days, 10, 0.8) + 3);
}

static void fewer_than_three_accounts_are_not_judged(void **state)
{
    (void)state;
    static const double counts[] = { 100, 100, 100 };
    static const double days[] = { 5, 5, 5 };
    static const double absent[] = { 5, 0, 5 };
    assert_true(evalue_even_load(counts, days, 2, 0.8) == 0);
    assert_true(evalue_even_load(counts, absent, 3, 0.8) == 0);
    assert_true(evalue_even_load(counts, days, 3, 0.8) > 0);
}

static void counts_of_nothing_say_nothing(void **state)
{
    (void)state;
    static const double counts[] = { 0, 0, 0, 0 };
    static const double days[] = { 5, 5, 5, 5 };
    assert_true(evalue_even_load(counts, days, 4, 0.8) == 0);
}

static double uniform(struct test_random *random)
{
    return ((double)(test_random_u64(random) >> 11) + 0.5) * 0x1p-53;
}

/* A gamma-Poisson count of mean 6 and shape 1 is geometric. */
static double geometric(struct test_random *random, double mean)
{
    return floor(log(uniform(random)) / log(mean / (1 + mean)));
}

/* The first two accounts, which only tell the rate, are seen for so long that they tell it exactly. */
static void even_load_has_mean_one_at_most_when_the_rate_is_known(void **state)
{
    (void)state;
    enum { RUNS = 200000, ACCOUNTS = 5 };
    struct test_random random = { 20261123 };
    print_message("seed %llu\n", (unsigned long long)random.state);
    double sum = 0;
    double squares = 0;
    for (int run = 0; run < RUNS; run++) {
        double counts[ACCOUNTS] = { 6e9, 6e9 };
        double days[ACCOUNTS] = { 1e9, 1e9, 1, 1, 1 };
        for (size_t i = 2; i < ACCOUNTS; i++)
            counts[i] = geometric(&random, 6);
        double e = pow(10, evalue_even_load(counts, days, ACCOUNTS, 1));
        sum += e;
        squares += e * e;
    }
    double mean = sum / RUNS;
    double error = sqrt((squares / RUNS - mean * mean) / RUNS);
    if (!(mean < 1 + 4 * error && mean > 1 - 4 * error))
        fail_msg("mean %g, standard error %g", mean, error);
}

/* A rate guessed from the accounts before costs power, not validity. */
static void even_load_has_mean_one_at_most_when_the_rate_is_guessed(void **state)
{
    (void)state;
    enum { RUNS = 50000, ACCOUNTS = 30 };
    struct test_random random = { 7 };
    print_message("seed %llu\n", (unsigned long long)random.state);
    double sum = 0;
    for (int run = 0; run < RUNS; run++) {
        double counts[ACCOUNTS];
        double days[ACCOUNTS];
        for (size_t i = 0; i < ACCOUNTS; i++) {
            counts[i] = geometric(&random, 60);
            days[i] = 1;
        }
        sum += pow(10, evalue_even_load(counts, days, ACCOUNTS, 0.8));
    }
    if (!(sum / RUNS < 1))
        fail_msg("mean %g", sum / RUNS);
}

static void an_excess_has_mean_one_at_most_however_the_chances_differ(void **state)
{
    (void)state;
    enum { RUNS = 20000, EVENTS = 200 };
    struct test_random random = { 5 };
    for (unsigned scale = 1; scale <= 64; scale *= 8) {
        double sum = 0;
        double mean = 0;
        for (unsigned i = 0; i < EVENTS; i++)
            mean += (double)(i % 5 * scale) / 10000;
        for (unsigned run = 0; run < RUNS; run++) {
            uint32_t count = 0;
            for (unsigned i = 0; i < EVENTS; i++)
                count += test_random_below(&random, 10000) < i % 5 * scale;
            sum += pow(10, evalue_excess(count, mean));
        }
        if (!(sum / RUNS < 1.05))
            fail_msg("mean %g at %g", sum / RUNS, mean);
    }
}

static void an_excess_is_evidence_and_less_of_it_where_more_is_expected(void **state)
{
    (void)state;
    assert_true(evalue_excess(4, 0.01) > 6);
    assert_true(evalue_excess(4, 0.1) < evalue_excess(4, 0.01));
    assert_true(evalue_excess(5, 0.1) > evalue_excess(4, 0.1));
    assert_true(evalue_excess(0, 1) < 0);
    assert_true(isfinite(evalue_excess(UINT32_MAX, 0)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_binomial_e_value_has_mean_one_at_the_edge_of_the_null),
        cmocka_unit_test(a_binomial_e_value_has_a_smaller_mean_inside_the_null),
        cmocka_unit_test(a_binomial_e_value_grows_with_every_success),
        cmocka_unit_test(a_binomial_e_value_falls_with_the_chance_that_the_null_allows),
        cmocka_unit_test(a_binomial_e_value_is_finite_for_every_count),
        cmocka_unit_test(an_excess_has_mean_one_at_most_however_the_chances_differ),
        cmocka_unit_test(an_excess_is_evidence_and_less_of_it_where_more_is_expected),
        cmocka_unit_test(no_trials_say_nothing),
        cmocka_unit_test(equal_counts_speak_for_one_dispatcher),
        cmocka_unit_test(heavy_tailed_counts_speak_against_one_dispatcher),
        cmocka_unit_test(load_is_even_by_its_rate),
        cmocka_unit_test(fewer_than_three_accounts_are_not_judged),
        cmocka_unit_test(counts_of_nothing_say_nothing),
        cmocka_unit_test(even_load_has_mean_one_at_most_when_the_rate_is_known),
        cmocka_unit_test(even_load_has_mean_one_at_most_when_the_rate_is_guessed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
