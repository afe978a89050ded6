#include "rival/history.h"

#include "support/alloc_sweep.h"
#include "support/test.h"

static void push(struct history *history, int8_t value, uint32_t most)
{
    int8_t vector[QUERY_DIMS] = { value };
    assert_ok(history_push(history, vector, most));
}

static uint32_t nearest(const struct history *history, int8_t value)
{
    int8_t vector[QUERY_DIMS] = { value };
    return history_nearest(history, vector);
}

static void a_full_history_forgets_its_oldest(void **state)
{
    (void)state;
    struct history history = { 0 };
    assert_int_equal(nearest(&history, 1), UINT32_MAX);
    for (int i = 0; i < 100; i++) {
        push(&history, (int8_t)i, 20);
        assert_int_equal(history.n, i < 20 ? i + 1 : 20);
        for (int j = 0; j <= i; j++) {
            int gap = j > i - 20 ? 0 : i - 19 - j;
            assert_int_equal(nearest(&history, (int8_t)j), gap * gap);
        }
    }
    assert_int_equal(history.capacity, 20);
    history_fini(&history);
}

static void a_failed_allocation_leaves_the_history_as_it_was(void **state)
{
    (void)state;
    struct history history = { 0 };
    int8_t vector[QUERY_DIMS] = { 9 };
    for (int i = 0; i < 8; i++)
        push(&history, 1, 100);
    alloc_sweep_arm(0);
    assert_int_equal(history_push(&history, vector, 100), STATUS_NOMEM);
    assert_true(alloc_sweep_disarm());
    assert_int_equal(history.n, 8);
    assert_int_equal(nearest(&history, 9), 64);
    history_fini(&history);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_full_history_forgets_its_oldest),
        cmocka_unit_test(a_failed_allocation_leaves_the_history_as_it_was),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
