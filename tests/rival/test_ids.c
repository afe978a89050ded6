#include "rival/ids.h"

#include "support/alloc_sweep.h"
#include "support/test.h"

#include <stdlib.h>

static void numbers_go_by_first_appearance(void **state)
{
    (void)state;
    struct ids ids;
    uint32_t index;
    ids_init(&ids, 1000);
    for (uint64_t i = 0; i < 500; i++) {
        assert_ok(ids_add(&ids, 7000 - i, &index));
        assert_int_equal(index, i);
    }
    assert_ok(ids_add(&ids, 7000 - 123, &index));
    assert_int_equal(index, 123);
    assert_int_equal(ids.hashes[499], 7000 - 499);
    ids_clear(&ids);
    assert_ok(ids_add(&ids, 5, &index));
    assert_int_equal(index, 0);
    ids_fini(&ids);
}

static void a_full_table_leaves_newcomers_out_and_counts_them(void **state)
{
    (void)state;
    struct ids ids;
    uint32_t index;
    ids_init(&ids, 2);
    for (uint64_t hash = 1; hash <= 4; hash++) {
        assert_ok(ids_add(&ids, hash, &index));
        assert_int_equal(index, hash <= 2 ? hash - 1 : MAP_NONE);
    }
    assert_ok(ids_add(&ids, 2, &index));
    assert_int_equal(index, 1);
    assert_ok(ids_add(&ids, 0, &index));
    assert_int_equal(index, MAP_NONE);
    assert_int_equal(ids.left_out, 2);
    ids_fini(&ids);
}

static void running_out_of_memory_leaves_the_table_as_it_was(void **state)
{
    (void)state;
    struct ids ids;
    uint32_t index;
    ids_init(&ids, 100);
    enum status st = STATUS_NOMEM;
    for (long n = 0; st != STATUS_OK; n++) {
        index = 77;
        alloc_sweep_arm(n);
        st = ids_add(&ids, 9, &index);
        assert_int_equal(alloc_sweep_disarm(), st != STATUS_OK);
        assert_int_equal(ids.n, st == STATUS_OK);
        assert_int_equal(index, st == STATUS_OK ? 0 : 77);
    }
    ids_fini(&ids);
}

static void what_an_array_gains_is_zero(void **state)
{
    (void)state;
    struct ids ids;
    uint32_t *items = NULL;
    size_t capacity = 0;
    ids_init(&ids, 1);
    for (size_t n = 1; n <= 1000; n *= 3) {
        size_t before = capacity;
        assert_ok(ids_widen((void **)&items, &capacity, n, sizeof *items));
        assert_true(capacity >= n);
        for (size_t i = before; i < capacity; i++) {
            assert_int_equal(items[i], 0);
            items[i] = 5;
        }
    }
    free(items);
    ids_fini(&ids);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_go_by_first_appearance),
        cmocka_unit_test(a_full_table_leaves_newcomers_out_and_counts_them),
        cmocka_unit_test(running_out_of_memory_leaves_the_table_as_it_was),
        cmocka_unit_test(what_an_array_gains_is_zero),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
