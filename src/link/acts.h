/*
 * acts.h: who acted on what, and when: the sightings that are linked, ordered by object and by account.
 *
 * Model: only the first act of an account on an object counts: repeats are habit. An account's activity is the number of
 *   objects that it acted on.
 * Shapes: times in ms since 1970; accounts and objects count from 0 in order of first appearance in the file.
 * Memory: 16 bytes an act while it is filled, 40 once it is settled (for the call, 56), names as roll.h has them; bounded by the
 *   limits. What exceeds them is left out and counted; the first to come stay.
 * Ownership: the caller's struct, the table's arrays.
 * Errors: STATUS_NOMEM.
 * Cost: O(n log n).
 * Order of calls: init, add as often as needed, settle once; only then the orders are there.
 */
#ifndef LINK_ACTS_H
#define LINK_ACTS_H

#include "link/roll.h"

struct act {
    int64_t time_ms;
    uint32_t account, object;
};

struct acts_limits {
    size_t accounts, objects, acts;
};

struct acts {
    struct roll accounts, objects;
    struct act *items; /* settled: by object, then time, then account */
    size_t n, capacity, n_max;
    uint64_t repeats, left_out;
    /* Once settled: */
    uint32_t *object_start;  /* by object, one more than there are: into items */
    uint32_t *account_start; /* by account, one more than there are: into account_acts */
    uint32_t *account_acts;  /* places in items */
    int64_t first_ms, last_ms;
};

void acts_init(struct acts *acts, const struct acts_limits *limits);
void acts_fini(struct acts *acts);
/* kind may be empty; an object is another one under each kind. */
MUST_CHECK enum status acts_add(
    struct acts *acts, struct span account, struct span object, struct span kind, int64_t time_ms);
MUST_CHECK enum status acts_settle(struct acts *acts);
/* Objects that the account acted on. */
static inline uint32_t acts_of(const struct acts *acts, uint32_t account)
{
    return acts->account_start[account + 1] - acts->account_start[account];
}

#endif
