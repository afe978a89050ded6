#include "lab/wheel.h"

#include "support/alloc_sweep.h"
#include "support/random.h"
#include "support/test.h"

#include <stdlib.h>

enum { TICK_MS = 1000, ACTORS = 1500 };
#define START_MS (INT64_C(1777852800) * 1000)

/* Every timer in a plain array, looked through from end to end. */
struct naive {
    int64_t due_ms[ACTORS]; /* -1: not set */
    int64_t now;
};

static void naive_set(struct naive *naive, uint32_t actor, int64_t due_ms)
{
    int64_t begin_ms = naive->now * TICK_MS;
    naive->due_ms[actor] = due_ms < begin_ms ? begin_ms + due_ms % TICK_MS : due_ms;
}

static int compare_due(const void *left, const void *right)
{
    const struct due *a = left, *b = right;
    if (a->time_ms != b->time_ms)
        return a->time_ms < b->time_ms ? -1 : 1;
    return a->actor < b->actor ? -1 : a->actor > b->actor;
}

static size_t naive_turn(struct naive *naive, struct due *due)
{
    size_t n = 0;
    for (uint32_t i = 0; i < ACTORS; i++)
        if (naive->due_ms[i] >= 0 && naive->due_ms[i] / TICK_MS <= naive->now) {
            due[n++] = (struct due){ naive->due_ms[i], i };
            naive->due_ms[i] = -1;
        }
    qsort(due, n, sizeof *due, compare_due);
    naive->now++;
    return n;
}

static void start(struct wheel *wheel, uint32_t n)
{
    wheel_init(wheel, TICK_MS, START_MS);
    for (uint32_t i = 0; i < n; i++) {
        uint32_t actor;
        assert_ok(wheel_add(wheel, &actor));
        assert_int_equal(actor, i);
    }
}

static void turn_both(struct wheel *wheel, struct naive *naive, uint64_t seed)
{
    struct due due[ACTORS];
    size_t n = naive_turn(naive, due);
    assert_ok(wheel_turn(wheel));
    if (n != wheel->n_due)
        fail_msg("seed %llu: %zu are due, not %zu", (unsigned long long)seed, wheel->n_due, n);
    for (size_t i = 0; i < n; i++) {
        assert_int_equal(wheel->due[i].actor, due[i].actor);
        assert_true(wheel->due[i].time_ms == due[i].time_ms);
    }
}

/* From now, from the near past to far beyond both rings; most of them near. */
static int64_t some_delay(struct test_random *random)
{
    static const int64_t spans[] = { 3, 40, 1100, 5000, 60000, 1200000 };
    int64_t span = spans[test_random_below(random, 6)] * TICK_MS;
    return (int64_t)test_random_below(random, (uint64_t)span) - 2 * TICK_MS;
}

static void any_history_of_timers_rings_as_a_plain_list_does(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 6; seed++) {
        struct test_random random = { seed };
        static struct wheel wheel;
        struct naive naive = { .now = START_MS / TICK_MS };
        start(&wheel, ACTORS);
        for (uint32_t i = 0; i < ACTORS; i++)
            naive.due_ms[i] = -1;
        for (int tick = 0; tick < 6000; tick++) {
            for (uint64_t k = test_random_below(&random, 6); k > 0; k--) {
                uint32_t actor = (uint32_t)test_random_below(&random, ACTORS);
                int64_t due_ms = naive.now * TICK_MS + some_delay(&random);
                if (test_random_below(&random, 5) == 0) {
                    wheel_clear(&wheel, actor);
                    naive.due_ms[actor] = -1;
                } else {
                    wheel_set(&wheel, actor, due_ms);
                    naive_set(&naive, actor, due_ms);
                }
            }
            turn_both(&wheel, &naive, seed);
        }
        wheel_fini(&wheel);
    }
}

/* Near the ends of slots, rings, and of both rings together. */
static void a_timer_rings_in_its_tick_however_far_off_it_is(void **state)
{
    (void)state;
    enum { TURN = WHEEL_SLOTS, BOTH = WHEEL_SLOTS * WHEEL_LONG };
    static const int64_t ticks[] = { 0, 1, TURN - 1, TURN, TURN + 1, 2 * TURN - 1, 2 * TURN, 7 * TURN + 13,
        BOTH - TURN - 1, BOTH - TURN, BOTH - 1, BOTH, BOTH + 1, BOTH + TURN, 2 * (int64_t)BOTH + 5 };
    enum { N = sizeof ticks / sizeof *ticks };
    static struct wheel wheel;
    start(&wheel, N);
    int64_t begin = START_MS / TICK_MS;
    for (uint32_t i = 0; i < N; i++)
        wheel_set(&wheel, i, (begin + ticks[i]) * TICK_MS + 10 + i);
    size_t rung = 0;
    for (int64_t tick = 0; tick <= ticks[N - 1]; tick++) {
        assert_ok(wheel_turn(&wheel));
        for (size_t i = 0; i < wheel.n_due; i++) {
            assert_true(tick == ticks[rung]);
            assert_int_equal(wheel.due[i].actor, rung);
            rung++;
        }
    }
    assert_int_equal(rung, N);
    wheel_fini(&wheel);
}

