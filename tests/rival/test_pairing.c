#include "rival/pairing.h"

#include "support/alloc_sweep.h"
#include "support/random.h"
#include "support/test.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { MOST = 200 };

static struct profile profiles[MOST];
static uint64_t hashes[MOST][2][PAIRING_SET_MOST];

static int by_value(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a;
    uint64_t y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

/* So many distinct ones out of `range`, those with small numbers more often; 0 of them is fine. */
static uint32_t draw_set(struct test_random *random, uint64_t *set, uint32_t most, uint64_t range)
{
    uint32_t n = 0, wanted = (uint32_t)test_random_below(random, most + 1);
    for (uint32_t i = 0; i < wanted; i++) {
        uint64_t a = 1 + test_random_below(random, range), b = 1 + test_random_below(random, range);
        set[n] = a < b ? a : b;
        for (uint32_t j = 0; j < n; j++)
            if (set[j] == set[n]) {
                n--;
                break;
            }
        n++;
    }
    qsort(set, n, sizeof *set, by_value);
    return n;
}

static void draw(struct test_random *random, size_t n, uint32_t most_openings, uint64_t range)
{
    for (size_t i = 0; i < n; i++) {
        struct profile *profile = &profiles[i];
        bool like_another = i > 0 && test_random_below(random, 3) == 0;
        profile->n_addresses = draw_set(random, hashes[i][0], 4, 20);
        profile->n_openings = draw_set(random, hashes[i][1], most_openings, range);
        if (like_another) {
            size_t other = (size_t)test_random_below(random, i);
            *profile = profiles[other];
            memcpy(hashes[i], hashes[other], sizeof hashes[i]);
            if (profile->n_openings > 1 && test_random_below(random, 2))
                profile->n_openings -= (uint32_t)test_random_below(random, profile->n_openings);
        }
        profile->addresses = hashes[i][0];
        profile->openings = hashes[i][1];
    }
}

static void check_against_all_pairs(size_t n, double threshold)
{
    struct sets fast, slow;
    assert_ok(sets_init(&fast, n));
    assert_ok(sets_init(&slow, n));
    assert_ok(pairing_join(profiles, n, threshold, &fast));
    for (uint32_t i = 0; i < n; i++)
        for (uint32_t j = 0; j < i; j++)
            if (profile_similarity(&profiles[i], &profiles[j]) > threshold)
                sets_join(&slow, i, j);
    for (uint32_t i = 0; i < n; i++)
        assert_int_equal(sets_find(&fast, i), sets_find(&slow, i));
    sets_fini(&fast);
    sets_fini(&slow);
}

static void the_sets_are_those_of_all_pairs(void **state)
{
    (void)state;
    print_message("seeds 1 to 300\n");
    for (uint64_t seed = 1; seed <= 300; seed++) {
        struct test_random random = { seed };
        size_t n = 2 + test_random_below(&random, MOST - 2);
        draw(&random, n, 1 + (uint32_t)test_random_below(&random, PAIRING_SET_MOST), 5 + 20 * (seed % 7));
        check_against_all_pairs(n, 0.7);
        check_against_all_pairs(n, 0.501 + 0.49 * (double)(seed % 10) / 10);
    }
}

/* Two of three addresses and three of four openings: 0.5 x 2/4 + 0.5 x 3/5 = 0.55. */
static void similarity_is_the_mean_of_two_jaccards(void **state)
{
    (void)state;
    const uint64_t a[] = { 1, 2, 3 }, b[] = { 2, 3, 4 }, c[] = { 5, 6, 7, 8 }, d[] = { 6, 7, 8, 9 };
    struct profile x = { a, c, 3, 4 }, y = { b, d, 3, 4 }, none = { 0 };
    assert_true(fabs(profile_similarity(&x, &y) - 0.55) < 1e-12);
    assert_true(fabs(profile_similarity(&x, &x) - 1) < 1e-12);
    assert_true(profile_similarity(&none, &x) <= 0);
}

static void a_similarity_at_the_threshold_is_no_pair(void **state)
{
    (void)state;
    const uint64_t a[] = { 1 }, c[] = { 5, 6, 7, 8, 9 }, d[] = { 8, 9 };
    profiles[0] = (struct profile){ a, c, 1, 5 };
    profiles[1] = (struct profile){ a, d, 1, 2 };
    struct sets sets;
    assert_ok(sets_init(&sets, 2));
    assert_ok(pairing_join(profiles, 2, 0.7, &sets));
    assert_int_equal(sets_find(&sets, 1), 1);
    assert_ok(pairing_join(profiles, 2, 0.69, &sets));
    assert_int_equal(sets_find(&sets, 1), 0);
    sets_fini(&sets);
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    struct test_random random = { 5 };
    struct sets sets;
    draw(&random, MOST, 20, 50);
    assert_ok(sets_init(&sets, MOST));
    for (long n = 0;; n++) {
        alloc_sweep_arm(n);
        enum status st = pairing_join(profiles, MOST, 0.7, &sets);
        if (!alloc_sweep_disarm()) {
            assert_ok(st);
            break;
        }
        assert_int_equal(st, STATUS_NOMEM);
    }
    sets_fini(&sets);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_sets_are_those_of_all_pairs),
        cmocka_unit_test(similarity_is_the_mean_of_two_jaccards),
        cmocka_unit_test(a_similarity_at_the_threshold_is_no_pair),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
