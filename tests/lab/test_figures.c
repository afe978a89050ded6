/* The figures that scenarios and populations state, measured in runs at reduced scale and extrapolated (docs/scenarios.md has
 * the table of tolerances). */
#include "lab/fixture.h"

#include <math.h>

static struct lab lab;

static int open_lab(void **state)
{
    (void)state;
    lab_open(&lab);
    return 0;
}

static int close_lab(void **state)
{
    (void)state;
    lab_close(&lab);
    return 0;
}

enum { DAYS_MAX = 100, TECHNIQUES = 1 << 15 };

/* What a run of a scenario came to. */
struct figures {
    double exchanges, benign, accounts, days, resold, refused, cleaner, replays, quotes, abroad;
    double by_day[DAYS_MAX], new_by_day[DAYS_MAX]; /* of the campaign; with the newest model */
    double techniques;                             /* different frames */
};

static void note(struct figures *figures, const struct happening *happening, uint64_t *seen)
{
    const struct account *who = &lab.world->accounts[happening->account];
    const struct talk *talk = &happening->ask.talk;
    size_t day = (size_t)((happening->time_ms - lab.world->start_ms) / DAY_MS);
    const char *country = countries[who->country].code;
    if (who->campaign < 0) {
        figures->benign++;
        return;
    }
    figures->exchanges++;
    figures->by_day[day]++;
    figures->new_by_day[day] += happening->ask.model + 1U == lab.world->n_models;
    figures->resold += !(talk->flags & ASK_EXTRACTION);
    figures->refused += (talk->flags & ASK_REFUSED) != 0;
    figures->cleaner += talk->frame_kind == FRAME_CLEANER;
    figures->replays += (talk->flags & ASK_REPLAYS) != 0;
    figures->quotes += (talk->flags & ASK_QUOTES) != 0;
    figures->abroad += strcmp(country, "SG") == 0 || strcmp(country, "JP") == 0;
    if (talk->frame_kind == FRAME_PROBE && seen[talk->frame % TECHNIQUES] != talk->frame) {
        seen[talk->frame % TECHNIQUES] = talk->frame;
        figures->techniques++;
    }
}

static struct figures measure(const char *scenario, double scale, uint64_t seed)
{
    struct figures figures = { 0 };
    const struct happening *some;
    size_t n;
    uint64_t *seen = calloc(TECHNIQUES, sizeof *seen);
    lab_world(&lab, scenario, seed, scale);
    while (world_step(lab.world, &some, &n) == STATUS_OK)
        for (size_t i = 0; i < n; i++)
            if (some[i].kind == HAPPENING_ASK)
                note(&figures, &some[i], seen);
    for (uint32_t i = 0; i < world_accounts(lab.world); i++)
        figures.accounts += lab.world->accounts[i].campaign >= 0 && lab.world->accounts[i].sent > 0;
    for (size_t i = 0; i < DAYS_MAX; i++)
        figures.days += figures.by_day[i] > 0;
    free(seen);
    return figures;
}

static void near(const char *what, double measured, double wanted, double tolerance)
{
    if (fabs(measured / wanted - 1) > tolerance)
        fail_msg("%s: %g, not %g within %g %%", what, measured, wanted, 100 * tolerance);
}

static void the_letter_has_28800000_exchanges_by_25000_accounts_in_45_days(void **state)
{
    (void)state;
    double scale = 0.01;
    struct figures figures = measure("letter", scale, 2);
    near("accounts", figures.accounts / scale, 25000, 0.01);
    near("exchanges", figures.exchanges / scale, 28.8e6, 0.15);
    near("an account and day", figures.exchanges / figures.accounts / 45, 25.6, 0.15);
    near("benign share", figures.benign / (figures.benign + figures.exchanges), 0.9, 0.03);
    near("days", figures.days, 45, 0);
}

static void february_has_16000000_exchanges_by_24000_accounts(void **state)
{
    (void)state;
    double scale = 0.01;
    struct figures figures = measure("february", scale, 2);
    near("accounts", figures.accounts / scale, 24000, 0.02);
    near("exchanges", figures.exchanges / scale, 16e6, 0.2);
}

