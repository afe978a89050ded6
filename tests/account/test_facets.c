#include "fixture.h"

enum { ALICE = 11 };

static void person(struct fixture *f, int64_t time_ms)
{
    struct record record = exchange_at(ALICE, time_ms);
    record.exchange.session = hashed((uint64_t)(time_ms / (2 * HOUR_MS)));
    record.exchange.client = 21;
    record.exchange.language = LANG_DE;
    record.exchange.country = 'D' << 8 | 'E';
    apply(f, &record);
    forget_sightings(f);
}

static void one_person_is_one_tenant(void **state)
{
    (void)state;
    struct fixture f = fixture_new(16);
    for (int64_t i = 0; i < 500; i++)
        person(&f, T0 + i * HOUR_MS / 10);
    assert_near(profile_at(&f, ALICE, T0).tenants, 1, 0);
    fixture_free(&f);
}

static void many_end_users_are_many_tenants(void **state)
{
    (void)state;
    struct fixture f = fixture_new(16);
    for (uint64_t i = 0; i < 400; i++) {
        struct record record = exchange_at(ALICE, T0 + (int64_t)i * MINUTE_MS);
        record.exchange.end_user = hashed(i % 40);
        apply(&f, &record);
    }
    assert_near(profile_at(&f, ALICE, T0).tenants, 40, 3 * 0.09 * 40);
    fixture_free(&f);
}

static void sessions_count_within_an_hour(void **state)
{
    (void)state;
    struct fixture f = fixture_new(16);
    for (uint64_t i = 0; i < 48; i++) {
        struct record record = exchange_at(ALICE, T0 + (int64_t)i * HOUR_MS / 2);
        record.exchange.session = hashed(i);
        apply(&f, &record);
    }
    assert_near(profile_at(&f, ALICE, T0).tenants, 2, 0);
    fixture_free(&f);
}

static void the_busiest_hour_of_yesterday_is_remembered_for_a_day(void **state)
{
    (void)state;
    struct fixture f = fixture_new(16);
    for (uint64_t i = 0; i < 30; i++) {
        struct record record = exchange_at(ALICE, T0 + (int64_t)i);
        record.exchange.session = hashed(i);
        apply(&f, &record);
    }
    double busy = profile_at(&f, ALICE, T0).tenants;
    assert_near(busy, 30, 8);
    person(&f, T0 + 5 * HOUR_MS);
    assert_near(profile_at(&f, ALICE, T0).tenants, busy, 0);
    person(&f, T0 + 30 * HOUR_MS);
    assert_near(profile_at(&f, ALICE, T0).tenants, busy, 0);
    person(&f, T0 + 50 * HOUR_MS);
    assert_near(profile_at(&f, ALICE, T0).tenants, 1, 0);
    fixture_free(&f);
}

static void every_facet_can_be_the_largest(void **state)
{
    (void)state;
    for (int facet = 0; facet < 5; facet++) {
        struct fixture f = fixture_new(16);
        for (uint16_t i = 0; i < 8; i++) {
            struct record record = exchange_at(ALICE, T0 + i);
            record.exchange.session = facet == 0 ? UINT64_C(1) << 58 << (i % 4) : 0;
            record.exchange.end_user = facet == 1 ? UINT64_C(1) << 58 << (i % 4) : 0;
            record.exchange.client = facet == 2 ? UINT64_C(1) << 58 << (i % 4) : 0;
            record.exchange.country = facet == 3 ? (uint16_t)('A' << 8 | ('A' + i % 4)) : 0;
            record.exchange.language = facet == 4 ? (uint8_t)(LANG_EN + i % 4) : LANG_UNKNOWN;
            apply(&f, &record);
        }
        assert_near(profile_at(&f, ALICE, T0).tenants, 4, 0);
        fixture_free(&f);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_person_is_one_tenant),
        cmocka_unit_test(many_end_users_are_many_tenants),
        cmocka_unit_test(sessions_count_within_an_hour),
        cmocka_unit_test(the_busiest_hour_of_yesterday_is_remembered_for_a_day),
        cmocka_unit_test(every_facet_can_be_the_largest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
