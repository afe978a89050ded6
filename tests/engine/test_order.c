#include "engine/order.h"

#include "support/alloc_sweep.h"
#include "support/random.h"
#include "support/test.h"

#include <string.h>

#define SECOND INT64_C(1000)
#define T0 INT64_C(1700000000000)

enum { RECORDS = 3000 };

static void put(struct order *order, int64_t time_ms, uint64_t account)
{
    struct record record;
    memset(&record, 0, sizeof record);
    record.time_ms = time_ms;
    record.account = account;
    order_put(order, &record);
}

/* What was taken: times as they were handed out, with the accounts they came with. */
struct taken {
    int64_t times[RECORDS];
    uint64_t accounts[RECORDS];
    size_t n;
    int64_t end_ms; /* of the last tick */
};

static void take(struct order *order, bool finish, struct taken *taken)
{
    int64_t end_ms;
    size_t n = order_tick(order, finish, &end_ms);
    assert_true(n > 0);
    assert_int_equal(end_ms % order->tick_ms, 0);
    for (size_t i = 0; i < n; i++) {
        const struct record *record = order_at(order, i);
        assert_true(record->time_ms < end_ms);
        assert_true(record->time_ms >= end_ms - order->tick_ms);
        assert_true(taken->n < RECORDS);
        taken->times[taken->n] = record->time_ms;
        taken->accounts[taken->n++] = record->account;
    }
    taken->end_ms = end_ms;
    order_drop(order, n);
}

static void pass(struct order *order, int64_t time_ms, uint64_t account, struct taken *taken)
{
    while (order_due(order))
        take(order, false, taken);
    put(order, time_ms, account);
}

static void finish(struct order *order, struct taken *taken)
{
    while (order->n_waiting > 0)
        take(order, true, taken);
}

static void any_order_within_the_delay_comes_out_sorted(void **state)
{
    (void)state;
    static int64_t times[RECORDS];
    static struct taken taken;
    for (uint64_t seed = 1; seed <= 30; seed++) {
        struct test_random random = { seed };
        struct order order;
        int64_t newest = T0;
        print_message("seed %llu\n", (unsigned long long)seed);
        assert_ok(order_init(&order, RECORDS, 10 * SECOND, 10 * SECOND));
        taken.n = 0;
        for (uint64_t i = 0; i < RECORDS; i++) {
            newest += (int64_t)test_random_below(&random, seed % 2 ? 20 : 400);
            times[i] = newest - (int64_t)test_random_below(&random, 10001);
            times[i] = i == 0 ? newest : times[i];
            pass(&order, times[i], i, &taken);
        }
        finish(&order, &taken);
        assert_int_equal(taken.n, RECORDS);
        assert_int_equal(order.late + order.forced, 0);
        for (size_t i = 0; i < RECORDS; i++) {
            assert_int_equal(taken.times[i], times[taken.accounts[i]]);
            assert_true(i == 0 || taken.times[i - 1] < taken.times[i] ||
                        (taken.times[i - 1] == taken.times[i] && taken.accounts[i - 1] < taken.accounts[i]));
        }
        order_fini(&order);
    }
}

static void a_record_that_is_too_late_takes_the_newest_time_and_is_counted(void **state)
{
    (void)state;
    static struct taken taken;
    struct order order;
    taken.n = 0;
    assert_ok(order_init(&order, 100, 10 * SECOND, 10 * SECOND));
    pass(&order, T0, 1, &taken);
    pass(&order, T0 + 30 * SECOND, 2, &taken);
    pass(&order, T0 + 20 * SECOND, 3, &taken); /* just in time */
    pass(&order, T0 + 20 * SECOND - 1, 4, &taken);
    pass(&order, T0 - 300 * SECOND, 5, &taken);
    finish(&order, &taken);
    static const uint64_t accounts[] = { 1, 3, 2, 4, 5 };
    assert_memory_equal(taken.accounts, accounts, sizeof accounts);
    assert_int_equal(taken.times[3], T0 + 30 * SECOND);
    assert_int_equal(taken.times[4], T0 + 30 * SECOND);
    assert_int_equal(order.late, 2);
    order_fini(&order);
}