static void within_a_tick_the_earlier_comes_first_then_the_smaller_number(void **state)
{
    (void)state;
    static struct wheel wheel;
    static const int ms[] = { 700, 20, 999, 20, 0, 700 };
    static const uint32_t want[] = { 4, 1, 3, 0, 5, 2 };
    /* In any order of setting. */
    for (uint32_t shift = 0; shift < 6; shift++) {
        start(&wheel, 6);
        for (uint32_t k = 0; k < 6; k++) {
            uint32_t i = (k * 5 + shift) % 6;
            wheel_set(&wheel, i, START_MS + 3 * TICK_MS + ms[i]);
        }
        for (int tick = 0; tick < 3; tick++) {
            assert_ok(wheel_turn(&wheel));
            assert_int_equal(wheel.n_due, 0);
        }
        assert_ok(wheel_turn(&wheel));
        assert_int_equal(wheel.n_due, 6);
        for (size_t i = 0; i < 6; i++)
            assert_int_equal(wheel.due[i].actor, want[i]);
        wheel_fini(&wheel);
    }
}

static void what_is_set_for_the_past_rings_next_as_far_into_the_tick(void **state)
{
    (void)state;
    static struct wheel wheel;
    start(&wheel, 1);
    for (int tick = 0; tick < 5; tick++)
        assert_ok(wheel_turn(&wheel));
    wheel_set(&wheel, 0, START_MS + 123);
    assert_ok(wheel_turn(&wheel));
    assert_int_equal(wheel.n_due, 1);
    assert_true(wheel.due[0].time_ms == START_MS + 5 * TICK_MS + 123);
    wheel_fini(&wheel);
}

static void a_timer_set_again_rings_once_and_a_cleared_one_never(void **state)
{
    (void)state;
    static struct wheel wheel;
    start(&wheel, 3);
    for (uint32_t i = 0; i < 3; i++)
        wheel_set(&wheel, i, START_MS + 2 * TICK_MS);
    wheel_set(&wheel, 1, START_MS + 2000 * TICK_MS);
    wheel_set(&wheel, 1, START_MS + 4 * TICK_MS);
    wheel_clear(&wheel, 2);
    wheel_clear(&wheel, 2);
    unsigned rung[3] = { 0 };
    for (int tick = 0; tick < 3000; tick++) {
        assert_ok(wheel_turn(&wheel));
        for (size_t i = 0; i < wheel.n_due; i++)
            rung[wheel.due[i].actor]++;
    }
    assert_int_equal(rung[0], 1);
    assert_int_equal(rung[1], 1);
    assert_int_equal(rung[2], 0);
    wheel_fini(&wheel);
}

static void without_memory_for_an_actor_the_others_still_ring(void **state)
{
    (void)state;
    static struct wheel wheel;
    uint32_t actor;
    start(&wheel, 1024);
    alloc_sweep_arm(0);
    assert_int_equal(wheel_add(&wheel, &actor), STATUS_NOMEM);
    assert_true(alloc_sweep_disarm());
    for (uint32_t i = 0; i < 1024; i++)
        wheel_set(&wheel, i, START_MS + i);
    alloc_sweep_arm(1); /* the list of those due grows twice */
    assert_int_equal(wheel_turn(&wheel), STATUS_NOMEM);
    assert_true(alloc_sweep_disarm());
    wheel_fini(&wheel);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_history_of_timers_rings_as_a_plain_list_does),
        cmocka_unit_test(a_timer_rings_in_its_tick_however_far_off_it_is),
        cmocka_unit_test(within_a_tick_the_earlier_comes_first_then_the_smaller_number),
        cmocka_unit_test(what_is_set_for_the_past_rings_next_as_far_into_the_tick),
        cmocka_unit_test(a_timer_set_again_rings_once_and_a_cleared_one_never),
        cmocka_unit_test(without_memory_for_an_actor_the_others_still_ring),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
