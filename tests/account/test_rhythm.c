#include "fixture.h"

enum { ALICE = 11 };

static void touch(struct fixture *f, int64_t time_ms)
{
    struct record record = exchange_at(ALICE, time_ms);
    apply(f, &record);
    forget_sightings(f);
}

static void an_account_of_office_hours_has_no_night(void **state)
{
    (void)state;
    struct fixture f = fixture_new(16);
    for (int64_t day = 0; day < 5; day++)
        for (int64_t hour = 9; hour < 17; hour++)
            touch(&f, T0 + day * DAY_MS + hour * HOUR_MS);
    struct account_profile profile = profile_at(&f, ALICE, T0);
    assert_near(profile.night_share, 0, 0);
    assert_near(profile.quiet_gap_hours, 17, 1e-9);
    fixture_free(&f);
}

static void a_flat_day_has_a_quarter_in_six_hours(void **state)
{
    (void)state;
    struct fixture f = fixture_new(16);
    for (int64_t i = 0; i < 480; i++)
        touch(&f, T0 + i * HOUR_MS / 4);
    struct account_profile profile = profile_at(&f, ALICE, T0);
    assert_near(profile.night_share, 0.25, 1e-9);
    assert_near(profile.quiet_gap_hours, 0.25, 1e-9);
    fixture_free(&f);
}

static void the_night_share_is_that_of_the_quietest_six_hours(void **state)
{
    (void)state;
    for (uint64_t run = 0; run < 20; run++) {
        uint64_t seed = 40 + run * 100000;
        struct fixture f = fixture_new(16);
        double hours[24] = { 0 }, total = 0, quietest = 1;
        for (int64_t hour = 0; hour < 24 * 7; hour++) {
            unsigned n = (unsigned)(random_next(&seed) % 9);
            for (unsigned i = 0; i < n; i++)
                touch(&f, T0 + hour * HOUR_MS + i * 1000);
            hours[hour % 24] += n;
            total += n;
        }
        for (unsigned start = 0; start < 24; start++) {
            double night = 0;
            for (unsigned i = 0; i < 6; i++)
                night += hours[(start + i) % 24] / total;
            quietest = fmin(quietest, night);
        }
        assert_near(profile_at(&f, ALICE, T0).night_share, quietest, 1e-9);
        fixture_free(&f);
    }
}

static void the_shape_of_the_day_follows_a_change_of_life(void **state)
{
    (void)state;
    struct fixture f = fixture_new(16);
    for (int64_t day = 0; day < 28; day++)
        touch(&f, T0 + day * DAY_MS + 3 * HOUR_MS);
    for (int64_t day = 28; day < 28 * 7; day++)
        touch(&f, T0 + day * DAY_MS + 15 * HOUR_MS);
    const struct account *account = account_at(f.table, ALICE);
    assert_int_equal(account->hours[3], 0);
    assert_in_range(account->hours[15], 28, 56);
    fixture_free(&f);
}

static void an_account_of_working_days_has_a_weekend(void **state)
{
    (void)state;
    struct fixture f = fixture_new(16);
    for (int64_t day = 0; day < 28; day++)
        if (day % 7 < 5)
            for (int64_t i = 0; i < 300; i++)
                touch(&f, T0 + day * DAY_MS + (9 + i / 40) * HOUR_MS + i);
    assert_near(profile_at(&f, ALICE, T0).weekend_share, 0, 0);
    fixture_free(&f);
}

static void a_flat_week_has_two_sevenths_in_two_days_however_long_it_lasts(void **state)
{
    (void)state;
    struct fixture f = fixture_new(16);
    for (int64_t hour = 0; hour < 24 * 28 * 6; hour++)
        touch(&f, T0 + hour * HOUR_MS);
    const struct account *account = account_at(f.table, ALICE);
    for (unsigned i = 0; i < 7; i++)
        assert_in_range(account->weekdays[i], 90, 192);
    assert_near(profile_at(&f, ALICE, T0).weekend_share, 2.0 / 7, 0.02);
    fixture_free(&f);
}

static void one_hour_counts_a_thousand_exchanges_at_most(void **state)
{
    (void)state;
    struct fixture f = fixture_new(16);
    for (int64_t i = 0; i < 3000; i++)
        touch(&f, T0 + i);
    assert_int_equal(account_at(f.table, ALICE)->hours[0], HOUR_OF_DAY_MAX);
    fixture_free(&f);
}

static void one_exchange_has_no_gaps(void **state)
{
    (void)state;
    struct fixture f = fixture_new(16);
    touch(&f, T0);
    assert_true(isnan(profile_at(&f, ALICE, T0).quiet_gap_hours));
    assert_true(isnan(profile_at(&f, ALICE, T0).gap_cv));
    fixture_free(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_account_of_office_hours_has_no_night),
        cmocka_unit_test(a_flat_day_has_a_quarter_in_six_hours),
        cmocka_unit_test(the_night_share_is_that_of_the_quietest_six_hours),
        cmocka_unit_test(the_shape_of_the_day_follows_a_change_of_life),
        cmocka_unit_test(an_account_of_working_days_has_a_weekend),
        cmocka_unit_test(a_flat_week_has_two_sevenths_in_two_days_however_long_it_lasts),
        cmocka_unit_test(one_hour_counts_a_thousand_exchanges_at_most),
        cmocka_unit_test(one_exchange_has_no_gaps),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
