#include "policy/stage.h"

#include "fixture.h"
#include "support/alloc_sweep.h"

#include <stdio.h>
#include <string.h>

static struct fixture f;

static int set_up(void **state)
{
    (void)state;
    fixture_init(&f);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    fixture_fini(&f);
    return 0;
}

static struct verdict suspected(uint64_t account, int64_t time_ms)
{
    struct verdict verdict = member(account, MEMBER_CORE, time_ms);
    verdict.confirmed = false;
    return verdict;
}

static void each_rung_of_the_ladder_gets_its_action(void **state)
{
    (void)state;
    fixture_start(&f, 100);
    tell(&f, member(1, MEMBER_CORE, START));
    tell(&f, member(2, MEMBER_LIKELY, START));
    tell(&f, member(3, MEMBER_HALO, START));
    tell(&f, suspected(4, START));
    expect_decisions(&f, "1 suspend, 2 restrict, 3 verify, 4 observe");
    assert_int_equal(policy_in_force(f.stage, 1, START), ACTION_SUSPEND);
    assert_int_equal(policy_in_force(f.stage, 9, START), ACTION_OBSERVE);
}

static void a_decision_says_what_the_contract_asks_for(void **state)
{
    (void)state;
    fixture_start(&f, 100);
    tell(&f, member(1, MEMBER_LIKELY, START));
    assert_int_equal(f.decisions.n, 1);
    const struct decision *d = &f.decisions.items[0];
    assert_int_equal(d->time_ms, START);
    assert_int_equal(d->expires_ms, START + 30 * DAY);
    assert_int_equal(d->campaign.value, 7);
    assert_int_equal(d->mode, MODE_ENFORCED);
    assert_true(d->confidence > 0.89f && d->confidence < 0.91f);
    assert_int_equal(d->families, 1 << FAMILY_IDENTITY | 1 << FAMILY_CONTENT);
    assert_string_equal(d->reason,
        "This account gets short answers without reasoning or log-probabilities because it appears to be one "
        "of 50 "
        "accounts that one operator runs to collect model outputs, on two independent kinds of evidence.");
}

static void a_verdict_raises_an_action_but_never_lowers_it(void **state)
{
    (void)state;
    fixture_start(&f, 100);
    tell(&f, member(1, MEMBER_HALO, START));
    tell(&f, member(1, MEMBER_CORE, START + 1));
    tell(&f, member(1, MEMBER_CORE, START + 2));
    tell(&f, member(1, MEMBER_HALO, START + 3));
    tell(&f, suspected(1, START + 4));
    expect_decisions(&f, "1 verify, 1 suspend");
    assert_int_equal(policy_in_force(f.stage, 1, START + 4), ACTION_SUSPEND);
}

static void leaving_the_campaign_releases(void **state)
{
    (void)state;
    fixture_start(&f, 100);
    tell(&f, member(1, MEMBER_CORE, START));
    tell(&f, member(1, MEMBER_NONE, START + 1));
    tell(&f, member(1, MEMBER_NONE, START + 2));
    tell(&f, member(2, MEMBER_NONE, START + 2));
    expect_decisions(&f, "1 suspend, 1 release");
    assert_int_equal(policy_in_force(f.stage, 1, START + 2), ACTION_OBSERVE);
    tell(&f, member(1, MEMBER_CORE, START + 3));
    expect_decisions(&f, "1 suspend");
}

static void moving_to_another_campaign_releases_nothing(void **state)
{
    (void)state;
    fixture_start(&f, 100);
    tell(&f, member(1, MEMBER_CORE, START));
    struct verdict moves[2] = { member(1, MEMBER_NONE, START + 1), member(1, MEMBER_LIKELY, START + 1) };
    moves[1].campaign.value = 8;
    assert_ok(policy_apply_verdicts(f.stage, moves, 2, &f.decisions));
    expect_decisions(&f, "1 suspend");
    struct verdict left = member(1, MEMBER_NONE, START + 2);
    left.campaign.value = 8;
    tell(&f, left);
    assert_int_equal(f.decisions.items[0].campaign.value, 8);
    expect_decisions(&f, "1 release");
}

static void what_expires_is_renewed_for_a_member_and_released_for_others(void **state)
{
    (void)state;
    fixture_start(&f, 100);
    tell(&f, member(1, MEMBER_CORE, START));
    tell(&f, member(2, MEMBER_CORE, START));
    tell(&f, suspected(2, START + 1));
    expect_decisions(&f, "1 suspend, 2 suspend");
    tick(&f, START + 90 * DAY - 1);
    expect_decisions(&f, "");
    tick(&f, START + 90 * DAY);
    assert_int_equal(f.decisions.items[0].expires_ms, START + 180 * DAY);
    assert_non_null(strstr(f.decisions.items[0].reason, "still"));
    expect_decisions(&f, "1 suspend, 2 release");
    tick(&f, START + 180 * DAY);
    expect_decisions(&f, "1 suspend");
}

