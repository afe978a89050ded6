#include "object/crowd.h"
#include "support/test.h"

enum { DAY_S = 86400, NOW_S = 1700000000 };

static struct crowd new_crowd(size_t bytes)
{
    struct crowd crowd;
    assert_ok(crowd_new(bytes, &crowd));
    return crowd;
}

static void many_accounts_are_never_taken_for_few(void **state)
{
    (void)state;
    struct crowd crowd = new_crowd(1 << 20);
    for (uint64_t task = 1; task <= 2000; task++)
        for (uint32_t holder = 1; holder <= 6; holder++)
            assert_true(crowd_send(&crowd, task, holder * 256 + 1, NOW_S) >= holder);
    crowd_free(&crowd);
}

static void many_accounts_are_never_taken_for_few_though_a_generation_ends_between_them(void **state)
{
    (void)state;
    enum { TASKS = 60000 };
    struct crowd crowd = new_crowd(8 << 20);
    uint32_t sets = crowd.now.n_sets;
    unsigned wrong = 0;
    for (uint32_t holder = 1; holder <= 5; holder++)
        for (uint64_t task = 1; task <= TASKS; task++)
            wrong += crowd_send(&crowd, task, holder * 256 + 1, NOW_S + holder * DAY_S / 4) < holder;
    assert_true(crowd.before.used > 0 && crowd.now.n_sets >= sets);
    assert_true(wrong < 5 * TASKS / 1000); /* fingerprints alike */
    crowd_free(&crowd);
}

static void few_accounts_are_taken_for_few(void **state)
{
    (void)state;
    struct crowd crowd = new_crowd(4 << 20);
    unsigned wrong = 0;
    for (uint64_t task = 1; task <= 100000; task++) {
        assert_true(crowd_send(&crowd, task, 257, NOW_S) >= 1);
        wrong += crowd_send(&crowd, task, 257, NOW_S) > 3;
        wrong += crowd_send(&crowd, task, 513, NOW_S) > 3;
    }
    assert_true(wrong < 200000 / 500);
    crowd_free(&crowd);
}

static void what_was_sent_two_days_ago_is_forgotten_and_a_day_ago_is_not(void **state)
{
    (void)state;
    struct crowd crowd = new_crowd(1 << 20);
    for (uint32_t holder = 1; holder <= 4; holder++)
        crowd_send(&crowd, 7, holder, NOW_S);
    assert_int_equal(crowd_send(&crowd, 7, 4, NOW_S + DAY_S), 4);
    assert_int_equal(crowd_send(&crowd, 7, 4, NOW_S + 3 * DAY_S), 1);
    crowd_free(&crowd);
}

static void it_grows_to_its_bytes_and_no_further(void **state)
{
    (void)state;
    struct crowd crowd = new_crowd(8 << 20);
    uint32_t first = crowd.now.n_sets;
    for (uint64_t task = 1; task <= 1000000; task++)
        crowd_send(&crowd, task, 257, NOW_S);
    assert_true(crowd.now.n_sets > first);
    assert_true(crowd.now.n_sets <= (8 << 20) / 128);
    assert_true(crowd.now.lines.bytes + crowd.before.lines.bytes <= (8 << 20) + 128);
    crowd_free(&crowd);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(many_accounts_are_never_taken_for_few),
        cmocka_unit_test(many_accounts_are_never_taken_for_few_though_a_generation_ends_between_them),
        cmocka_unit_test(few_accounts_are_taken_for_few),
        cmocka_unit_test(what_was_sent_two_days_ago_is_forgotten_and_a_day_ago_is_not),
        cmocka_unit_test(it_grows_to_its_bytes_and_no_further),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
