#include "object/ways.h"
#include "support/test.h"

static struct ways new_ways(size_t n_sets)
{
    struct ways ways;
    assert_ok(ways_new(n_sets * sizeof(struct way_set), &ways));
    return ways;
}

/* Enters it; false if its set was full and the table did not double. */
static bool enter(struct ways *ways, uint64_t key, uint32_t ref)
{
    struct way_key at = ways_key(ways, key);
    ways_make_room(ways, ways_at(ways, at));
    struct way_set *set = ways_at(ways, at);
    unsigned way = ways_empty(set);
    if (way == WAYS)
        return false;
    ways_enter(ways, set, way, at, ref, (uint16_t)ref);
    ways_set_note(set, way, ref % 64);
    return true;
}

static void a_table_that_fills_doubles_and_keeps_what_was_entered(void **state)
{
    (void)state;
    enum { N = 500000 };
    struct ways ways = new_ways(400000);
    assert_in_range(ways_sets(&ways), WAYS_SETS_FIRST, 2 * WAYS_SETS_FIRST - 1);
    static bool entered[N + 1];
    uint64_t n_entered = 0;
    for (uint32_t i = 1; i <= N; i++)
        n_entered += entered[i] = enter(&ways, i * UINT64_C(977), i);
    assert_true(n_entered * 100 >= UINT64_C(98) * N);
    assert_int_equal(ways.n, n_entered);
    assert_true(ways_sets(&ways) > 100000);
    for (uint32_t i = 1; i <= N; i++) {
        struct way_key key = ways_key(&ways, i * UINT64_C(977));
        const struct way_set *set = ways_at(&ways, key);
        unsigned hits = ways_match(set, key);
        assert_int_equal(__builtin_popcount(hits), entered[i]);
        if (!hits)
            continue;
        unsigned way = (unsigned)__builtin_ctz(hits);
        assert_int_equal(set->ref[way], i);
        assert_int_equal(set->word[way], (uint16_t)i);
        assert_int_equal(ways_note(set, way), i % 64);
    }
    ways_free(&ways);
}

static void it_never_grows_beyond_its_bytes(void **state)
{
    (void)state;
    struct ways ways = new_ways(10000);
    for (uint32_t i = 1; i <= 200000; i++)
        (void)enter(&ways, i * UINT64_C(31), i);
    assert_in_range(ways_sets(&ways), 8192, 10000);
    assert_true(ways.lines.bytes <= 10001 * sizeof(struct way_set));
    ways_free(&ways);
}

static void a_key_may_have_several_entries(void **state)
{
    (void)state;
    struct ways ways = new_ways(1);
    for (uint32_t i = 1; i <= 3; i++)
        assert_true(enter(&ways, 7, i));
    assert_true(enter(&ways, 8, 4));
    struct way_key key = ways_key(&ways, 7);
    assert_int_equal(ways_match(ways_at(&ways, key), key), 7);
    ways_clear(&ways, ways_at(&ways, key), 1);
    assert_int_equal(ways_match(ways_at(&ways, key), key), 5);
    assert_int_equal(ways.n, 3);
    ways_free(&ways);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_table_that_fills_doubles_and_keeps_what_was_entered),
        cmocka_unit_test(it_never_grows_beyond_its_bytes),
        cmocka_unit_test(a_key_may_have_several_entries),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
