/* gate.c: what status a request gets, and in which order the reasons count. */
#include "lab/fixture.h"

#include "lab/gate.h"

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

/* A world of accounts of which none acts by itself, in fair weather. */
static int64_t quiet_world(void)
{
    lab_world(&lab, LAB_HEAD("20") LAB_CAMPAIGN("one", "4", "5") LAB_JOBS, 7, 1);
    lab.world->outage_from_ms = INT64_MAX;
    for (uint32_t i = 0; i < 4; i++)
        lab.world->accounts[i].tier = TIER_ENTERPRISE;
    return lab.world->start_ms + HOUR_MS;
}

static struct gate_answer send(uint32_t account, int64_t now_ms)
{
    struct gate_answer answer;
    lab.world->n_happenings = 0;
    assert_ok(gate_send(lab.world, account, now_ms, &answer));
    assert_int_equal(lab.world->n_happenings, 1);
    assert_int_equal(lab.world->happenings[0].ask.status, answer.status);
    return answer;
}

/* How many of n requests, a minute apart, get the status. */
static unsigned count(uint32_t account, int64_t from_ms, unsigned n, uint16_t status)
{
    unsigned found = 0;
    for (unsigned i = 0; i < n; i++)
        found += send(account, from_ms + i * INT64_C(60000)).status == status;
    return found;
}

static void nearly_every_request_is_served_and_a_few_fail(void **state)
{
    (void)state;
    int64_t now_ms = quiet_world();
    assert_in_range(count(0, now_ms, 5000, 200), 4930, 4980); /* 0.9 percent fail */
}

static void a_suspended_account_gets_403_until_it_is_released(void **state)
{
    (void)state;
    int64_t now_ms = quiet_world();
    assert_ok(world_decide(lab.world, 1, ACTION_SUSPEND, now_ms, -1));
    assert_int_equal(send(1, now_ms - 1).status, 200);
    assert_int_equal(count(1, now_ms, 200, 403), 200);
    assert_true(count(2, now_ms, 200, 200) > 180);
    assert_ok(world_decide(lab.world, 1, ACTION_RELEASE, now_ms + DAY_MS, -1));
    assert_true(count(1, now_ms + DAY_MS, 200, 200) > 180);
    lab.world->accounts[3].flags |= ACCOUNT_BANNED; /* by another desk */
    assert_int_equal(count(3, now_ms, 50, 403), 50);
}

static void an_action_ends_when_it_expires(void **state)
{
    (void)state;
    int64_t now_ms = quiet_world();
    assert_ok(world_decide(lab.world, 1, ACTION_SUSPEND, now_ms, now_ms + HOUR_MS));
    assert_int_equal(send(1, now_ms + HOUR_MS - 1).status, 403);
    assert_true(count(1, now_ms + HOUR_MS, 100, 200) > 90);
}

static void three_in_four_requests_of_a_throttled_account_get_429(void **state)
{
    (void)state;
    int64_t now_ms = quiet_world();
    assert_ok(world_decide(lab.world, 1, ACTION_THROTTLE, now_ms, -1));
    assert_in_range(count(1, now_ms, 2000, 429), 1440, 1570);
}

static void a_restricted_account_is_served_nothing_of_value_and_is_told(void **state)
{
    (void)state;
    int64_t now_ms = quiet_world();
    unsigned restricted = 0;
    assert_ok(world_decide(lab.world, 1, ACTION_RESTRICT, now_ms, -1));
    for (unsigned i = 0; i < 100; i++) {
        struct gate_answer answer = send(1, now_ms + i * 1000);
        bool marked = lab.world->happenings[0].ask.talk.flags & ASK_RESTRICTED;
        assert_int_equal(answer.restricted, answer.status == 200);
        assert_int_equal(marked, answer.restricted);
        restricted += answer.restricted;
    }
    assert_true(restricted > 90);
    assert_false(send(2, now_ms).restricted);
}

static void the_free_tier_bears_a_burst_of_twenty_and_then_five_a_minute(void **state)
{
    (void)state;
    int64_t now_ms = quiet_world();
    lab.world->accounts[0].tier = TIER_FREE;
    unsigned refused = 0;
    for (unsigned i = 0; i < 100; i++)
        refused += send(0, now_ms).status == 429;
    assert_in_range(refused, 77, 82);
    unsigned limited = 0;
    for (unsigned i = 0; i < 600; i++) /* one a second for ten minutes: five a minute get through */
        limited += send(0, now_ms + HOUR_MS * 24 + i * 1000).status == 429;
    assert_in_range(limited, 520, 536);
}

static void a_ban_is_told_before_a_rate(void **state)
{
    (void)state;
    int64_t now_ms = quiet_world();
    lab.world->accounts[0].tier = TIER_FREE;
    for (unsigned i = 0; i < 60; i++)
        (void)send(0, now_ms);
    assert_int_equal(send(0, now_ms).status, 429);
    assert_ok(world_decide(lab.world, 0, ACTION_SUSPEND, now_ms, -1));
    assert_int_equal(send(0, now_ms).status, 403);
}

static void a_third_of_the_requests_fail_in_an_outage(void **state)
{
    (void)state;
    int64_t now_ms = quiet_world();
    lab.world->outage_from_ms = now_ms;
    lab.world->outage_until_ms = now_ms + 3000 * INT64_C(60000);
    assert_in_range(count(1, now_ms, 3000, 503), 900, 1100);
}

static void a_job_that_was_handed_over_is_spoken_by_the_client_of_the_account_that_sends_it(void **state)
{
    (void)state;
    int64_t now_ms = quiet_world();
    const struct account *from = &lab.world->accounts[0];
    struct account *to = &lab.world->accounts[1];
    struct style *of_job = &lab.world->styles[from->style + 1];
    *of_job = (struct style){ .system = 7, .api = API_ANTHROPIC_MESSAGES, .flags = STYLE_STREAM };
    lab.world->styles[to->style].api = API_OPENAI_CHAT;
    lab.world->styles[to->style].flags = STYLE_REASONING;
    to->talk.style = (uint32_t)(from->style + 2); /* one more than the index */
    (void)send(1, now_ms);
    const struct style *spoken = &lab.world->happenings[0].style;
    assert_int_equal(spoken->system, 7);
    assert_int_equal(spoken->api, API_OPENAI_CHAT);
    assert_int_equal(spoken->flags, STYLE_REASONING);
    assert_int_equal(of_job->api, API_ANTHROPIC_MESSAGES); /* the first account still speaks its own */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nearly_every_request_is_served_and_a_few_fail),
        cmocka_unit_test(a_suspended_account_gets_403_until_it_is_released),
        cmocka_unit_test(an_action_ends_when_it_expires),
        cmocka_unit_test(three_in_four_requests_of_a_throttled_account_get_429),
        cmocka_unit_test(a_restricted_account_is_served_nothing_of_value_and_is_told),
        cmocka_unit_test(the_free_tier_bears_a_burst_of_twenty_and_then_five_a_minute),
        cmocka_unit_test(a_ban_is_told_before_a_rate),
        cmocka_unit_test(a_third_of_the_requests_fail_in_an_outage),
        cmocka_unit_test(a_job_that_was_handed_over_is_spoken_by_the_client_of_the_account_that_sends_it),
    };
    return cmocka_run_group_tests(tests, open_lab, close_lab);
}
