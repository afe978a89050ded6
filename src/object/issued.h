/*
 * issued.h: to whom an output was issued: the bounded table behind provenance.
 *
 * Model: (anchor, account, time bucket), up to two accounts an anchor; a third makes it common (a stock
 *   phrase, the model's only answer), and so do more than 8 other accounts that return it (a published
 *   document). Common anchors are remembered as such and weigh nothing. An anchor that comes back from
 *   an account it was issued to is that account's own, whoever else got it.
 * Source: fingerprint look-up as in Schleimer, Wilkerson, Aiken, "Winnowing", 2003; widths: 1e9 look-ups
 *   a week among 7e8 entries give 0.04 false matches at 64 bits.
 * Shapes: an anchor is 48 bits of its mix and the set (ways.h). Times are buckets, so lags are multiples of
 *   issued_bucket_ms; a clock that runs back counts as no time.
 * Memory: 12.8 bytes an anchor, 5-way sets of one cache line; at its full size the table forgets the set's oldest
 *   anchor, and counts it unless it was past retention anyway. A bucket number has 16 bits: retention is cut to
 *   30,000 buckets, and each entry made clears expired anchors of the next set in turn.
 * Benign look-alikes: one person with two accounts, key pools, resellers, shared documents, published
 *   few-shots.
 * Evasion: cleaning outputs with another model; waiting past retention; single-turn use.
 * Cost: one cache line an entry or look-up, and the account's (holder.h) for a hit.
 */
#ifndef OBJECT_ISSUED_H
#define OBJECT_ISSUED_H

#include "object/ways.h"

enum { ISSUED_HOLDERS = 2, ISSUED_RETURNERS = 8 };

struct issued {
    struct ways ways; /* anchor to holder; word: bucket; note: returners, then common */
    uint32_t sweep;
    int64_t bucket_ms;
    uint32_t keep_buckets;
    int64_t first; /* bucket of the first anchor: nothing expires before retention has passed since */
    bool aged;     /* retention has passed */
    uint64_t evicted;
};

struct issued_hit {
    uint32_t holder;
    uint32_t age_buckets;
    struct way_set *set; /* where it lies, for issued_returned */
    unsigned way;
};

MUST_CHECK enum status issued_new(
    size_t bytes, int64_t bucket_ms, int64_t retention_ms, struct issued *ret_issued);
void issued_free(struct issued *issued);

static inline struct way_key issued_key(const struct issued *issued, uint64_t anchor)
{
    return ways_key(&issued->ways, anchor);
}
void issued_put(struct issued *issued, struct way_key anchor, uint32_t holder, int64_t time_ms);
/* Those it was issued to within retention, at most 2; none if it is common or was issued to `self`. */
unsigned issued_find(struct issued *issued, struct way_key anchor, uint32_t self, int64_t time_ms,
    struct issued_hit ret_hits[static ISSUED_HOLDERS]);
/* Counts another account that returned it. */
void issued_returned(const struct issued_hit *hit);

#endif
