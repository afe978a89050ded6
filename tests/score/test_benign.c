#include "score/benign.h"

#include "support/test.h"
#include "world.h"

#include <math.h>

static bool is(double value, double expected)
{
    return fabs(value - expected) < 1e-6 * (1 + fabs(expected));
}

static struct score measure(const struct score_truth *truth, const struct score_run *run)
{
    struct score score = { 0 };
    struct sanctions sanctions;
    struct u64_map index;
    map_init(&index, truth->n_accounts + 1);
    for (size_t i = 0; i < truth->n_accounts; i++)
        assert_ok(map_put(&index, truth->accounts[i].account, (uint32_t)i));
    assert_ok(sanctions_init(&sanctions, &index, truth->n_accounts, run->decisions, run->n_decisions));
    assert_ok(benign_measure(truth, &sanctions, &score));
    sanctions_fini(&sanctions);
    map_fini(&index);
    return score;
}

static void every_population_is_as_computed_by_hand(void **state)
{
    (void)state;
    struct score score = measure(&world_truth, &world_run);
    assert_int_equal(score.n_populations, 2); /* attackers are no benign population */
    const struct score_population *people = &score.populations[0], *firm = &score.populations[1];
    assert_string_equal(people->name, "people");
    assert_int_equal(people->accounts, 3);
    assert_true(is(people->account_months, 2.5));
    assert_int_equal(people->contained.accounts, 0);
    assert_true(people->contained.per_million == 0);
    assert_true(is(people->contained.upper_per_million, (1 - cbrt(0.025)) * 3 / 2.5 * 1e6));
    assert_int_equal(people->throttled.accounts, 1);
    assert_int_equal(people->challenged.accounts, 1);
    assert_true(is(people->challenged.per_million, 400000));
    assert_string_equal(firm->name, "firm");
    assert_int_equal(firm->contained.accounts, 1);
    assert_true(is(firm->contained.per_million, 500000));
    assert_true(is(firm->contained.upper_per_million, sqrt(0.975) * 1e6));
    assert_int_equal(score.benign.accounts, 5);
    assert_true(is(score.benign.account_months, 4.5));
    /* 0.7164179 is what binom.test(1, 5) of R gives */
    assert_true(fabs(score.benign.contained.upper_per_million / (0.7164179 * 5 / 4.5 * 1e6) - 1) < 1e-6);
    assert_int_equal(score.operator_cost.appeals, 2);
    score_fini(&score);
}

static void the_worst_of_an_organisation_is_told(void **state)
{
    (void)state;
    struct score score = measure(&world_truth, &world_run);
    assert_int_equal(score.blast.organizations, 1);
    assert_int_equal(score.blast.hit, 1);
    assert_int_equal(score.blast.most_contained, 1);
    assert_true(score.blast.largest_share == 0.5);
    score_fini(&score);
}

static void an_organisation_of_one_account_has_no_share(void **state)
{
    (void)state;
    const struct score_account alone[] = { { 9, 100, 0, 0, SCORE_BENIGN } };
    struct score_truth truth = world_truth;
    truth.accounts = alone;
    truth.n_accounts = 1;
    struct score score = measure(&truth, &world_run);
    assert_int_equal(score.blast.most_contained, 1);
    assert_true(isnan(score.blast.largest_share));
    score_fini(&score);
}

static void an_account_first_seen_at_the_end_has_no_months(void **state)
{
    (void)state;
    const struct score_account late[] = { { 1, 0, 30 * WORLD_DAY_MS, 0, SCORE_BENIGN } };
    struct score_truth truth = world_truth;
    truth.accounts = late;
    truth.n_accounts = 1;
    struct score score = measure(&truth, &world_run);
    assert_int_equal(score.benign.accounts, 1);
    assert_int_equal(score.benign.contained.accounts, 1);
    assert_true(isnan(score.benign.contained.per_million));
    assert_true(isnan(score.benign.contained.upper_per_million));
    score_fini(&score);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_population_is_as_computed_by_hand),
        cmocka_unit_test(the_worst_of_an_organisation_is_told),
        cmocka_unit_test(an_organisation_of_one_account_has_no_share),
        cmocka_unit_test(an_account_first_seen_at_the_end_has_no_months),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
