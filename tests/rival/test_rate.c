#include "fixture.h"

static struct traffic traffic;
static struct heard heard;

static int set_up(void **state)
{
    (void)state;
    traffic = (struct traffic){ 0 };
    heard = (struct heard){ 0 };
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    traffic_fini(&traffic);
    heard_fini(&heard);
    return 0;
}

static void send(uint64_t account, size_t n, int64_t from_ms, int64_t every_ms)
{
    for (size_t i = 0; i < n; i++)
        exchange_at(&traffic, account, from_ms + (int64_t)i * every_ms);
}

static void run(double threshold, int64_t until_ms)
{
    traffic_sort(&traffic);
    struct detector_config config = { .accounts_max = 100, .threshold = threshold };
    assert_ok(feed(&rate_kind, &config, &traffic, until_ms, &heard));
}

static void set_tier(uint64_t account, enum tier tier)
{
    facts_at(&traffic, account, T0)->tier = (uint8_t)tier;
}

/* Free: 900 an hour, T = 4 s. At one a second every 4 s bring one more of allowance: 1,200 go before one does not. */
static void the_first_request_beyond_the_cell_is_the_one_computed_by_hand(void **state)
{
    (void)state;
    set_tier(1, TIER_FREE);
    send(1, 1250, T0, SECOND);
    run(0, 0);
    /* After k requests at 1/s, TAT = T0 + 4k s; request k (at T0 + k s) overruns if 4k - k > 3600 - 4: k = 1199. */
    assert_int_equal(heard.n, 1);
    assert_int_equal(heard.detections[0].action, ACTION_THROTTLE);
    assert_int_equal(heard.detections[0].time_ms, T0 + 1199 * SECOND);
    assert_int_equal(heard.detections[0].group, 0);
}

static void exactly_the_limit_at_once_conforms(void **state)
{
    (void)state;
    set_tier(1, TIER_FREE);
    send(1, 900, T0, 0);
    run(0, 0);
    assert_int_equal(heard.n, 0);
    send(1, 1, T0, 0);
    run(0, 0);
    assert_int_equal(heard.n, 1);
}

/* One every 58 s is 1,490 a day: below both limits for ever. One every 50 s is 1,728: over the day's, once its burst is gone. */
static void the_day_limits_what_the_hour_lets_through(void **state)
{
    (void)state;
    send(1, 20 * 1490, T0, 58 * SECOND);
    send(2, 20 * 1728, T0, 50 * SECOND);
    run(0, 0);
    assert_int_equal(heard_of(&heard, 1), ACTION_OBSERVE);
    assert_true(heard.n > 0);
    assert_true(heard.detections[0].time_ms > T0 + 6 * DAY);
    for (size_t i = 0; i < heard.n; i++)
        assert_int_equal(heard.detections[i].account, hash_of(OF_ACCOUNT, 2));
}

static void a_throttle_ends_with_its_window(void **state)
{
    (void)state;
    send(1, 901, T0, 0);
    run(0, T0 + 2 * HOUR);
    assert_int_equal(heard.n, 2);
    assert_int_equal(heard.detections[0].action, ACTION_THROTTLE);
    assert_int_equal(heard.detections[1].action, ACTION_RELEASE);
    assert_int_equal(heard.detections[1].time_ms, T0 + HOUR);
}

/* Each is released once, at its own time. */
static void throttles_that_overlap_end_one_by_one(void **state)
{
    (void)state;
    send(1, 901, T0, 0);
    send(2, 901, T0 + HOUR / 2, 0);
    run(0, T0 + 2 * HOUR);
    assert_int_equal(heard.n, 4);
    assert_int_equal(heard.detections[2].account, hash_of(OF_ACCOUNT, 1));
    assert_int_equal(heard.detections[2].time_ms, T0 + HOUR);
    assert_int_equal(heard.detections[3].account, hash_of(OF_ACCOUNT, 2));
    assert_int_equal(heard.detections[3].time_ms, T0 + 3 * HOUR / 2);
}

/* Five thousand go beyond the limit; an hour later there is room again for nearly as many as ever, 1,500 a day allowing. */
static void what_does_not_conform_is_not_charged(void **state)
{
    (void)state;
    send(1, 5900, T0, 0);
    send(1, 590, T0 + HOUR + MINUTE, 0);
    run(0, 0);
    assert_int_equal(heard.n, 2);
    assert_int_equal(heard.detections[1].action, ACTION_RELEASE);
}