static void a_member_that_fell_to_a_lower_rung_gets_that_one_when_its_action_expires(void **state)
{
    (void)state;
    fixture_start(&f, 100);
    tell(&f, member(1, MEMBER_CORE, START));
    tell(&f, member(1, MEMBER_HALO, START + 1));
    f.decisions.n = 0;
    tick(&f, START + 90 * DAY);
    expect_decisions(&f, "1 release, 1 verify");
}

static void another_policy_does_more_at_the_next_tick_and_takes_nothing_back(void **state)
{
    (void)state;
    struct campaign_id contained;
    fixture_start(&f, 100);
    tell(&f, member(1, MEMBER_CORE, START));
    tell(&f, member(2, MEMBER_HALO, START));
    expect_decisions(&f, "1 suspend, 2 verify");
    struct policy other = *f.policy;
    other.ladder.core = ACTION_VERIFY;
    other.ladder.halo = ACTION_RESTRICT;
    policy_stage_take(f.stage, &other);
    assert_false(
        policy_take_contained(f.stage, &contained)); /* account 2 is wanted now, and not contained yet */
    tick(&f, START + 1);
    expect_decisions(&f, "2 restrict");
    assert_int_equal(policy_in_force(f.stage, 1, START + 1), ACTION_SUSPEND);
    assert_true(policy_take_contained(f.stage, &contained));
    assert_int_equal(contained.value, 7);
    tick(&f, START + 2);
    expect_decisions(&f, "");
    policy_stage_take(f.stage, f.policy);
    tick(&f, START + 3);
    expect_decisions(&f, "");
}

static void an_action_that_does_not_expire_stays(void **state)
{
    (void)state;
    f.policy->expiry_ms[ACTION_SUSPEND] = 0;
    fixture_start(&f, 100);
    tell(&f, member(1, MEMBER_CORE, START));
    assert_int_equal(f.decisions.items[0].expires_ms, -1);
    f.decisions.n = 0;
    tick(&f, START + 3650 * DAY);
    expect_decisions(&f, "");
    assert_int_equal(policy_in_force(f.stage, 1, START + 3650 * DAY), ACTION_SUSPEND);
}

static void the_allow_list_is_only_observed(void **state)
{
    (void)state;
    uint64_t *allow = malloc(2 * sizeof *allow);
    allow[0] = 1;
    allow[1] = 500;
    f.policy->allow = allow;
    f.policy->n_allow = 2;
    fixture_start(&f, 100);
    tell(&f, member(1, MEMBER_CORE, START));
    struct verdict employee = member(2, MEMBER_CORE, START);
    employee.organization = 500;
    tell(&f, employee);
    expect_decisions(&f, "1 observe, 2 observe");
}

static void verified_customers_get_at_most_what_the_ladder_says(void **state)
{
    (void)state;
    fixture_start(&f, 100);
    struct verdict verdict = member(1, MEMBER_CORE, START);
    verdict.verified = true;
    tell(&f, verdict);
    assert_non_null(strstr(f.decisions.items[0].reason, "verified customer"));
    expect_decisions(&f, "1 restrict");
}

static void resellers_are_asked_to_verify_at_most(void **state)
{
    (void)state;
    fixture_start(&f, 100);
    struct verdict verdict = member(1, MEMBER_CORE, START);
    verdict.reseller = true;
    tell(&f, verdict);
    expect_decisions(&f, "1 verify");
}

static void members_of_small_campaigns_are_not_contained(void **state)
{
    (void)state;
    fixture_start(&f, 100);
    struct verdict verdict = member(1, MEMBER_CORE, START);
    verdict.accounts = 9;
    tell(&f, verdict);
    expect_decisions(&f, "1 verify");
    verdict.accounts = 10;
    tell(&f, verdict);
    expect_decisions(&f, "1 suspend");
}

/* An organisation of eight: one may be contained at 0.2. */
static void beyond_the_blast_radius_a_person_is_needed(void **state)
{
    (void)state;
    fixture_start(&f, 100);
    for (uint64_t account = 1; account <= 8; account++)
        use(&f, account, 500, START);
    for (uint64_t account = 1; account <= 3; account++) {
        struct verdict verdict = member(account, MEMBER_CORE, START);
        verdict.organization = 500;
        tell(&f, verdict);
    }
    assert_non_null(strstr(f.decisions.items[1].reason, "its organisation is protected"));
    expect_decisions(&f, "1 suspend, 2 verify, 3 verify");
    struct policy_stats stats;
    policy_stats(f.stage, &stats);
    assert_int_equal(stats.held_back, 2);
    for (uint64_t account = 100; account <= 140; account++)
        use(&f, account * UINT64_C(0x9E3779B97F4A7C15), 500, START);
    tick(&f, START + DAY);
    expect_decisions(&f, "2 suspend, 3 suspend");
    policy_stats(f.stage, &stats);
    assert_int_equal(stats.held_back, 0);
}

