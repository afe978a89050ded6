#include "policy/limits.h"

#include "fixture.h"

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

static void without_limits_usage_changes_nothing_and_costs_no_memory(void **state)
{
    (void)state;
    fixture_start(&f, 100);
    assert_false(policy_wants_usage(f.policy));
    for (uint64_t i = 0; i < 1000; i++)
        use(&f, 1 + i % 50, 0, START);
    expect_decisions(&f, "");
    struct policy_stats stats;
    policy_stats(f.stage, &stats);
    assert_int_equal(stats.accounts + stats.windows + stats.organizations, 0);
}

static void an_account_over_its_hours_limit_is_slowed_down_once(void **state)
{
    (void)state;
    f.policy->account[TIER_UNKNOWN].requests_per_hour = 3;
    assert_true(policy_wants_usage(f.policy));
    fixture_start(&f, 100);
    for (int i = 0; i < 3; i++)
        use(&f, 1, 0, START);
    expect_decisions(&f, "");
    use(&f, 1, 0, START + 1);
    use(&f, 1, 0, START + 2);
    const struct decision *d = &f.decisions.items[0];
    assert_int_equal(d->campaign.value, 0);
    assert_int_equal(d->families, 1 << FAMILY_VOLUME);
    assert_int_equal(d->expires_ms, START + 1 + DAY);
    assert_string_equal(d->reason,
        "This account is slowed down because it went over its plan's limit on requests in an hour.");
    expect_decisions(&f, "1 throttle");
    tick(&f, START + DAY + 1);
    expect_decisions(&f, "1 release");
}

static void a_new_hour_and_a_new_day_start_from_nothing(void **state)
{
    (void)state;
    f.policy->account[TIER_UNKNOWN].requests_per_hour = 2;
    f.policy->account[TIER_UNKNOWN].requests_per_day = 4;
    fixture_start(&f, 100);
    for (int hour = 0; hour < 2; hour++) {
        use(&f, 1, 0, START + hour * 3600000);
        use(&f, 1, 0, START + hour * 3600000);
    }
    use(&f, 1, 0, START + DAY);
    use(&f, 1, 0, START + DAY);
    expect_decisions(&f, "");
    for (int hour = 1; hour < 3; hour++)
        use(&f, 1, 0, START + DAY + hour * 3600000);
    expect_decisions(&f, "");
    use(&f, 1, 0, START + DAY + 3 * 3600000);
    assert_non_null(strstr(f.decisions.items[0].reason, "requests in a day"));
    expect_decisions(&f, "1 throttle");
}

static void tokens_and_cost_have_limits_of_their_own(void **state)
{
    (void)state;
    static const char *const words[] = { "input tokens in a day", "output tokens in a day",
        "spending in a day" };
    struct limit *limit = &f.policy->account[TIER_UNKNOWN];
    f.policy->prices = malloc(sizeof *f.policy->prices);
    f.policy->prices[0] = (struct price){ .model = 0, .input_per_million = 1e4, .output_per_million = 0 };
    f.policy->n_prices = 1; /* an exchange costs 1 */
    for (int which = 0; which < 3; which++) {
        *limit = (struct limit){ .action = ACTION_VERIFY };
        limit->input_tokens_per_day = which == 0 ? 250 : 0;
        limit->output_tokens_per_day = which == 1 ? 25 : 0;
        limit->cost_per_day = which == 2 ? 2.5 : 0;
        fixture_start(&f, 100);
        for (int i = 0; i < 3; i++)
            use(&f, 1, 0, START + i);
        assert_int_equal(f.decisions.n, 1);
        assert_int_equal(f.decisions.items[0].time_ms, START + 2);
        assert_non_null(strstr(f.decisions.items[0].reason, words[which]));
        expect_decisions(&f, "1 verify");
        policy_stage_free(f.stage);
        f.stage = NULL;
    }
}

static void an_organisations_limit_hits_those_who_use_on_beyond_it(void **state)
{
    (void)state;
    f.policy->organization.requests_per_day = 3;
    fixture_start(&f, 100);
    for (uint64_t account = 1; account <= 5; account++)
        use(&f, account, 500, START);
    assert_non_null(strstr(f.decisions.items[0].reason, "its organisation's limit"));
    expect_decisions(&f, "4 throttle, 5 throttle");
}

