#include "fixture.h"
#include "support/alloc_sweep.h"

#include <stdlib.h>

static void touch(struct fixture *f, uint64_t account, int64_t time_ms)
{
    struct record record = exchange_at(account, time_ms);
    apply(f, &record);
}

static void a_table_of_no_accounts_is_refused(void **state)
{
    (void)state;
    struct account_table *table = NULL;
    assert_int_equal(account_table_new(&(struct account_config){ 0 }, &table), STATUS_BAD);
    assert_null(table);
    account_table_free(NULL);
}

static void making_a_table_survives_any_failing_allocation(void **state)
{
    (void)state;
    bool failed = true;
    for (long nth = 0; failed; nth++) {
        struct account_table *table = NULL;
        alloc_sweep_arm(nth);
        enum status st = account_table_new(&(struct account_config){ .capacity = 10 }, &table);
        failed = alloc_sweep_disarm();
        assert_int_equal(st, failed ? STATUS_NOMEM : STATUS_OK);
        assert_true(failed == (table == NULL));
        account_table_free(table);
    }
}

static void an_account_costs_520_bytes(void **state)
{
    (void)state;
    struct fixture f = fixture_new(100000);
    struct account_stats stats;
    account_stats(f.table, &stats);
    assert_true(stats.state_bytes <= 520 * 100000 + 8192);
    assert_int_equal(stats.state_bytes, account_table_bytes(&(struct account_config){ .capacity = 100000 }));
    fixture_free(&f);
}

/* With 16 slots every account may live in every slot, so the rule is that of one list. */
static void the_account_seen_longest_ago_makes_room(void **state)
{
    (void)state;
    enum { SLOTS = 16, IDS = 60, STEPS = 5000 };
    uint64_t seed = 20240601, ids[SLOTS] = { 0 };
    int64_t seen[SLOTS] = { 0 };
    struct fixture f = fixture_new(SLOTS);
    print_message("seed %lu\n", (unsigned long)seed);
    for (int step = 0; step < STEPS; step++) {
        uint64_t id = random_next(&seed) % IDS + 1, expected = 0;
        int at = -1, oldest = 0;
        for (int i = 0; i < SLOTS; i++) {
            if (ids[i] == id || (at < 0 && ids[i] == 0))
                at = ids[i] == id || at < 0 ? i : at;
            if (seen[i] < seen[oldest])
                oldest = i;
        }
        if (at < 0) {
            at = oldest;
            expected = ids[at];
        }
        ids[at] = id;
        seen[at] = step + 1;
        touch(&f, id, T0 + step);
        assert_int_equal(f.evicted, expected);
    }
    fixture_free(&f);
}

static void a_flood_of_ids_stays_at_capacity_and_is_counted(void **state)
{
    (void)state;
    enum { CAPACITY = 1000, FLOOD = 50000 };
    struct fixture f = fixture_new(CAPACITY);
    struct account_stats stats;
    uint64_t evicted = 0, before_first = 0;
    for (uint64_t i = 0; i < FLOOD; i++) {
        touch(&f, hashed(i), T0 + (int64_t)i);
        evicted += f.evicted != 0;
        before_first += evicted == 0;
        forget_sightings(&f);
    }
    account_stats(f.table, &stats);
    assert_true(stats.accounts <= CAPACITY);
    assert_true(stats.accounts > CAPACITY * 9 / 10);
    assert_int_equal(stats.created, FLOOD);
    assert_int_equal(stats.evicted, evicted);
    assert_int_equal(stats.created - stats.evicted, stats.accounts);
    print_message("first eviction after %lu of %d\n", (unsigned long)before_first, CAPACITY);
    assert_true(before_first > CAPACITY * 8 / 10);
    fixture_free(&f);
}

static void marked_accounts_survive_a_flood(void **state)
{
    (void)state;
    enum { CAPACITY = 500, MARKED = 100 };
    struct fixture f = fixture_new(CAPACITY);
    struct account_profile profile;
    for (uint64_t i = 0; i < MARKED; i++) {
        touch(&f, hashed(i), T0);
        account_mark(f.table, hashed(i), true);
    }
    for (uint64_t i = MARKED; i < 20000; i++) {
        touch(&f, hashed(i), T0 + (int64_t)i);
        forget_sightings(&f);
    }
    for (uint64_t i = 0; i < MARKED; i++) {
        assert_ok(account_profile(f.table, hashed(i), T0, &profile));
        assert_true(profile.marked);
    }
    fixture_free(&f);
}

static void among_marked_accounts_the_oldest_goes(void **state)
{
    (void)state;
    struct fixture f = fixture_new(4);
    for (uint64_t id = 1; id <= 4; id++) {
        touch(&f, id, T0 + (int64_t)(10 - id));
        account_mark(f.table, id, true);
    }
    touch(&f, 5, T0 + 20);
    assert_int_equal(f.evicted, 4);
    account_mark(f.table, 1, false);
    touch(&f, 6, T0 + 21);
    assert_int_equal(f.evicted, 1);
    fixture_free(&f);
}

static void equal_ages_go_by_first_seen_then_id(void **state)
{
    (void)state;
    struct fixture f = fixture_new(3);
    touch(&f, 30, T0 - 5);
    touch(&f, 20, T0);
    touch(&f, 10, T0);
    touch(&f, 30, T0);
    touch(&f, 40, T0 + 1);
    assert_int_equal(f.evicted, 30);
    touch(&f, 50, T0 + 1);
    assert_int_equal(f.evicted, 10);
    fixture_free(&f);
}

static void an_account_is_tracked_until_it_is_evicted(void **state)
{
    (void)state;
    struct fixture f = fixture_new(1);
    assert_false(account_tracked(f.table, 1));
    touch(&f, 1, T0);
    assert_true(account_tracked(f.table, 1));
    touch(&f, 2, T0 + 1);
    assert_false(account_tracked(f.table, 1));
    fixture_free(&f);
}

static void who_comes_back_after_eviction_starts_anew(void **state)
{
    (void)state;
    struct fixture f = fixture_new(1);
    touch(&f, 1, T0);
    touch(&f, 1, T0 + 1);
    touch(&f, 2, T0 + 2);
    touch(&f, 1, T0 + 3);
    assert_int_equal(f.evicted, 2);
    assert_int_equal(profile_at(&f, 1, T0 + 3).exchanges, 1);
    fixture_free(&f);
}

static void prefetching_any_account_is_harmless(void **state)
{
    (void)state;
    struct fixture f = fixture_new(3);
    for (uint64_t i = 0; i < 100; i++)
        account_prefetch(f.table, hashed(i));
    account_mark(f.table, 99, true);
    fixture_free(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_table_of_no_accounts_is_refused),
        cmocka_unit_test(making_a_table_survives_any_failing_allocation),
        cmocka_unit_test(an_account_costs_520_bytes),
        cmocka_unit_test(the_account_seen_longest_ago_makes_room),
        cmocka_unit_test(a_flood_of_ids_stays_at_capacity_and_is_counted),
        cmocka_unit_test(marked_accounts_survive_a_flood),
        cmocka_unit_test(among_marked_accounts_the_oldest_goes),
        cmocka_unit_test(equal_ages_go_by_first_seen_then_id),
        cmocka_unit_test(an_account_is_tracked_until_it_is_evicted),
        cmocka_unit_test(who_comes_back_after_eviction_starts_anew),
        cmocka_unit_test(prefetching_any_account_is_harmless),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
