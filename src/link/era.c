#include "link/era.h"

#include "link/radix.h"

#include <stdlib.h>

enum { ACTS_A_SLICE = 2000, WINDOWS_IN_SPAN = 8 };

#define MINUTE_MS INT64_C(60000)
#define HOUR_MS (60 * MINUTE_MS)
#define DAY_MS (24 * HOUR_MS)

const uint32_t era_levels[LEVELS] = { 1, 2, 4, 8 };

static const int64_t units_ms[] = { DAY_MS, HOUR_MS, 10 * MINUTE_MS, MINUTE_MS, 1000, 1 };
static const int64_t ladder_ms[WINDOWS_MAX - 1] = { MINUTE_MS, 10 * MINUTE_MS, HOUR_MS, DAY_MS, 7 * DAY_MS,
    28 * DAY_MS };

static int64_t resolution_of(const struct acts *acts)
{
    size_t unit = 0;
    for (; unit + 1 < sizeof units_ms / sizeof *units_ms; unit++) {
        size_t n = 0;
        for (size_t i = 0; i < acts->n; i++)
            n += acts->items[i].time_ms % units_ms[unit] == 0;
        if (n * 20 >= acts->n * 19)
            break;
    }
    return units_ms[unit];
}

static void choose_windows(struct era *era)
{
    int64_t span_ms = era->acts->last_ms - era->acts->first_ms;
    for (size_t i = 0; i < WINDOWS_MAX - 1; i++)
        if (ladder_ms[i] >= era->resolution_ms &&
            (era->n_windows == 0 || ladder_ms[i] <= span_ms / WINDOWS_IN_SPAN))
            era->windows_ms[era->n_windows++] = ladder_ms[i];
    era->windows_ms[era->n_windows++] = ALL_TIME_MS;
}

/* Slices of equally many acts; fewer where many acts are at one time. */
static enum status cut_slices(struct era *era)
{
    enum status st = STATUS_OK;
    const struct acts *acts = era->acts;
    size_t wanted = acts->n / ACTS_A_SLICE;
    wanted = wanted < 1 ? 1 : wanted > SLICES ? SLICES : wanted;
    uint64_t *times = calloc(acts->n + 1, sizeof *times);
    REQUIRE(times, STATUS_NOMEM);
    for (size_t i = 0; i < acts->n; i++)
        times[i] = (uint64_t)(acts->items[i].time_ms - acts->first_ms);
    TRY(radix_sort(times, acts->n));
    for (size_t i = 0; i < wanted && acts->n > 0; i++) {
        int64_t from_ms = acts->first_ms + (int64_t)times[acts->n / wanted * i];
        if (era->n_slices == 0 || from_ms > era->slice_ms[era->n_slices - 1])
            era->slice_ms[era->n_slices++] = from_ms;
    }
    era->slice_ms[era->n_slices] = acts->last_ms + 1;
fail:
    free(times);
    return st;
}

size_t era_slice(const struct era *era, int64_t time_ms)
{
    size_t low = 0;
    size_t high = era->n_slices;
    while (high - low > 1) {
        size_t middle = (low + high) / 2;
        if (era->slice_ms[middle] <= time_ms)
            low = middle;
        else
            high = middle;
    }
    return low;
}

void share_add(struct share *share, const struct era *era, const struct act *act)
{
    uint32_t activity = acts_of(era->acts, act->account);
    share->n++;
    for (size_t level = 0; level < LEVELS; level++)
        share->by_level[level] += activity <= era_levels[level];
}

struct share era_share(const struct era *era, int64_t from_ms, int64_t to_ms)
{
    struct share sum = { 0 };
    size_t last = era_slice(era, to_ms);
    for (size_t slice = era_slice(era, from_ms); slice <= last; slice++) {
        sum.n += era->slices[slice].n;
        for (size_t level = 0; level < LEVELS; level++)
            sum.by_level[level] += era->slices[slice].by_level[level];
    }
    return sum;
}

enum status era_init(struct era *era, const struct acts *acts)
{
    enum status st = STATUS_OK;
    *era = (struct era){ .acts = acts, .resolution_ms = resolution_of(acts) };
    choose_windows(era);
    TRY(cut_slices(era));
    era->account_slices = calloc(acts->accounts.n + 1, sizeof *era->account_slices);
    REQUIRE(era->account_slices, STATUS_NOMEM);
    for (size_t i = 0; i < acts->n; i++) {
        const struct act *act = &acts->items[i];
        size_t slice = era_slice(era, act->time_ms);
        uint16_t *count = &era->account_slices[act->account][slice];
        *count = (uint16_t)(*count + (*count < UINT16_MAX));
        share_add(&era->slices[slice], era, act);
    }
fail:
    return st;
}

void era_fini(struct era *era)
{
    free(era->account_slices);
    *era = (struct era){ 0 };
}
