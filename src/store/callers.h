/*
 * callers.h: the callers that were looked up last, as one commit of the table knows them.
 *
 * Model: one place a hash of the key. What is remembered counts for the commit that it is of, and only while the rows lie in
 *   the map as they were: whoever writes into the file in place, or cuts it off, is noticed as if they had been looked up.
 * Memory: 530 bytes each. Longer rows than nearly all are not remembered.
 * Ownership: rows are borrowed from the map, which must stay where it is until callers_forget; a caller borrows from what is
 *   remembered, until the next callers_keep.
 */
#ifndef STORE_CALLERS_H
#define STORE_CALLERS_H

#include "store/rows.h"

#include <stdbool.h>

enum { CALLERS_KEPT = 1024, CALLER_BYTES_KEPT = 320 /* of all its rows */, KEY_HASH_BYTES = 16 };

/* What is known of a caller, in the order in which it is looked up. */
enum { ROW_KEY, ROW_ACCOUNT, ROW_DECISION, ROWS };

/* What is known of whoever sent a key. */
struct caller {
    struct key_row key;
    struct account_row account;
    struct decision_row decision;
    bool has_account, has_decision;
};

struct kept {
    size_t commit; /* 0: none */
    uint8_t hash[KEY_HASH_BYTES];
    struct span rows[ROWS];
    struct caller caller; /* borrows from the copies */
    char copies[CALLER_BYTES_KEPT];
};

struct callers {
    struct kept items[CALLERS_KEPT]; /* by the hash of the key */
};

/* Rows without data are not there; one of no bytes is, and damaged. */
MUST_CHECK enum status caller_decode(const struct span rows[ROWS], struct caller *ret_caller);
/* NULL: not remembered. Of commit 0 nobody is. */
const struct caller *callers_find(const struct callers *callers, size_t commit, const uint8_t *hash);
void callers_keep(struct callers *callers, size_t commit, const uint8_t *hash, const struct span rows[ROWS]);
void callers_forget(struct callers *callers);

#endif