static void small_organisations_are_exempt_from_the_blast_radius(void **state)
{
    (void)state;
    fixture_start(&f, 100);
    for (uint64_t account = 1; account <= 4; account++) {
        struct verdict verdict = member(account, MEMBER_CORE, START);
        verdict.organization = 500;
        tell(&f, verdict);
    }
    expect_decisions(&f, "1 suspend, 2 suspend, 3 suspend, 4 suspend");
}

static void beyond_the_days_containments_the_rest_waits_for_the_next_day(void **state)
{
    (void)state;
    f.policy->contain_per_day = 2;
    fixture_start(&f, 100);
    struct verdict verdicts[4];
    for (uint64_t i = 0; i < 4; i++)
        verdicts[i] = member(i + 1, i < 3 ? MEMBER_LIKELY : MEMBER_CORE, START);
    assert_ok(policy_apply_verdicts(f.stage, verdicts, 4, &f.decisions));
    expect_decisions(&f, "1 restrict, 2 verify, 3 verify, 4 suspend");
    tick(&f, START + DAY - 1);
    expect_decisions(&f, "");
    tell(&f, member(2, MEMBER_LIKELY, START + DAY)); /* before the tick of the new day */
    expect_decisions(&f, "2 restrict");
    tick(&f, START + DAY);
    expect_decisions(&f, "3 restrict");
}

static void a_campaign_is_contained_when_all_that_are_to_be_are(void **state)
{
    (void)state;
    struct campaign_id id;
    f.policy->contain_per_day = 1;
    fixture_start(&f, 100);
    tell(&f, member(1, MEMBER_CORE, START));
    tell(&f, member(2, MEMBER_LIKELY, START));
    tell(&f, member(3, MEMBER_HALO, START));
    struct verdict reseller = member(4, MEMBER_CORE, START);
    reseller.reseller = true;
    tell(&f, reseller);
    tick(&f, START + 1);
    assert_false(policy_take_contained(f.stage, &id));
    tick(&f, START + DAY);
    assert_true(policy_take_contained(f.stage, &id));
    assert_int_equal(id.value, 7);
    assert_false(policy_take_contained(f.stage, &id));
    tick(&f, START + DAY + 1);
    assert_false(policy_take_contained(f.stage, &id));
    tell(&f, member(5, MEMBER_CORE, START + DAY + 1)); /* over the budget: not all any more */
    tick(&f, START + DAY + 2);
    assert_false(policy_take_contained(f.stage, &id));
    tell(&f, member(5, MEMBER_NONE, START + DAY + 3));
    tick(&f, START + DAY + 4);
    assert_true(policy_take_contained(f.stage, &id));
}

static void in_shadow_mode_decisions_are_taken_and_nothing_is_in_force(void **state)
{
    (void)state;
    struct campaign_id id;
    f.policy->mode = MODE_SHADOW;
    fixture_start(&f, 100);
    tell(&f, member(1, MEMBER_CORE, START));
    tick(&f, START + 1);
    assert_int_equal(f.decisions.items[0].mode, MODE_SHADOW);
    expect_decisions(&f, "1 suspend");
    assert_int_equal(policy_in_force(f.stage, 1, START + 1), ACTION_OBSERVE);
    assert_false(policy_take_contained(f.stage, &id));
}

static void decisions_come_by_time_then_account(void **state)
{
    (void)state;
    fixture_start(&f, 100);
    struct verdict verdicts[] = { member(9, MEMBER_HALO, START), member(2, MEMBER_CORE, START),
        member(5, MEMBER_LIKELY, START - 1) };
    assert_ok(policy_apply_verdicts(f.stage, verdicts, 3, &f.decisions));
    expect_decisions(&f, "5 restrict, 2 suspend, 9 verify");
}

static void a_full_table_forgets_the_watched_and_refuses_rather_than_forget_the_contained(void **state)
{
    (void)state;
    fixture_start(&f, 2);
    tell(&f, suspected(1, START));
    tell(&f, member(2, MEMBER_CORE, START));
    tell(&f, member(3, MEMBER_CORE, START));
    tell(&f, member(4, MEMBER_CORE, START));
    expect_decisions(&f, "1 observe, 2 suspend, 3 suspend");
    assert_int_equal(policy_in_force(f.stage, 2, START), ACTION_SUSPEND);
    struct policy_stats stats;
    policy_stats(f.stage, &stats);
    assert_int_equal(stats.accounts_refused, 1);
    assert_int_equal(stats.accounts, 2);
    assert_true(stats.state_bytes > 0);
}

