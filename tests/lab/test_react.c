/* react.c: what an operator does about what happened to its accounts. */
#include "lab/fixture.h"

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

static unsigned asks(const struct happened *all, double from_day, double to_day)
{
    unsigned n = 0;
    int64_t start_ms = lab.world->start_ms;
    for (size_t i = 0; i < all->n; i++)
        n += all->items[i].kind == HAPPENING_ASK &&
             all->items[i].time_ms >= start_ms + (int64_t)(from_day * (double)DAY_MS) &&
             all->items[i].time_ms < start_ms + (int64_t)(to_day * (double)DAY_MS);
    return n;
}

#define RAIDED(days, raids, reaction)                                                                        \
    LAB_HEAD(days)                                                                                           \
    LAB_CAMPAIGN("one", "60", "40")                                                                          \
    LAB_JOBS "    rhythm: constant\n    raids: [" raids "]\n    reaction: {" reaction "}\n"

static void a_raid_suspends_its_share_of_the_pool_and_says_so_in_the_log(void **state)
{
    (void)state;
    unsigned enforced = 0;
    lab_world(&lab, RAIDED("3", "{day: 1, share: 0.5}", "switch_at: 1"), 3, 1);
    struct happened all = lab_run(lab.world, SIZE_MAX);
    for (size_t i = 0; i < all.n; i++) {
        if (all.items[i].kind != HAPPENING_ENFORCEMENT)
            continue;
        enforced++;
        assert_int_equal(all.items[i].action, ENFORCEMENT_SUSPENDED);
        assert_int_equal(all.items[i].time_ms, lab.world->start_ms + DAY_MS);
        assert_true(lab.world->accounts[all.items[i].account].flags & ACCOUNT_BANNED);
    }
    assert_in_range(enforced, 18, 42);
    assert_int_equal(lab.world->attackers[0].lost, enforced); /* all found out, none was replaced */
    assert_true(asks(&all, 2, 3) < asks(&all, 0, 1) * 3 / 4);
    free(all.items);
}

static void the_stand_by_pool_takes_over_when_the_first_is_lost(void **state)
{
    (void)state;
    struct campaign_cost cost;
    lab_world(&lab,
        RAIDED("4", "{day: 2, share: 1}", "switch_at: 0.5, standby: 30, standby_per_day: 80, handoff: 0.9"),
        3, 1);
    struct happened all = lab_run(lab.world, SIZE_MAX);
    world_cost(lab.world, 0, &cost);
    assert_int_equal(cost.switches, 1);
    assert_int_equal(cost.accounts_bought, 90);
    for (size_t i = 0; i < all.n; i++) {
        bool second = all.items[i].account >= 60,
             early = all.items[i].time_ms < lab.world->start_ms + 2 * DAY_MS;
        assert_false(second && early);
    }
    assert_in_range(asks(&all, 1, 2), 2000, 2800); /* 60 accounts at 40 a day */
    assert_in_range(asks(&all, 3, 4), 1900, 2900); /* 30 at 80 */
    free(all.items);
}

static void a_bad_day_makes_the_whole_pool_rest_and_then_work_slower(void **state)
{
    (void)state;
    struct campaign_cost cost;
    lab_world(
        &lab, RAIDED("5", "{day: 1.5, share: 0.5}", "slow_down: 0.5, rest_hours: 12, switch_at: 1"), 4, 1);
    struct happened all = lab_run(lab.world, SIZE_MAX);
    world_cost(lab.world, 0, &cost);
    assert_int_equal(cost.rests, 1);
    assert_int_equal(asks(&all, 2.01, 2.49), 0);
    unsigned before = asks(&all, 0.5, 1), after = asks(&all, 2.5, 3); /* half the pool at half the pace */
    assert_in_range(after, before / 8, before / 3);
    assert_true(asks(&all, 4, 5) > 5 * after / 2); /* good days make it bold again */
    free(all.items);
}

static void a_day_that_is_not_bad_changes_nothing(void **state)
{
    (void)state;
    struct campaign_cost cost;
    lab_world(&lab,
        RAIDED("3", "{day: 1.5, share: 0.1}", "slow_down: 0.5, rest_hours: 12, bad_day: 0.5, switch_at: 1"),
        4, 1);
    struct happened all = lab_run(lab.world, SIZE_MAX);
    world_cost(lab.world, 0, &cost);
    assert_int_equal(cost.rests, 0);
    assert_true(lab.world->attackers[0].pace > 0.99);
    assert_true(lab.world->attackers[0].lost > 0);
    free(all.items);
}

static void nothing_is_sent_in_an_outage_of_the_operators_own(void **state)
{
    (void)state;
    lab_world(&lab,
        LAB_HEAD("3") LAB_CAMPAIGN("one", "60", "100") LAB_JOBS
        "    rhythm: constant\n    outages_a_week: 0.001\n    outage_minutes: 1\n",
        4, 1);
    lab.world->attackers[0].outage_from_ms = lab.world->start_ms + DAY_MS;
    lab.world->attackers[0].outage_until_ms = lab.world->start_ms + 2 * DAY_MS;
    struct happened all = lab_run(lab.world, SIZE_MAX);
    assert_true(asks(&all, 0, 1) > 4000 && asks(&all, 2, 3) > 4000);
    assert_int_equal(asks(&all, 1, 2), 0);
    free(all.items);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_raid_suspends_its_share_of_the_pool_and_says_so_in_the_log),
        cmocka_unit_test(the_stand_by_pool_takes_over_when_the_first_is_lost),
        cmocka_unit_test(a_bad_day_makes_the_whole_pool_rest_and_then_work_slower),
        cmocka_unit_test(a_day_that_is_not_bad_changes_nothing),
        cmocka_unit_test(nothing_is_sent_in_an_outage_of_the_operators_own),
    };
    return cmocka_run_group_tests(tests, open_lab, close_lab);
}
