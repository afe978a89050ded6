#include "sketch/bcubed.h"

#include "support/random.h"
#include "support/test.h"

#include <math.h>

static struct bcubed measure(const uint32_t *left, const uint32_t *right, size_t n)
{
    struct contingency table;
    assert_ok(contingency_init(&table, left, right, n));
    struct bcubed value = bcubed_measure(&table);
    contingency_fini(&table);
    return value;
}

/* Item by item, as the paper says it. */
static struct bcubed slow_measure(const uint32_t *left, const uint32_t *right, size_t n)
{
    struct bcubed sum = { 0, 0 };
    for (size_t i = 0; i < n; i++) {
        double both = 0, in_left = 0, in_right = 0;
        for (size_t j = 0; j < n; j++) {
            both += left[i] == left[j] && right[i] == right[j];
            in_left += left[i] == left[j];
            in_right += right[i] == right[j];
        }
        sum.precision += both / in_right / (double)n;
        sum.recall += both / in_left / (double)n;
    }
    return sum;
}

/* Bagga, Baldwin, 1998: chains 1-5, 6-7, 8-C; merging the second and third costs less than the first and third. */
static void the_example_of_the_paper_gives_its_values(void **state)
{
    (void)state;
    const uint32_t truth[] = { 1, 1, 1, 1, 1, 2, 2, 3, 3, 3, 3, 3 };
    const uint32_t first[] = { 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2 };
    const uint32_t second[] = { 1, 1, 1, 1, 1, 2, 2, 1, 1, 1, 1, 1 };
    struct bcubed value = measure(truth, first, 12);
    assert_true(fabs(value.precision - 16.0 / 21) < 1e-12); /* 76 % */
    assert_true(value.recall == 1);
    value = measure(truth, second, 12);
    assert_true(fabs(value.precision - 7.0 / 12) < 1e-12); /* 58 % */
    assert_true(value.recall == 1);
}

static void it_is_what_going_item_by_item_gives(void **state)
{
    (void)state;
    struct test_random random = { 17 };
    for (unsigned round = 0; round < 500; round++) {
        uint32_t left[30], right[30];
        size_t n = 1 + test_random_below(&random, 30);
        for (size_t i = 0; i < n; i++) {
            left[i] = (uint32_t)test_random_below(&random, 6);
            right[i] = test_random_below(&random, 2) ? left[i] : (uint32_t)test_random_below(&random, 9);
        }
        struct bcubed fast = measure(left, right, n), slow = slow_measure(left, right, n);
        assert_true(fabs(fast.precision - slow.precision) < 1e-12);
        assert_true(fabs(fast.recall - slow.recall) < 1e-12);
    }
}

static void single_items_are_precise_and_one_cluster_recalls(void **state)
{
    (void)state;
    const uint32_t one[] = { 1, 1, 1, 1 }, alone[] = { 1, 2, 3, 4 };
    struct bcubed value = measure(one, alone, 4);
    assert_true(value.precision == 1 && value.recall == 0.25);
    value = measure(alone, one, 4);
    assert_true(value.precision == 0.25 && value.recall == 1);
}

static void over_nothing_there_is_no_value(void **state)
{
    (void)state;
    struct bcubed value = measure(NULL, NULL, 0);
    assert_true(isnan(value.precision) && isnan(value.recall));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_example_of_the_paper_gives_its_values),
        cmocka_unit_test(it_is_what_going_item_by_item_gives),
        cmocka_unit_test(single_items_are_precise_and_one_cluster_recalls),
        cmocka_unit_test(over_nothing_there_is_no_value),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
