#include "rival/comatch.h"

#include "fixture.h"

#include <math.h>

static const struct comatch_config config = { .edges_max = 100000,
    .pairs_max = 100000,
    .comparisons_max = 100000,
    .users_max = 100,
    .matches_min = 1,
    .similarity = 0.5 };
static struct comatch c;

static int set_up(void **state)
{
    (void)state;
    comatch_init(&c, &config);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    comatch_fini(&c);
    return 0;
}

static void assert_near(double value, double wanted)
{
    if (fabs(value - wanted) > 1e-12)
        fail_msg("%g is not %g", value, wanted);
}

/* Kuhn's augmenting paths: the size of a largest matching, the slow way. */
static bool augment(uint64_t a, uint64_t b, int i, int *partner, uint64_t *seen)
{
    for (int j = i - 1; j <= i + 1; j++) {
        if (j < 0 || j > 47 || !(b >> j & 1) || (*seen >> j & 1))
            continue;
        *seen |= UINT64_C(1) << j;
        if (partner[j] < 0 || augment(a, b, partner[j], partner, seen)) {
            partner[j] = i;
            return true;
        }
    }
    return false;
}

static unsigned matches_slowly(uint64_t a, uint64_t b)
{
    int partner[48];
    unsigned n = 0;
    memset(partner, -1, sizeof partner);
    for (int i = 0; i < 48; i++) {
        uint64_t seen = 0;
        n += (a >> i & 1) && augment(a, b, i, partner, &seen);
    }
    return n;
}

static void as_many_actions_match_as_can(void **state)
{
    (void)state;
    struct test_random random = { 21 };
    print_message("seed %llu\n", (unsigned long long)random.state);
    for (int run = 0; run < 20000; run++) {
        uint64_t day = (UINT64_C(1) << 48) - 1;
        uint64_t a = test_random_u64(&random) & day;
        a &= test_random_u64(&random);
        uint64_t b = test_random_u64(&random) & (run % 2 ? test_random_u64(&random) : day) & day;
        assert_int_equal(comatch_matches(a, b), matches_slowly(a, b));
    }
}

/*
 * By hand: 0 acts on object 9 at 0:10, 2:00 and 5:00, 1 at 0:50 and 2:20, and at 9:00 on object 8. 0:10 and 0:50 are
 * in neighbouring half hours, 2:00 and 2:20 in one. Two match of three and three: 2 / (3 + 3 - 2).
 */
static void similarity_is_the_one_computed_by_hand(void **state)
{
    (void)state;
    const int64_t minutes_0[] = { 10, 120, 300 };
    const int64_t minutes_1[] = { 50, 140 };
    for (size_t i = 0; i < 3; i++)
        assert_ok(comatch_act(&c, 9, 0, T0 + minutes_0[i] * MINUTE));
    for (size_t i = 0; i < 2; i++)
        assert_ok(comatch_act(&c, 9, 1, T0 + minutes_1[i] * MINUTE));
    assert_ok(comatch_act(&c, 8, 1, T0 + 540 * MINUTE));
    assert_ok(comatch_end_day(&c, T0 / DAY, 2));
    assert_near(comatch_similarity(&c, 0, 1), 0.5);
    assert_near(comatch_similarity(&c, 1, 0), 0.5);
    struct sets sets;
    assert_ok(sets_init(&sets, 2));
    comatch_link(&c, &sets);
    assert_int_equal(sets_find(&sets, 1), 0);
    sets_fini(&sets);
}

static void a_day_is_forgotten_after_a_week(void **state)
{
    (void)state;
    for (uint32_t account = 0; account < 2; account++)
        assert_ok(comatch_act(&c, 9, account, T0));
    for (int64_t day = 0; day < 8; day++) {
        assert_ok(comatch_end_day(&c, T0 / DAY + day, 2));
        assert_near(comatch_similarity(&c, 0, 1), day < 7 ? 1 : 0);
    }
    assert_int_equal(c.matched.n, 0);
}