static void the_fixed_prompt_peaks_at_three_million_a_day_in_its_second_pool(void **state)
{
    (void)state;
    double scale = 0.02, peak = 0, second = 0;
    struct figures figures = measure("fixed_prompt", scale, 2);
    for (size_t i = 0; i < 91; i++)
        peak = fmax(peak, figures.by_day[i]);
    for (size_t i = 64; i < 90; i++)
        second += figures.by_day[i] / 26;
    near("exchanges", figures.exchanges / scale, 151e6, 0.15);
    near("peak a day", peak / scale, 3e6, 0.2);
    near("the second pool's day", second / scale, 3e6, 0.15);
    near("first pool", lab.world->attackers[0].size / scale, 5000, 0.01);
    assert_int_equal(lab.world->attackers[0].cost.switches, 1);
    assert_true(figures.by_day[30] < peak / 2);
}

static void the_cleaner_has_3400000_exchanges_by_273_accounts_770609_of_them_cleaned_in_ten_days(void **state)
{
    (void)state;
    double scale = 0.2;
    struct figures figures = measure("cleaner", scale, 2);
    near("accounts", figures.accounts / scale, 273, 0.02);
    near("exchanges", figures.exchanges / scale, 3.4e6, 0.15);
    near("cleaned in ten of seventeen days", figures.cleaner / scale, 770609, 0.25);
    assert_true(figures.quotes > 0.9 * figures.cleaner);
    near("days", figures.days, 17, 0);
}

static void the_relay_has_23000000_exchanges_by_5380_accounts_mostly_in_singapore_and_japan(void **state)
{
    (void)state;
    double scale = 0.02;
    struct figures figures = measure("relay", scale, 2);
    near("accounts", figures.accounts / scale, 5380, 0.01);
    near("exchanges", figures.exchanges / scale, 23e6, 0.2);
    near("ordinary users' share", figures.resold / figures.exchanges, 0.7, 0.08);
    near("in Singapore and Japan", figures.abroad / figures.exchanges, 0.82, 0.15);
    assert_true(figures.replays > 0.03 * figures.exchanges);
}

static void transcripts_are_asked_for_16000_times_by_4000_users_in_two_days(void **state)
{
    (void)state;
    struct figures figures = measure("transcripts", 0.5, 2);
    near("exchanges", figures.exchanges / 0.5, 16000, 0.15);
    near("exchanges an account", figures.exchanges / 2000, 4, 0.15); /* some of the 2,000 get no turn */
    near("days", figures.days, 2, 0);
    assert_true(figures.replays > 0.9 * figures.exchanges);
}

static void probing_tries_thousands_of_techniques_and_nearly_all_are_refused(void **state)
{
    (void)state;
    struct figures figures = measure("probing", 1, 2);
    double probes = figures.exchanges - figures.resold;
    assert_true(probes >= 12000 * 0.85 && probes <= 12000 * 1.2);
    assert_true(figures.techniques > 0.4 * probes); /* the winners are scaled up to half of the requests */
    assert_true(figures.refused > 0.4 * probes);
    assert_true(figures.refused > 0.93 * (figures.techniques - 64));
}

static void the_judge_grades_150000_times(void **state)
{
    (void)state;
    struct figures figures = measure("judge", 0.5, 2);
    near("accounts", figures.accounts / 0.5, 400, 0.02);
    near("gradings", (figures.exchanges - figures.resold) / 0.5, 150000, 0.2);
}

static void nearly_half_of_a_campaign_moves_to_a_new_model_within_a_day(void **state)
{
    (void)state;
    struct figures figures = measure("l1", 0.4, 2);
    near("moved", figures.new_by_day[9] / figures.by_day[9], 0.5, 0.25);
    assert_true(figures.new_by_day[7] < 1);
    assert_true(figures.new_by_day[13] > figures.new_by_day[9]);
}

/* Populations: rates in the median and the mean, and the rhythm of a week. */

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median_rate(void)
{
    size_t n = world_accounts(lab.world);
    double *rates = malloc(n * sizeof *rates);
    for (uint32_t i = 0; i < n; i++)
        rates[i] = (double)lab.world->accounts[i].per_day;
    qsort(rates, n, sizeof *rates, by_size);
    double median = rates[n / 2];
    free(rates);
    return median;
}

