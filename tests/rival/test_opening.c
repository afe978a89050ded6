#include "text_fixture.h"

static struct text_traffic traffic;
static struct heard heard;

static int set_up(void **state)
{
    (void)state;
    traffic = text_traffic_new();
    heard = (struct heard){ 0 };
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
        text_feed(&opening_kind, &(struct detector_config){ .threshold = threshold }, &traffic, &heard));
}

/* n prompts that begin with one of so many openings, from the address. */
static void say(uint64_t account, unsigned n, unsigned from, unsigned openings, uint64_t address)
{
    char text[128];
    for (unsigned i = 0; i < n; i++) {
        sprintf(
            text, "Opening number %03u, and then fifty characters on, the task %u", from + i % openings, i);
        text_at(&traffic, account, T0 + (int64_t)i * MINUTE, text)->ip = hash_of(OF_IP, address);
    }
}

/* The next pass after the last prompt. */
static void end_the_pass(void)
{
    text_at(&traffic, 999, T0 + 7 * HOUR, "good night");
}

static void one_address_and_like_openings_make_a_pair(void **state)
{
    (void)state;
    say(1, 12, 1, 3, 7);
    say(2, 12, 2, 3, 7); /* two of four: 0.5 + 0.5 x 0.5 = 0.75 */
    say(3, 12, 3, 3, 7); /* with 2 the same, with 1 one of five: 0.6; joined by way of 2 */
    say(4, 12, 50, 3, 7);
    end_the_pass();
    run(0);
    assert_int_equal(heard.n, 3);
    assert_true(group_of(&heard, 1) != 0);
    assert_int_equal(group_of(&heard, 1), group_of(&heard, 2));
    assert_int_equal(group_of(&heard, 1), group_of(&heard, 3));
    assert_int_equal(group_of(&heard, 4), 0);
    assert_int_equal(heard_of(&heard, 2), ACTION_SUSPEND);
    assert_in_range(heard.detections[0].time_ms, T0 + 6 * HOUR, T0 + 7 * HOUR + TICK);
}

static void a_higher_threshold_parts_them(void **state)
{
    (void)state;
    say(1, 12, 1, 3, 7);
    say(2, 12, 2, 3, 7);
    end_the_pass();
    run(0.76);
    assert_int_equal(heard.n, 0);
}

static void an_address_for_each_account_is_silent(void **state)
{
    (void)state;
    for (uint64_t account = 1; account <= 10; account++)
        say(account, 30, 1, 2, account);
    end_the_pass();
    run(0);
    assert_int_equal(heard.n, 0);
}

static void ten_prompts_are_needed_to_compare(void **state)
{
    (void)state;
    say(1, 9, 1, 1, 7);
    say(2, 30, 1, 1, 7);
    end_the_pass();
    run(0);
    assert_int_equal(heard.n, 0);
}

/* 110 prompts in an hour: alone nothing; with reasoning or with six addresses, suspended by the 101st or when the sign comes. */
static void volume_needs_a_second_sign(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 110; i++) {
        int64_t time_ms = T0 + (int64_t)i * 20 * SECOND;
        text_at(&traffic, 1, time_ms, words_of(&(struct test_random){ i }, "", 1, 12, 1000));
        text_at(&traffic, 2, time_ms, words_of(&(struct test_random){ i }, "", 2, 12, 1000))
            ->elicitation[ELICIT_REASONING] = 200;
        text_at(&traffic, 3, time_ms, words_of(&(struct test_random){ i }, "", 3, 12, 1000))->ip =
            hash_of(OF_IP, 10 + (i > 104 ? i - 98 : i % 5));
    }
    run(0);
    assert_int_equal(heard.n, 2);
    assert_int_equal(heard_of(&heard, 1), ACTION_OBSERVE);
    assert_int_equal(heard.detections[0].account, hash_of(OF_ACCOUNT, 2));
    assert_int_equal(heard.detections[0].time_ms, T0 + 100 * 20 * SECOND);
    assert_int_equal(heard.detections[1].account, hash_of(OF_ACCOUNT, 3));
    assert_int_equal(heard.detections[1].time_ms, T0 + 105 * 20 * SECOND);
}

static void the_hour_begins_anew(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 150; i++)
        text_at(&traffic, 2, T0 + 30 * MINUTE + (int64_t)i * 24 * SECOND,
            words_of(&(struct test_random){ i }, "", 2, 12, 1000))
            ->elicitation[ELICIT_REASONING] = 200;
    run(0);
    assert_int_equal(heard.n, 0);
}

static void a_threshold_of_a_half_or_less_is_refused(void **state)
{
    (void)state;
    struct detector *detector;
    struct detector_sink sink = { .detection = hear_detection };
    assert_int_equal(
        opening_kind.open(&(struct detector_config){ .threshold = 0.5 }, &sink, &detector), STATUS_BAD);
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    for (uint64_t account = 1; account <= 70; account++)
        say(account, 12, 1 + (unsigned)account % 5, 3, account / 10);
    end_the_pass();
    fail_every_allocation(&opening_kind, &traffic);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(one_address_and_like_openings_make_a_pair),
        TEST(a_higher_threshold_parts_them),
        TEST(an_address_for_each_account_is_silent),
        TEST(ten_prompts_are_needed_to_compare),
        TEST(volume_needs_a_second_sign),
        TEST(the_hour_begins_anew),
        TEST(a_threshold_of_a_half_or_less_is_refused),
        TEST(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
