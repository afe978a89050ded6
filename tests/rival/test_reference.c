#include "rival/reference.h"

#include "support/random.h"
#include "support/test.h"

#include <math.h>
#include <stdlib.h>

static void add(struct reference *reference, int64_t time_ms, int value)
{
    int8_t vector[QUERY_DIMS] = { (int8_t)(value % 128), (int8_t)(value / 128 % 128) };
    assert_false(reference_add(reference, time_ms, vector));
}

static int value_at(const struct reference *reference, size_t i)
{
    return reference->vectors[i][0] + 128 * reference->vectors[i][1];
}

static void the_sample_ends_with_the_first_day_and_enough_queries(void **state)
{
    (void)state;
    struct reference reference;
    int8_t vector[QUERY_DIMS] = { 1 };
    assert_ok(reference_init(&reference));
    add(&reference, 1000, 1);
    for (int i = 1; i < REFERENCE_LEAST; i++)
        add(&reference, 1000 + 2 * REFERENCE_MS, i);
    assert_true(reference_add(&reference, 1000 + 2 * REFERENCE_MS, vector));
    assert_true(reference_add(&reference, 1000, vector));
    assert_int_equal(reference.n, REFERENCE_LEAST);
    reference_fini(&reference);
}

/* Each of 4 REFERENCE_MOST queries is kept with probability 1/4. */
static void early_and_late_queries_are_kept_alike(void **state)
{
    (void)state;
    struct reference reference;
    size_t quarter[4] = { 0 };
    assert_ok(reference_init(&reference));
    for (int i = 0; i < 4 * REFERENCE_MOST; i++)
        add(&reference, i, i);
    assert_int_equal(reference.n, REFERENCE_MOST);
    for (size_t i = 0; i < reference.n; i++)
        quarter[value_at(&reference, i) / REFERENCE_MOST]++;
    for (size_t i = 0; i < 4; i++)
        assert_true(fabs((double)quarter[i] - REFERENCE_MOST / 4.0) < 4 * sqrt(REFERENCE_MOST * 3.0 / 16));
    reference_fini(&reference);
}

static int by_value(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a;
    uint32_t y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

static void the_pair_quantile_is_that_of_all_sorted_pairs(void **state)
{
    (void)state;
    struct test_random random = { 17 };
    struct reference reference;
    uint32_t *distances = calloc(300 * 299 / 2, sizeof *distances), quantile;
    size_t n = 0;
    assert_ok(reference_init(&reference));
    assert_ok(reference_pair_quantile(&reference, 0.5, &quantile));
    assert_int_equal(quantile, 0);
    for (size_t i = 0; i < 300; i++) {
        int8_t vector[QUERY_DIMS];
        for (size_t j = 0; j < QUERY_DIMS; j++)
            vector[j] = (int8_t)((int)test_random_below(&random, 31) - 15);
        assert_false(reference_add(&reference, 0, vector));
    }
    for (size_t i = 0; i < 300; i++)
        for (size_t j = 0; j < i; j++)
            distances[n++] = query_distance(reference.vectors[i], reference.vectors[j]);
    qsort(distances, n, sizeof *distances, by_value);
    const double shares[] = { 1e-4, 0.01, 0.3, 0.9 };
    for (size_t i = 0; i < 4; i++) {
        size_t within = 0;
        assert_ok(reference_pair_quantile(&reference, shares[i], &quantile));
        while (within < n && distances[within] <= quantile)
            within++;
        assert_true(within <= (size_t)(shares[i] * (double)n));
        size_t next = within;
        while (next < n && distances[next] == distances[within])
            next++;
        assert_true(next > (size_t)(shares[i] * (double)n));
    }
    free(distances);
    reference_fini(&reference);
}

static void equal_texts_beyond_the_share_give_zero(void **state)
{
    (void)state;
    struct reference reference;
    uint32_t quantile = 1;
    assert_ok(reference_init(&reference));
    for (int i = 0; i < 100; i++)
        add(&reference, 0, 1);
    assert_ok(reference_pair_quantile(&reference, 1e-4, &quantile));
    assert_int_equal(quantile, 0);
    reference_fini(&reference);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_sample_ends_with_the_first_day_and_enough_queries),
        cmocka_unit_test(early_and_late_queries_are_kept_alike),
        cmocka_unit_test(the_pair_quantile_is_that_of_all_sorted_pairs),
        cmocka_unit_test(equal_texts_beyond_the_share_give_zero),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
