#include "naive.h"
#include "support/alloc_sweep.h"

#include <stdio.h>
#include <stdlib.h>

/* A kind for each object number, all kinds in turn. */
static enum object_kind kind_of(uint64_t object)
{
    return (enum object_kind)(object % OBJECT_KINDS);
}

static struct sighting random_sighting(uint64_t *seed, int64_t time_ms)
{
    uint64_t object = 1 + below(seed, NAIVE_OBJECTS - 1), account = 1 + below(seed, NAIVE_ACCOUNTS - 1);
    struct sighting s = show(kind_of(object), object, account, time_ms);
    if (s.kind >= OBJECT_TURN) {
        s.verb = below(seed, 6) ? VERB_RETURN : VERB_ISSUE;
        s.object = object;
    }
    /* Every fifth account belongs to one of two organisations, every seventh shares a payment. */
    if (account % 5 == 0)
        s.organization = s.payer = 1000 + account % 2;
    else if (account % 7 == 0)
        s.payer = 2000;
    return s;
}

static void assert_same_ties(const struct tie_list *ties, const struct naive *naive, size_t from)
{
    assert_int_equal(ties->n, naive->n_ties - from);
    for (size_t i = 0; i < ties->n; i++) {
        const struct tie *got = &ties->items[i], *want = &naive->ties[from + i];
        assert_int_equal(got->object, want->object);
        assert_int_equal(got->op, want->op);
        assert_int_equal(got->a, want->a);
        assert_int_equal(got->b, want->b);
        assert_int_equal(got->organization, want->organization);
        assert_int_equal(got->time_ms, want->time_ms);
        assert_int_equal(got->kind, want->kind);
        assert_int_equal(got->lag_s, want->lag_s);
    }
}

static void assert_same_profiles(const struct object_table *table, const struct naive *naive)
{
    for (uint64_t object = 1; object < NAIVE_OBJECTS; object++) {
        const struct naive_object *o = &naive->object[object];
        struct object_profile profile;
        if (!o->first) {
            assert_int_equal(object_profile(table, object, &profile), STATUS_NOT_FOUND);
            continue;
        }
        assert_ok(object_profile(table, object, &profile));
        assert_int_equal(profile.kind, kind_of(object));
        assert_int_equal(profile.shared, o->shared);
        assert_int_equal(profile.is_public, o->is_public);
        assert_true(o->is_public || profile.accounts == (o->shared ? o->n : 1));
        assert_true(!o->shared || profile.sightings == o->sightings);
    }
}

static void run_against_naive(uint64_t seed)
{
    static struct naive naive;
    memset(&naive, 0, sizeof naive);
    struct object_table *table = new_table();
    int64_t time_ms = T0;
    for (int tick = 0; tick < 200; tick++) {
        struct sighting sightings[50];
        size_t n = below(&seed, 50), from = naive.n_ties;
        for (size_t i = 0; i < n; i++) {
            time_ms += below(&seed, 20) ? below(&seed, 3) * SECOND : below(&seed, 1200) * SECOND;
            sightings[i] = random_sighting(&seed, time_ms);
            naive_apply(&naive, &sightings[i]);
        }
        naive_sort(&naive, from);
        struct tie_list ties = { 0 };
        assert_ok(object_apply(table, sightings, n, NULL, &ties));
        assert_same_ties(&ties, &naive, from);
        tie_list_fini(&ties);
    }
    assert_same_profiles(table, &naive);
    struct object_stats stats;
    object_stats(table, &stats);
    assert_int_equal(stats.singles_evicted + stats.shared_evicted + stats.issued_evicted + stats.unlisted, 0);
    object_table_free(table);
}

static void below_the_caps_it_says_what_a_naive_map_says(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 40; seed++) {
        print_message("seed %llu\n", (unsigned long long)seed);
        run_against_naive(seed);
    }
}

static void other_account_names_change_only_names(void **state)
{
    (void)state;
    struct object_table *plain = new_table(), *renamed = new_table();
    uint64_t seed = 77, factor = 0x9e3779b97f4a7c15U;
    struct sighting a[2000], b[2000];
    for (size_t i = 0; i < 2000; i++) {
        a[i] = random_sighting(&seed, T0 + (int64_t)i * SECOND);
        if (a[i].kind >= OBJECT_TURN && a[i].verb == VERB_ISSUE)
            a[i].account = 1 + a[i].object; /* one holder an output: two of one hour go by name */
        b[i] = a[i];
        b[i].account *= factor;
        b[i].payer *= factor;
        b[i].organization *= factor;
    }
    struct tie_list x = { 0 }, y = { 0 };
    assert_ok(object_apply(plain, a, 2000, NULL, &x));
    assert_ok(object_apply(renamed, b, 2000, NULL, &y));
    assert_int_equal(x.n, y.n);
    assert_true(x.n > 500);
    for (size_t i = 0; i < x.n; i++) {
        assert_int_equal(x.items[i].object, y.items[i].object);
        assert_int_equal(x.items[i].op, y.items[i].op);
        assert_int_equal(x.items[i].a * factor, y.items[i].a);
        assert_int_equal(x.items[i].b * factor, y.items[i].b);
    }
    tie_list_fini(&x);
    tie_list_fini(&y);
    object_table_free(plain);
    object_table_free(renamed);
}

