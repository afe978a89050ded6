#include "base/map.h"
#include "support/alloc_sweep.h"
#include "support/test.h"

#include <stdlib.h>
#include <string.h>

enum { KEYS = 512, STEPS = 200000 };

static uint64_t next(uint64_t *seed)
{
    uint64_t x = *seed += UINT64_C(0x9E3779B97F4A7C15);
    x = (x ^ x >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    x = (x ^ x >> 27) * UINT64_C(0x94D049BB133111EB);
    return x ^ x >> 31;
}

static void a_zeroed_map_is_empty(void **state)
{
    (void)state;
    struct u64_map map = { 0 };
    assert_int_equal(map_find(&map, 5), MAP_NONE);
    assert_int_equal(map_remove(&map, 5), MAP_NONE);
    map_clear(&map);
    map_fini(&map);
}

/* Slow oracle: an array indexed by key. */
static void it_agrees_with_a_plain_array_over_random_operations(void **state)
{
    (void)state;
    uint64_t seed = 11;
    uint32_t oracle[KEYS + 1];
    memset(oracle, 0xff, sizeof oracle);
    struct u64_map map;
    map_init(&map, KEYS);
    for (uint32_t i = 0; i < STEPS; i++) {
        uint64_t roll = next(&seed), key = 1 + roll % KEYS;
        if (roll >> 60 < 7) {
            assert_int_equal(map_remove(&map, key), oracle[key]);
            oracle[key] = MAP_NONE;
        } else {
            assert_ok(map_put(&map, key, i));
            oracle[key] = i;
        }
    }
    size_t n = 0;
    for (uint64_t key = 1; key <= KEYS; key++) {
        assert_int_equal(map_find(&map, key), oracle[key]);
        n += oracle[key] != MAP_NONE;
    }
    assert_int_equal(map.n, n);
    map_clear(&map);
    assert_int_equal(map_find(&map, 1), MAP_NONE);
    map_fini(&map);
}

static void it_holds_no_more_keys_than_stated(void **state)
{
    (void)state;
    struct u64_map map;
    map_init(&map, 100);
    for (uint64_t key = 1; key <= 100; key++)
        assert_ok(map_put(&map, key, 1));
    assert_int_equal(map_put(&map, 101, 1), STATUS_FULL);
    assert_ok(map_put(&map, 100, 2));
    assert_int_equal(map_find(&map, 100), 2);
    assert_true(map_bytes(&map) <= 100 * 32 + 1024);
    map_fini(&map);
}

static void after_a_reserve_puts_allocate_nothing(void **state)
{
    (void)state;
    struct u64_map map;
    map_init(&map, 1000);
    assert_ok(map_reserve(&map, 1000));
    alloc_sweep_arm(0);
    for (uint64_t key = 1; key <= 1000; key++)
        assert_ok(map_put(&map, key, 1));
    assert_false(alloc_sweep_disarm());
    map_fini(&map);
}

static void a_failed_allocation_leaves_it_as_it_was(void **state)
{
    (void)state;
    for (long nth = 0; nth < 2; nth++) {
        struct u64_map map;
        map_init(&map, 1000);
        for (uint64_t key = 1; key <= 12; key++)
            assert_ok(map_put(&map, key, (uint32_t)key));
        alloc_sweep_arm(nth);
        enum status st = map_put(&map, 13, 13);
        assert_true(alloc_sweep_disarm());
        assert_int_equal(st, STATUS_NOMEM);
        assert_int_equal(map.n, 12);
        assert_int_equal(map_find(&map, 12), 12);
        map_fini(&map);
    }
}

static void values_can_be_replaced_all_at_once(void **state)
{
    (void)state;
    struct u64_map map;
    uint32_t values[KEYS];
    map_init(&map, KEYS);
    for (uint32_t i = 0; i < KEYS; i++) {
        assert_int_equal(map_put(&map, i + 1, i), STATUS_OK);
        values[i] = 7 * i + 1;
    }
    map_revalue(&map, values);
    for (uint32_t i = 0; i < KEYS; i++)
        assert_int_equal(map_find(&map, i + 1), 7 * i + 1);
    map_fini(&map);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_zeroed_map_is_empty),
        cmocka_unit_test(values_can_be_replaced_all_at_once),
        cmocka_unit_test(it_agrees_with_a_plain_array_over_random_operations),
        cmocka_unit_test(it_holds_no_more_keys_than_stated),
        cmocka_unit_test(after_a_reserve_puts_allocate_nothing),
        cmocka_unit_test(a_failed_allocation_leaves_it_as_it_was),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
