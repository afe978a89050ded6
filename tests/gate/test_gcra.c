#include "gate/gcra.h"

#include "support/random.h"
#include "support/test.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define SECOND INT64_C(1000000)

enum { UNIT = 2 };

static struct gcra_table *table_of(size_t bytes)
{
    void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    assert_true(memory != MAP_FAILED);
    return gcra_init(memory, bytes);
}

static struct gcra_state take(
    struct gcra_table *table, uint64_t id, const struct gcra_rate *rate, double n, int64_t now_us)
{
    return gcra_take(gcra_slot_of(table, id, now_us), UNIT, rate, n, now_us);
}

static void settle(
    struct gcra_table *table, uint64_t id, const struct gcra_rate *rate, double n, int64_t now_us)
{
    gcra_settle(gcra_slot_of(table, id, now_us), UNIT, rate, n, now_us);
}

static double remaining_after(
    struct gcra_table *table, uint64_t id, const struct gcra_rate *rate, double n, int64_t now_us)
{
    struct gcra_state state = take(table, id, rate, n, now_us);
    return gcra_remaining(rate, &state);
}

static void a_burst_passes_and_then_the_rate(void **state)
{
    (void)state;
    struct gcra_table *table = table_of(1 << 16);
    const struct gcra_rate rate = gcra_rate_of(1, 10);
    for (int i = 0; i < 10; i++)
        assert_true(take(table, 7, &rate, 1, 100 * SECOND).allowed);
    struct gcra_state state_now = take(table, 7, &rate, 1, 100 * SECOND);
    assert_false(state_now.allowed);
    assert_int_equal(state_now.retry_us, SECOND);
    assert_int_equal(state_now.reset_us, 10 * SECOND);
    assert_false(take(table, 7, &rate, 1, 101 * SECOND - 1).allowed);
    assert_true(take(table, 7, &rate, 1, 101 * SECOND).allowed);
    assert_true(take(table, 8, &rate, 10, 100 * SECOND).allowed);
}

static void what_remains_is_what_may_still_pass(void **state)
{
    (void)state;
    struct gcra_table *table = table_of(1 << 16);
    const struct gcra_rate rate = gcra_rate_of(2, 20);
    assert_true(remaining_after(table, 7, &rate, 5, SECOND) == 15);
    assert_true(remaining_after(table, 7, &rate, 15, SECOND) == 0);
    assert_true(remaining_after(table, 7, &rate, 1, 11 * SECOND) == 19);
}

static void more_than_the_burst_passes_once_when_nothing_is_owed(void **state)
{
    (void)state;
    struct gcra_table *table = table_of(1 << 16);
    const struct gcra_rate rate = gcra_rate_of(1, 10);
    assert_true(take(table, 7, &rate, 25, SECOND).allowed);
    assert_false(take(table, 7, &rate, 1, 16 * SECOND - 1).allowed);
    assert_true(take(table, 7, &rate, 1, 17 * SECOND).allowed);
    assert_false(take(table, 7, &rate, 25, 18 * SECOND).allowed);
}

static void what_was_reserved_too_much_comes_back(void **state)
{
    (void)state;
    struct gcra_table *table = table_of(1 << 16);
    const struct gcra_rate rate = gcra_rate_of(1, 100);
    assert_true(take(table, 7, &rate, 100, SECOND).allowed);
    assert_false(take(table, 7, &rate, 50, SECOND).allowed);
    settle(table, 7, &rate, -60, SECOND);
    assert_true(take(table, 7, &rate, 50, SECOND).allowed);
    settle(table, 7, &rate, -1e9, SECOND);
    assert_true(remaining_after(table, 7, &rate, 0, SECOND) == 100);
}

static void what_was_used_beyond_the_reserve_is_waited_for(void **state)
{
    (void)state;
    struct gcra_table *table = table_of(1 << 16);
    const struct gcra_rate rate = gcra_rate_of(1, 10);
    settle(table, 7, &rate, 100, SECOND);
    assert_false(take(table, 7, &rate, 1, 91 * SECOND).allowed);
    assert_true(take(table, 7, &rate, 1, 92 * SECOND).allowed);
}

static void no_rate_and_no_id_limit_nothing(void **state)
{
    (void)state;
    struct gcra_table *table = table_of(1 << 16);
    const struct gcra_rate none = gcra_rate_of(0, 0), rate = gcra_rate_of(1, 1);
    assert_true(take(table, 7, &none, 1e9, SECOND).allowed);
    assert_true(take(table, 0, &rate, 1e9, SECOND).allowed);
    assert_true(take(table, 0, &rate, 1e9, SECOND).allowed);
}

static void a_clock_that_steps_back_locks_nobody_out_for_longer_than_it_stepped(void **state)
{
    (void)state;
    struct gcra_table *table = table_of(1 << 16);
    const struct gcra_rate rate = gcra_rate_of(1, 10);
    assert_true(take(table, 7, &rate, 10, 1000 * SECOND).allowed);
    assert_false(take(table, 7, &rate, 1, 900 * SECOND).allowed);
    assert_true(take(table, 7, &rate, 1, 1001 * SECOND).allowed);
}

