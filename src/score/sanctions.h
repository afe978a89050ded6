/*
 * sanctions.h: what decisions did to each account: when it was contained, and what ever hit it.
 *
 * Model: contained from a decision of restrict or suspend until the next release. A decision takes effect behind
 *   whatever happens at its own millisecond.
 * Shapes: accounts by index. Decisions of one account and time stand in the order taken.
 * Memory: 16 bytes an account and 16 a containment; 16 more a decision while it is made.
 * Cost: O(n log n) in decisions; a look-up goes through the account's containments.
 */
#ifndef SCORE_SANCTIONS_H
#define SCORE_SANCTIONS_H

#include "base/map.h"
#include "score/score.h"

struct sanctions_span {
    int64_t from_ms, until_ms; /* until INT64_MAX: not released */
};

struct sanctions_account {
    size_t first; /* of its spans */
    uint32_t n_spans;
    uint8_t actions; /* bit for each enum action that it ever had */
};

struct sanctions {
    struct sanctions_account *accounts;
    size_t n_accounts;
    struct sanctions_span *spans;
    size_t n_spans;
    uint64_t of_unknown; /* decisions of accounts that have no index */
};

/* index: accounts' keyed hashes → 0 to n_accounts - 1. */
MUST_CHECK enum status sanctions_init(struct sanctions *sanctions, const struct u64_map *index,
    size_t n_accounts, const struct score_decision *decisions, size_t n);
void sanctions_fini(struct sanctions *sanctions);

bool sanctions_contained_at(const struct sanctions *sanctions, size_t account, int64_t time_ms);
bool sanctions_contained_at_end(const struct sanctions *sanctions, size_t account);
/* When it was contained first; -1: never. */
int64_t sanctions_first_ms(const struct sanctions *sanctions, size_t account);

#endif
