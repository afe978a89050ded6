/*
 * volume.h: requests, tokens and cost in the current hour and day, of an account, an organisation or a
 * campaign.
 *
 * Model: tumbling windows of UTC hours and days of event time; a window starts empty. Late items count in
 *   the current window. One table for the three kinds, whose ids are keyed hashes for different purposes.
 * Memory: 72 bytes a window and its place in the map; grows to the maximum, then the window with the
 *   oldest day, and among those the fewest requests, within a probe of 16 makes room, and is counted.
 * Cost: one look-up an item and kind that has a limit.
 */
#ifndef POLICY_VOLUME_H
#define POLICY_VOLUME_H

#include "base/map.h"
#include "policy/policy.h"
#include "policy/reason.h"

struct volume_window {
    uint64_t key;
    int64_t hour, day; /* since 1970 */
    uint64_t hour_requests, day_requests, day_input_tok, day_output_tok;
    double day_cost;
    uint8_t tier; /* enum tier, of an account: asked when the day began */
};

struct volume {
    struct volume_window *windows;
    size_t n, capacity, hand;
    struct u64_map index;
    uint64_t evicted;
};

void volume_init(struct volume *volume, uint32_t windows_max);
void volume_fini(struct volume *volume);

/*
 * The window of the key, rolled to the time. ret_new_day tells that its day has just begun (ask for the
 * tier). Valid until the next call.
 */
MUST_CHECK enum status volume_at(struct volume *volume, uint64_t key, int64_t time_ms,
    struct volume_window **ret_window, bool *ret_new_day);
void volume_add(struct volume_window *window, const struct usage *usage, double cost);
/* The first limit that the window is over. */
enum excess volume_excess(const struct volume_window *window, const struct limit *limit);
size_t volume_bytes(const struct volume *volume);

#endif
