/*
 * table.h: the table that the gateway reads in place: API keys, accounts, decisions; and the service's own state.
 *
 * Model: one LMDB environment in a folder, four named databases. Readers see the last commit, whole, and never wait;
 *   there is one writer at a time. Decisions, the service's state and the position in the rings are committed together.
 *   A key is found by SipHash-2-4 of its text with 128 bits: the table holds no key, and a guess meets one of a million
 *   keys once in 3e32 tries.
 * Source: Chu, "MDB: a memory-mapped database and backend for OpenLDAP", 2011; LMDB 0.9.24.
 *   Aumasson, Bernstein, "SipHash: a fast short-input PRF", 2012.
 * Shapes: rows.h. Account names are the provider's ids.
 * Memory: map_bytes of address space (TABLE_MAP_BYTES where 0), of which only what is touched is resident. A handle
 *   remembers the callers that it looked up last (callers.h), 0.5 MB.
 * Ownership: rows that are found borrow from the map until table_read_end. A reader opens the table after it has forked.
 * Errors: STATUS_NOT_FOUND: no such row; STATUS_MISMATCH: made with another secret or version; STATUS_FULL: the map is
 *   full; STATUS_IO with diag for everything of the file system; STATUS_BAD: no table, or a damaged one. LMDB has no checks: bytes
 *   that are damaged or cut off may also end a call in a fault (base/fault.h), after which the handle is not to be used again,
 *   nor closed.
 * Cost: bench/gate_bench.c has it.
 * Order of calls: table_open; reads between table_read_begin and table_read_end; writes between table_write_begin and
 *   table_write_commit or table_write_abort.
 * Threads: one reader and one writer a handle.
 */
#ifndef STORE_TABLE_H
#define STORE_TABLE_H

#include "base/diag.h"
#include "base/key.h"
#include "store/callers.h"

#include <stddef.h>

#define TABLE_MAP_BYTES ((size_t)1 << 32)

struct table;

/* What is said of a damaged one, with what is to be done. */
#define TABLE_DAMAGED                                                                                        \
    "cut off or damaged: put back a copy of the state folder, or move table and journal away together to "   \
    "begin anew"

/*
 * TABLE_LOOK: beside whoever reads and writes, without being known to them: no file is made or written, and a reading is for
 * a moment, as what it reads may be overwritten after two commits.
 */
enum table_mode { TABLE_READ, TABLE_WRITE, TABLE_LOOK };

/* With TABLE_WRITE the folder is made if it is missing. */
MUST_CHECK enum status table_open(const char *path, enum table_mode mode, size_t map_bytes,
    const struct key *key, struct table **ret_table, struct diag *diag);
void table_close(struct table *table);

MUST_CHECK enum status table_read_begin(struct table *table);
void table_read_end(struct table *table);
/* key: the text that the client sends. STATUS_NOT_FOUND: there is no such key; any other error: what was read before it. */
MUST_CHECK enum status table_find_caller(struct table *table, struct span key, struct caller *ret_caller);
MUST_CHECK enum status table_find_decision(
    struct table *table, struct span account, struct decision_row *ret_row);
MUST_CHECK enum status table_find_state(struct table *table, const char *name, struct span *ret_bytes);

/* In the order of account names, or of the keys' hashes; a status other than STATUS_OK ends the walk and is returned. */
typedef enum status table_key_fn(void *context, const struct key_row *row);
typedef enum status table_account_fn(void *context, struct span account, const struct account_row *row);
typedef enum status table_decision_fn(void *context, struct span account, const struct decision_row *row);
MUST_CHECK enum status table_each_key(struct table *table, table_key_fn *each, void *context);
MUST_CHECK enum status table_each_account(struct table *table, table_account_fn *each, void *context);
MUST_CHECK enum status table_each_decision(struct table *table, table_decision_fn *each, void *context);

MUST_CHECK enum status table_write_begin(struct table *table);
/* STATUS_MISMATCH: it is there already, perhaps somebody else's. */
MUST_CHECK enum status table_put_key(struct table *table, struct span key, const struct key_row *row);
/* Every one of that id, as the key itself is not known any more; STATUS_NOT_FOUND. Cost: all keys are looked at. */
MUST_CHECK enum status table_revoke_key(struct table *table, struct span id);
MUST_CHECK enum status table_put_account(
    struct table *table, struct span account, const struct account_row *row);
MUST_CHECK enum status table_put_decision(
    struct table *table, struct span account, const struct decision_row *row);
/* Nothing is decided about the account any more; fine where nothing was. */
MUST_CHECK enum status table_drop_decision(struct table *table, struct span account);
MUST_CHECK enum status table_put_state(struct table *table, const char *name, struct span bytes);
MUST_CHECK enum status table_write_commit(struct table *table);
void table_write_abort(struct table *table);

#endif
