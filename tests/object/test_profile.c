#include "sightings.h"

#include <math.h>

static void a_profile_says_who_shows_the_object(void **state)
{
    (void)state;
    struct object_table *table = new_table();
    for (uint64_t account = 1; account <= 8; account++) {
        struct sighting s = show(OBJECT_SYSTEM, 5, account, T0 + (int64_t)account * HOUR);
        s.payer = 100 + account / 2;
        s.country = (uint16_t)(1 + account % 2);
        s.adopter = account <= 2 ? ADOPTER_ESTABLISHED | ADOPTER_VERIFIED : ADOPTER_EDUCATION;
        s.slot = account <= 4 ? 1 : account;
        apply(table, s, NULL, NULL);
    }
    struct object_profile profile;
    assert_ok(object_profile(table, 5, &profile));
    assert_int_equal(profile.object, 5);
    assert_int_equal(profile.kind, OBJECT_SYSTEM);
    assert_true(profile.shared && !profile.is_public);
    assert_true(profile.accounts == 8 && profile.payers == 5 && profile.slots == 5);
    assert_int_equal(profile.sightings, 7);
    assert_true(profile.established == 0.25 && profile.verified == 0.25);
    assert_true(profile.education == 0.75 && profile.reseller == 0);
    assert_true(fabs(profile.countries - 1) < 1e-9);
    assert_int_equal(profile.first_ms, T0 + 2 * HOUR);
    assert_int_equal(profile.last_ms, T0 + 8 * HOUR);
    object_table_free(table);
}

static void one_account_alone_has_a_profile_too(void **state)
{
    (void)state;
    struct object_table *table = new_table();
    struct sighting s = show(OBJECT_LEAD6, 5, 1, T0);
    s.adopter = ADOPTER_ESTABLISHED;
    apply(table, s, NULL, NULL);
    s.time_ms += 5 * HOUR;
    apply(table, s, NULL, NULL);
    struct object_profile profile;
    assert_ok(object_profile(table, 5, &profile));
    assert_true(!profile.shared && profile.accounts == 1 && profile.established == 1);
    assert_int_equal(profile.sightings, 2);
    assert_int_equal(profile.last_ms, T0 + 5 * HOUR);
    assert_int_equal(profile.first_ms, -1);
    object_table_free(table);
}

static void members_come_in_ascending_order_the_smallest_first(void **state)
{
    (void)state;
    struct object_table *table = new_table();
    uint64_t accounts[100];
    size_t n;
    assert_int_equal(object_members(table, 5, accounts, 100, &n), STATUS_NOT_FOUND);
    for (uint64_t i = 0; i < 60; i++) {
        apply(table, show(OBJECT_DEVICE, 5, 1 + i * 37 % 60, T0), NULL, NULL);
        assert_ok(object_members(table, 5, accounts, 100, &n));
        assert_int_equal(n, i + 1);
    }
    for (size_t max = 0; max <= 61; max++) {
        accounts[max] = 12345;
        assert_ok(object_members(table, 5, accounts, max, &n));
        assert_int_equal(n, 60);
        for (uint64_t i = 0; i < (max < 60 ? max : 60); i++)
            assert_int_equal(accounts[i], i + 1);
        assert_int_equal(accounts[max], 12345);
    }
    object_table_free(table);
}

static void stats_count_what_is_held(void **state)
{
    (void)state;
    struct object_table *table = new_table();
    apply(table, show(OBJECT_DEVICE, 5, 1, T0), NULL, NULL);
    apply(table, show(OBJECT_DEVICE, 5, 2, T0), NULL, NULL);
    apply(table, show(OBJECT_DEVICE, 6, 2, T0), NULL, NULL);
    apply(table, direct(OBJECT_TURN, VERB_ISSUE, 7, 3, T0), NULL, NULL);
    struct object_stats stats;
    object_stats(table, &stats);
    assert_int_equal(stats.singles, 1);
    assert_int_equal(stats.shared, 1);
    assert_int_equal(stats.issued, 1);
    assert_int_equal(stats.holders, 3);
    assert_int_equal(stats.publics + stats.unlisted, 0);
    assert_in_range(stats.state_bytes, 1900000, (2 << 20) + 4096);
    assert_in_range(stats.issued_bytes, 1000000, (1 << 20) + 4096);
    object_table_free(table);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_profile_says_who_shows_the_object),
        cmocka_unit_test(one_account_alone_has_a_profile_too),
        cmocka_unit_test(members_come_in_ascending_order_the_smallest_first),
        cmocka_unit_test(stats_count_what_is_held),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
