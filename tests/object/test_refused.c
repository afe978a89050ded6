#include "object/refused.h"
#include "sightings.h"

static struct refused new_refused(size_t bytes)
{
    struct refused refused;
    assert_ok(refused_new(bytes, 600 * SECOND, &refused));
    return refused;
}

static void a_refused_task_sent_by_another_within_the_window_is_a_hand_off(void **state)
{
    (void)state;
    struct refused refused = new_refused(1 << 16);
    uint32_t lag_s = 0;
    refused_put(&refused, 5, 101, T0);
    assert_int_equal(refused_sent(&refused, 5, 102, T0 + 600 * SECOND, &lag_s), 101);
    assert_int_equal(lag_s, 600);
    assert_int_equal(refused_sent(&refused, 5, 102, T0 + 601 * SECOND, &lag_s), 0);
    assert_int_equal(refused_sent(&refused, 6, 102, T0 + SECOND, &lag_s), 0);
    refused_free(&refused);
}

static void the_own_retry_clears_the_refusal(void **state)
{
    (void)state;
    struct refused refused = new_refused(1 << 16);
    uint32_t lag_s;
    refused_put(&refused, 5, 101, T0);
    assert_int_equal(refused_sent(&refused, 5, 101, T0 + SECOND, &lag_s), 0);
    assert_int_equal(refused_sent(&refused, 5, 102, T0 + 2 * SECOND, &lag_s), 0);
    refused_free(&refused);
}

static void the_latest_refusal_counts(void **state)
{
    (void)state;
    struct refused refused = new_refused(1 << 16);
    uint32_t lag_s;
    refused_put(&refused, 5, 101, T0);
    refused_put(&refused, 5, 102, T0 + SECOND);
    assert_int_equal(refused_sent(&refused, 5, 103, T0 + 3 * SECOND, &lag_s), 102);
    assert_int_equal(lag_s, 2);
    refused_free(&refused);
}

static void a_task_of_four_accounts_in_a_day_is_common(void **state)
{
    (void)state;
    struct refused refused = new_refused(1 << 16);
    uint32_t lag_s;
    for (uint32_t holder = 101; holder <= 104; holder++)
        assert_int_equal(refused_sent(&refused, 5, holder, T0, &lag_s), 0);
    refused_put(&refused, 5, 101, T0);
    assert_int_equal(refused_sent(&refused, 5, 102, T0 + SECOND, &lag_s), 0);
    /* Two days without it forget the crowd. */
    refused_put(&refused, 5, 101, T0 + 2 * DAY + 2 * SECOND);
    assert_int_equal(refused_sent(&refused, 5, 102, T0 + 2 * DAY + 3 * SECOND, &lag_s), 101);
    refused_free(&refused);
}

static void a_full_set_forgets_the_task_sent_longest_ago(void **state)
{
    (void)state;
    struct refused refused = new_refused(1);
    uint32_t lag_s;
    for (uint64_t task = 1; task <= 5; task++)
        refused_put(&refused, task, 101, T0 + (int64_t)task * SECOND);
    for (uint64_t task = 2; task <= 5; task++)
        assert_int_equal(refused_sent(&refused, task, 102, T0 + 6 * SECOND, &lag_s), 101);
    assert_int_equal(refused_sent(&refused, 1, 102, T0 + 7 * SECOND, &lag_s), 0);
    refused_free(&refused);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_refused_task_sent_by_another_within_the_window_is_a_hand_off),
        cmocka_unit_test(the_own_retry_clears_the_refusal),
        cmocka_unit_test(the_latest_refusal_counts),
        cmocka_unit_test(a_task_of_four_accounts_in_a_day_is_common),
        cmocka_unit_test(a_full_set_forgets_the_task_sent_longest_ago),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
