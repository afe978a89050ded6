#include "sketch/rand_index.h"

#include "support/random.h"
#include "support/test.h"

#include <math.h>
#include <stdbool.h>

static double index_of(const uint32_t *left, const uint32_t *right, size_t n)
{
    struct contingency table;
    assert_ok(contingency_init(&table, left, right, n));
    double value = rand_index_adjusted(&table);
    contingency_fini(&table);
    return value;
}

/* Pair by pair, with the four counts of the paper. */
static double slow_index(const uint32_t *left, const uint32_t *right, size_t n)
{
    double both = 0, in_left = 0, in_right = 0, all = 0;
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < i; j++) {
            both += left[i] == left[j] && right[i] == right[j];
            in_left += left[i] == left[j];
            in_right += right[i] == right[j];
            all++;
        }
    double chance = in_left * in_right / all;
    return (both - chance) / ((in_left + in_right) / 2 - chance);
}

/* Yeung, Ruzzo, "Details of the adjusted Rand index", 2001: ten items, rows 1 1 0, 1 2 1, 0 0 4; ARI 0.313. */
static void a_worked_example_gives_its_published_value(void **state)
{
    (void)state;
    const uint32_t left[] = { 1, 1, 2, 2, 2, 2, 3, 3, 3, 3 };
    const uint32_t right[] = { 1, 2, 1, 2, 2, 3, 3, 3, 3, 3 };
    assert_true(fabs(index_of(left, right, 10) - 0.31257344300822565) < 1e-12);
    const uint32_t two[] = { 0, 0, 1, 1 }, three[] = { 0, 0, 1, 2 };
    assert_true(fabs(index_of(two, three, 4) - 4.0 / 7) < 1e-12);
}

static void it_is_what_counting_all_pairs_gives(void **state)
{
    (void)state;
    struct test_random random = { 11 };
    for (unsigned round = 0; round < 500; round++) {
        uint32_t left[30], right[30];
        size_t n = 2 + test_random_below(&random, 29);
        for (size_t i = 0; i < n; i++) {
            left[i] = (uint32_t)test_random_below(&random, 6);
            right[i] = test_random_below(&random, 2) ? left[i] : (uint32_t)test_random_below(&random, 9);
        }
        double slow = slow_index(left, right, n), fast = index_of(left, right, n);
        assert_true(isnan(slow) || fabs(slow - fast) < 1e-12);
    }
}

static void the_same_partition_under_other_names_gives_one(void **state)
{
    (void)state;
    struct test_random random = { 13 };
    for (unsigned round = 0; round < 100; round++) {
        uint32_t left[20], right[20];
        for (size_t i = 0; i < 20; i++) {
            left[i] = (uint32_t)test_random_below(&random, 1 + round % 7);
            right[i] = 1000 - 7 * left[i];
        }
        assert_true(index_of(left, right, 20) == 1);
    }
}

static void one_cluster_against_single_items_is_chance(void **state)
{
    (void)state;
    const uint32_t one[] = { 1, 1, 1, 1 }, alone[] = { 1, 2, 3, 4 };
    assert_true(index_of(one, alone, 4) == 0);
}

static void where_no_two_items_are_together_there_is_no_value(void **state)
{
    (void)state;
    const uint32_t alone[] = { 1, 2, 3, 4 };
    assert_true(isnan(index_of(alone, alone, 4)));
    assert_true(isnan(index_of(alone, alone, 1)));
    assert_true(isnan(index_of(NULL, NULL, 0)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_worked_example_gives_its_published_value),
        cmocka_unit_test(it_is_what_counting_all_pairs_gives),
        cmocka_unit_test(the_same_partition_under_other_names_gives_one),
        cmocka_unit_test(one_cluster_against_single_items_is_chance),
        cmocka_unit_test(where_no_two_items_are_together_there_is_no_value),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
