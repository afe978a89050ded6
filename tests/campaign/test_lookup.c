#include "campaign/lookup.h"

#include "support/alloc_sweep.h"
#include "support/random.h"
#include "support/test.h"

enum { KEYS = 900, STEPS = 20000 };

struct item {
    uint64_t key;
    uint32_t other;
};

static struct item items[STEPS];
static const struct lookup_items all = { items, sizeof items[0] };

/* Keys come and go; each time a key comes it gets the next item. */
static void run(uint64_t seed)
{
    struct test_random random = { seed };
    struct lookup lookup = { 0 };
    static uint32_t naive[KEYS + 1];
    uint32_t n = 0;
    size_t held = 0;
    for (size_t key = 0; key <= KEYS; key++)
        naive[key] = LOOKUP_NONE;
    for (int step = 0; step < STEPS; step++) {
        uint64_t key = 1 + test_random_below(&random, step < STEPS / 2 ? KEYS : KEYS / 10);
        assert_int_equal(lookup_find(&lookup, all, key), naive[key]);
        if (naive[key] != LOOKUP_NONE) {
            assert_int_equal(lookup_remove(&lookup, all, key), naive[key]);
            assert_int_equal(lookup_remove(&lookup, all, key), LOOKUP_NONE);
            items[naive[key]].key = 0;
            naive[key] = LOOKUP_NONE;
            held--;
        } else {
            while (lookup_reserve(&lookup, all, lookup.n + 1) != STATUS_OK)
                alloc_sweep_disarm();
            items[n].key = key;
            lookup_put(&lookup, key, n);
            naive[key] = n++;
            held++;
        }
        assert_int_equal(lookup.n, held);
    }
    for (uint64_t key = 1; key <= KEYS; key++)
        assert_int_equal(lookup_find(&lookup, all, key), naive[key]);
    lookup_fini(&lookup);
}

static void what_was_put_is_found_until_it_is_removed(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 10; seed++)
        run(seed);
}

static void without_memory_it_stays_as_it_was(void **state)
{
    (void)state;
    for (long nth = 0; nth < 6; nth++) {
        alloc_sweep_arm(nth);
        run(3);
        alloc_sweep_disarm();
    }
}

static void nothing_is_found_where_nothing_was_put(void **state)
{
    (void)state;
    struct lookup lookup = { 0 };
    assert_int_equal(lookup_find(&lookup, all, 7), LOOKUP_NONE);
    assert_int_equal(lookup_remove(&lookup, all, 7), LOOKUP_NONE);
    assert_ok(lookup_reserve(&lookup, all, 10));
    items[0].key = 7;
    lookup_put(&lookup, 7, 0);
    assert_int_equal(lookup_find(&lookup, all, 0), LOOKUP_NONE);
    lookup_clear(&lookup);
    assert_int_equal(lookup_find(&lookup, all, 7), LOOKUP_NONE);
    lookup_fini(&lookup);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_put_is_found_until_it_is_removed),
        cmocka_unit_test(without_memory_it_stays_as_it_was),
        cmocka_unit_test(nothing_is_found_where_nothing_was_put),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
