#include "fixture.h"

enum { ALICE = 11 };

static void send(struct fixture *f, int64_t time_ms, uint64_t slot, uint16_t status)
{
    struct record record = task_at(ALICE, time_ms, 1, slot);
    record.exchange.status = status;
    if (slot == 0)
        record.exchange.slot = 0;
    apply(f, &record);
}

static void enforce(struct fixture *f, int64_t time_ms, enum enforcement action)
{
    struct record record = { .time_ms = time_ms, .account = ALICE, .kind = RECORD_ENFORCEMENT };
    record.enforcement.action = (uint8_t)action;
    apply(f, &record);
}

static void the_same_task_again_is_a_retry(void **state)
{
    (void)state;
    struct fixture f = fixture_new(16);
    send(&f, T0, 1, 429);
    assert_true(isnan(profile_at(&f, ALICE, T0).retry_share));
    send(&f, T0 + 1000, 1, 429);
    send(&f, T0 + 2000, 1, 200);
    send(&f, T0 + 3000, 2, 200);
    assert_near(profile_at(&f, ALICE, T0).retry_share, 1, 0);
    fixture_free(&f);
}

static void another_task_is_no_retry(void **state)
{
    (void)state;
    struct fixture f = fixture_new(16);
    send(&f, T0, 1, 403);
    send(&f, T0 + 1000, 2, 200);
    assert_near(profile_at(&f, ALICE, T0).retry_share, 0, 0);
    assert_near(profile_at(&f, ALICE, T0).silence_share, 0, 0);
    fixture_free(&f);
}

static void an_hour_of_nothing_is_silence(void **state)
{
    (void)state;
    struct fixture f = fixture_new(16);
    send(&f, T0, 1, 429);
    send(&f, T0 + HOUR_MS, 2, 429);
    send(&f, T0 + 3 * HOUR_MS, 2, 200);
    assert_near(profile_at(&f, ALICE, T0).retry_share, 0.5, 0);
    assert_near(profile_at(&f, ALICE, T0).silence_share, 0.5, 0);
    fixture_free(&f);
}

static void without_text_only_silence_can_be_told(void **state)
{
    (void)state;
    struct fixture f = fixture_new(16);
    send(&f, T0, 0, 429);
    send(&f, T0 + 1000, 0, 429);
    assert_true(isnan(profile_at(&f, ALICE, T0).retry_share));
    send(&f, T0 + 2 * HOUR_MS, 0, 200);
    assert_near(profile_at(&f, ALICE, T0).silence_share, 1, 0);
    fixture_free(&f);
}

static void an_enforcement_counts_as_a_limit_until_it_is_lifted(void **state)
{
    (void)state;
    struct fixture f = fixture_new(16);
    send(&f, T0, 1, 200);
    enforce(&f, T0 + 5 * HOUR_MS, ENFORCEMENT_LIMITED);
    send(&f, T0 + 5 * HOUR_MS + 1000, 1, 200);
    assert_near(profile_at(&f, ALICE, T0).retry_share, 1, 0);
    enforce(&f, T0 + 6 * HOUR_MS, ENFORCEMENT_SUSPENDED);
    enforce(&f, T0 + 6 * HOUR_MS, ENFORCEMENT_RESTORED);
    send(&f, T0 + 9 * HOUR_MS, 2, 200);
    assert_near(profile_at(&f, ALICE, T0).retry_share, 1, 0);
    fixture_free(&f);
}

static void an_overloaded_server_limits_nobody(void **state)
{
    (void)state;
    struct fixture f = fixture_new(16);
    send(&f, T0, 1, 529);
    send(&f, T0 + 1000, 1, 200);
    assert_true(isnan(profile_at(&f, ALICE, T0).retry_share));
    fixture_free(&f);
}

static void counts_beyond_sixteen_bits_keep_the_shares(void **state)
{
    (void)state;
    struct fixture f = fixture_new(16);
    for (int64_t i = 0; i < 150000; i++) {
        send(&f, T0 + i, i % 4 == 3 ? 2 : 1, 429);
        forget_sightings(&f);
    }
    assert_near(profile_at(&f, ALICE, T0).retry_share, 0.5, 0.01);
    fixture_free(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_task_again_is_a_retry),
        cmocka_unit_test(another_task_is_no_retry),
        cmocka_unit_test(an_hour_of_nothing_is_silence),
        cmocka_unit_test(without_text_only_silence_can_be_told),
        cmocka_unit_test(an_enforcement_counts_as_a_limit_until_it_is_lifted),
        cmocka_unit_test(an_overloaded_server_limits_nobody),
        cmocka_unit_test(counts_beyond_sixteen_bits_keep_the_shares),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
