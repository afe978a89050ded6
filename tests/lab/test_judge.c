/* judge.c: a loop made by hand, and its score. */
#include "lab/fixture.h"

#include "lab/judge.h"

static struct lab lab;

static int open_lab(void **state)
{
    (void)state;
    lab_open(&lab);
    return 0;
}

static int close_lab(void **state)
{
    (void)state;
    lab_close(&lab);
    return 0;
}

static uint64_t hash_of(uint32_t account)
{
    return dice_hash(account, 1) | 1;
}

/* A day of ten accounts of one operator and twenty customers; all of them are introduced. */
static void watch(struct judge *judge)
{
    *judge = (struct judge){ 0 };
    lab_world(&lab,
        LAB_HEAD("1") "benign: [{population: individuals, accounts: 20}]\n" LAB_CAMPAIGN("one", "10", "30")
            LAB_JOBS,
        3, 1);
    struct happened all = lab_run(lab.world, SIZE_MAX);
    for (size_t i = 0; i < all.n; i++)
        if (all.items[i].kind == HAPPENING_ACCOUNT)
            assert_ok(judge_account(judge, all.items[i].account, hash_of(all.items[i].account)));
    free(all.items);
}

static uint32_t first_of_campaign(void)
{
    uint32_t i = 0;
    while (lab.world->accounts[i].campaign < 0)
        i++;
    return i;
}

static void score(const struct judge *judge, struct prove_result *result)
{
    struct diag diag = { 0 };
    struct world_config config = lab_config(&lab, 3, 1);
    assert_ok(judge_score(judge, lab.world, &config, result, &diag));
}

static void decide(
    struct judge *judge, uint32_t account, enum action action, int64_t time_ms, int64_t not_before_ms)
{
    const struct detection detection = { time_ms, hash_of(account), 9, action };
    assert_ok(judge_decision(judge, &detection, not_before_ms));
}

static void what_was_served_before_containment_has_leaked(void **state)
{
    (void)state;
    struct judge judge;
    struct prove_result result = { 0 };
    watch(&judge);
    uint32_t first = first_of_campaign();
    int64_t start_ms = lab.world->start_ms;
    for (uint32_t i = first; i < first + 10; i++)
        for (int64_t hour = 0; hour < 10; hour++)
            assert_ok(judge_extraction(&judge, hash_of(i), start_ms + hour * HOUR_MS));
    for (uint32_t i = first; i < first + 5; i++) /* half of them, after four exchanges each */
        decide(&judge, i, ACTION_SUSPEND, start_ms, start_ms + 3 * HOUR_MS + 1);
    score(&judge, &result);
    assert_int_equal(result.score.n_campaigns, 1);
    assert_int_equal(result.score.campaigns[0].extraction_exchanges, 100);
    assert_int_equal(result.score.campaigns[0].leaked, 5 * 4 + 50);
    assert_int_equal(result.score.campaigns[0].burnt, 5);
    assert_int_equal(result.score.benign.contained.accounts, 0);
    prove_result_fini(&result);
    judge_fini(&judge);
}

static void a_customer_that_is_contained_is_counted_against_the_detector(void **state)
{
    (void)state;
    struct judge judge;
    struct prove_result result = { 0 };
    watch(&judge);
    uint32_t customer = first_of_campaign() == 0 ? 10 : 0;
    decide(&judge, customer, ACTION_SUSPEND, lab.world->start_ms + HOUR_MS, lab.world->start_ms);
    score(&judge, &result);
    assert_int_equal(result.score.benign.contained.accounts, 1);
    assert_int_equal(result.score.decisions_of_unknown, 0);
    assert_string_equal(result.score.populations[0].name, "individuals");
    prove_result_fini(&result);
    judge_fini(&judge);
}

static void groups_are_compared_with_campaigns(void **state)
{
    (void)state;
    struct judge judge;
    struct prove_result result = { 0 };
    watch(&judge);
    uint32_t first = first_of_campaign();
    for (uint32_t i = 0; i < 10; i++) { /* one campaign in two groups */
        const struct detector_group member = { hash_of(first + i), i < 5 ? 7 : 8, lab.world->start_ms };
        assert_ok(judge_member(&judge, &member));
    }
    score(&judge, &result);
    assert_int_equal(result.score.clusters.reported, 2);
    assert_int_equal(result.score.clusters.split, 1);
    assert_int_equal(result.score.clusters.merged, 0);
    assert_true(result.score.clusters.precision > 0.999);
    assert_true(result.score.clusters.recall > 0.49 && result.score.clusters.recall < 0.51);
    prove_result_fini(&result);
    judge_fini(&judge);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_served_before_containment_has_leaked),
        cmocka_unit_test(a_customer_that_is_contained_is_counted_against_the_detector),
        cmocka_unit_test(groups_are_compared_with_campaigns),
    };
    return cmocka_run_group_tests(tests, open_lab, close_lab);
}
