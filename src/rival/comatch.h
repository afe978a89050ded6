/*
 * comatch.h: which accounts act on the same objects at about the same time, day after day?
 *
 * Model: an action is (account, object, half hour); several in one are one. Two actions of two accounts match if they
 *   are on one object and in the same half hour or in neighbouring ones, so within an hour; each matches at most once, and
 *   as many as can be. The similarity of a and b is that of Jaccard over the days of a week:
 *   sum |A n B| / sum (|A| + |B| - |A n B|), with A n B the matched actions.
 * Source: Cao, Yang, Yu, Palow, "Uncovering large groups of active malicious accounts in online social networks", CCS 2014
 *   (SynchroTrap): matching window, daily comparison, aggregation over days, pairs above a threshold are linked. Deviations:
 *   times in half hours; objects of more than users_max accounts in a day are popular and count for nobody.
 * Memory: the day's edges (edges.h), 12 bytes a pair that matched and day, 16 to 32 a pair of the week, 32 an account;
 *   bounded by the configuration. Rare objects are compared first; what exceeds a day's comparisons or the table of
 *   pairs is left out and counted.
 * Errors: STATUS_NOMEM.
 * Cost: O(pairs of accounts on an object), about 20 ns each, at most comparisons_max a day.
 */
#ifndef RIVAL_COMATCH_H
#define RIVAL_COMATCH_H

#include "rival/edges.h"
#include "rival/sets.h"

enum { COMATCH_DAYS = 7 };

struct comatch_config {
    size_t edges_max, pairs_max, comparisons_max;
    uint32_t users_max;
    uint32_t matches_min; /* in the week, for a link */
    double similarity;    /* for a link */
};

struct comatch_pair {
    uint32_t a, b, matched;
};

struct comatch_day {
    struct comatch_pair *pairs;
    size_t n, capacity;
};

struct comatch {
    struct comatch_config config;
    struct edges today;     /* value: bit of each half hour */
    struct u64_map matched; /* pair → matches of the week */
    struct comatch_day days[COMATCH_DAYS];
    uint32_t (*actions)[COMATCH_DAYS]; /* by account */
    size_t actions_capacity;
    uint64_t left_out; /* pairs */
};

void comatch_init(struct comatch *c, const struct comatch_config *config);
void comatch_fini(struct comatch *c);

/* Of the day that has not ended; object 0 is none. */
MUST_CHECK enum status comatch_act(struct comatch *c, uint64_t object, uint32_t account, int64_t time_ms);
/* The day (since 1970) is over; days are ended in turn. n_accounts: accounts so far. */
MUST_CHECK enum status comatch_end_day(struct comatch *c, int64_t day, size_t n_accounts);
/* Over the days ended last; 0 where nothing matched. */
double comatch_similarity(const struct comatch *c, uint32_t a, uint32_t b);
/* Joins every pair that is similar enough. */
void comatch_link(const struct comatch *c, struct sets *sets);
/* Most actions of two days (as bits) that can be matched. */
unsigned comatch_matches(uint64_t a, uint64_t b);
size_t comatch_bytes(const struct comatch *c);

#endif
