/*
 * simulate.h: a scenario → a log with its truth, with nobody watching.
 *
 * Model: the world moves on step by step; happenings are collected and written in batches of thousands, so that the
 *   threads have something to do. While they tell one batch, one of them writes that before and makes the next.
 * Errors: as world_new, emit, truth_open; STATUS_IO with errno. From the time when files are opened, diag.file is what
 *   is being written: the folder, or the log where it goes elsewhere.
 */
#ifndef LAB_SIMULATE_H
#define LAB_SIMULATE_H

#include "base/key.h"
#include "lab/world.h"

#include <stdio.h>

struct simulate_config {
    struct world_config world;
    const struct key *key;
    unsigned n_threads;
    bool records;    /* records instead of log lines */
    const char *dir; /* for the truth, and the log unless it goes elsewhere */
    const char *log; /* path of the log; NULL: log.jsonl, or records.swr, in dir */
    void (*progress)(void *context, int64_t now_ms, uint64_t exchanges); /* may be NULL */
    void *context;
};

struct simulate_counts {
    uint64_t exchanges, accounts, extraction, happenings;
};

MUST_CHECK enum status simulate(
    const struct simulate_config *config, struct simulate_counts *ret_counts, struct diag *diag);

#endif
