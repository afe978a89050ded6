#include "link/acts.h"

#include "support/alloc_sweep.h"
#include "support/random.h"
#include "support/test.h"

#include <stdio.h>
#include <string.h>

static void add(struct acts *acts, const char *account, const char *object, int64_t time_ms)
{
    assert_ok(acts_add(acts, span_of(account), span_of(object), (struct span){ 0 }, time_ms));
}

static void the_first_act_of_an_account_on_an_object_counts(void **state)
{
    (void)state;
    struct acts acts;
    acts_init(&acts, &(struct acts_limits){ 10, 10, 10 });
    add(&acts, "a", "x", 30);
    add(&acts, "a", "x", 10);
    add(&acts, "b", "x", 20);
    add(&acts, "a", "y", 40);
    assert_ok(acts_settle(&acts));
    assert_int_equal(acts.n, 3);
    assert_int_equal(acts.repeats, 1);
    assert_int_equal(acts.items[0].time_ms, 10);
    assert_int_equal(acts_of(&acts, 0), 2);
    assert_int_equal(acts_of(&acts, 1), 1);
    acts_fini(&acts);
}

static void both_orders_list_every_act_once(void **state)
{
    (void)state;
    enum { N = 4000, SIDE = 50 };
    struct test_random random = { 2 };
    struct acts acts;
    char account[16];
    char object[16];
    static bool first[SIDE][SIDE];
    size_t expected = 0;
    acts_init(&acts, &(struct acts_limits){ SIDE, SIDE, N });
    for (size_t i = 0; i < N; i++) {
        uint64_t a = test_random_below(&random, SIDE);
        uint64_t o = test_random_below(&random, SIDE);
        snprintf(account, sizeof account, "%u", (unsigned)a);
        snprintf(object, sizeof object, "%u", (unsigned)o);
        expected += !first[a][o];
        first[a][o] = true;
        add(&acts, account, object, (int64_t)test_random_below(&random, 1000));
    }
    assert_ok(acts_settle(&acts));
    assert_int_equal(acts.n, expected);
    for (uint32_t o = 0; o < acts.objects.n; o++)
        for (uint32_t i = acts.object_start[o]; i < acts.object_start[o + 1]; i++) {
            assert_int_equal(acts.items[i].object, o);
            assert_true(i == acts.object_start[o] || acts.items[i - 1].time_ms <= acts.items[i].time_ms);
        }
    for (uint32_t a = 0; a < acts.accounts.n; a++)
        for (uint32_t i = acts.account_start[a]; i < acts.account_start[a + 1]; i++)
            assert_int_equal(acts.items[acts.account_acts[i]].account, a);
    assert_int_equal(acts.object_start[acts.objects.n], acts.n);
    assert_int_equal(acts.account_start[acts.accounts.n], acts.n);
    acts_fini(&acts);
}

static void what_exceeds_a_limit_is_left_out_and_counted(void **state)
{
    (void)state;
    struct acts acts;
    acts_init(&acts, &(struct acts_limits){ 2, 1, 3 });
    add(&acts, "a", "x", 1);
    add(&acts, "b", "x", 2);
    add(&acts, "c", "x", 3); /* accounts are full */
    add(&acts, "a", "y", 4); /* objects are */
    add(&acts, "a", "x", 5);
    add(&acts, "b", "x", 6); /* acts are */
    assert_int_equal(acts.left_out, 3);
    assert_ok(acts_settle(&acts));
    assert_int_equal(acts.n, 2);
    acts_fini(&acts);
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    enum status st = STATUS_NOMEM;
    for (long nth = 0; st == STATUS_NOMEM; nth++) {
        struct acts acts;
        acts_init(&acts, &(struct acts_limits){ 10, 10, 10 });
        alloc_sweep_arm(nth);
        st = acts_add(&acts, SPAN("a"), SPAN("x"), SPAN("k"), 1);
        if (st == STATUS_OK)
            st = acts_settle(&acts);
        alloc_sweep_disarm();
        acts_fini(&acts);
    }
    assert_ok(st);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_act_of_an_account_on_an_object_counts),
        cmocka_unit_test(both_orders_list_every_act_once),
        cmocka_unit_test(what_exceeds_a_limit_is_left_out_and_counted),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
