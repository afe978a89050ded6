/*
 * era.h: the time that the sightings span: how finely it is told, which windows are tried, and who acted when.
 *
 * Model: the resolution is the largest of 1 ms, 1 s, 1 min, 10 min, 1 h, 1 d that divides 95 % of the times. Windows are those of
 *   1 min, 10 min, 1 h, 1 d, 7 d, 28 d that are no shorter than the resolution and at most an eighth of the span (the shortest
 *   that is no shorter than the resolution is always there), each at two phases half a window apart, and at last all of the time. The span is cut into up to
 *   32 slices of equally many acts: the resolution at which an account's activity, and the mix of the whole crowd, is taken as given.
 * Shapes: LEVELS classes of activity: accounts of at most 1, 2, 4, 8 objects.
 * Memory: 64 bytes an account.
 * Errors: STATUS_NOMEM.
 * Cost: O(acts).
 */
#ifndef LINK_ERA_H
#define LINK_ERA_H

#include "link/acts.h"

enum { SLICES = 32, LEVELS = 4, WINDOWS_MAX = 7 };
#define ALL_TIME_MS (INT64_MAX / 4) /* a window that no time is outside of */

/* Acts by accounts of at most so many objects, of some acts. */
struct share {
    uint64_t n, by_level[LEVELS];
};

struct era {
    const struct acts *acts;
    int64_t resolution_ms;
    int64_t windows_ms[WINDOWS_MAX];
    size_t n_windows, n_slices;
    int64_t slice_ms[SLICES + 1]; /* where each begins; the last is behind the end */
    struct share slices[SLICES];
    uint16_t (*account_slices)[SLICES]; /* acts of each account in each; full at 65,535 */
};

extern const uint32_t era_levels[LEVELS];

/* The acts are settled and borrowed. To era_fini whatever it returns. */
MUST_CHECK enum status era_init(struct era *era, const struct acts *acts);
void era_fini(struct era *era);
size_t era_slice(const struct era *era, int64_t time_ms);
/* Of all acts in the slices that a time from..to touches. */
struct share era_share(const struct era *era, int64_t from_ms, int64_t to_ms);
void share_add(struct share *share, const struct era *era, const struct act *act);

#endif
