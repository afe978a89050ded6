#include "fixture.h"

enum { ALICE = 11 };

/* n exchanges on that day, a minute apart, of so many tokens. */
static void live_day(
    struct fixture *f, uint64_t account, int64_t day, unsigned n, uint32_t tokens, uint64_t frame)
{
    for (unsigned i = 0; i < n; i++) {
        struct record record = task_at(account, T0 + day * DAY_MS + i * MINUTE_MS, frame, i);
        record.exchange.input_tok = tokens;
        apply(f, &record);
        forget_sightings(f);
    }
}

static void the_first_week_has_no_baseline(void **state)
{
    (void)state;
    struct fixture f = fixture_new(16);
    for (int64_t day = 0; day < 7; day++)
        live_day(&f, ALICE, day, 20, 500, 1);
    assert_true(isnan(profile_at(&f, ALICE, T0).own_deviation));
    live_day(&f, ALICE, 7, 20, 500, 1);
    assert_true(!isnan(profile_at(&f, ALICE, T0).own_deviation));
    fixture_free(&f);
}

static void a_steady_account_deviates_little(void **state)
{
    (void)state;
    struct fixture f = fixture_new(16);
    uint64_t seed = 9;
    for (int64_t day = 0; day < 60; day++)
        live_day(&f, ALICE, day, 40 + (unsigned)(random_next(&seed) % 20), 500, 1);
    assert_true(profile_at(&f, ALICE, T0).own_deviation < 2);
    fixture_free(&f);
}

static void a_tenfold_day_deviates_much(void **state)
{
    (void)state;
    struct fixture f = fixture_new(16);
    for (int64_t day = 0; day < 30; day++)
        live_day(&f, ALICE, day, 20 + (unsigned)(day % 3), 500, 1);
    assert_true(profile_at(&f, ALICE, T0).own_deviation < 2);
    live_day(&f, ALICE, 30, 300, 500, 1);
    assert_true(profile_at(&f, ALICE, T0).own_deviation > 4);
    fixture_free(&f);
}

static void larger_requests_deviate_at_an_equal_rate(void **state)
{
    (void)state;
    struct fixture f = fixture_new(16);
    for (int64_t day = 0; day < 30; day++)
        live_day(&f, ALICE, day, 50, 500, 1);
    live_day(&f, ALICE, 30, 50, 8000, 1);
    assert_true(profile_at(&f, ALICE, T0).own_deviation > 4);
    fixture_free(&f);
}

static void leaving_the_usual_frame_deviates(void **state)
{
    (void)state;
    struct fixture f = fixture_new(16);
    for (int64_t day = 0; day < 30; day++)
        live_day(&f, ALICE, day, 50, 500, 1);
    live_day(&f, ALICE, 30, 50, 500, 2);
    assert_true(profile_at(&f, ALICE, T0).own_deviation > 3);
    fixture_free(&f);
}

static void tell_tier(struct fixture *f, uint64_t account, enum tier tier)
{
    struct record record = facts_at(account, T0);
    record.account_facts.tier = (uint8_t)tier;
    apply(f, &record);
}

static void use_is_measured_against_the_mean_of_the_tier(void **state)
{
    (void)state;
    struct fixture f = fixture_new(64);
    for (uint64_t account = 1; account <= 10; account++)
        tell_tier(&f, account, account <= 5 ? TIER_PAID : TIER_ENTERPRISE);
    for (int64_t day = 0; day < 20; day++)
        for (uint64_t account = 1; account <= 10; account++)
            live_day(&f, account, day, account <= 4 ? 10 : account == 5 ? 60 : 400, 500, 1);
    /* Four at 10 and one at 60: a mean of 20. */
    int64_t now = T0 + 19 * DAY_MS;
    assert_near(profile_at(&f, 1, now).cohort_use, 0.5, 0.1);
    assert_near(profile_at(&f, 5, now).cohort_use, 3, 0.5);
    assert_near(profile_at(&f, 6, now).cohort_use, 1, 0.1);
    fixture_free(&f);
}

static void cohorts_are_the_sums_of_their_accounts(void **state)
{
    (void)state;
    uint64_t seed = 77;
    struct fixture f = fixture_new(24);
    for (int step = 0; step < 4000; step++) {
        uint64_t account = random_next(&seed) % 40 + 1;
        if (random_next(&seed) % 10 == 0)
            tell_tier(&f, account, (enum tier)(random_next(&seed) % TIER_COUNT));
        struct record record = exchange_at(account, T0 + step * HOUR_MS);
        apply(&f, &record);
        forget_sightings(&f);
    }
    struct cohort sums[TIER_COUNT] = { 0 };
    for (uint64_t id = 1; id <= 40; id++) {
        const struct account *account = account_at(f.table, id);
        if (account && account->flags & ACCOUNT_COHORT) {
            sums[account->tier].accounts++;
            sums[account->tier].rate += account->cohort_rate;
        }
    }
    assert_memory_equal(sums, f.table->cohorts, sizeof sums);
    fixture_free(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_week_has_no_baseline),
        cmocka_unit_test(a_steady_account_deviates_little),
        cmocka_unit_test(a_tenfold_day_deviates_much),
        cmocka_unit_test(larger_requests_deviate_at_an_equal_rate),
        cmocka_unit_test(leaving_the_usual_frame_deviates),
        cmocka_unit_test(use_is_measured_against_the_mean_of_the_tier),
        cmocka_unit_test(cohorts_are_the_sums_of_their_accounts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
