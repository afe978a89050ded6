/* attacker.c: the dispatcher: jobs, hand-offs, identity checks, rates. */
#include "lab/fixture.h"

#include <math.h>

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

#define OPERATOR(days, more)                                                                                 \
    LAB_HEAD(days) LAB_CAMPAIGN("one", "40", "50") LAB_JOBS "    rhythm: constant\n" more

/* Of the jobs that were refused with 403: how many came again from another account, and after how long at least. */
struct handed {
    unsigned refused, again;
    int64_t soonest_ms, longest_ms;
};

static struct handed follow(const struct happened *all)
{
    struct handed handed = { .soonest_ms = INT64_MAX };
    for (size_t i = 0; i < all->n; i++) {
        const struct happening *first = &all->items[i];
        if (first->kind != HAPPENING_ASK || first->ask.status != 403)
            continue;
        handed.refused++;
        for (size_t k = i + 1; k < all->n; k++) {
            const struct happening *next = &all->items[k];
            if (next->kind != HAPPENING_ASK || next->ask.talk.conversation != first->ask.talk.conversation)
                continue;
            int64_t gap_ms = next->time_ms - first->time_ms;
            assert_int_not_equal(next->account, first->account);
            assert_int_equal(next->ask.talk.task, first->ask.talk.task);
            handed.again++;
            handed.soonest_ms = gap_ms < handed.soonest_ms ? gap_ms : handed.soonest_ms;
            handed.longest_ms = gap_ms > handed.longest_ms ? gap_ms : handed.longest_ms;
            break;
        }
    }
    return handed;
}

static void suspend(uint32_t from, uint32_t to)
{
    for (uint32_t i = from; i < to; i++)
        assert_ok(world_decide(lab.world, i, ACTION_SUSPEND, lab.world->now_ms, -1));
}

static void a_refused_job_goes_on_from_another_account_within_seconds(void **state)
{
    (void)state;
    struct campaign_cost cost;
    lab_world(&lab, OPERATOR("2", "    reaction: {handoff: 1, handoff_delay_s: 4}\n"), 3, 1);
    suspend(0, 20);
    struct happened all = lab_run(lab.world, SIZE_MAX);
    struct handed handed = follow(&all);
    world_cost(lab.world, 0, &cost);
    assert_int_equal(handed.refused, 20); /* each account finds out once and is given up */
    assert_true(handed.again >= 18);
    assert_true(handed.longest_ms < 90000);
    assert_true(cost.handoffs >= 18 && cost.refused >= 20);
    free(all.items);
}

static void without_a_hand_off_a_refused_job_waits_for_whoever_comes_next(void **state)
{
    (void)state;
    struct campaign_cost cost;
    lab_world(&lab, OPERATOR("2", "    reaction: {handoff: 0}\n"), 3, 1);
    suspend(0, 20);
    struct happened all = lab_run(lab.world, SIZE_MAX);
    struct handed handed = follow(&all);
    world_cost(lab.world, 0, &cost);
    assert_int_equal(handed.refused, 20);
    assert_true(handed.again >= 18);
    assert_int_equal(cost.handoffs, 0);
    assert_true(handed.longest_ms > 30000);
    free(all.items);
}

static void verify_all(void)
{
    for (uint32_t i = 0; i < 40; i++)
        assert_ok(world_decide(lab.world, i, ACTION_VERIFY, lab.world->now_ms, -1));
}

static void an_identity_check_is_paid_for_and_work_goes_on(void **state)
{
    (void)state;
    struct campaign_cost cost;
    lab_world(&lab,
        OPERATOR("4", "    reaction: {verify_pass: 1}\n    budget: {account_price: 1, verify_price: 25}\n"),
        3, 1);
    verify_all();
    struct happened all = lab_run(lab.world, SIZE_MAX);
    world_cost(lab.world, 0, &cost);
    assert_int_equal((int)round(cost.spent), 40 + 40 * 25);
    assert_int_equal(lab.world->attackers[0].alive, 40);
    unsigned late = 0;
    for (size_t i = 0; i < all.n; i++)
        late += all.items[i].kind == HAPPENING_ASK && all.items[i].ask.status == 200 &&
                all.items[i].time_ms > lab.world->start_ms + 2 * DAY_MS;
    assert_true(late > 3000);
    free(all.items);
}

