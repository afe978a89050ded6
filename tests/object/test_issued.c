#include "object/issued.h"
#include "sightings.h"

static struct issued new_issued(size_t bytes)
{
    struct issued issued;
    assert_ok(issued_new(bytes, HOUR, 7 * DAY, &issued));
    return issued;
}

static void an_anchor_is_found_with_its_holders_until_there_are_three(void **state)
{
    (void)state;
    struct issued issued = new_issued(1 << 16);
    struct issued_hit hits[ISSUED_HOLDERS];
    issued_put(&issued, issued_key(&issued, 5), 101, T0);
    issued_put(&issued, issued_key(&issued, 5), 101, T0 + HOUR);
    assert_int_equal(issued_find(&issued, issued_key(&issued, 5), 999, T0 + 3 * HOUR, hits), 1);
    assert_int_equal(hits[0].holder, 101);
    assert_int_equal(hits[0].age_buckets, 2);
    assert_int_equal(issued_find(&issued, issued_key(&issued, 5), 101, T0, hits), 0); /* its own */
    issued_put(&issued, issued_key(&issued, 5), 102, T0);
    assert_int_equal(issued_find(&issued, issued_key(&issued, 5), 999, T0, hits), 2);
    assert_int_equal(issued_find(&issued, issued_key(&issued, 5), 102, T0, hits), 0);
    issued_put(&issued, issued_key(&issued, 5), 103, T0);
    assert_int_equal(issued_find(&issued, issued_key(&issued, 5), 999, T0, hits), 0);
    issued_put(&issued, issued_key(&issued, 5), 101, T0);
    assert_int_equal(issued_find(&issued, issued_key(&issued, 5), 999, T0, hits), 0);
    assert_int_equal(issued.ways.n, 1);
    issued_free(&issued);
}

static void retention_ends(void **state)
{
    (void)state;
    struct issued issued = new_issued(1 << 16);
    struct issued_hit hits[ISSUED_HOLDERS];
    issued_put(&issued, issued_key(&issued, 5), 101, T0);
    assert_int_equal(issued_find(&issued, issued_key(&issued, 5), 999, T0 + 7 * DAY, hits), 1);
    assert_int_equal(issued_find(&issued, issued_key(&issued, 5), 999, T0 + 7 * DAY + HOUR, hits), 0);
    assert_int_equal(issued.ways.n, 0);
    assert_int_equal(issued.evicted, 0);
    issued_free(&issued);
}

static void a_clock_that_runs_back_counts_as_no_time(void **state)
{
    (void)state;
    struct issued issued = new_issued(1 << 16);
    struct issued_hit hits[ISSUED_HOLDERS];
    issued_put(&issued, issued_key(&issued, 5), 101, T0);
    assert_int_equal(issued_find(&issued, issued_key(&issued, 5), 999, T0 - DAY, hits), 1);
    assert_int_equal(hits[0].age_buckets, 0);
    issued_free(&issued);
}

static void a_full_set_forgets_its_oldest_and_counts_it(void **state)
{
    (void)state;
    struct issued issued = new_issued(1);
    struct issued_hit hits[ISSUED_HOLDERS];
    for (uint64_t anchor = 1; anchor <= 6; anchor++)
        issued_put(&issued, issued_key(&issued, anchor), 101, T0 + (int64_t)anchor * HOUR);
    assert_int_equal(issued.ways.n, 5);
    assert_int_equal(issued.evicted, 1);
    assert_int_equal(issued_find(&issued, issued_key(&issued, 1), 999, T0 + 6 * HOUR, hits), 0);
    for (uint64_t anchor = 2; anchor <= 6; anchor++)
        assert_int_equal(issued_find(&issued, issued_key(&issued, anchor), 999, T0 + 6 * HOUR, hits), 1);
    issued_free(&issued);
}

static void expired_anchors_are_swept_as_others_come_in(void **state)
{
    (void)state;
    struct issued issued = new_issued(64 * 64);
    for (uint64_t anchor = 1; anchor <= 100; anchor++)
        issued_put(&issued, issued_key(&issued, anchor), 101, T0);
    for (int i = 0; i < 64; i++)
        issued_put(&issued, issued_key(&issued, 1000), 101, T0 + 8 * DAY);
    assert_int_equal(issued.ways.n, 1);
    issued_free(&issued);
}

static void a_table_that_fills_doubles_and_keeps_everything(void **state)
{
    (void)state;
    enum { N = 300000 };
    struct issued issued = new_issued(300001 * sizeof(struct way_set));
    struct issued_hit hits[ISSUED_HOLDERS];
    uint32_t first = ways_sets(&issued.ways);
    for (uint64_t i = 1; i <= N; i++)
        issued_put(&issued, issued_key(&issued, i * 977), (uint32_t)i, T0);
    assert_true(ways_sets(&issued.ways) > first);
    assert_int_equal(issued.ways.n + issued.evicted, N);
    assert_true(issued.evicted * 50 < N);
    uint64_t found = 0;
    for (uint64_t i = 1; i <= N; i++)
        found += issued_find(&issued, issued_key(&issued, i * 977), 0, T0, hits) == 1 && hits[0].holder == i;
    assert_int_equal(found, issued.ways.n);
    issued_free(&issued);
}

static void what_nine_accounts_return_is_a_published_document(void **state)
{
    (void)state;
    struct issued issued = new_issued(1 << 16);
    struct issued_hit hits[ISSUED_HOLDERS];
    issued_put(&issued, issued_key(&issued, 5), 101, T0);
    for (int i = 0; i < 9; i++) {
        assert_int_equal(issued_find(&issued, issued_key(&issued, 5), 999, T0, hits), 1);
        issued_returned(&hits[0]);
    }
    assert_int_equal(issued_find(&issued, issued_key(&issued, 5), 999, T0, hits), 0);
    issued_free(&issued);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_anchor_is_found_with_its_holders_until_there_are_three),
        cmocka_unit_test(retention_ends),
        cmocka_unit_test(a_clock_that_runs_back_counts_as_no_time),
        cmocka_unit_test(a_full_set_forgets_its_oldest_and_counts_it),
        cmocka_unit_test(expired_anchors_are_swept_as_others_come_in),
        cmocka_unit_test(a_table_that_fills_doubles_and_keeps_everything),
        cmocka_unit_test(what_nine_accounts_return_is_a_published_document),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
