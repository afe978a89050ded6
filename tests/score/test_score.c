#include "score/score.h"

#include "support/alloc_sweep.h"
#include "support/random.h"
#include "support/test.h"
#include "world.h"

#include <math.h>
#include <string.h>

static bool is(double value, double expected)
{
    return fabs(value - expected) < 1e-9 * (1 + fabs(expected));
}

static struct score compute(const struct score_truth *truth, const struct score_run *run)
{
    struct score score;
    struct diag diag = { 0 };
    assert_ok(score_compute(truth, run, &score, &diag));
    return score;
}

static void campaigns_are_as_computed_by_hand(void **state)
{
    (void)state;
    struct score score = compute(&world_truth, &world_run);
    const struct score_campaign *a = &score.campaigns[0], *b = &score.campaigns[1];
    assert_int_equal(score.n_campaigns, 2);
    assert_string_equal(a->name, "alpha");
    assert_int_equal(a->accounts, 4);
    assert_int_equal(a->accounts_used, 3);
    assert_int_equal(a->burnt, 2);
    assert_int_equal(a->contained_at_end, 2);
    assert_int_equal(a->extraction_exchanges, 10);
    assert_int_equal(a->leaked, 6);
    assert_true(is(a->leak, 0.6));
    assert_int_equal(a->detected_ms, 8000);
    assert_true(is(a->time_to_detect_s, 7));
    assert_true(is(a->exchanges_to_detect, 2));
    assert_true(is(a->account_recall, 0.5));
    assert_true(is(a->best_match_share, 0.5));
    assert_int_equal(a->reported_as, 2);
    assert_true(is(a->wasted_per_useful, 4));
    assert_int_equal(b->leaked, 3);
    assert_true(is(b->leak, 1));
    assert_int_equal(b->detected_ms, 60000);
    assert_true(is(b->time_to_detect_s, 30));
    assert_true(is(b->exchanges_to_detect, 2));
    assert_true(is(b->account_recall, 0));
    assert_true(is(b->best_match_share, 0.5));
    assert_true(isnan(b->wasted_per_useful));
    score_fini(&score);
}

static void clusters_and_costs_are_as_computed_by_hand(void **state)
{
    (void)state;
    struct score score = compute(&world_truth, &world_run);
    assert_int_equal(score.clusters.accounts, 7);
    assert_int_equal(score.clusters.reported, 3);
    assert_true(is(score.clusters.rand_index, -0.08));
    assert_true(is(score.clusters.precision, 2.0 / 3));
    assert_true(is(score.clusters.recall, 0.5));
    assert_int_equal(score.clusters.split, 2);
    assert_int_equal(score.clusters.merged, 1);
    assert_int_equal(score.operator_cost.groups, 3);
    assert_int_equal(score.operator_cost.single_decisions, 3);
    assert_int_equal(score.operator_cost.reviews, 6);
    assert_int_equal(score.operator_cost.appeals, 2);
    assert_int_equal(score.decisions, 9);
    assert_int_equal(score.decisions_of_unknown, 1);
    score_fini(&score);
}

static void a_run_that_does_nothing_leaks_all_and_detects_nothing(void **state)
{
    (void)state;
    const struct score_run nothing = { 0 };
    struct score score = compute(&world_truth, &nothing);
    const struct score_campaign *a = &score.campaigns[0];
    assert_true(a->leak == 1 && a->account_recall == 0 && a->best_match_share == 0);
    assert_int_equal(a->detected_ms, -1);
    assert_true(isnan(a->time_to_detect_s) && isnan(a->exchanges_to_detect));
    assert_true(score.benign.contained.per_million == 0 && score.benign.contained.upper_per_million > 0);
    score_fini(&score);
}

static void a_rate_over_nothing_is_no_number(void **state)
{
    (void)state;
    const char *const campaigns[] = { "empty" };
    const struct score_truth empty = { .campaigns = campaigns, .n_campaigns = 1 };
    const struct score_run nothing = { 0 };
    struct score score = compute(&empty, &nothing);
    const struct score_campaign *c = &score.campaigns[0];
    assert_true(isnan(c->leak) && isnan(c->account_recall) && isnan(c->best_match_share));
    assert_true(isnan(c->time_to_detect_s) && isnan(c->exchanges_to_detect) && isnan(c->wasted_per_useful));
    assert_true(isnan(score.clusters.rand_index) && isnan(score.clusters.precision));
    assert_true(isnan(score.clusters.recall) && isnan(score.blast.largest_share));
    assert_true(isnan(score.benign.contained.per_million) && isnan(score.benign.contained.upper_per_million));
    score_fini(&score);
}

static void a_perfect_run_has_perfect_numbers(void **state)
{
    (void)state;
    struct score_decision decisions[6];
    struct score_member members[6];
    const int64_t detected[] = { 0, 0 };
    for (size_t i = 0; i < 6; i++) {
        decisions[i] = (struct score_decision){ i + 1, 5, 0, ACTION_SUSPEND };
        members[i] = (struct score_member){ i + 1, i < 4, 1 };
    }
    const struct score_run run = { decisions, 6, detected, 2, members, 6 };
    struct score score = compute(&world_truth, &run);
    for (size_t i = 0; i < 2; i++) {
        assert_true(score.campaigns[i].leak == 0 && score.campaigns[i].account_recall == 1);
        assert_true(score.campaigns[i].best_match_share == 1 && score.campaigns[i].exchanges_to_detect == 0);
    }
    assert_true(
        score.clusters.rand_index == 1 && score.clusters.precision == 1 && score.clusters.recall == 1);
    assert_int_equal(score.clusters.split + score.clusters.merged, 0);
    score_fini(&score);
}

