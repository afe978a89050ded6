#include "text_fixture.h"

static struct text_traffic traffic;
static struct heard heard;
static struct test_random words;

static int set_up(void **state)
{
    (void)state;
    traffic = text_traffic_new();
    heard = (struct heard){ 0 };
    words = (struct test_random){ 31 };
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    text_traffic_fini(&traffic);
    heard_fini(&heard);
    return 0;
}

/* A question about one of ten topics, or about one of ten others. */
static const char *question(bool other)
{
    return words_of(
        &words, "please explain", (other ? 10 : 0) + (unsigned)test_random_below(&words, 10), 10, 50);
}

static void a_day_of_everybody(size_t n)
{
    for (size_t i = 0; i < n; i++)
        text_at(&traffic, 100 + i % 50, T0 + (int64_t)i * DAY / (int64_t)n, question(false));
}

/* From the second day on; one of `in` queries is about other topics. */
static void ask(uint64_t account, size_t n, size_t in)
{
    for (size_t i = 0; i < n; i++)
        text_at(&traffic, account, T0 + DAY + (int64_t)i * MINUTE, question(in > 0 && i % in == 0));
}

static void run(const struct detector_kind *kind, double threshold)
{
    assert_ok(text_feed(kind, &(struct detector_config){ .threshold = threshold }, &traffic, &heard));
}

static void a_window_of_other_topics_is_found_when_it_is_full(void **state)
{
    (void)state;
    a_day_of_everybody(3000);
    ask(1, 150, 1);
    ask(2, 99, 1);
    run(&mmd_100_kind, 0);
    assert_int_equal(heard.n, 1);
    assert_int_equal(heard.detections[0].account, hash_of(OF_ACCOUNT, 1));
    assert_int_equal(heard.detections[0].action, ACTION_SUSPEND);
    assert_int_equal(heard.detections[0].time_ms, T0 + DAY + 99 * MINUTE);
}

/* The second window spans the 51st to the 150th query: what the first had half of, it has whole. */
static void the_second_window_begins_in_the_middle_of_the_first(void **state)
{
    (void)state;
    a_day_of_everybody(3000);
    ask(1, 50, 0);
    for (size_t i = 50; i < 150; i++)
        text_at(&traffic, 1, T0 + DAY + (int64_t)i * MINUTE, question(true));
    run(&mmd_100_kind, 2);
    assert_int_equal(heard.n, 1);
    assert_int_equal(heard.detections[0].time_ms, T0 + DAY + 149 * MINUTE);
}

/* Nominal: 5 % of windows. */
static void windows_of_the_reference_distribution_are_flagged_at_the_nominal_rate(void **state)
{
    (void)state;
    a_day_of_everybody(4000);
    for (uint64_t account = 1; account <= 1000; account++)
        ask(account, 100, 0);
    run(&mmd_100_kind, 0);
    print_message("%zu of 1000\n", heard.n);
    assert_in_range(heard.n, 5, 70); /* 50 expected of an endless reference; ours is a sample */
}

static void larger_windows_find_smaller_shares(void **state)
{
    (void)state;
    a_day_of_everybody(4000);
    for (uint64_t account = 1; account <= 6; account++)
        ask(account, 1500, 4);
    run(&mmd_kind, 0);
    assert_int_equal(heard.n, 6);
    for (size_t i = 0; i < heard.n; i++)
        assert_int_equal(heard.detections[i].time_ms, T0 + DAY + 1499 * MINUTE);
}

/* Tenants each with one topic of their own: the published null finds them all, that of tenants nearly none. */
static void a_null_of_tenants_forgives_what_tenants_do(void **state)
{
    (void)state;
    for (unsigned minute = 0; minute < 3 * 1440; minute += 2)
        for (uint64_t tenant = 1; tenant <= 10; tenant++)
            text_at(&traffic, tenant, T0 + minute * MINUTE,
                words_of(&words, "please explain", (unsigned)tenant, 10, 50));
    run(&mmd_100_kind, 0);
    assert_int_equal(heard.n, 10);
    heard_fini(&heard);
    heard = (struct heard){ 0 };
    for (unsigned i = 0; i < 200; i++) /* and one that is farther off than any of them */
        text_at(&traffic, 50, T0 + 2 * DAY + 12 * HOUR + i * MINUTE, "0000 1111 0000 1111 0000 1111");
    run(&mmd_tenant_kind, 1.2);
    assert_int_equal(heard_of(&heard, 50), ACTION_SUSPEND);
    assert_in_range(heard.n, 1, 3);
}

static void the_threshold_is_a_factor(void **state)
{
    (void)state;
    a_day_of_everybody(3000);
    ask(1, 150, 1);
    run(&mmd_100_kind, 1000);
    assert_int_equal(heard.n, 0);
    run(&mmd_100_kind, 1e-6);
    assert_int_equal(heard.n, 1);
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    a_day_of_everybody(400);
    ask(1, 100, 1);
    fail_every_allocation(&mmd_100_kind, &traffic);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_window_of_other_topics_is_found_when_it_is_full),
        TEST(the_second_window_begins_in_the_middle_of_the_first),
        TEST(windows_of_the_reference_distribution_are_flagged_at_the_nominal_rate),
        TEST(larger_windows_find_smaller_shares),
        TEST(a_null_of_tenants_forgives_what_tenants_do),
        TEST(the_threshold_is_a_factor),
        TEST(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
