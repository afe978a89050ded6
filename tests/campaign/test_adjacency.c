#include "campaign/adjacency.h"

#include "support/alloc_sweep.h"
#include "support/random.h"
#include "support/test.h"

#include <string.h>

enum { LISTS = 20, ITEMS = 300 };

struct naive {
    bool has[LISTS][ITEMS];
    size_t n;
};

static void assert_equal(const struct adjacency *lists, const struct naive *naive)
{
    size_t pairs = 0;
    assert_int_equal(lists->n, naive->n);
    for (uint32_t i = 0; i < naive->n; i++) {
        struct indices list = adjacency_at(lists, i);
        uint32_t at = 0;
        for (uint32_t item = 0; item < ITEMS; item++) {
            assert_int_equal(adjacency_has(lists, i, item), naive->has[i][item]);
            if (naive->has[i][item]) {
                assert_int_equal(at < list.n ? list.items[at] : ITEMS, item);
                at++;
            }
        }
        assert_int_equal(list.n, at);
        pairs += at;
    }
    assert_int_equal(lists->n_pairs, pairs);
    assert_false(adjacency_has(lists, (uint32_t)naive->n, 0));
}

static void widen(struct adjacency *lists, struct naive *naive, struct test_random *random)
{
    naive->n += test_random_below(random, LISTS + 1 - naive->n);
    while (adjacency_widen(lists, naive->n) != STATUS_OK)
        alloc_sweep_disarm();
}

static void turn(struct adjacency *lists, struct naive *naive, struct test_random *random)
{
    uint32_t i = (uint32_t)test_random_below(random, naive->n);
    uint32_t item = (uint32_t)test_random_below(random, ITEMS);
    if (naive->has[i][item])
        adjacency_remove(lists, i, item);
    while (!naive->has[i][item] && adjacency_insert(lists, i, item) != STATUS_OK)
        alloc_sweep_disarm();
    naive->has[i][item] = !naive->has[i][item];
    adjacency_remove(lists, i, ITEMS); /* is not there */
}

static void clear(struct adjacency *lists, struct naive *naive, struct test_random *random)
{
    uint32_t i = (uint32_t)test_random_below(random, naive->n);
    adjacency_clear(lists, i);
    memset(naive->has[i], 0, sizeof naive->has[i]);
}

/* Lists that are to go are emptied, items that are to go removed. */
static void renumber(struct adjacency *lists, struct naive *naive, struct test_random *random)
{
    uint32_t moved[LISTS], items_moved[ITEMS], kept = 0, kept_items = 0;
    struct naive after = { .n = 0 };
    for (uint32_t i = 0; i < naive->n; i++)
        moved[i] = test_random_below(random, 4) ? kept++ : UINT32_MAX;
    for (uint32_t item = 0; item < ITEMS; item++)
        items_moved[item] = test_random_below(random, 10) ? kept_items++ : UINT32_MAX;
    for (uint32_t i = 0; i < naive->n; i++)
        for (uint32_t item = 0; item < ITEMS; item++) {
            if (moved[i] != UINT32_MAX && items_moved[item] != UINT32_MAX)
                after.has[moved[i]][items_moved[item]] = naive->has[i][item];
            else
                adjacency_remove(lists, i, item);
        }
    after.n = kept;
    adjacency_renumber(lists, moved, items_moved);
    *naive = after;
}

static void run(uint64_t seed, int steps)
{
    struct test_random random = { seed };
    struct adjacency lists = { 0 };
    struct naive naive = { .n = 0 };
    for (int step = 0; step < steps; step++) {
        widen(&lists, &naive, &random);
        for (uint64_t n = test_random_below(&random, 400); n > 0 && naive.n > 0; n--)
            turn(&lists, &naive, &random);
        if (naive.n > 0 && test_random_below(&random, 4) == 0)
            clear(&lists, &naive, &random);
        if (test_random_below(&random, 6) == 0)
            renumber(&lists, &naive, &random);
        assert_equal(&lists, &naive);
    }
    adjacency_fini(&lists);
}

static void lists_equal_naive_ones_over_random_histories(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 60; seed++)
        run(seed, 30);
}

static void what_ran_out_of_memory_can_be_done_again(void **state)
{
    (void)state;
    for (long nth = 0; nth < 40; nth++) {
        alloc_sweep_arm(nth);
        run(7, 12);
        alloc_sweep_disarm();
    }
}

/* Lists that grow and are emptied by turns leave freed blocks of every size behind. */
static void the_pool_is_bounded_by_what_it_holds(void **state)
{
    (void)state;
    enum { WIDE = 200, ROUNDS = 40 };
    struct adjacency lists = { 0 };
    size_t most = 0;
    assert_ok(adjacency_widen(&lists, WIDE));
    for (uint32_t round = 0; round < ROUNDS; round++) {
        for (uint32_t i = 0; i < WIDE; i++)
            for (uint32_t item = 0; item < 20 + 7 * round; item++)
                if (!adjacency_has(&lists, i, item))
                    assert_ok(adjacency_insert(&lists, i, item));
        most = lists.n_pairs > most ? lists.n_pairs : most;
        assert_true(lists.items_room <= most * 5 / 4 * 4 / 3 * 17 / 16 + 2048);
        for (uint32_t i = round % 3; i < WIDE; i += 3)
            adjacency_clear(&lists, i);
    }
    adjacency_fini(&lists);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lists_equal_naive_ones_over_random_histories),
        cmocka_unit_test(what_ran_out_of_memory_can_be_done_again),
        cmocka_unit_test(the_pool_is_bounded_by_what_it_holds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
