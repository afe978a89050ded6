#include "fixture.h"

enum { ALICE = 11, EVENTS = 3000 };

/* All events kept, the sum taken with doubles. */
static double exact_rate(const int64_t *times, const double *values, size_t n, int64_t now_ms, double half_ms)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += values[i] * exp2(-(double)(now_ms - times[i]) / half_ms);
    return sum * log(2) / (half_ms / (double)HOUR_MS);
}

static void rates_follow_the_exact_sum_within_two_percent(void **state)
{
    (void)state;
    static int64_t times[EVENTS];
    static double ones[EVENTS], tokens[EVENTS];
    for (uint64_t run = 0; run < 20; run++) {
        uint64_t seed = 7000 + run * 1000000;
        struct fixture f = fixture_new(16);
        int64_t now = T0;
        size_t n = 200 + random_next(&seed) % (EVENTS - 200);
        uint64_t mean_ms = 1000 + random_next(&seed) % 600000;
        for (size_t i = 0; i < n; i++) {
            now += (int64_t)(random_next(&seed) % (2 * mean_ms));
            times[i] = now;
            ones[i] = 1;
            struct record record = exchange_at(ALICE, now);
            record.exchange.input_tok = (uint32_t)(random_next(&seed) % 3000);
            record.exchange.output_tok = (uint32_t)(random_next(&seed) % 3000);
            tokens[i] = record.exchange.input_tok + record.exchange.output_tok;
            apply(&f, &record);
        }
        struct account_profile profile = profile_at(&f, ALICE, now);
        double hour = exact_rate(times, ones, n, now, (double)HOUR_MS);
        double day = exact_rate(times, ones, n, now, (double)DAY_MS);
        double week = exact_rate(times, ones, n, now, 7.0 * (double)DAY_MS);
        double size = exact_rate(times, tokens, n, now, (double)DAY_MS) * 24;
        if (fabs(profile.per_hour / hour - 1) > 0.03 || fabs(profile.per_day / day - 1) > 0.02 ||
            fabs(profile.per_week / week - 1) > 0.02 || fabs(profile.tokens_per_day / size - 1) > 0.02)
            fail_msg("seed %lu: hour %g/%g day %g/%g week %g/%g tokens %g/%g", (unsigned long)seed,
                profile.per_hour, hour, profile.per_day, day, profile.per_week, week, profile.tokens_per_day,
                size);
        fixture_free(&f);
    }
}

static void a_rate_halves_in_its_half_life(void **state)
{
    (void)state;
    struct fixture f = fixture_new(16);
    for (int i = 0; i < 400; i++) {
        struct record record = exchange_at(ALICE, T0 + i);
        apply(&f, &record);
    }
    struct account_profile now = profile_at(&f, ALICE, T0 + 400);
    assert_near(profile_at(&f, ALICE, T0 + 400 + HOUR_MS).per_hour, now.per_hour / 2, 0.5);
    assert_near(profile_at(&f, ALICE, T0 + 400 + 3 * DAY_MS).per_day, now.per_day / 8, 0.05);
    assert_near(profile_at(&f, ALICE, T0 + 400 + 7 * DAY_MS).per_week, now.per_week / 2, 0.01);
    fixture_free(&f);
}

/* The level lies between 80 and 100 % of the final peak, so its time lies between when these were reached. */
static void the_ramp_ends_between_eighty_percent_and_the_peak(void **state)
{
    (void)state;
    for (uint64_t run = 0; run < 50; run++) {
        uint64_t seed = 100 + run * 1000000;
        struct fixture f = fixture_new(16);
        enum { DAYS = 12, MOST = 200 };
        static int64_t reached[DAYS * MOST];
        static unsigned level[DAYS * MOST];
        unsigned n = 0, peak = 0;
        for (int64_t day = 0; day < DAYS; day++) {
            unsigned today = (unsigned)(random_next(&seed) % MOST);
            for (unsigned i = 0; i < today; i++, n++) {
                reached[n] = T0 + day * DAY_MS + (int64_t)i * 60000;
                level[n] = i + 1;
                struct record record = exchange_at(ALICE, reached[n]);
                apply(&f, &record);
            }
            peak = today > peak ? today : peak;
        }
        double low = -1, high = -1;
        for (unsigned i = 0; i < n; i++) {
            double hours = (double)(reached[i] - reached[0]) / (double)HOUR_MS;
            if (low < 0 && level[i] * 5 >= peak * 4)
                low = hours;
            if (high < 0 && level[i] == peak)
                high = hours;
        }
        double ramp = profile_at(&f, ALICE, T0).ramp_hours;
        if (ramp < low - 0.001 || ramp > high + 0.001)
            fail_msg("run %lu: ramp %g outside %g..%g", (unsigned long)run, ramp, low, high);
        fixture_free(&f);
    }
}

static void active_days_are_days_with_an_exchange(void **state)
{
    (void)state;
    struct fixture f = fixture_new(16);
    static const int days[] = { 0, 0, 1, 5, 5, 40 };
    for (unsigned i = 0; i < sizeof days / sizeof *days; i++) {
        struct record record = exchange_at(ALICE, T0 + days[i] * DAY_MS + i);
        apply(&f, &record);
    }
    assert_near(profile_at(&f, ALICE, T0).active_days, 4, 0);
    fixture_free(&f);
}

static void an_account_without_exchanges_has_no_rates(void **state)
{
    (void)state;
    struct fixture f = fixture_new(16);
    struct record record = facts_at(ALICE, T0);
    apply(&f, &record);
    struct account_profile profile = profile_at(&f, ALICE, T0);
    assert_near(profile.per_hour + profile.per_day + profile.per_week, 0, 0);
    assert_true(isnan(profile.ramp_hours));
    fixture_free(&f);
}

static void a_giant_saturates_instead_of_wrapping(void **state)
{
    (void)state;
    struct fixture f = fixture_new(16);
    struct record record = exchange_at(ALICE, T0);
    record.exchange.input_tok = record.exchange.output_tok = UINT32_MAX;
    apply(&f, &record);
    struct account *account = account_at(f.table, ALICE);
    account->rate_day = UINT32_MAX;
    account->tokens_day = UINT64_C(1) << 38;
    apply(&f, &record);
    assert_int_equal(account->rate_day, UINT32_MAX);
    assert_int_equal(account->tokens_day, UINT64_C(1) << 38);
    fixture_free(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rates_follow_the_exact_sum_within_two_percent),
        cmocka_unit_test(a_rate_halves_in_its_half_life),
        cmocka_unit_test(the_ramp_ends_between_eighty_percent_and_the_peak),
        cmocka_unit_test(active_days_are_days_with_an_exchange),
        cmocka_unit_test(an_account_without_exchanges_has_no_rates),
        cmocka_unit_test(a_giant_saturates_instead_of_wrapping),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