/* 3,001 at once, every 25 hours: an episode each time. */
static void the_fifth_episode_suspends_for_good(void **state)
{
    (void)state;
    set_tier(1, TIER_PAID);
    for (int hour = 0; hour < 8; hour++)
        send(1, 3001, T0 + 25 * hour * HOUR, 0);
    run(0, 0);
    assert_int_equal(count_actions(&heard, ACTION_THROTTLE), 4);
    assert_int_equal(count_actions(&heard, ACTION_RELEASE), 4);
    assert_int_equal(count_actions(&heard, ACTION_SUSPEND), 1);
    assert_int_equal(heard_of(&heard, 1), ACTION_SUSPEND);
    assert_int_equal(heard.detections[8].time_ms, T0 + 100 * HOUR);
}

static void episodes_a_week_apart_are_forgiven(void **state)
{
    (void)state;
    for (int week = 0; week < 8; week++)
        send(1, 901, T0 + week * 8 * DAY, 0);
    run(0, 0);
    assert_int_equal(count_actions(&heard, ACTION_THROTTLE), 8);
    assert_int_equal(count_actions(&heard, ACTION_SUSPEND), 0);
}

static void requests_that_were_refused_cost_nothing(void **state)
{
    (void)state;
    send(1, 5000, T0, SECOND / 10);
    for (size_t i = 0; i < traffic.n; i++)
        traffic.records[i].exchange.status = i % 8 ? 429 : 200;
    run(0, 0);
    assert_int_equal(heard.n, 0);
}

static void the_tier_sets_the_limit(void **state)
{
    (void)state;
    static const enum tier tiers[] = { TIER_UNKNOWN, TIER_FREE, TIER_PAID, TIER_VERIFIED, TIER_ENTERPRISE };
    for (uint64_t account = 1; account <= 5; account++) {
        set_tier(account, tiers[account - 1]);
        send(account, 2000, T0 + SECOND, 0);
        send(account, 2000, T0 + 3 * SECOND, 0);
    }
    run(0, 0);
    assert_int_equal(heard.n, 3);
    for (uint64_t account = 1; account <= 5; account++)
        assert_int_equal(heard_of(&heard, account), account <= 3 ? ACTION_THROTTLE : ACTION_OBSERVE);
    assert_int_equal(heard.detections[2].account, hash_of(OF_ACCOUNT, 3));
    assert_int_equal(heard.detections[2].time_ms, T0 + 3 * SECOND);
}

static void the_threshold_is_a_factor_on_the_limits(void **state)
{
    (void)state;
    send(1, 400, T0, 0);
    run(0.5, 0);
    assert_int_equal(heard.n, 0);
    send(1, 51, T0, 0);
    run(0.5, 0);
    assert_int_equal(heard.n, 1);
}

/* Twenty-six a day, as in the reported campaigns: no limit that lets customers live sees them. */
static void a_campaign_that_goes_slowly_is_not_seen(void **state)
{
    (void)state;
    for (uint64_t account = 1; account <= 50; account++)
        send(account, 26 * 5, T0 + (int64_t)account * SECOND, DAY / 26);
    run(0, 0);
    assert_int_equal(heard.n, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            the_first_request_beyond_the_cell_is_the_one_computed_by_hand, set_up, tear_down),
        cmocka_unit_test_setup_teardown(exactly_the_limit_at_once_conforms, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_day_limits_what_the_hour_lets_through, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_throttle_ends_with_its_window, set_up, tear_down),
        cmocka_unit_test_setup_teardown(throttles_that_overlap_end_one_by_one, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_does_not_conform_is_not_charged, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_fifth_episode_suspends_for_good, set_up, tear_down),
        cmocka_unit_test_setup_teardown(episodes_a_week_apart_are_forgiven, set_up, tear_down),
        cmocka_unit_test_setup_teardown(requests_that_were_refused_cost_nothing, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_tier_sets_the_limit, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_threshold_is_a_factor_on_the_limits, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_campaign_that_goes_slowly_is_not_seen, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
