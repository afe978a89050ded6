#include "rival/sets.h"

#include "support/random.h"
#include "support/test.h"

#include <stdbool.h>
#include <string.h>

enum { N = 60 };

struct listed {
    uint32_t set_of[N]; /* least number of the set each came in; N: none */
    uint32_t last_least;
    size_t n_sets;
};

static enum status note(void *context, const uint32_t *numbers, size_t n)
{
    struct listed *listed = context;
    assert_true(listed->n_sets == 0 || numbers[0] > listed->last_least);
    listed->last_least = numbers[0];
    listed->n_sets++;
    for (size_t i = 0; i < n; i++) {
        assert_true(i == 0 || numbers[i] > numbers[i - 1]);
        assert_int_equal(listed->set_of[numbers[i]], N);
        listed->set_of[numbers[i]] = numbers[0];
    }
    return STATUS_OK;
}

static void sets_are_what_paths_reach(void **state)
{
    (void)state;
    struct test_random random = { 8 };
    print_message("seed %llu\n", (unsigned long long)random.state);
    for (int run = 0; run < 50; run++) {
        bool reach[N][N] = { { false } };
        size_t size[N] = { 0 };
        struct sets sets;
        struct listed listed = { .n_sets = 0 };
        assert_ok(sets_init(&sets, N));
        for (size_t i = 0; i < N; i++) {
            reach[i][i] = true;
            listed.set_of[i] = N;
        }
        for (int pair = 0; pair < run; pair++) {
            uint32_t a = (uint32_t)test_random_below(&random, N);
            uint32_t b = (uint32_t)test_random_below(&random, N);
            reach[a][b] = reach[b][a] = true;
            sets_join(&sets, a, b);
        }
        for (size_t k = 0; k < N; k++)
            for (size_t i = 0; i < N; i++)
                for (size_t j = 0; j < N; j++)
                    reach[i][j] |= reach[i][k] && reach[k][j];
        for (size_t i = 0; i < N; i++)
            for (size_t j = 0; j < N; j++)
                size[i] += reach[i][j];
        assert_ok(sets_list(&sets, 3, &listed, note));
        for (size_t i = 0; i < N; i++) {
            assert_int_equal(listed.set_of[i] != N, size[i] >= 3);
            for (size_t j = 0; j < N; j++)
                assert_int_equal(sets_find(&sets, (uint32_t)i) == sets_find(&sets, (uint32_t)j), reach[i][j]);
        }
        sets_fini(&sets);
    }
}

static void no_numbers_are_no_sets(void **state)
{
    (void)state;
    struct sets sets;
    struct listed listed = { .n_sets = 0 };
    assert_ok(sets_init(&sets, 0));
    assert_ok(sets_list(&sets, 0, &listed, note));
    assert_int_equal(listed.n_sets, 0);
    sets_fini(&sets);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sets_are_what_paths_reach),
        cmocka_unit_test(no_numbers_are_no_sets),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
