#include "campaign/adjacency.h"

#include "support/random.h"
#include "support/test.h"

#include <string.h>

enum { LISTS = 20, ITEMS = 30 };

struct naive {
    bool has[LISTS][ITEMS];
    size_t n, n_items;
};

static void assert_equal(const struct adjacency *lists, const struct naive *naive)
{
    uint32_t at = 0;
    assert_int_equal(lists->n, naive->n);
    for (uint32_t i = 0; i < naive->n; i++) {
        assert_int_equal(lists->start[i], at);
        for (uint32_t item = 0; item < ITEMS; item++) {
            assert_int_equal(adjacency_has(lists, i, item), naive->has[i][item]);
            if (naive->has[i][item])
                assert_int_equal(lists->items[at++], item);
        }
    }
    assert_int_equal(lists->start[naive->n], at);
    assert_false(adjacency_has(lists, (uint32_t)naive->n, 0));
}

/* Some pairs that are not there yet, ascending; there may be more lists than before. */
static void add(struct adjacency *lists, struct naive *naive, struct test_random *random)
{
    uint64_t pairs[LISTS * ITEMS], share = test_random_below(random, 30);
    size_t n = 0, before = 0;
    naive->n += test_random_below(random, LISTS + 1 - naive->n);
    for (uint64_t i = 0; i < naive->n; i++)
        for (uint64_t item = 0; item < ITEMS; item++) {
            before += naive->has[i][item];
            if (naive->has[i][item] || test_random_below(random, 100) >= share)
                continue;
            naive->has[i][item] = true;
            pairs[n++] = i << 32 | item;
        }
    assert_ok(adjacency_reserve(lists, naive->n, before + n));
    adjacency_add(lists, naive->n, pairs, n);
    assert_equal(lists, naive);
}

static void drop(struct adjacency *lists, struct naive *naive, struct test_random *random)
{
    uint32_t moved[LISTS], items_moved[ITEMS], kept = 0, kept_items = 0;
    struct naive after = { .has = { { false } } };
    for (size_t i = 0; i < LISTS; i++)
        moved[i] = i < naive->n && test_random_below(random, 4) ? kept++ : UINT32_MAX;
    for (size_t i = 0; i < ITEMS; i++)
        items_moved[i] = test_random_below(random, 10) ? kept_items++ : UINT32_MAX;
    for (size_t i = 0; i < naive->n; i++)
        for (size_t item = 0; item < ITEMS; item++)
            if (moved[i] != UINT32_MAX && items_moved[item] != UINT32_MAX)
                after.has[moved[i]][items_moved[item]] = naive->has[i][item];
    after.n = kept;
    adjacency_renumber(lists, moved, items_moved);
    *naive = after;
    assert_equal(lists, naive);
}

static void merged_and_renumbered_lists_equal_naive_ones(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 200; seed++) {
        struct test_random random = { seed };
        struct adjacency lists = { 0 };
        struct naive naive = { .has = { { false } } };
        for (int step = 0; step < 12; step++) {
            add(&lists, &naive, &random);
            if (test_random_below(&random, 3) == 0)
                drop(&lists, &naive, &random);
        }
        adjacency_fini(&lists);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(merged_and_renumbered_lists_equal_naive_ones),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
