#include "score/sanctions.h"

#include "support/random.h"
#include "support/test.h"

enum { ACCOUNTS = 4, DECISIONS = 12, LAST_MS = 20 };

static struct u64_map index_of(size_t n)
{
    struct u64_map index;
    map_init(&index, n);
    for (size_t i = 0; i < n; i++)
        assert_ok(map_put(&index, i + 1, (uint32_t)i));
    return index;
}

/* Goes through all decisions up to the time, exclusive. */
static bool slow_contained_at(
    const struct score_decision *decisions, size_t n, uint64_t account, int64_t time_ms)
{
    bool contained = false;
    for (int64_t now = 0; now < time_ms; now++)
        for (size_t i = 0; i < n; i++) {
            if (decisions[i].account != account || decisions[i].time_ms != now)
                continue;
            if (decisions[i].action == ACTION_RELEASE)
                contained = false;
            else if (decisions[i].action >= ACTION_RESTRICT)
                contained = true;
        }
    return contained;
}

static void containment_is_what_replaying_the_decisions_gives(void **state)
{
    (void)state;
    struct test_random random = { 31 };
    struct u64_map index = index_of(ACCOUNTS);
    for (unsigned round = 0; round < 300; round++) {
        struct score_decision decisions[DECISIONS];
        for (size_t i = 0; i < DECISIONS; i++)
            decisions[i] = (struct score_decision){ 1 + test_random_below(&random, ACCOUNTS), 0,
                (int64_t)test_random_below(&random, LAST_MS),
                (enum action)test_random_below(&random, ACTION_COUNT) };
        struct sanctions sanctions;
        assert_ok(sanctions_init(&sanctions, &index, ACCOUNTS, decisions, DECISIONS));
        for (size_t a = 0; a < ACCOUNTS; a++) {
            for (int64_t t = 0; t <= LAST_MS; t++)
                assert_true(sanctions_contained_at(&sanctions, a, t) ==
                            slow_contained_at(decisions, DECISIONS, a + 1, t));
            assert_true(sanctions_contained_at_end(&sanctions, a) ==
                        slow_contained_at(decisions, DECISIONS, a + 1, LAST_MS));
        }
        sanctions_fini(&sanctions);
    }
    map_fini(&index);
}

static void a_lesser_action_does_not_end_a_containment(void **state)
{
    (void)state;
    const struct score_decision decisions[] = {
        { 1, 0, 5, ACTION_SUSPEND },
        { 1, 0, 6, ACTION_THROTTLE },
        { 1, 0, 7, ACTION_RESTRICT },
        { 1, 0, 9, ACTION_RELEASE },
    };
    struct u64_map index = index_of(2);
    struct sanctions sanctions;
    assert_ok(sanctions_init(&sanctions, &index, 2, decisions, 4));
    assert_int_equal(sanctions.n_spans, 1);
    assert_int_equal(sanctions_first_ms(&sanctions, 0), 5);
    assert_int_equal(sanctions.spans[0].until_ms, 9);
    assert_int_equal(sanctions.accounts[0].actions,
        1 << ACTION_SUSPEND | 1 << ACTION_THROTTLE | 1 << ACTION_RESTRICT | 1 << ACTION_RELEASE);
    assert_int_equal(sanctions_first_ms(&sanctions, 1), -1);
    sanctions_fini(&sanctions);
    map_fini(&index);
}

static void a_release_of_nobody_contained_is_nothing(void **state)
{
    (void)state;
    const struct score_decision decisions[] = { { 1, 0, 5, ACTION_RELEASE }, { 9, 0, 5, ACTION_SUSPEND } };
    struct u64_map index = index_of(1);
    struct sanctions sanctions;
    assert_ok(sanctions_init(&sanctions, &index, 1, decisions, 2));
    assert_int_equal(sanctions.n_spans, 0);
    assert_int_equal(sanctions.of_unknown, 1);
    assert_false(sanctions_contained_at_end(&sanctions, 0));
    sanctions_fini(&sanctions);
    map_fini(&index);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(containment_is_what_replaying_the_decisions_gives),
        cmocka_unit_test(a_lesser_action_does_not_end_a_containment),
        cmocka_unit_test(a_release_of_nobody_contained_is_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
