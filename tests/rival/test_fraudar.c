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

static void run(double threshold, int64_t until_ms)
{
    traffic_sort(&traffic);
    struct detector_config config = { .accounts_max = 1000, .threshold = threshold };
    assert_ok(feed(&fraudar_kind, &config, &traffic, until_ms, &heard));
}

static struct exchange_record *uses(
    uint64_t account, uint64_t system, uint64_t frame, uint64_t network, uint64_t client, int64_t time_ms)
{
    struct exchange_record *exchange = exchange_at(&traffic, account, time_ms);
    exchange->system.id = hash_of(OF_FRAME, system);
    exchange->lead[2] = hash_of(OF_FRAME, 1000000 + frame);
    exchange->net = hash_of(OF_NET, network);
    exchange->client = hash_of(OF_CLIENT, client);
    return exchange;
}

/* Accounts first to last: common tools, networks and clients at random, and frames of their own. */
static void people(uint64_t first, uint64_t last, int64_t time_ms, uint64_t seed)
{
    struct test_random random = { seed };
    for (uint64_t account = first; account <= last; account++)
        for (int i = 0; i < 4; i++)
            uses(account, 1 + test_random_below(&random, 200), account * 10 + test_random_below(&random, 3),
                1 + test_random_below(&random, 400), 1 + test_random_below(&random, 150),
                time_ms + (int64_t)test_random_below(&random, (uint64_t)(20 * HOUR)));
}

/* Twenty accounts with ten prompts in common, behind the networks and clients of everybody. */
static void ring(uint64_t first, uint64_t last, int64_t time_ms)
{
    struct test_random random = { 17 };
    for (uint64_t account = first; account <= last; account++)
        for (uint64_t i = 0; i < 10; i++)
            uses(account, 501 + i, 501 + i, 1 + test_random_below(&random, 400),
                1 + test_random_below(&random, 150), time_ms + (int64_t)(i * HOUR));
}

static void a_ring_among_people_is_suspended_at_midnight(void **state)
{
    (void)state;
    people(1, 200, T0, 1);
    ring(301, 320, T0);
    run(0, T0 + DAY + HOUR);
    assert_int_equal(heard.n, 20);
    for (uint64_t account = 301; account <= 320; account++) {
        assert_int_equal(heard_of(&heard, account), ACTION_SUSPEND);
        assert_int_equal(group_of(&heard, account), group_of(&heard, 301));
    }
    assert_int_equal(heard.detections[0].time_ms, T0 + DAY);
}

static void people_alone_are_no_denser_than_chance(void **state)
{
    (void)state;
    for (int64_t day = 0; day < 5; day++)
        people(1, 300, T0 + day * DAY, 5 + (uint64_t)day);
    run(0, 0);
    assert_int_equal(heard.n, 0);
}

/* Ten objects on the first day, ten on the tenth: together they are a block, if those of the first day are still there. */
static void what_was_shown_is_forgotten_after_a_week_and_facts_are_not(void **state)
{
    (void)state;
    for (int with_cards = 0; with_cards < 2; with_cards++) {
        traffic.n = 0;
        heard_fini(&heard);
        heard = (struct heard){ 0 };
        for (int64_t day = 0; day < 10; day++)
            people(1, 200, T0 + day * DAY, 1);
        for (uint64_t account = 301; account <= 320; account++)
            for (uint64_t i = 0; i < 10; i++) {
                uses(account, 501 + i, 0, 0, 0, T0 + 9 * DAY + (int64_t)i * HOUR);
                if (with_cards)
                    facts_at(&traffic, account, T0 + HOUR)->payment = hash_of(OF_PAYMENT, 700 + i);
                else
                    uses(account, 0, 601 + i, 0, 0, T0 + (int64_t)i * HOUR);
            }
        run(1.8, T0 + 10 * DAY + HOUR);
        assert_int_equal(heard.n, with_cards ? 20 : 0);
        if (with_cards)
            assert_int_equal(heard.detections[0].time_ms, T0 + 10 * DAY);
    }
}

static void four_are_too_few_and_five_are_suspended(void **state)
{
    (void)state;
    people(1, 100, T0, 3);
    ring(301, 304, T0);
    run(1.2, T0 + DAY);
    assert_int_equal(heard.n, 0);
    ring(305, 305, T0);
    run(1.2, T0 + DAY);
    assert_int_equal(heard.n, 5);
    assert_int_equal(heard_of(&heard, 301), ACTION_SUSPEND);
}

static void the_threshold_is_the_multiple_of_chance(void **state)
{
    (void)state;
    people(1, 200, T0, 1);
    ring(301, 320, T0);
    run(50, T0 + DAY);
    assert_int_equal(heard.n, 0);
    run(1.2, T0 + DAY);
    assert_in_range(heard.n, 20, 60);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_ring_among_people_is_suspended_at_midnight, set_up, tear_down),
        cmocka_unit_test_setup_teardown(people_alone_are_no_denser_than_chance, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            what_was_shown_is_forgotten_after_a_week_and_facts_are_not, set_up, tear_down),
        cmocka_unit_test_setup_teardown(four_are_too_few_and_five_are_suspended, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_threshold_is_the_multiple_of_chance, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