static void a_flood_of_objects_stays_within_its_bytes(void **state)
{
    (void)state;
    struct object_config config = {
        .singles_bytes = 4 << 20, .shared_bytes = 4 << 20, .issued_bytes = 1 << 20
    };
    struct object_table *table;
    assert_ok(object_table_new(&config, &table));
    struct tie_list ties = { 0 };
    for (uint64_t i = 1; i <= 1000000; i++) {
        struct sighting s[4] = { show(OBJECT_SYSTEM, i, i % 50000 + 1, T0 + (int64_t)i),
            show(OBJECT_LEAD6, i * 3 << 32, 1, T0 + (int64_t)i),
            show(OBJECT_LEAD6, i * 3 << 32, 2, T0 + (int64_t)i),
            direct(OBJECT_ECHO, VERB_ISSUE, i * 5, i % 50000 + 1, T0 + (int64_t)i) };
        ties.n = 0;
        assert_ok(object_apply(table, s, 4, NULL, &ties));
    }
    tie_list_fini(&ties);
    struct object_stats stats;
    object_stats(table, &stats);
    assert_true(stats.state_bytes <= config.singles_bytes + config.shared_bytes + 4096);
    assert_true(stats.issued_bytes <= config.issued_bytes + 4096);
    assert_true(stats.singles_evicted > 500000 && stats.shared_evicted > 900000);
    assert_int_equal(stats.issued + stats.issued_evicted, 1000000);
    assert_true(stats.issued_bytes <= 16 * stats.issued * 101 / 100);
    object_table_free(table);
}

static void a_table_without_memory_is_no_table(void **state)
{
    (void)state;
    struct object_config config = { .singles_bytes = 4096, .shared_bytes = 4096, .issued_bytes = 4096 };
    bool failed = true;
    for (long nth = 0; failed; nth++) {
        struct object_table *table = NULL;
        alloc_sweep_arm(nth);
        enum status st = object_table_new(&config, &table);
        failed = alloc_sweep_disarm();
        assert_int_equal(st, failed ? STATUS_NOMEM : STATUS_OK);
        assert_true(failed == !table);
        object_table_free(table);
    }
}

static void without_room_for_ties_a_sighting_changes_nothing(void **state)
{
    (void)state;
    struct object_table *table = new_table();
    struct sighting s[200];
    for (uint64_t i = 0; i < 200; i++)
        s[i] = show(OBJECT_DEVICE, 7, i + 1, T0 + (int64_t)i);
    struct tie_list ties = { 0 };
    size_t done = 0;
    for (long nth = 0; done < 200; nth = 1) {
        alloc_sweep_arm(nth); /* none, then one more growth at a time */
        enum status st = object_apply(table, s + done, 200 - done, NULL, &ties);
        assert_int_equal(st, alloc_sweep_disarm() ? STATUS_NOMEM : STATUS_OK);
        struct object_profile profile = { 0 };
        if (object_profile(table, 7, &profile) == STATUS_OK)
            done = (size_t)profile.sightings;
        assert_int_equal(ties.n, done < 2 ? 0 : done);
    }
    tie_list_fini(&ties);
    object_table_free(table);
}

static void sightings_of_nothing_say_nothing(void **state)
{
    (void)state;
    struct object_table *table = new_table();
    assert_int_equal(apply(table, show(OBJECT_DEVICE, 0, 1, T0), NULL, NULL), 0);
    assert_int_equal(apply(table, show(OBJECT_DEVICE, 0, 2, T0), NULL, NULL), 0);
    assert_int_equal(apply(table, show(OBJECT_DEVICE, 5, 0, T0), NULL, NULL), 0);
    assert_int_equal(apply(table, show(OBJECT_KINDS, 5, 1, T0), NULL, NULL), 0);
    assert_int_equal(apply(table, direct(OBJECT_DEVICE, VERB_ISSUE, 5, 1, T0), NULL, NULL), 0);
    assert_int_equal(apply(table, show(OBJECT_TURN, 5, 1, T0), NULL, NULL), 0);
    struct object_profile profile;
    assert_int_equal(object_profile(table, 5, &profile), STATUS_NOT_FOUND);
    assert_int_equal(object_profile(table, 0, &profile), STATUS_NOT_FOUND);
    object_table_free(table);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(below_the_caps_it_says_what_a_naive_map_says),
        cmocka_unit_test(other_account_names_change_only_names),
        cmocka_unit_test(a_flood_of_objects_stays_within_its_bytes),
        cmocka_unit_test(a_table_without_memory_is_no_table),
        cmocka_unit_test(without_room_for_ties_a_sighting_changes_nothing),
        cmocka_unit_test(sightings_of_nothing_say_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