static void a_tick_is_due_when_time_has_passed_its_end_by_the_delay(void **state)
{
    (void)state;
    struct order order;
    assert_ok(order_init(&order, 100, 10 * SECOND, 5 * SECOND));
    assert_false(order_due(&order));
    int64_t start = T0 - T0 % (10 * SECOND);
    put(&order, start, 1);
    put(&order, start + 15 * SECOND - 1, 2);
    assert_false(order_due(&order));
    put(&order, start + 15 * SECOND, 3);
    assert_true(order_due(&order));
    int64_t end_ms;
    assert_int_equal(order_tick(&order, false, &end_ms), 1);
    assert_int_equal(end_ms, start + 10 * SECOND);
    order_drop(&order, 1);
    assert_false(order_due(&order));
    assert_int_equal(order.forced, 0);
    order_fini(&order);
}

static void a_full_buffer_closes_its_oldest_tick_early_and_counts(void **state)
{
    (void)state;
    static struct taken taken;
    struct order order;
    taken.n = 0;
    assert_ok(order_init(&order, 4, 10 * SECOND, 10 * SECOND));
    for (uint64_t i = 0; i < 12;
         i++) /* four records a second for three seconds: no tick is due by its time */
        pass(&order, T0 + (int64_t)i * 250, i, &taken);
    assert_int_equal(order.forced, 2);
    finish(&order, &taken);
    assert_int_equal(order.forced, 2);
    assert_int_equal(taken.n, 12);
    for (uint64_t i = 0; i < 12; i++)
        assert_int_equal(taken.accounts[i], i);
    order_fini(&order);
}

static void times_before_1970_have_ticks_too(void **state)
{
    (void)state;
    static struct taken taken;
    struct order order;
    taken.n = 0;
    assert_ok(order_init(&order, 100, 10 * SECOND, 10 * SECOND));
    for (int64_t t = -25; t <= 25; t += 5)
        pass(&order, t * SECOND, (uint64_t)(t + 25), &taken);
    finish(&order, &taken);
    assert_int_equal(taken.n, 11);
    for (size_t i = 0; i < 11; i++)
        assert_int_equal(taken.accounts[i], 5 * i);
    order_fini(&order);
}

static void the_oldest_arrival_is_that_of_the_records_that_wait(void **state)
{
    (void)state;
    static struct taken taken;
    struct order order;
    taken.n = 0;
    assert_ok(order_init(&order, 100, 10 * SECOND, 10 * SECOND));
    assert_int_equal(order_oldest_arrival(&order), 0);
    put(&order, T0 + 9 * SECOND, 1);
    put(&order, T0, 2);
    assert_int_equal(order_oldest_arrival(&order), 0);
    put(&order, T0 + 40 * SECOND, 3);
    take(&order, false, &taken);
    assert_int_equal(taken.n, 2);
    assert_int_equal(order_oldest_arrival(&order), 2);
    finish(&order, &taken);
    assert_int_equal(order_oldest_arrival(&order), 3);
    order_fini(&order);
}

static void closed_ticks_wait_together_and_lent_records_are_owned_in_time(void **state)
{
    (void)state;
    struct order order;
    int64_t end_ms;
    struct record lent[3];
    memset(lent, 0, sizeof lent);
    for (size_t i = 0; i < 3; i++) {
        lent[i].time_ms = T0 + (int64_t)i * 10 * SECOND;
        lent[i].account = i + 1;
    }
    assert_ok(order_init(&order, 4, 10 * SECOND, 5 * SECOND));
    for (size_t i = 0; i < 3; i++)
        order_lend(&order, &lent[i]);
    assert_ptr_equal(order_at(&order, 0), &lent[0]);
    for (int64_t i = 1; i <= 2; i++) {
        assert_int_equal(order_tick(&order, true, &end_ms), 1);
        assert_int_equal(end_ms, T0 + i * 10 * SECOND);
        order_close(&order, 1);
    }
    put(&order, T0 + 21 * SECOND, 4);
    assert_true(order_full(&order));
    order_drop(&order, 2);
    order_own(&order);
    memset(lent, 0xff, sizeof lent);
    assert_int_equal(order_tick(&order, true, &end_ms), 2);
    assert_int_equal(order_at(&order, 0)->account, 3);
    assert_int_equal(order_at(&order, 1)->account, 4);
    order_drop(&order, 2);
    assert_int_equal(order.n_free, 5); /* one beside the four, for what is held */
    order_fini(&order);
}

