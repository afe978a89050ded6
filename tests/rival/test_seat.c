#include "text_fixture.h"

#include "rival/reference.h"

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

/* A day of people who ask about all sorts of things. */
static void a_day_before(struct test_random *random)
{
    for (unsigned i = 0; i < 600; i++)
        text_at(&traffic, 1000 + i % 40, T0 + (int64_t)i * 2 * MINUTE,
            words_of(random, "", (unsigned)test_random_below(random, 300), 12, 1000));
}

/* After the day 60 queries of one template; the first has nothing to be near to, so the 51st pair is the 52nd query. */
static void the_account_is_cancelled_by_the_pair_after_the_fiftieth(void **state)
{
    (void)state;
    struct test_random random = { 2 };
    const char *template =
        "Write a short and friendly product description, at most fifty words, for this article:";
    a_day_before(&random);
    for (unsigned i = 0; i < 60; i++)
        text_at(&traffic, 1, T0 + DAY + (int64_t)i * MINUTE, words_of(&random, template, 7, 2, 1000));
    assert_ok(text_feed(&seat_kind, &(struct detector_config){ 0 }, &traffic, &heard));
    assert_int_equal(heard.n, 1);
    assert_int_equal(heard.detections[0].account, hash_of(OF_ACCOUNT, 1));
    assert_int_equal(heard.detections[0].action, ACTION_SUSPEND);
    assert_int_equal(heard.detections[0].time_ms, T0 + DAY + 51 * MINUTE);
}

static void fewer_pairs_are_enough_where_the_threshold_says_so(void **state)
{
    (void)state;
    struct test_random random = { 2 };
    a_day_before(&random);
    for (unsigned i = 0; i < 60; i++)
        text_at(&traffic, 1, T0 + DAY + (int64_t)i * MINUTE, "the same question again");
    assert_ok(text_feed(&seat_kind, &(struct detector_config){ .threshold = 10 }, &traffic, &heard));
    assert_int_equal(heard.n, 1);
    assert_int_equal(heard.detections[0].time_ms, T0 + DAY + 11 * MINUTE);
}

static void unlike_queries_cancel_nobody(void **state)
{
    (void)state;
    struct test_random random = { 3 };
    a_day_before(&random);
    for (unsigned i = 0; i < 400; i++)
        text_at(&traffic, 1, T0 + DAY + (int64_t)i * MINUTE, words_of(&random, "", i % 300, 12, 1000));
    assert_ok(text_feed(&seat_kind, &(struct detector_config){ 0 }, &traffic, &heard));
    assert_int_equal(heard.n, 0);
}

/* Where people repeat each other's words, delta is 0: repetitions count, and variations do not. */
static void where_equal_texts_are_usual_only_repetitions_count(void **state)
{
    (void)state;
    struct test_random random = { 5 };
    a_day_before(&random);
    for (unsigned i = 0; i < 60; i++)
        text_at(&traffic, 2000 + i, T0 + i * MINUTE, "hello");
    for (unsigned i = 0; i < 60; i++) {
        text_at(&traffic, 1, T0 + DAY + (int64_t)i * MINUTE, "the same question again");
        text_at(&traffic, 2, T0 + DAY + (int64_t)i * MINUTE,
            words_of(&random, "the same question about", 7, 1, 1000));
    }
    assert_ok(text_feed(&seat_kind, &(struct detector_config){ 0 }, &traffic, &heard));
    assert_int_equal(heard.n, 1);
    assert_int_equal(heard.detections[0].account, hash_of(OF_ACCOUNT, 1));
}

static void one_template_over_many_accounts_is_not_seen(void **state)
{
    (void)state;
    struct test_random random = { 4 };
    a_day_before(&random);
    for (unsigned i = 0; i < 400; i++)
        text_at(&traffic, 1 + i % 10, T0 + DAY + (int64_t)i * MINUTE, "the same question again");
    assert_ok(text_feed(&seat_kind, &(struct detector_config){ 0 }, &traffic, &heard));
    assert_int_equal(heard.n, 0);
}

static void nobody_is_cancelled_before_the_reference_is_there(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 1000; i++)
        text_at(&traffic, 1, T0 + (int64_t)i * MINUTE, "the same question again");
    assert_ok(text_feed(&seat_kind, &(struct detector_config){ 0 }, &traffic, &heard));
    assert_int_equal(heard.n, 0);
    assert_true(heard.state_bytes > (256 + REFERENCE_MOST) * QUERY_DIMS);
    assert_true(heard.state_bytes < (1000 + REFERENCE_MOST) * QUERY_DIMS);
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    struct test_random random = { 2 };
    a_day_before(&random);
    for (unsigned i = 0; i < 60; i++)
        text_at(&traffic, 1, T0 + DAY + (int64_t)i * MINUTE, "the same question again");
    fail_every_allocation(&seat_kind, &traffic);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(the_account_is_cancelled_by_the_pair_after_the_fiftieth),
        TEST(fewer_pairs_are_enough_where_the_threshold_says_so),
        TEST(unlike_queries_cancel_nobody),
        TEST(where_equal_texts_are_usual_only_repetitions_count),
        TEST(one_template_over_many_accounts_is_not_seen),
        TEST(nobody_is_cancelled_before_the_reference_is_there),
        TEST(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
