#include "lab/world_state.h"

#include <math.h>

/* Activity by hour of the local day, in percent of the busiest hour; this project's reading of public load curves. */
static const uint8_t hours[RHYTHM_COUNT][24] = {
    [RHYTHM_PEOPLE] = { 28, 16, 9, 6, 5, 7, 14, 28, 48, 64, 74, 78, 76, 78, 82, 84, 84, 82, 84, 92, 100, 96,
        78, 50 },
    [RHYTHM_OFFICE] = { 2, 1, 1, 1, 1, 2, 5, 18, 60, 92, 100, 96, 72, 84, 98, 96, 88, 66, 34, 18, 12, 9, 6,
        3 },
    [RHYTHM_EVENING] = { 42, 24, 12, 6, 4, 3, 4, 8, 14, 22, 30, 34, 32, 36, 46, 54, 58, 58, 62, 78, 94, 100,
        92, 70 },
    [RHYTHM_NIGHTLY] = { 0, 40, 100, 80, 30, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 },
    [RHYTHM_CONSTANT] = { 100, 100, 100, 100, 100, 100, 100, 100, 100, 100, 100, 100, 100, 100, 100, 100, 100,
        100, 100, 100, 100, 100, 100, 100 },
};
/* Monday first. Students work towards a Sunday deadline. */
static const float days[RHYTHM_COUNT][7] = {
    [RHYTHM_PEOPLE] = { 1, 1, 1, 1, 0.95F, 0.85F, 0.9F },
    [RHYTHM_OFFICE] = { 1, 1, 1, 1, 0.9F, 0.12F, 0.1F },
    [RHYTHM_EVENING] = { 0.5F, 0.5F, 0.6F, 0.8F, 0.9F, 1.4F, 2.2F },
    [RHYTHM_NIGHTLY] = { 1, 1, 1, 1, 1, 1, 1 },
    [RHYTHM_CONSTANT] = { 1, 1, 1, 1, 1, 1, 1 },
};

static double day_weight(enum rhythm rhythm, double weekend, int day)
{
    return weekend > 0 && day >= 5 ? weekend : (double)days[rhythm][day];
}

static double week_mean(enum rhythm rhythm, double weekend)
{
    double of_hours = 0, of_days = 0;
    for (int i = 0; i < 24; i++)
        of_hours += hours[rhythm][i];
    for (int i = 0; i < 7; i++)
        of_days += day_weight(rhythm, weekend, i);
    return of_hours / 24 * of_days / 7;
}

struct rhythm_week rhythm_week(enum rhythm rhythm, double weekend)
{
    struct rhythm_week week = { rhythm, weekend, week_mean(rhythm, weekend), 0 };
    for (int i = 0; i < 7; i++)
        week.peak = fmax(week.peak, day_weight(rhythm, weekend, i));
    week.peak *= 100 / week.mean;
    return week;
}

double rhythm_at(const struct rhythm_week *week, int64_t local_ms)
{
    int64_t hour = local_ms / HOUR_MS;
    int day = (int)((hour / 24 + 3) % 7); /* 1970 began on a Thursday */
    double here = hours[week->rhythm][hour % 24], next = hours[week->rhythm][(hour + 1) % 24];
    double part = (double)(local_ms % HOUR_MS) / (double)HOUR_MS;
    return (here + (next - here) * part) * day_weight(week->rhythm, week->weekend, day) / week->mean;
}

int64_t rhythm_next_ms(double per_day, double peak, int64_t now_ms, struct dice *dice)
{
    double rate = per_day * peak / (double)DAY_MS;
    double gap = rate > 0 ? dice_exponential(dice, 1 / rate) : 1e13;
    return now_ms + (gap < 1e13 ? (int64_t)gap + 1 : (int64_t)10000000000000);
}
