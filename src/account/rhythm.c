#include "account/measures.h"

#include <math.h>

enum { HOURS_FADE_DAYS = 28, NIGHT_HOURS = 6, WEEK_DAYS = 7, WEEKEND_DAYS = 2 };

/*
 * The week is kept as its two margins, hours of the day and days of the week: all 168 hours have no room. Sums cannot
 * overflow: 28 days of HOUR_OF_DAY_MAX, halved each 28 days, stay below 2 * 28,000; four days of 24 hours below 2 * 96.
 */
static void hours_apply(struct account *account, const struct moment *moment)
{
    uint32_t day_before =
        moment->gap_ms < 0 ? moment->day : (uint32_t)((moment->now_ms - moment->gap_ms) / DAY_MS);
    uint32_t fades = moment->day / HOURS_FADE_DAYS - day_before / HOURS_FADE_DAYS;
    if (fades > 0) {
        for (unsigned i = 0; i < 24; i++)
            account->hours[i] = (uint16_t)(fades < 16 ? account->hours[i] >> fades : 0);
        for (unsigned i = 0; i < WEEK_DAYS; i++)
            account->weekdays[i] = (uint8_t)(fades < 8 ? account->weekdays[i] >> fades : 0);
    }
    if (moment->new_hour) {
        account->this_hour = 0;
        account->weekdays[moment->day % WEEK_DAYS]++;
    }
    if (account->this_hour == HOUR_OF_DAY_MAX)
        return;
    account->this_hour++;
    account->hours[moment->hour % 24]++;
}

void account_rhythm_apply(struct account *account, const struct moment *moment)
{
    hours_apply(account, moment);
    if (moment->gap_ms < 0)
        return;
    gap_histogram_add(account->gaps, (uint64_t)moment->gap_ms);
    uint64_t gap_s = (uint64_t)moment->gap_ms / 1000;
    if (gap_s > account->quiet_gap_s)
        account->quiet_gap_s = gap_s < UINT32_MAX ? (uint32_t)gap_s : UINT32_MAX;
}

/* The share of the quietest `wanted` successive ones of a round. */
static double quietest_share(const uint32_t *counts, unsigned n, unsigned wanted)
{
    uint32_t total = 0, quietest = UINT32_MAX;
    for (unsigned start = 0; start < n; start++) {
        uint32_t sum = 0;
        for (unsigned i = 0; i < wanted; i++)
            sum += counts[(start + i) % n];
        quietest = sum < quietest ? sum : quietest;
        total += counts[start];
    }
    return total > 0 ? (double)quietest / total : NAN;
}

double account_night_share(const struct account *account)
{
    uint32_t hours[24];
    for (unsigned i = 0; i < 24; i++)
        hours[i] = account->hours[i];
    return quietest_share(hours, 24, NIGHT_HOURS);
}

double account_weekend_share(const struct account *account)
{
    uint32_t days[WEEK_DAYS];
    for (unsigned i = 0; i < WEEK_DAYS; i++)
        days[i] = account->weekdays[i];
    return quietest_share(days, WEEK_DAYS, WEEKEND_DAYS);
}
