#include "account/measures.h"

#include <math.h>

enum { HOURS_FADE_DAYS = 28, NIGHT_HOURS = 6 };

/* Sums cannot overflow: 28 days of HOUR_OF_DAY_MAX, halved each 28 days, stay below 2 * 28,000. */
static void hours_apply(struct account *account, const struct moment *moment)
{
    uint32_t day_before =
        moment->gap_ms < 0 ? moment->day : (uint32_t)((moment->now_ms - moment->gap_ms) / DAY_MS);
    uint32_t fades = moment->day / HOURS_FADE_DAYS - day_before / HOURS_FADE_DAYS;
    if (fades > 0)
        for (unsigned i = 0; i < 24; i++)
            account->hours[i] = (uint16_t)(fades < 16 ? account->hours[i] >> fades : 0);
    if (moment->new_hour)
        account->this_hour = 0;
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

double account_night_share(const struct account *account)
{
    uint32_t total = 0, quietest = UINT32_MAX;
    for (unsigned start = 0; start < 24; start++) {
        uint32_t night = 0;
        for (unsigned i = 0; i < NIGHT_HOURS; i++)
            night += account->hours[(start + i) % 24];
        if (night < quietest)
            quietest = night;
        total += account->hours[start];
    }
    return total > 0 ? (double)quietest / total : NAN;
}