static void a_late_record_is_copied_even_if_lent(void **state)
{
    (void)state;
    struct order order;
    struct record records[2];
    memset(records, 0, sizeof records);
    records[0].time_ms = T0 + 60 * SECOND;
    records[1].time_ms = T0;
    assert_ok(order_init(&order, 4, 10 * SECOND, 5 * SECOND));
    order_lend(&order, &records[0]);
    order_lend(&order, &records[1]);
    assert_int_equal(order.late, 1);
    assert_int_equal(order_at(&order, 1)->time_ms, T0 + 60 * SECOND);
    assert_int_equal(records[1].time_ms, T0);
    order_fini(&order);
}

static void one_wrong_clock_makes_nobody_late(void **state)
{
    (void)state;
    struct order order;
    int64_t end_ms;
    assert_ok(order_init(&order, 16, 10 * SECOND, 5 * SECOND));
    put(&order, T0, 1);
    put(&order, T0 + ORDER_JUMP_MS + 1, 2);
    put(&order, T0 + 1 * SECOND, 3);
    put(&order, T0 + 2 * SECOND, 4);
    assert_int_equal(order.late, 1);
    assert_int_equal(order_tick(&order, true, &end_ms), 4);
    assert_int_equal(order_at(&order, 3)->time_ms, T0 + 2 * SECOND);
    order_fini(&order);
}

static void a_jump_that_the_next_record_confirms_is_believed(void **state)
{
    (void)state;
    struct order order;
    assert_ok(order_init(&order, 16, 10 * SECOND, 5 * SECOND));
    put(&order, T0, 1);
    put(&order, T0 + 2 * ORDER_JUMP_MS, 2);
    assert_int_equal(order.n_waiting, 1);
    put(&order, T0 + 2 * ORDER_JUMP_MS + SECOND, 3);
    assert_int_equal(order.n_waiting, 3);
    put(&order, T0 + 4 * ORDER_JUMP_MS, 4);
    order_end(&order);
    assert_int_equal(order.n_waiting, 4);
    assert_int_equal(order.late, 0);
    order_fini(&order);
}

static void a_first_clock_that_is_wrong_makes_nobody_else_late(void **state)
{
    (void)state;
    static const uint64_t accounts[] = { 1, 2, 3, 4 };
    for (int lent = 0; lent < 2; lent++) {
        static struct taken taken;
        struct order order;
        struct record first = { .time_ms = T0 + 7000 * ORDER_JUMP_MS, .account = 1 };
        taken.n = 0;
        assert_ok(order_init(&order, 16, 10 * SECOND, 5 * SECOND));
        if (lent)
            order_lend(&order, &first);
        else
            order_put(&order, &first);
        pass(&order, T0, 2, &taken);
        pass(&order, T0 + 1 * SECOND, 3, &taken);
        pass(&order, T0 + 20 * SECOND, 4, &taken);
        assert_int_equal(order.late, 1);
        finish(&order, &taken);
        assert_int_equal(taken.n, 4);
        assert_memory_equal(taken.accounts, accounts, sizeof accounts);
        assert_int_equal(taken.times[0], T0);
        assert_int_equal(taken.times[1], T0);
        assert_int_equal(taken.times[3], T0 + 20 * SECOND);
        assert_int_equal(order.forced, 0);
        assert_int_equal(first.time_ms, T0 + 7000 * ORDER_JUMP_MS);
        assert_int_equal(order.n_free, 17);
        order_fini(&order);
    }
}

