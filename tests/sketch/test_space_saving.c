#include "sketch/space_saving.h"
#include "support/test.h"

enum { K = 6 };

struct held {
    uint32_t keys[K];
    uint16_t counts[K], errors[K];
};

static struct space_saving view_of(struct held *held)
{
    return (struct space_saving){ held->keys, held->counts, held->errors, K };
}

static uint32_t random_next(uint64_t *seed)
{
    *seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(*seed >> 33);
}

static void an_empty_sketch_has_a_top_of_nothing(void **state)
{
    (void)state;
    struct held held = { 0 };
    struct space_saving view = view_of(&held);
    assert_int_equal(held.counts[space_saving_top(&view)], 0);
}

static void few_keys_are_counted_exactly_and_in_order(void **state)
{
    (void)state;
    struct held held = { 0 };
    struct space_saving view = view_of(&held);
    static const uint32_t keys[] = { 5, 7, 7, 9, 9, 9, 5, 5, 5 };
    unsigned i = 0;
    for (unsigned n = 0; n < sizeof keys / sizeof *keys; n++)
        assert_false(space_saving_add(&view, keys[n], &i));
    assert_int_equal(i, 0);
    assert_int_equal(held.keys[0], 5);
    assert_int_equal(held.counts[0], 4);
    assert_int_equal(held.keys[1], 9);
    assert_int_equal(held.keys[2], 7);
    assert_int_equal(held.errors[0], 0);
}

/* The two promises of the paper, against exact counts. */
static void counts_bound_the_truth_and_common_keys_are_kept(void **state)
{
    (void)state;
    for (uint64_t run = 1; run <= 50; run++) {
        uint64_t seed = run;
        struct held held = { 0 };
        struct space_saving view = view_of(&held);
        unsigned exact[100] = { 0 }, n = 200 + random_next(&seed) % 5000, i;
        for (unsigned step = 0; step < n; step++) {
            uint32_t key = random_next(&seed) % 3 ? random_next(&seed) % 99 + 1 : (uint32_t)run % 7 + 1;
            exact[key]++;
            (void)space_saving_add(&view, key, &i);
            assert_int_equal(held.keys[i], key);
        }
        for (i = 0; i < K; i++) {
            int truth = (int)exact[held.keys[i]];
            assert_true(held.counts[i] >= truth && held.counts[i] - held.errors[i] <= truth);
            assert_true(i == 0 || held.counts[i] <= held.counts[i - 1]);
        }
        for (uint32_t key = 1; key < 100; key++)
            if (exact[key] > n / K) {
                for (i = 0; i < K && held.keys[i] != key; i++)
                    ;
                assert_true(i < K);
            }
    }
}

static void a_full_count_halves_all(void **state)
{
    (void)state;
    struct held held = { 0 };
    struct space_saving view = view_of(&held);
    unsigned i, halvings = 0;
    for (unsigned n = 0; n < 100000; n++) {
        halvings += space_saving_add(&view, 1, &i);
        if (n % 4 == 0)
            halvings += space_saving_add(&view, 2, &i);
    }
    assert_int_equal(halvings, 2);
    assert_in_range(held.counts[0] * 100u / held.counts[1], 390, 410);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_empty_sketch_has_a_top_of_nothing),
        cmocka_unit_test(few_keys_are_counted_exactly_and_in_order),
        cmocka_unit_test(counts_bound_the_truth_and_common_keys_are_kept),
        cmocka_unit_test(a_full_count_halves_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
