/*
 * ledger.h: what a detector of groups has reported so far: who, in which group, since when?
 *
 * Model: a cluster that shares members with reported groups is the one that holds most of them (the older of equals), so a
 *   group keeps its id while it grows; otherwise it is new, and its id is mixed from its smallest account and the time.
 *   Accounts that were never reported are detected now; the others change groups in silence: the latest report holds.
 * Memory: 36 to 60 bytes an account that was ever reported, 24 a group; at most accounts_max accounts.
 * Errors: STATUS_NOMEM, and what the sink returns; the ledger is then only good for ledger_fini.
 * Cost: O(n log n) for a cluster of n.
 */
#ifndef RIVAL_LEDGER_H
#define RIVAL_LEDGER_H

#include "rival/detector.h"
#include "rival/ids.h"

struct ledger_group {
    uint64_t id;
    int64_t first_ms;
    uint32_t votes; /* scratch, 0 between calls */
};

struct ledger {
    struct ids accounts;
    uint32_t *group_of; /* by account */
    size_t group_of_capacity;
    struct ledger_group *groups;
    size_t n_groups, groups_capacity;
};

void ledger_init(struct ledger *ledger, size_t accounts_max);
void ledger_fini(struct ledger *ledger);

/* Sorts the accounts, which are distinct; each that is new gets the action now. n is at least 1. */
MUST_CHECK enum status ledger_report(struct ledger *ledger, uint64_t *accounts, size_t n, int64_t now_ms,
    enum action action, const struct detector_sink *sink);
bool ledger_knows(const struct ledger *ledger, uint64_t account);
/* By group, then account, as detector.h has it. */
MUST_CHECK enum status ledger_groups(const struct ledger *ledger, void *context, detector_group_each each);
size_t ledger_bytes(const struct ledger *ledger);

#endif