struct week {
    double exchanges, night, weekend, sessions, expected;
};

static struct week live(const struct customers *population, double days)
{
    struct week week = { 0 };
    const struct happening *some;
    char text[500];
    size_t n;
    snprintf(
        text, sizeof text, LAB_HEAD("14") "benign: [{population: %s, accounts: 400}]\n", population->name);
    lab_world(&lab, text, 9, 1);
    while (world_step(lab.world, &some, &n) == STATUS_OK)
        for (size_t i = 0; i < n; i++) {
            if (some[i].kind != HAPPENING_ASK)
                continue;
            const struct account *who = &lab.world->accounts[some[i].account];
            int64_t local_ms = some[i].time_ms + (int64_t)countries[who->country].zone_min * 60000;
            week.exchanges++;
            week.night += local_ms / HOUR_MS % 24 < 6;
            week.weekend += (local_ms / DAY_MS + 3) % 7 >= 5;
            week.sessions += some[i].ask.talk.turn == 0 && some[i].ask.talk.tries == 0;
        }
    for (uint32_t i = 0; i < world_accounts(lab.world); i++) {
        const struct account *who = &lab.world->accounts[i];
        double here = who->created_ms > lab.world->start_ms
                          ? (double)(lab.world->end_ms - who->created_ms) / (double)DAY_MS
                          : days;
        week.expected += (double)who->per_day * fmax(0, fmin(days, here)) * (1 - population->away);
    }
    return week;
}

static void every_population_keeps_its_rate_and_its_rhythm(void **state)
{
    (void)state;
    for (size_t i = 0; i < lab.kinds.n; i++) {
        const struct customers *population = lab.kinds.items[i];
        double days = population->for_days > 0 ? population->for_days : 14;
        struct week week = live(population, days);
        bool people = population->rhythm == RHYTHM_PEOPLE || population->rhythm == RHYTHM_EVENING;
        near(population->name, median_rate(), population->per_day, 0.25);
        /* Courses live towards their Sundays, and four of them begin when they like. */
        near(population->name, week.exchanges, week.expected, population->account.joins > 0.5 ? 0.4 : 0.25);
        if (people)
            assert_true(week.night < 0.2 * week.exchanges); /* a quarter of the day */
        if (population->rhythm == RHYTHM_OFFICE)
            assert_true(week.night < 0.05 * week.exchanges && week.weekend < 0.2 * week.exchanges);
        if (population->rhythm == RHYTHM_NIGHTLY)
            assert_true(week.night > 0.9 * week.exchanges);
        if (population->rhythm == RHYTHM_CONSTANT)
            near(population->name, week.night, week.exchanges / 4, 0.2);
        if (population->burst <= 0 && population->turns > 1)
            near(population->name, week.exchanges / week.sessions, population->turns, 0.15);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_letter_has_28800000_exchanges_by_25000_accounts_in_45_days),
        cmocka_unit_test(february_has_16000000_exchanges_by_24000_accounts),
        cmocka_unit_test(the_fixed_prompt_peaks_at_three_million_a_day_in_its_second_pool),
        cmocka_unit_test(
            the_cleaner_has_3400000_exchanges_by_273_accounts_770609_of_them_cleaned_in_ten_days),
        cmocka_unit_test(the_relay_has_23000000_exchanges_by_5380_accounts_mostly_in_singapore_and_japan),
        cmocka_unit_test(transcripts_are_asked_for_16000_times_by_4000_users_in_two_days),
        cmocka_unit_test(probing_tries_thousands_of_techniques_and_nearly_all_are_refused),
        cmocka_unit_test(the_judge_grades_150000_times),
        cmocka_unit_test(nearly_half_of_a_campaign_moves_to_a_new_model_within_a_day),
        cmocka_unit_test(every_population_keeps_its_rate_and_its_rhythm),
    };
    return cmocka_run_group_tests(tests, open_lab, close_lab);
}
