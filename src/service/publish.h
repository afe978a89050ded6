/*
 * publish.h: decisions from the engine into the table that the gateway reads.
 *
 * Model: what the engine decides waits here until a transaction takes it; in the engine's order, so that the last word on
 *   an account stands. A release takes the row away. A row that the engine no longer knows of (the journal was cut since)
 *   stops counting at its expiry, and is swept a day later.
 * Memory: about 200 bytes a decision that waits.
 * Errors: STATUS_NOMEM; what the table returns.
 */
#ifndef SERVICE_PUBLISH_H
#define SERVICE_PUBLISH_H

#include "base/buffer.h"
#include "policy/decision.h"
#include "store/table.h"

struct waiting_decision;

struct publisher {
    struct waiting_decision *items;
    size_t n, capacity;
    struct buffer text;               /* names and reasons */
    uint64_t published[ACTION_COUNT]; /* since start */
    uint64_t unnamed;                 /* about accounts whose name is not known any more */
};

void publisher_fini(struct publisher *publisher);
MUST_CHECK enum status publisher_add(
    struct publisher *publisher, const struct decision *decision, struct span account);
/* Into the table's open transaction; they stay until publisher_done says that it was committed. */
MUST_CHECK enum status publisher_write(const struct publisher *publisher, struct table *table);
void publisher_done(struct publisher *publisher);
/* Removes rows that expired before that, SWEEP_MAX at most, in the table's open transaction. */
enum { SWEEP_MAX = 4096 };
MUST_CHECK enum status publish_sweep(struct table *table, int64_t before_ms, size_t *ret_n);

#endif
