/*
 * meeting.h: which pairs of parties are worth a comparison? An inverted index and locality-sensitive hashing.
 *
 * Model: every party puts itself under keys: its skeletons; the two least words of each request, equal for near-duplicates
 *   of Jaccard J with probability about J^2; and MEETING_BANDS pairs of MinHash slots of its vocabulary, of which two
 *   parties share one with probability 1 - (1 - J^2)^8. Parties under one key meet the MEETING_NEXT next to them there, those
 *   under a popular one the next only, so that they are chained and not all paired. Pairs that met under the key of a
 *   request, or under two others, are candidates.
 * Source: Broder 1997 (bottom_k.h); Indyk, Motwani, "Approximate nearest neighbors", STOC 1998; the original compares all
 *   pairs. What the index misses was not going to be linked, or is linked by way of others; test_meeting.c measures it.
 * Shapes: party numbers below MEETING_PARTIES_MAX.
 * Memory: 16 bytes a key and 8 a meeting while it runs, at most MEETING_NEXT meetings a key.
 * Errors: STATUS_NOMEM.
 * Cost: 0.15 us a key.
 */
#ifndef RIVAL_MEETING_H
#define RIVAL_MEETING_H

#include "rival/party.h"

enum {
    MEETING_PARTIES_MAX = 1 << 16,
    MEETING_BANDS = 8,
    MEETING_NEXT = 4,
    MEETING_POPULAR = 64,
    MEETING_LEAST = 2, /* a request's key counts 2, others 1 */
};

struct meeting {
    uint32_t a, b; /* a < b */
};

/* Pairs among those numbers, which ascend, in ascending order; at least one of a pair is fresh. *ret_meetings is allocated. */
MUST_CHECK enum status meeting_find(const struct party *parties, const bool *fresh, const uint32_t *numbers,
    size_t n, struct meeting **ret_meetings, size_t *ret_n);

#endif
