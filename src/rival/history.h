/*
 * history.h: vectors of the queries that an account sent before, for baselines that compare each with earlier ones.
 *
 * Memory: 64 bytes a vector, grown by doubling up to the `most` that the caller passes with every call.
 * Ownership: the caller's struct, zeroed at first; the history's array.
 * Errors: STATUS_NOMEM leaves the history as it was.
 */
#ifndef RIVAL_HISTORY_H
#define RIVAL_HISTORY_H

#include "rival/query.h"

struct history {
    int8_t (*vectors)[QUERY_DIMS];
    uint32_t n, capacity;
    uint32_t next; /* the oldest of a full one */
};

void history_fini(struct history *history);
/* Keeps the vector; a full history forgets its oldest. */
MUST_CHECK enum status history_push(
    struct history *history, const int8_t vector[static QUERY_DIMS], uint32_t most);

static inline uint32_t history_nearest(const struct history *history, const int8_t to[static QUERY_DIMS])
{
    return query_nearest((const int8_t(*)[QUERY_DIMS])history->vectors, history->n, to);
}

#endif
