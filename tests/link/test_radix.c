#include "link/radix.h"

#include "support/alloc_sweep.h"
#include "support/random.h"
#include "support/test.h"

#include <stdlib.h>
#include <string.h>

enum { N = 5000 };

static int ascending(const void *left, const void *right)
{
    const uint64_t *a = left;
    const uint64_t *b = right;
    return (*a > *b) - (*a < *b);
}

static void numbers_of_any_width_come_in_the_order_of_qsort(void **state)
{
    (void)state;
    struct test_random random = { 1 };
    static uint64_t items[N];
    static uint64_t sorted[N];
    for (unsigned bits = 1; bits <= 64; bits += 7) {
        size_t n = (size_t)test_random_below(&random, N);
        for (size_t i = 0; i < n; i++)
            items[i] = sorted[i] = test_random_u64(&random) >> (64 - bits);
        qsort(sorted, n, sizeof *sorted, ascending);
        assert_ok(radix_sort(items, n));
        assert_memory_equal(items, sorted, n * sizeof *items);
    }
}

static void without_memory_they_stay_as_they_were(void **state)
{
    (void)state;
    uint64_t items[3] = { 3, 1, 2 };
    alloc_sweep_arm(0);
    assert_int_equal(radix_sort(items, 3), STATUS_NOMEM);
    alloc_sweep_disarm();
    assert_int_equal(items[0], 3);
    assert_int_equal(items[2], 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_of_any_width_come_in_the_order_of_qsort),
        cmocka_unit_test(without_memory_they_stay_as_they_were),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