static void a_full_set_forgets_the_counter_that_is_empty_first(void **state)
{
    (void)state;
    struct gcra_table *table = table_of(sizeof(struct gcra_table) + sizeof(struct gcra_set));
    assert_int_equal(table->n_sets, 1);
    const struct gcra_rate rate = gcra_rate_of(1, 100);
    for (uint64_t id = 1; id <= GCRA_WAYS; id++)
        assert_true(take(table, id, &rate, (double)id * 10, SECOND).allowed);
    assert_true(take(table, 99, &rate, 5, SECOND).allowed);
    assert_int_equal(table->forgotten, 1);
    assert_true(remaining_after(table, GCRA_WAYS, &rate, 0, SECOND) == 100 - GCRA_WAYS * 10);
    assert_true(remaining_after(table, 1, &rate, 0, SECOND) == 100);
}

static void memory_for_no_set_is_no_table(void **state)
{
    (void)state;
    static _Alignas(64) char memory[sizeof(struct gcra_table)];
    assert_null(gcra_init(memory, sizeof memory));
}

/* Against the definition: in any window no more passes than burst + rate * window. */
static void no_window_lets_more_pass_than_burst_and_rate(void **state)
{
    (void)state;
    enum { STEPS = 4000 };
    static int64_t at[STEPS];
    static double passed[STEPS];
    struct test_random random = { 3 };
    struct gcra_table *table = table_of(1 << 16);
    const struct gcra_rate rate = gcra_rate_of(5, 20);
    int64_t now = SECOND;
    for (int i = 0; i < STEPS; i++) {
        double n = 1 + (double)(test_random_u64(&random) % 4);
        now += (int64_t)(test_random_u64(&random) % SECOND);
        at[i] = now;
        passed[i] = take(table, 7, &rate, n, now).allowed ? n : 0;
    }
    double all = 0;
    for (int from = 0; from < STEPS; from++) {
        double sum = 0;
        all += passed[from];
        for (int i = from; i < STEPS && i < from + 100; i++) {
            sum += passed[i];
            double most = 20 + 5 * (double)(at[i] - at[from]) / SECOND;
            if (sum > most + 0.01)
                fail_msg("%f passed where %f may, from %d to %d", sum, most, from, i);
        }
    }
    assert_true(all > 0.9 * 5 * (double)(at[STEPS - 1] - at[0]) / SECOND);
}

static void processes_share_one_limit(void **state)
{
    (void)state;
    enum { PROCESSES = 4, TRIES = 20000 };
    struct gcra_table *table = table_of(1 << 16);
    _Atomic int *passed = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    const struct gcra_rate rate = gcra_rate_of(1, 5000);
    settle(table, 7, &rate, 1e-3, SECOND); /* it is there already */
    for (int i = 0; i < PROCESSES; i++)
        if (fork() == 0) {
            for (int j = 0; j < TRIES; j++)
                *passed += take(table, 7, &rate, 1, SECOND).allowed;
            _exit(0);
        }
    for (int i = 0; i < PROCESSES; i++)
        wait(NULL);
    assert_in_range(*passed, 4998, 5000);
}

static void units_of_a_subject_are_counted_apart(void **state)
{
    (void)state;
    struct gcra_table *table = table_of(1 << 16);
    const struct gcra_rate rate = gcra_rate_of(1, 10);
    struct gcra_slot *slot = gcra_slot_of(table, 7, SECOND);
    assert_true(gcra_take(slot, 0, &rate, 10, SECOND).allowed);
    assert_true(gcra_take(slot, 1, &rate, 10, SECOND).allowed);
    assert_false(gcra_take(slot, 0, &rate, 1, SECOND).allowed);
    gcra_settle(slot, 0, &rate, -10, SECOND);
    assert_true(gcra_take(slot, 0, &rate, 10, SECOND).allowed);
    assert_false(gcra_take(slot, 1, &rate, 1, SECOND).allowed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_burst_passes_and_then_the_rate),
        cmocka_unit_test(units_of_a_subject_are_counted_apart),
        cmocka_unit_test(what_remains_is_what_may_still_pass),
        cmocka_unit_test(more_than_the_burst_passes_once_when_nothing_is_owed),
        cmocka_unit_test(what_was_reserved_too_much_comes_back),
        cmocka_unit_test(what_was_used_beyond_the_reserve_is_waited_for),
        cmocka_unit_test(no_rate_and_no_id_limit_nothing),
        cmocka_unit_test(a_clock_that_steps_back_locks_nobody_out_for_longer_than_it_stepped),
        cmocka_unit_test(a_full_set_forgets_the_counter_that_is_empty_first),
        cmocka_unit_test(memory_for_no_set_is_no_table),
        cmocka_unit_test(no_window_lets_more_pass_than_burst_and_rate),
        cmocka_unit_test(processes_share_one_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
