#include "support/random.h"
#include "support/test.h"

#include "sketch/minhash.h"

#include <math.h>
#include <string.h>

enum { PAIRS = 400, SET = 300 };

/* Two sets of SET items each of which `shared` are common: exact Jaccard shared / (2 SET - shared). */
static unsigned equal_slots(struct test_random *random, size_t shared, size_t n)
{
    uint64_t a[SET], b[SET];
    uint16_t slots_a[MINHASH_SLOTS], slots_b[MINHASH_SLOTS];
    for (size_t i = 0; i < n; i++) {
        a[i] = test_random_u64(random);
        b[i] = i < shared ? a[i] : test_random_u64(random);
    }
    minhash_of(a, n, slots_a);
    minhash_of(b, n, slots_b);
    return minhash_equal(slots_a, slots_b);
}

static void check_mean(size_t shared, size_t n)
{
    struct test_random random = { 20240501 + shared + n };
    double equal = 0, exact = (double)shared / (double)(2 * n - shared);
    print_message("seed %u\n", 20240501u + (unsigned)(shared + n));
    for (size_t i = 0; i < PAIRS; i++)
        equal += equal_slots(&random, shared, n) / (double)MINHASH_SLOTS;
    /* Densified slots of small sets repeat, so their error is that of fewer slots. */
    double slots = n < MINHASH_SLOTS ? (double)n / 2 : MINHASH_SLOTS;
    double error = sqrt((exact * (1 - exact) + 1e-4) / slots / PAIRS);
    assert_true(fabs(equal / PAIRS - exact) < 5 * error);
}

static void the_estimate_agrees_with_exact_jaccard(void **state)
{
    (void)state;
    check_mean(0, SET);
    check_mean(60, SET);
    check_mean(150, SET);
    check_mean(250, SET);
    check_mean(SET, SET);
}

static void small_sets_are_not_biased_by_empty_bins(void **state)
{
    (void)state;
    check_mean(2, 4);
    check_mean(4, 8);
    check_mean(10, 20);
}

static void order_and_repeats_do_not_matter(void **state)
{
    (void)state;
    struct test_random random = { 7 };
    uint64_t items[40];
    uint16_t first[MINHASH_SLOTS], second[MINHASH_SLOTS];
    for (size_t i = 0; i < 20; i++)
        items[i] = items[39 - i] = test_random_u64(&random);
    minhash_of(items, 20, first);
    minhash_of(items, 40, second);
    assert_memory_equal(first, second, sizeof first);
}

static void an_empty_set_is_all_zero(void **state)
{
    (void)state;
    uint16_t slots[MINHASH_SLOTS], zero[MINHASH_SLOTS] = { 0 };
    memset(slots, 0xaa, sizeof slots);
    minhash_of(NULL, 0, slots);
    assert_memory_equal(slots, zero, sizeof zero);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_estimate_agrees_with_exact_jaccard),
        cmocka_unit_test(small_sets_are_not_biased_by_empty_bins),
        cmocka_unit_test(order_and_repeats_do_not_matter),
        cmocka_unit_test(an_empty_set_is_all_zero),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