static void popular_objects_count_for_nobody(void **state)
{
    (void)state;
    for (uint32_t account = 0; account < 101; account++)
        assert_ok(comatch_act(&c, 9, account, T0));
    for (uint32_t account = 0; account < 100; account++)
        assert_ok(comatch_act(&c, 8, account, T0));
    assert_ok(comatch_end_day(&c, T0 / DAY, 101));
    assert_near(comatch_similarity(&c, 0, 99), 1); /* by object 8 alone */
    assert_near(comatch_similarity(&c, 0, 100), 0);
}

static void the_rarest_objects_are_compared_first(void **state)
{
    (void)state;
    comatch_fini(&c);
    struct comatch_config tight = config;
    tight.comparisons_max = 11;
    comatch_init(&c, &tight);
    for (uint32_t account = 0; account < 6; account++)
        assert_ok(comatch_act(&c, 9, account, T0)); /* 15 pairs */
    for (uint32_t account = 6; account < 11; account++)
        assert_ok(comatch_act(&c, 8, account, T0)); /* 10 pairs */
    assert_ok(comatch_end_day(&c, T0 / DAY, 11));
    assert_near(comatch_similarity(&c, 6, 10), 1);
    assert_near(comatch_similarity(&c, 0, 5), 0);
    assert_int_equal(c.left_out, 15);
}

/* The definition, over everything that was done in ten days. */
enum { N = 25, OBJECTS = 12, RUN_DAYS = 10 };
static uint64_t did[RUN_DAYS][OBJECTS][N];

static double similarity_slowly(int last_day, uint32_t a, uint32_t b)
{
    double matched = 0;
    double actions = 0;
    for (int day = last_day - 6 < 0 ? 0 : last_day - 6; day <= last_day; day++)
        for (size_t o = 0; o < OBJECTS; o++) {
            matched += matches_slowly(did[day][o][a], did[day][o][b]);
            actions += __builtin_popcountll(did[day][o][a]) + __builtin_popcountll(did[day][o][b]);
        }
    return matched > 0 ? matched / (actions - matched) : 0;
}

static void similarity_over_a_week_is_its_definition(void **state)
{
    (void)state;
    struct test_random random = { 77 };
    print_message("seed %llu\n", (unsigned long long)random.state);
    memset(did, 0, sizeof did);
    for (int day = 0; day < RUN_DAYS; day++) {
        for (int i = 0; i < 400; i++) {
            uint32_t account = (uint32_t)test_random_below(&random, N);
            uint64_t object = test_random_below(&random, OBJECTS);
            uint64_t bin = test_random_below(&random, 48);
            did[day][object][account] |= UINT64_C(1) << bin;
            assert_ok(comatch_act(
                &c, 100 + object, account, T0 + day * DAY + (int64_t)bin * 30 * MINUTE + i * SECOND));
        }
        assert_ok(comatch_end_day(&c, T0 / DAY + day, N));
        for (uint32_t a = 0; a < N; a++)
            for (uint32_t b = a + 1; b < N; b++)
                assert_near(comatch_similarity(&c, a, b), similarity_slowly(day, a, b));
    }
}

static void running_out_of_memory_is_said(void **state)
{
    (void)state;
    enum status st = STATUS_NOMEM;
    for (long n = 0; st != STATUS_OK; n++) {
        comatch_fini(&c);
        comatch_init(&c, &config);
        alloc_sweep_arm(n);
        st = comatch_act(&c, 9, 0, T0);
        st = st == STATUS_OK ? comatch_act(&c, 9, 1, T0) : st;
        st = st == STATUS_OK ? comatch_end_day(&c, T0 / DAY, 2) : st;
        assert_int_equal(alloc_sweep_disarm(), st != STATUS_OK);
        assert_true(st == STATUS_OK || st == STATUS_NOMEM);
    }
    assert_near(comatch_similarity(&c, 0, 1), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(as_many_actions_match_as_can, set_up, tear_down),
        cmocka_unit_test_setup_teardown(similarity_is_the_one_computed_by_hand, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_day_is_forgotten_after_a_week, set_up, tear_down),
        cmocka_unit_test_setup_teardown(popular_objects_count_for_nobody, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_rarest_objects_are_compared_first, set_up, tear_down),
        cmocka_unit_test_setup_teardown(similarity_over_a_week_is_its_definition, set_up, tear_down),
        cmocka_unit_test_setup_teardown(running_out_of_memory_is_said, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
