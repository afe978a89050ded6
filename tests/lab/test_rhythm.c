#include "lab/world_state.h"

#include "support/test.h"

#include <math.h>

/* A Monday at midnight. */
#define MONDAY (INT64_C(1777852800) * 1000)
static const double weekends[] = { 0, 0.05, 1, 3 };
enum { WEEKENDS = sizeof weekends / sizeof *weekends };

static double mean_of_week(const struct rhythm_week *week, int64_t from_ms, double *ret_peak)
{
    enum { STEP_MS = 60000 };
    double sum = 0;
    int n = 0;
    *ret_peak = 0;
    for (int64_t ms = from_ms; ms < from_ms + 7 * DAY_MS; ms += STEP_MS, n++) {
        double now = rhythm_at(week, ms);
        assert_true(now >= 0);
        sum += now;
        *ret_peak = fmax(*ret_peak, now);
    }
    return sum / n;
}

static void every_rhythm_has_the_mean_one_over_a_week_and_keeps_below_its_peak(void **state)
{
    (void)state;
    for (enum rhythm rhythm = 0; rhythm < RHYTHM_COUNT; rhythm++)
        for (int i = 0; i < WEEKENDS; i++) {
            struct rhythm_week week = rhythm_week(rhythm, weekends[i]);
            double peak;
            double mean = mean_of_week(&week, MONDAY, &peak);
            if (fabs(mean - 1) > 0.005)
                fail_msg("rhythm %d, weekend %g: mean %g", (int)rhythm, weekends[i], mean);
            /* What thinning relies on: never above, and reached, so that candidates are not wasted. */
            assert_true(peak <= week.peak * (1 + 1e-12));
            assert_true(peak > week.peak * 0.999);
        }
}

static void a_constant_rhythm_is_one_at_any_time(void **state)
{
    (void)state;
    struct rhythm_week week = rhythm_week(RHYTHM_CONSTANT, 0);
    for (int64_t ms = MONDAY; ms < MONDAY + 7 * DAY_MS; ms += 7 * 60000 + 13)
        assert_true(fabs(rhythm_at(&week, ms) - 1) < 1e-12);
    assert_true(fabs(week.peak - 1) < 1e-12);
}

static void an_office_works_on_working_days_and_a_job_at_night(void **state)
{
    (void)state;
    struct rhythm_week office = rhythm_week(RHYTHM_OFFICE, 0), nightly = rhythm_week(RHYTHM_NIGHTLY, 0);
    int64_t ten = 10 * HOUR_MS, night = 3 * HOUR_MS;
    assert_true(rhythm_at(&office, MONDAY + ten) > 20 * rhythm_at(&office, MONDAY + night));
    assert_true(rhythm_at(&office, MONDAY + ten) > 5 * rhythm_at(&office, MONDAY + 5 * DAY_MS + ten));
    assert_true(rhythm_at(&nightly, MONDAY + 2 * HOUR_MS) > 5);
    assert_true(rhythm_at(&nightly, MONDAY + 12 * HOUR_MS) == 0);
}

static void a_weekend_of_a_given_activity_has_that_against_a_monday(void **state)
{
    (void)state;
    struct rhythm_week week = rhythm_week(RHYTHM_PEOPLE, 0.3);
    for (int64_t hour = 0; hour < 24; hour++) {
        double monday = rhythm_at(&week, MONDAY + hour * HOUR_MS);
        assert_true(fabs(rhythm_at(&week, MONDAY + 5 * DAY_MS + hour * HOUR_MS) - 0.3 * monday) < 1e-12);
        assert_true(fabs(rhythm_at(&week, MONDAY + 6 * DAY_MS + hour * HOUR_MS) - 0.3 * monday) < 1e-12);
    }
}

/* Candidates at the peak's rate, each taken with its share of the peak: so many a day, and in the rhythm's hours. */
static void a_thinned_process_sends_as_many_a_day_as_it_says(void **state)
{
    (void)state;
    enum { WEEKS = 200 };
    for (enum rhythm rhythm = 0; rhythm < RHYTHM_COUNT; rhythm++) {
        struct rhythm_week week = rhythm_week(rhythm, 0);
        struct dice dice = dice_of(20260504, rhythm);
        unsigned taken = 0;
        int64_t ms = MONDAY, before;
        while (ms < MONDAY + WEEKS * 7 * DAY_MS) {
            before = ms;
            ms = rhythm_next_ms(6, week.peak, ms, &dice);
            assert_true(ms > before);
            taken += dice_chance(&dice, rhythm_at(&week, ms) / week.peak);
        }
        /* Poisson: four standard deviations, and half a percent for the mean. */
        assert_true(fabs(taken - 6.0 * 7 * WEEKS) < 4 * sqrt(6.0 * 7 * WEEKS) + 42);
    }
}

static void who_sends_nothing_waits_for_centuries(void **state)
{
    (void)state;
    struct dice dice = dice_of(1, 1);
    assert_true(rhythm_next_ms(0, 2, MONDAY, &dice) > MONDAY + 36500 * DAY_MS);
    assert_true(rhythm_next_ms(1e-300, 2, MONDAY, &dice) > MONDAY + 36500 * DAY_MS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_rhythm_has_the_mean_one_over_a_week_and_keeps_below_its_peak),
        cmocka_unit_test(a_constant_rhythm_is_one_at_any_time),
        cmocka_unit_test(an_office_works_on_working_days_and_a_job_at_night),
        cmocka_unit_test(a_weekend_of_a_given_activity_has_that_against_a_monday),
        cmocka_unit_test(a_thinned_process_sends_as_many_a_day_as_it_says),
        cmocka_unit_test(who_sends_nothing_waits_for_centuries),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
