/*
 * batch.h: parses one chunk of whole lines and keeps what happened.
 *
 * Model: everything is counted relative to the chunk, so that any thread can parse any chunk; batch_merge,
 *   called in file order, turns it into the totals and positions of log_stats.
 * Threads: batch_parse on any one thread; batch_merge one at a time.
 */
#ifndef EXCHANGE_BATCH_H
#define EXCHANGE_BATCH_H

#include "exchange/feed.h"
#include "exchange/log.h"
#include "exchange/parse.h"
#include "exchange/walk.h"

struct batch {
    struct chunk chunk;
    void *held;         /* the sink's */
    void *hand;         /* the sink's, of the thread that parses */
    enum status st;     /* of the sink, or NOMEM */
    uint64_t line_ends; /* in this chunk, empty lines included */
    uint64_t lines;
    uint64_t events;
    uint64_t faults[FAULT_COUNT];
    struct diag first[FAULT_COUNT]; /* line: within the chunk, from 1; offset: within the file */
    struct unknown_keys unknown;    /* new to the thread */
};

/* Where the merge stands. */
struct merge {
    struct log_stats *stats;
    const char *const *paths;
    size_t file;
    uint64_t line_ends; /* of the file so far */
};

void batch_parse(struct batch *batch, struct line_parser *parser, const struct log_sink *sink);
/* STATUS_IO when this chunk was the last one of an unreadable file. */
MUST_CHECK enum status batch_merge(struct batch *batch, struct merge *merge);

#endif