static void a_campaigns_limit_counts_all_its_members(void **state)
{
    (void)state;
    f.policy->campaign_limit.requests_per_day = 3;
    fixture_start(&f, 100);
    for (uint64_t account = 1; account <= 4; account++) {
        struct verdict verdict = member(account, MEMBER_HALO, START);
        verdict.confirmed = false;
        verdict.verified = account == 1;
        tell(&f, verdict);
    }
    f.decisions.n = 0;
    for (uint64_t account = 2; account <= 5; account++)
        use(&f, account, 0, START);
    expect_decisions(&f, "");
    use(&f, 4, 0, START);
    assert_int_equal(f.decisions.items[0].campaign.value, 7);
    expect_decisions(&f, "4 throttle");
    use(&f, 1, 0, START); /* verified */
    expect_decisions(&f, "1 verify");
}

static void volume_leaves_a_stronger_action_and_the_allow_list_alone(void **state)
{
    (void)state;
    f.policy->account[TIER_UNKNOWN].requests_per_day = 1;
    f.policy->allow = malloc(sizeof *f.policy->allow);
    f.policy->allow[0] = 2;
    f.policy->n_allow = 1;
    fixture_start(&f, 100);
    tell(&f, member(1, MEMBER_CORE, START));
    f.decisions.n = 0;
    for (int i = 0; i < 4; i++)
        use(&f, 1 + (uint64_t)i % 2, 0, START);
    expect_decisions(&f, "");
}

static void leaving_a_campaign_does_not_lift_what_volume_did(void **state)
{
    (void)state;
    f.policy->account[TIER_UNKNOWN].requests_per_day = 1;
    fixture_start(&f, 100);
    use(&f, 1, 0, START);
    use(&f, 1, 0, START);
    tell(&f, member(1, MEMBER_HALO, START + 1));
    tell(&f, member(1, MEMBER_NONE, START + 2));
    expect_decisions(&f, "1 throttle");
    tell(&f, member(1, MEMBER_HALO, START + 3));
    tick(&f, START + DAY);
    expect_decisions(&f, "1 release, 1 verify");
}

static enum tier tier_of(void *context, uint64_t account)
{
    (*(int *)context)++;
    return account == 1 ? TIER_FREE : TIER_ENTERPRISE;
}

static void the_tier_decides_which_limit_holds_and_is_asked_once_a_day(void **state)
{
    (void)state;
    int asked = 0;
    struct policy_source source = { .context = &asked, .tier = tier_of };
    f.policy->account[TIER_FREE].requests_per_day = 2;
    assert_ok(policy_stage_new(f.policy, 100, &source, &f.stage));
    for (int i = 0; i < 8; i++)
        use(&f, 1 + (uint64_t)i % 2, 0, START);
    assert_int_equal(asked, 2);
    expect_decisions(&f, "1 throttle");
}

static void a_full_table_of_windows_forgets_the_least_used_and_counts_it(void **state)
{
    (void)state;
    f.policy->account[TIER_UNKNOWN].requests_per_day = 5;
    fixture_start(&f, 8);
    for (int i = 0; i < 5; i++)
        use(&f, 1000, 0, START);
    for (uint64_t account = 1; account <= 100; account++)
        use(&f, account, 0, START);
    use(&f, 1000, 0, START);
    expect_decisions(&f, "1000 throttle");
    struct policy_stats stats;
    policy_stats(f.stage, &stats);
    assert_int_equal(stats.windows, 8);
    assert_int_equal(stats.windows_evicted, 93);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(without_limits_usage_changes_nothing_and_costs_no_memory),
        TEST(an_account_over_its_hours_limit_is_slowed_down_once),
        TEST(a_new_hour_and_a_new_day_start_from_nothing),
        TEST(tokens_and_cost_have_limits_of_their_own),
        TEST(an_organisations_limit_hits_those_who_use_on_beyond_it),
        TEST(a_campaigns_limit_counts_all_its_members),
        TEST(volume_leaves_a_stronger_action_and_the_allow_list_alone),
        TEST(leaving_a_campaign_does_not_lift_what_volume_did),
        TEST(the_tier_decides_which_limit_holds_and_is_asked_once_a_day),
        TEST(a_full_table_of_windows_forgets_the_least_used_and_counts_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
