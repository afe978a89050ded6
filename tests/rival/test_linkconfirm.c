#include "text_fixture.h"

static struct text_traffic traffic;
static struct heard heard;
static struct test_random words;

static int set_up(void **state)
{
    (void)state;
    traffic = text_traffic_new();
    heard = (struct heard){ 0 };
    words = (struct test_random){ 71 };
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    text_traffic_fini(&traffic);
    heard_fini(&heard);
    return 0;
}

static void run(double threshold)
{
    assert_ok(
        text_feed(&linkconfirm_kind, &(struct detector_config){ .threshold = threshold }, &traffic, &heard));
}

/* A request as people make them: of some length, about one of five topics, between words that they always use. */
static void ask(uint64_t account, unsigned person, int64_t time_ms)
{
    char text[8192], habit[32];
    unsigned topic = person * 7 + (unsigned)test_random_below(&words, 5);
    unsigned n = 1 + (unsigned)test_random_below(&words, 20);
    sprintf(habit, "hello%u", person);
    strcpy(text, words_of(&words, habit, topic, n, 200));
    sprintf(text + strlen(text), " thanks%u", person);
    text_at(&traffic, account, time_ms, text)->capability[test_random_below(&words, 4)] =
        (uint8_t)(120 + test_random_below(&words, 120));
}

/* So many people, in bursts of a few requests, over so many days. */
static void people(uint64_t first, unsigned n, unsigned days)
{
    for (uint64_t account = first; account < first + n; account++)
        for (unsigned burst = 0; burst < 8 * days; burst++) {
            int64_t at =
                T0 + (int64_t)(burst * 3 * HOUR) + (int64_t)test_random_below(&words, (uint64_t)HOUR);
            for (unsigned i = 0; i < 6; i++) {
                ask(account, (unsigned)account, at);
                at += 10 * SECOND + (int64_t)test_random_below(&words, (uint64_t)(4 * MINUTE));
            }
        }
}

/* A campaign: n accounts, one frame around varied tasks, a request of each every so often, as regular as clockwork. */
static void campaign(uint64_t first, unsigned n, int64_t from_ms, int64_t every_ms, unsigned requests)
{
    const char *frame =
        "Solve the following problem step by step. Put the reasoning in tags, then the answer in a box:";
    for (uint64_t account = first; account < first + n; account++)
        for (unsigned i = 0; i < requests; i++)
            text_at(&traffic, account, from_ms + (int64_t)account * 7 * SECOND + (int64_t)i * every_ms,
                words_of(&words, frame, 500, 3, 5000))
                ->capability[CAP_MATH] = 250;
}

/* 12 requests each never fill a window of 30; linked and pooled they do. */
static void accounts_below_a_window_are_caught_together(void **state)
{
    (void)state;
    people(100, 40, 2);
    campaign(1, 12, T0 + DAY + HOUR, 40 * MINUTE, 12);
    run(0);
    for (uint64_t account = 1; account <= 12; account++) {
        assert_int_equal(heard_of(&heard, account), ACTION_SUSPEND);
        assert_true(group_of(&heard, account) != 0);
        assert_int_equal(group_of(&heard, account), group_of(&heard, 1));
    }
    for (uint64_t account = 100; account < 140; account++)
        assert_int_equal(group_of(&heard, account), 0);
    print_message("%zu of 40 people suspended alone\n", heard.n - 12);
    assert_true(heard.n - 12 <= 4);
}

/* Two colleagues with one topic and habit, 18 requests each: in the way of people, or as regular as clockwork. */
static void colleagues(bool human)
{
    for (unsigned twin = 0; twin < 2; twin++)
        for (unsigned burst = 0; burst < 3; burst++) {
            int64_t at =
                T0 + DAY + (int64_t)burst * 3 * HOUR + (int64_t)test_random_below(&words, (uint64_t)HOUR);
            for (unsigned i = 0; i < 6; i++) {
                at += 10 * SECOND + (int64_t)test_random_below(&words, (uint64_t)(4 * MINUTE));
                ask(1 + twin, 900, human ? at : T0 + DAY + (burst * 6 + i) * MINUTE + twin * 30 * SECOND);
                if (!human)
                    memset(traffic.items[traffic.n - 1].record.exchange.capability, 0, CAP_COUNT);
            }
        }
}

/* Linked in both cases; what they do together is usual in one and not in the other. */
static void linked_accounts_whose_traffic_is_usual_are_cleared(void **state)
{
    people(100, 40, 2);
    colleagues(true);
    run(0);
    assert_int_equal(heard_of(&heard, 1), ACTION_OBSERVE);
    assert_int_equal(heard_of(&heard, 2), ACTION_OBSERVE);
    assert_int_equal(group_of(&heard, 1), 0);
    tear_down(state);
    set_up(state);
    people(100, 40, 2);
    colleagues(false);
    run(0);
    assert_int_equal(heard_of(&heard, 1), ACTION_SUSPEND);
    assert_true(group_of(&heard, 1) != 0);
    assert_int_equal(group_of(&heard, 1), group_of(&heard, 2));
}

static void a_mechanical_account_is_caught_alone_by_its_window(void **state)
{
    (void)state;
    people(100, 40, 2);
    campaign(1, 1, T0 + DAY + 2 * HOUR, MINUTE, 30);
    run(0);
    assert_int_equal(heard_of(&heard, 1), ACTION_SUSPEND);
    assert_int_equal(group_of(&heard, 1), 0);
    for (size_t i = 0; i < heard.n; i++)
        if (heard.detections[i].account == hash_of(OF_ACCOUNT, 1))
            assert_int_equal(heard.detections[i].time_ms, T0 + DAY + 2 * HOUR + 7 * SECOND + 29 * MINUTE);
}

static void nobody_is_suspended_on_the_first_day(void **state)
{
    (void)state;
    people(100, 40, 1);
    campaign(1, 12, T0 + HOUR, 10 * MINUTE, 60);
    run(0);
    assert_int_equal(heard.n, 0);
}

static void a_cut_beyond_reach_suspends_nobody(void **state)
{
    (void)state;
    people(100, 40, 2);
    campaign(1, 12, T0 + DAY + HOUR, 40 * MINUTE, 12);
    run(1e6);
    assert_int_equal(heard.n, 0);
    assert_int_equal(heard.n_groups, 0);
}

/* The campaign is a fifth of the accounts of the first day: the medians are still those of people. */
static void a_campaign_within_the_calibration_is_still_seen(void **state)
{
    (void)state;
    people(100, 40, 2);
    campaign(1, 10, T0 + HOUR, 20 * MINUTE, 130);
    run(0);
    for (uint64_t account = 1; account <= 10; account++)
        assert_int_equal(heard_of(&heard, account), ACTION_SUSPEND);
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    people(100, 8, 2);
    campaign(1, 6, T0 + DAY, 40 * MINUTE, 12);
    fail_every_allocation(&linkconfirm_kind, &traffic);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(accounts_below_a_window_are_caught_together),
        TEST(linked_accounts_whose_traffic_is_usual_are_cleared),
        TEST(a_mechanical_account_is_caught_alone_by_its_window),
        TEST(nobody_is_suspended_on_the_first_day),
        TEST(a_cut_beyond_reach_suspends_nobody),
        TEST(a_campaign_within_the_calibration_is_still_seen),
        TEST(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
