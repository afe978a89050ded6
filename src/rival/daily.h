/*
 * daily.h: what detectors share that look for groups once a day: accounts by number, the day, what was reported.
 *
 * Model: records are taken one by one until the day of event time ends; then the detector finds its sets of account numbers,
 *   and daily_report suspends those in them that are new.
 * Shapes: day counts from 1970, -1 before the first record.
 * Memory: as ids.h and ledger.h, and 8 bytes for each account of the largest set.
 * Ownership: the caller's struct, ended by daily_fini.
 * Errors: STATUS_NOMEM, and whatever the sink returns.
 */
#ifndef RIVAL_DAILY_H
#define RIVAL_DAILY_H

#include "rival/detector.h"
#include "rival/ids.h"
#include "rival/ledger.h"

#define DAILY_MS INT64_C(86400000)

struct daily {
    struct detector_sink sink;
    struct ids accounts;
    struct ledger ledger;
    int64_t day, now_ms;
    uint64_t *cluster; /* scratch */
    size_t cluster_capacity;
};

/* Returns for how many accounts it was made. */
size_t daily_init(
    struct daily *daily, const struct detector_config *config, const struct detector_sink *sink);
void daily_fini(struct daily *daily);
/* Each record in turn, with the clock set to it afterwards. */
MUST_CHECK enum status daily_batch(struct daily *daily, const struct detector_batch *batch,
    struct detector *detector, enum status (*take)(struct detector *detector, const struct record *record));
/* Whether time has come to another day than the current one; the clock is set, the day is not. */
bool daily_is_over(struct daily *daily, int64_t now_ms);
/* A set of distinct account numbers, at least one. */
MUST_CHECK enum status daily_report(struct daily *daily, const uint32_t *numbers, size_t n);
size_t daily_bytes(const struct daily *daily);

#endif