/* Random verdicts, usage and ticks. Seeded; checks what must hold after every step. */
static void the_books_balance_over_random_histories(void **state)
{
    (void)state;
    uint64_t seed = 42;
    f.policy->contain_per_day = 5;
    fixture_start(&f, 64);
    enum action held[40] = { 0 };
    for (int64_t step = 0; step < 20000; step++) {
        seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        uint64_t account = 1 + (seed >> 33) % 39;
        int64_t now = START + step * (DAY / 20);
        struct verdict verdict = member(account, (enum membership)((seed >> 45) % 4), now);
        verdict.campaign.value = 7 + (seed >> 50) % 3;
        verdict.organization = account % 3 ? 0 : 500;
        verdict.confirmed = (seed >> 55) % 4 != 0;
        tell(&f, verdict);
        tick(&f, now);
        for (size_t i = 0; i < f.decisions.n; i++) {
            const struct decision *d = &f.decisions.items[i];
            enum action before = held[d->account];
            if (d->action == ACTION_RELEASE)
                held[d->account] = ACTION_OBSERVE;
            else if (d->action >= before)
                held[d->account] = d->action;
            else
                fail_msg("step %d: %s after %s", (int)step, action_name(d->action), action_name(before));
        }
        f.decisions.n = 0;
        assert_int_equal(policy_in_force(f.stage, account, now), held[account]);
    }
    for (uint64_t account = 1; account < 40; account++) {
        for (uint64_t campaign = 7; campaign < 10; campaign++) {
            struct verdict left = member(account, MEMBER_NONE, START + 1001 * DAY);
            left.campaign.value = campaign;
            tell(&f, left);
        }
    }
    struct policy_stats stats;
    policy_stats(f.stage, &stats);
    assert_int_equal(stats.held_back, 0);
    for (uint64_t account = 1; account < 40; account++)
        assert_int_equal(policy_in_force(f.stage, account, START + 1001 * DAY), ACTION_OBSERVE);
}

static void every_failed_allocation_is_reported_and_leaks_nothing(void **state)
{
    (void)state;
    bool reached = true;
    f.policy->organization.requests_per_hour = 1;
    for (long nth = 0; reached; nth++) {
        struct decision_list decisions = { 0 };
        struct policy_stage *stage = NULL;
        struct verdict verdict = member(1, MEMBER_CORE, START);
        struct usage usage[2] = { { .account = 2, .organization = 500, .time_ms = START },
            { .account = 2, .organization = 500, .time_ms = START } };
        verdict.organization = 501;
        alloc_sweep_arm(nth);
        enum status st = policy_stage_new(f.policy, 100, NULL, &stage);
        if (st == STATUS_OK)
            st = policy_apply_verdicts(stage, &verdict, 1, &decisions);
        if (st == STATUS_OK)
            st = policy_apply_usage(stage, usage, 2, &decisions);
        if (st == STATUS_OK)
            st = policy_tick(stage, START + 90 * DAY, &decisions);
        reached = alloc_sweep_disarm();
        assert_int_equal(st, reached ? STATUS_NOMEM : STATUS_OK);
        if (!reached)
            assert_int_equal(decisions.n, 4);
        policy_stage_free(stage);
        decision_list_fini(&decisions);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(each_rung_of_the_ladder_gets_its_action),
        TEST(a_decision_says_what_the_contract_asks_for),
        TEST(a_verdict_raises_an_action_but_never_lowers_it),
        TEST(leaving_the_campaign_releases),
        TEST(moving_to_another_campaign_releases_nothing),
        TEST(what_expires_is_renewed_for_a_member_and_released_for_others),
        TEST(a_member_that_fell_to_a_lower_rung_gets_that_one_when_its_action_expires),
        TEST(another_policy_does_more_at_the_next_tick_and_takes_nothing_back),
        TEST(an_action_that_does_not_expire_stays),
        TEST(the_allow_list_is_only_observed),
        TEST(verified_customers_get_at_most_what_the_ladder_says),
        TEST(resellers_are_asked_to_verify_at_most),
        TEST(members_of_small_campaigns_are_not_contained),
        TEST(beyond_the_blast_radius_a_person_is_needed),
        TEST(small_organisations_are_exempt_from_the_blast_radius),
        TEST(beyond_the_days_containments_the_rest_waits_for_the_next_day),
        TEST(a_campaign_is_contained_when_all_that_are_to_be_are),
        TEST(in_shadow_mode_decisions_are_taken_and_nothing_is_in_force),
        TEST(decisions_come_by_time_then_account),
        TEST(a_full_table_forgets_the_watched_and_refuses_rather_than_forget_the_contained),
        TEST(the_books_balance_over_random_histories),
        TEST(every_failed_allocation_is_reported_and_leaks_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