static void shuffle(struct test_random *random, void *items, size_t n, size_t size)
{
    char held[64];
    for (size_t i = n; i > 1; i--) {
        char *a = (char *)items + (i - 1) * size, *b = (char *)items + test_random_below(random, i) * size;
        memcpy(held, a, size);
        memmove(a, b, size);
        memcpy(b, held, size);
    }
}

static uint64_t renamed(uint64_t account, uint64_t by)
{
    return (account + by) * UINT64_C(0x9e3779b97f4a7c15) | 1;
}

static void assert_same(const struct score *a, const struct score *b)
{
    assert_memory_equal(a->campaigns, b->campaigns, a->n_campaigns * sizeof *a->campaigns);
    assert_memory_equal(&a->clusters, &b->clusters, sizeof a->clusters);
    assert_memory_equal(&a->operator_cost, &b->operator_cost, sizeof a->operator_cost);
    assert_memory_equal(&a->blast, &b->blast, sizeof a->blast);
    assert_int_equal(a->n_populations, b->n_populations);
    for (size_t i = 0; i < a->n_populations; i++) {
        assert_true(is(a->populations[i].account_months, b->populations[i].account_months));
        assert_int_equal(a->populations[i].contained.accounts, b->populations[i].contained.accounts);
        assert_int_equal(a->populations[i].throttled.accounts, b->populations[i].throttled.accounts);
        assert_int_equal(a->populations[i].challenged.accounts, b->populations[i].challenged.accounts);
    }
}

static void other_names_and_another_order_change_nothing(void **state)
{
    (void)state;
    struct test_random random = { 23 };
    struct score expected = compute(&world_truth, &world_run);
    for (uint64_t round = 1; round <= 50; round++) {
        struct score_account accounts[WORLD_COUNT(world_accounts)];
        struct score_extraction extraction[WORLD_COUNT(world_extraction)];
        struct score_decision decisions[WORLD_COUNT(world_decisions)];
        struct score_member members[WORLD_COUNT(world_members)];
        memcpy(accounts, world_accounts, sizeof accounts);
        memcpy(extraction, world_extraction, sizeof extraction);
        memcpy(decisions, world_decisions, sizeof decisions);
        memcpy(members, world_members, sizeof members);
        for (size_t i = 0; i < WORLD_COUNT(accounts); i++)
            accounts[i].account = renamed(accounts[i].account, round);
        for (size_t i = 0; i < WORLD_COUNT(extraction); i++)
            extraction[i].account = renamed(extraction[i].account, round);
        for (size_t i = 0; i < WORLD_COUNT(decisions); i++)
            decisions[i].account = renamed(decisions[i].account, round);
        for (size_t i = 0; i < WORLD_COUNT(members); i++)
            members[i].account = renamed(members[i].account, round);
        shuffle(&random, accounts, WORLD_COUNT(accounts), sizeof *accounts);
        shuffle(&random, extraction, WORLD_COUNT(extraction), sizeof *extraction);
        shuffle(&random, decisions, WORLD_COUNT(decisions), sizeof *decisions);
        struct score_truth truth = world_truth;
        struct score_run run = world_run;
        truth.accounts = accounts;
        truth.extraction = extraction;
        run.decisions = decisions;
        run.members = members;
        struct score score = compute(&truth, &run);
        assert_same(&score, &expected);
        score_fini(&score);
    }
    score_fini(&expected);
}

static void a_truth_that_contradicts_itself_is_refused(void **state)
{
    (void)state;
    struct score score = { .decisions = 77 };
    struct diag diag = { 0 };
    struct score_account twice[] = { { 1, 0, 0, 0, 0 }, { 1, 0, 0, 0, 0 } };
    struct score_truth truth = world_truth;
    truth.accounts = twice;
    truth.n_accounts = 2;
    assert_int_equal(score_compute(&truth, &world_run, &score, &diag), STATUS_BAD);
    assert_non_null(strstr(diag.reason, "#0000000000000001 is in the truth twice"));
    twice[1] = (struct score_account){ 2, 0, 0, 0, 2 };
    assert_int_equal(score_compute(&truth, &world_run, &score, &diag), STATUS_BAD);
    assert_non_null(strstr(diag.reason, "of no campaign or population"));
    truth = world_truth;
    const struct score_extraction benign[] = { { 7, 1 } };
    truth.extraction = benign;
    truth.n_extraction = 1;
    assert_int_equal(score_compute(&truth, &world_run, &score, &diag), STATUS_BAD);
    assert_non_null(strstr(diag.reason, "#0000000000000007, which is in no campaign"));
    assert_int_equal(score.decisions, 77);
}

static void memory_may_run_out_anywhere(void **state)
{
    (void)state;
    struct score score = { .decisions = 77 };
    struct diag diag = { 0 };
    enum status st = STATUS_NOMEM;
    long nth = 0;
    for (; st != STATUS_OK; nth++) {
        alloc_sweep_arm(nth);
        st = score_compute(&world_truth, &world_run, &score, &diag);
        bool reached = alloc_sweep_disarm();
        assert_true(reached == (st == STATUS_NOMEM));
        assert_true(st == STATUS_OK || score.decisions == 77);
    }
    assert_true(nth > 15);
    score_fini(&score);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(campaigns_are_as_computed_by_hand),
        cmocka_unit_test(clusters_and_costs_are_as_computed_by_hand),
        cmocka_unit_test(a_run_that_does_nothing_leaks_all_and_detects_nothing),
        cmocka_unit_test(a_rate_over_nothing_is_no_number),
        cmocka_unit_test(a_perfect_run_has_perfect_numbers),
        cmocka_unit_test(other_names_and_another_order_change_nothing),
        cmocka_unit_test(a_truth_that_contradicts_itself_is_refused),
        cmocka_unit_test(memory_may_run_out_anywhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
