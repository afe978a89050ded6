#include "object/tie_list.h"
#include "sightings.h"
#include "support/alloc_sweep.h"

static void ties_are_ordered_by_object_then_time_then_as_made(void **state)
{
    (void)state;
    uint64_t seed = 3;
    print_message("seed %llu\n", (unsigned long long)seed);
    for (size_t n = 0; n < 70; n++) {
        struct tie_list list = { 0 };
        for (size_t i = 0; i < n + 2; i++) {
            assert_ok(tie_list_reserve(&list, 1));
            struct tie tie = { .object = below(&seed, 4), .time_ms = below(&seed, 4), .a = i };
            tie_list_add(&list, &tie);
        }
        tie_list_sort(&list, 2);
        assert_int_equal(list.items[0].a, 0);
        assert_int_equal(list.items[1].a, 1);
        for (size_t i = 3; i < list.n; i++) {
            const struct tie *x = &list.items[i - 1], *y = &list.items[i];
            assert_true(x->object < y->object ||
                        (x->object == y->object &&
                            (x->time_ms < y->time_ms || (x->time_ms == y->time_ms && x->a < y->a))));
        }
        tie_list_fini(&list);
    }
}

static void an_empty_list_is_in_order(void **state)
{
    (void)state;
    struct tie_list list = { 0 };
    tie_list_sort(&list, 0);
    assert_int_equal(list.n, 0);
    tie_list_fini(&list);
}

static void without_memory_the_list_stays_as_it_is(void **state)
{
    (void)state;
    struct tie_list list = { 0 };
    assert_ok(tie_list_reserve(&list, 4));
    tie_list_add(&list, &(struct tie){ .a = 7 });
    size_t capacity = list.capacity;
    alloc_sweep_arm(0);
    assert_int_equal(tie_list_reserve(&list, 1000), STATUS_NOMEM);
    assert_true(alloc_sweep_disarm());
    assert_int_equal(list.capacity, capacity);
    assert_int_equal(list.n, 1);
    assert_int_equal(list.items[0].a, 7);
    tie_list_fini(&list);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ties_are_ordered_by_object_then_time_then_as_made),
        cmocka_unit_test(an_empty_list_is_in_order),
        cmocka_unit_test(without_memory_the_list_stays_as_it_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
