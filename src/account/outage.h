/*
 * outage.h: does the provider itself fail?
 *
 * Model: the share of exchanges that ended with 500 or above, in the running ten minutes and those before. While it is
 *   above one in fifty, and of OUTAGE_FAILURES at least, a failure says nothing about the account that met it: everybody
 *   tries again, and two who do the same exercise look like one queue.
 * Shapes: ms, times that do not go back; an exchange that comes late counts as now.
 * Memory: 32 bytes, one a table of accounts.
 * Evasion: none that is known: to hide hand-offs one would have to make the provider fail.
 */
#ifndef ACCOUNT_OUTAGE_H
#define ACCOUNT_OUTAGE_H

#include <stdbool.h>
#include <stdint.h>

enum { OUTAGE_FAILURES = 4, OUTAGE_ONE_IN = 50 };

struct outage {
    int64_t from_ms; /* of the running ten minutes */
    uint32_t n, failed, n_before, failed_before;
};

/* Counts one exchange. */
void outage_count(struct outage *outage, int64_t time_ms, bool failed);
bool outage_lasts(const struct outage *outage);

#endif
