#include "account/list.h"
#include "support/alloc_sweep.h"
#include "support/test.h"

static void a_list_keeps_what_it_holds_while_it_grows(void **state)
{
    (void)state;
    struct usage_list list = { 0 };
    for (uint64_t i = 0; i < 5000; i++)
        assert_ok(usage_list_add(&list, &(struct usage){ .account = i }));
    for (uint64_t i = 0; i < 5000; i++)
        assert_int_equal(list.items[i].account, i);
    assert_int_equal(list.n, 5000);
    usage_list_fini(&list);
    assert_null(list.items);
}

static void reserving_makes_room_for_so_many_more(void **state)
{
    (void)state;
    struct sighting_list list = { 0 };
    assert_ok(sighting_list_reserve(&list, 1000));
    assert_true(list.capacity >= 1000);
    list.n = list.capacity - 3;
    assert_ok(sighting_list_reserve(&list, 3));
    size_t before = list.capacity;
    assert_ok(sighting_list_reserve(&list, 4));
    assert_true(list.capacity > before);
    sighting_list_fini(&list);
}

static void a_list_that_cannot_grow_stays_as_it_was(void **state)
{
    (void)state;
    struct usage_list list = { 0 };
    bool failed = true;
    for (long nth = 0; failed; nth++) {
        struct usage_list before;
        alloc_sweep_arm(nth);
        enum status st;
        do {
            before = list;
            st = usage_list_add(&list, &(struct usage){ .account = 1 });
        } while (st == STATUS_OK && list.n < 2000);
        failed = alloc_sweep_disarm();
        if (failed)
            assert_memory_equal(&list, &before, sizeof list);
        assert_int_equal(st, failed ? STATUS_NOMEM : STATUS_OK);
    }
    usage_list_fini(&list);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_list_keeps_what_it_holds_while_it_grows),
        cmocka_unit_test(reserving_makes_room_for_so_many_more),
        cmocka_unit_test(a_list_that_cannot_grow_stays_as_it_was),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