static void an_account_that_cannot_pass_its_check_is_given_up(void **state)
{
    (void)state;
    lab_world(&lab, OPERATOR("4", "    reaction: {verify_pass: 0.25}\n"), 3, 1);
    verify_all();
    struct happened all = lab_run(lab.world, SIZE_MAX);
    assert_in_range(lab.world->attackers[0].alive, 4, 18);
    assert_int_equal(lab.world->attackers[0].lost, 40 - lab.world->attackers[0].alive);
    free(all.items);
}

static void a_check_that_cannot_be_paid_for_is_failed(void **state)
{
    (void)state;
    lab_world(&lab,
        OPERATOR("4",
            "    reaction: {verify_pass: 1}\n    budget: {money: 180, account_price: 1, verify_price: 20}\n"),
        3, 1);
    verify_all();
    struct happened all = lab_run(lab.world, SIZE_MAX);
    assert_int_equal(lab.world->attackers[0].alive, 7); /* 40 for accounts leave 140 */
    free(all.items);
}

static void a_throttled_pool_gets_429_and_loses_nobody(void **state)
{
    (void)state;
    unsigned limited = 0, served = 0;
    lab_world(&lab, OPERATOR("4", "    reaction: {handoff: 0.8}\n"), 3, 1);
    for (uint32_t i = 0; i < 40; i++)
        assert_ok(world_decide(lab.world, i, ACTION_THROTTLE, lab.world->now_ms, -1));
    struct happened all = lab_run(lab.world, SIZE_MAX);
    for (size_t i = 0; i < all.n; i++) {
        limited += all.items[i].kind == HAPPENING_ASK && all.items[i].ask.status == 429;
        served += all.items[i].kind == HAPPENING_ASK && all.items[i].ask.status == 200;
    }
    assert_true(limited > 2 * served && served > 500);
    assert_int_equal(lab.world->attackers[0].lost, 0);
    free(all.items);
}

static void requests_come_at_the_planned_rate_whatever_hides_it(void **state)
{
    (void)state;
    static const char *const ways[] = { "", "    sitting: 4\n", "    away: 0.4\n", "    mix: 0.7\n",
        "    growth_days: 0\n" };
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        char text[1000];
        snprintf(text, sizeof text, "%s%s", OPERATOR("20", ""), ways[i]);
        lab_world(&lab, text, 3, 1);
        struct happened all = lab_run(lab.world, SIZE_MAX);
        unsigned asks = 0, resold = 0;
        for (size_t k = 0; k < all.n; k++) {
            asks += all.items[k].kind == HAPPENING_ASK;
            resold += all.items[k].kind == HAPPENING_ASK && !(all.items[k].ask.talk.flags & ASK_EXTRACTION);
        }
        assert_in_range(asks, 40000 * 0.9, 40000 * 1.1);
        if (strstr(ways[i], "mix"))
            assert_in_range(resold, asks * 0.66, asks * 0.74);
        else
            assert_int_equal(resold, 0);
        free(all.items);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_refused_job_goes_on_from_another_account_within_seconds),
        cmocka_unit_test(without_a_hand_off_a_refused_job_waits_for_whoever_comes_next),
        cmocka_unit_test(an_identity_check_is_paid_for_and_work_goes_on),
        cmocka_unit_test(an_account_that_cannot_pass_its_check_is_given_up),
        cmocka_unit_test(a_check_that_cannot_be_paid_for_is_failed),
        cmocka_unit_test(a_throttled_pool_gets_429_and_loses_nobody),
        cmocka_unit_test(requests_come_at_the_planned_rate_whatever_hides_it),
    };
    return cmocka_run_group_tests(tests, open_lab, close_lab);
}