static void a_second_clock_that_is_behind_leaves_the_first_its_time(void **state)
{
    (void)state;
    for (int followed = 0; followed < 2; followed++) {
        struct order order;
        int64_t end_ms;
        assert_ok(order_init(&order, 16, 10 * SECOND, 5 * SECOND));
        put(&order, T0, 1);
        put(&order, T0 - ORDER_JUMP_MS - 1, 2);
        if (followed)
            put(&order, T0 + 1 * SECOND, 3);
        order_end(&order);
        assert_int_equal(order.late, 1);
        assert_int_equal(order_tick(&order, true, &end_ms), 2 + followed);
        assert_int_equal(order_at(&order, 0)->account, 1);
        assert_int_equal(order_at(&order, 0)->time_ms, T0);
        assert_int_equal(order_at(&order, 1)->account, 2);
        assert_int_equal(order_at(&order, 1)->time_ms, T0);
        order_fini(&order);
    }
}

static void two_wrong_clocks_do_not_vouch_for_each_other(void **state)
{
    (void)state;
    struct order order;
    assert_ok(order_init(&order, 16, 10 * SECOND, 5 * SECOND));
    put(&order, T0, 1);
    put(&order, T0 + 2 * ORDER_JUMP_MS, 2);
    put(&order, T0 + 9000 * ORDER_JUMP_MS, 3);
    put(&order, T0 + 2 * ORDER_JUMP_MS + SECOND, 4);
    assert_int_equal(order.late, 1);
    assert_int_equal(order.newest_ms, T0 + 2 * ORDER_JUMP_MS + SECOND);
    order_fini(&order);
}

/* The first was handed out: its time stays what it is. */
static void a_first_record_that_is_gone_is_not_doubted(void **state)
{
    (void)state;
    static struct taken taken;
    struct order order;
    taken.n = 0;
    assert_ok(order_init(&order, 1, 10 * SECOND, 5 * SECOND));
    pass(&order, T0 + 2 * ORDER_JUMP_MS, 1, &taken);
    pass(&order, T0, 2, &taken);
    assert_int_equal(order.late, 1);
    finish(&order, &taken);
    assert_int_equal(taken.times[1], T0 + 2 * ORDER_JUMP_MS);
    order_fini(&order);
}

static void running_out_of_memory_leaves_nothing(void **state)
{
    (void)state;
    enum status st = STATUS_NOMEM;
    for (long n = 0; st != STATUS_OK; n++) {
        struct order order;
        alloc_sweep_arm(n);
        st = order_init(&order, 100, 10 * SECOND, 10 * SECOND);
        assert_int_equal(alloc_sweep_disarm(), st != STATUS_OK);
        if (st == STATUS_OK) {
            assert_int_equal(order_bytes(&order),
                101 * (sizeof(struct record) + sizeof(struct order_slot) + sizeof(uint32_t)));
            order_fini(&order);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_order_within_the_delay_comes_out_sorted),
        cmocka_unit_test(a_record_that_is_too_late_takes_the_newest_time_and_is_counted),
        cmocka_unit_test(a_tick_is_due_when_time_has_passed_its_end_by_the_delay),
        cmocka_unit_test(a_full_buffer_closes_its_oldest_tick_early_and_counts),
        cmocka_unit_test(times_before_1970_have_ticks_too),
        cmocka_unit_test(the_oldest_arrival_is_that_of_the_records_that_wait),
        cmocka_unit_test(closed_ticks_wait_together_and_lent_records_are_owned_in_time),
        cmocka_unit_test(a_late_record_is_copied_even_if_lent),
        cmocka_unit_test(one_wrong_clock_makes_nobody_late),
        cmocka_unit_test(a_jump_that_the_next_record_confirms_is_believed),
        cmocka_unit_test(a_first_clock_that_is_wrong_makes_nobody_else_late),
        cmocka_unit_test(a_second_clock_that_is_behind_leaves_the_first_its_time),
        cmocka_unit_test(two_wrong_clocks_do_not_vouch_for_each_other),
        cmocka_unit_test(a_first_record_that_is_gone_is_not_doubted),
        cmocka_unit_test(running_out_of_memory_leaves_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
