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
    assert_ok(feed(&synchrotrap_kind, &config, &traffic, until_ms, &heard));
}

static void uses_frame(uint64_t account, uint64_t frame, int64_t time_ms)
{
    exchange_at(&traffic, account, time_ms)->lead[2] = hash_of(OF_FRAME, frame);
}

/*
 * The paper's picture: a group that acts on the same objects in the same bursts, on and off, and users who act on the
 * same objects whenever they like.
 */
static void a_group_in_lockstep_is_suspended_and_users_of_its_objects_are_not(void **state)
{
    (void)state;
    struct test_random random = { 2 };
    for (int64_t day = 0; day < 3; day++)
        for (uint64_t burst = 0; burst < 4; burst++) {
            int64_t at_ms = T0 + day * DAY + (int64_t)test_random_below(&random, 22 * 60) * MINUTE;
            for (uint64_t account = 1; account <= 12; account++)
                uses_frame(account, 1 + burst, at_ms + (int64_t)test_random_below(&random, 20) * MINUTE);
        }
    for (uint64_t account = 13; account <= 90; account++)
        for (int i = 0; i < 12; i++)
            uses_frame(account, 1 + test_random_below(&random, 40),
                T0 + (int64_t)test_random_below(&random, 3 * 24 * 60) * MINUTE);
    run(0, T0 + 4 * DAY);
    assert_int_equal(heard.n, 12);
    for (uint64_t account = 1; account <= 90; account++) {
        assert_int_equal(heard_of(&heard, account), account <= 12 ? ACTION_SUSPEND : ACTION_OBSERVE);
        if (account <= 12)
            assert_int_equal(group_of(&heard, account), group_of(&heard, 1));
    }
    assert_int_equal(heard.detections[0].time_ms % DAY, 0);
}

static void every_kind_of_object_is_an_application_of_its_own(void **state)
{
    (void)state;
    for (int kind = 0; kind < 4; kind++)
        for (uint64_t account = 1; account <= 6; account++)
            for (int64_t i = 0; i < 6; i++) {
                struct exchange_record *exchange =
                    exchange_at(&traffic, (uint64_t)kind * 10 + account, T0 + i * 2 * HOUR);
                exchange->system.id = kind == 0 ? 77 : account * 10;
                exchange->lead[1] = kind == 1 ? 77 : account * 10;
                exchange->ip = kind == 2 ? 77 : account * 10;
                exchange->net = kind == 3 ? 77 : account * 10;
                exchange->system.id += (uint64_t)kind << 40;
                exchange->lead[1] += (uint64_t)kind << 40;
                exchange->ip += (uint64_t)kind << 40;
                exchange->net += (uint64_t)kind << 40;
            }
    run(0, T0 + DAY);
    assert_int_equal(heard.n, 24);
    for (uint64_t kind = 0; kind < 4; kind++)
        for (uint64_t other = 0; other < 4; other++)
            assert_int_equal(
                group_of(&heard, kind * 10 + 1) == group_of(&heard, other * 10 + 6), kind == other);
}

static void four_matches_are_too_few_and_five_are_enough(void **state)
{
    (void)state;
    for (uint64_t account = 1; account <= 20; account++)
        for (int64_t i = 0; i < (account <= 10 ? 4 : 5); i++)
            uses_frame(account, account <= 10 ? 1 : 2, T0 + i * 3 * HOUR);
    run(0, T0 + DAY);
    assert_int_equal(heard.n, 10);
    assert_int_equal(heard_of(&heard, 11), ACTION_SUSPEND);
}

/* Half of each account's actions are its own: similarity 6 / (12 + 12 - 6) = 1/3. */
static void the_threshold_is_the_similarity_of_a_pair(void **state)
{
    (void)state;
    for (uint64_t account = 1; account <= 6; account++)
        for (int64_t i = 0; i < 6; i++) {
            uses_frame(account, 1, T0 + i * 2 * HOUR);
            uses_frame(account, 100 + account, T0 + i * 2 * HOUR + HOUR);
        }
    run(0.34, T0 + DAY);
    assert_int_equal(heard.n, 0);
    run(0.33, T0 + DAY);
    assert_int_equal(heard.n, 6);
}

/* What ends before midnight is still judged, at the end. */
static void the_last_day_counts(void **state)
{
    (void)state;
    for (uint64_t account = 1; account <= 5; account++)
        for (int64_t i = 0; i < 5; i++)
            uses_frame(account, 1, T0 + i * HOUR);
    run(0, 0);
    assert_int_equal(heard.n, 5);
    assert_int_equal(heard.n_groups, 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            a_group_in_lockstep_is_suspended_and_users_of_its_objects_are_not, set_up, tear_down),
        cmocka_unit_test_setup_teardown(every_kind_of_object_is_an_application_of_its_own, set_up, tear_down),
        cmocka_unit_test_setup_teardown(four_matches_are_too_few_and_five_are_enough, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_threshold_is_the_similarity_of_a_pair, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_last_day_counts, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
