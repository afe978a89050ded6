/*
 * reference.h: a uniform sample of the first day's queries, which a provider would take for mostly benign.
 *
 * Model: baselines that must be calibrated take all traffic of the first REFERENCE_MS (longer where REFERENCE_LEAST
 *   queries have not come by then), whoever sent it: no label is looked at. A campaign that is there from the first hour
 *   is in the sample by its share, as it would be for an operator. Reservoir sampling with a fixed seed.
 * Source: Vitter, "Random sampling with a reservoir", 1985 (algorithm R).
 * Memory: 64 bytes a query, at most REFERENCE_MOST.
 * Errors: STATUS_NOMEM.
 * Order of calls: init, add*, and once add has said that it is complete, the others; fini.
 */
#ifndef RIVAL_REFERENCE_H
#define RIVAL_REFERENCE_H

#include "rival/query.h"

enum { REFERENCE_MOST = 4096, REFERENCE_LEAST = 256 };
#define REFERENCE_MS INT64_C(86400000)

struct reference {
    int8_t (*vectors)[QUERY_DIMS];
    size_t n;
    uint64_t seen, random;
    int64_t first_ms; /* of the first query */
    bool complete;
};

MUST_CHECK enum status reference_init(struct reference *reference);
void reference_fini(struct reference *reference);
/* Whether the sample is complete: the query came after the period and is not in it. */
bool reference_add(struct reference *reference, int64_t time_ms, const int8_t vector[static QUERY_DIMS]);
/* The distance that so large a share of all pairs in the sample do not exceed; 0 where there is no pair. */
MUST_CHECK enum status reference_pair_quantile(
    const struct reference *reference, double share, uint32_t *ret_distance);
/* A number below n, of the reference's own fixed sequence. */
size_t reference_draw(struct reference *reference, size_t n);

#endif
