/*
 * rows.h: what the gateway's table knows of an API key, of an account, and of what was decided about it.
 *
 * Shapes: a row is a version byte, fixed little-endian fields and names, each with its length before it; docs/formats.md
 *   has the table. Names are 1 to ROW_NAME_MAX bytes where they are required, 0 where they are absent. Times are ms
 *   since 1970 UTC, -1: none.
 * Ownership: what is decoded borrows from the bytes.
 * Errors: STATUS_TOO_BIG: a name too long; STATUS_MISMATCH: another version; STATUS_BAD: bytes that are no row.
 * Privacy: of a key only a keyed hash is known (table.h); its id is what reports name.
 */
#ifndef STORE_ROWS_H
#define STORE_ROWS_H

#include "base/span.h"
#include "base/status.h"

#include <stdbool.h>
#include <stdint.h>

enum { ROW_NAME_MAX = 255, ROW_REASON_MAX = 320, ROW_BYTES_MAX = 1024 };

struct key_row {
    struct span id;      /* of the key, never the key itself */
    struct span account; /* whose it is */
    int64_t expires_ms;  /* -1: does not expire */
    bool revoked;
};

struct account_row {
    struct span organization; /* empty: none */
    int64_t created_ms;
    uint8_t tier, programme, verified; /* as in exchange/event.h */
    int8_t reseller;                   /* 0, 1, -1 not said */
};

struct decision_row {
    uint8_t action, mode; /* enum action, enum mode of policy/decision.h */
    uint64_t campaign;    /* its id, 0: none */
    int64_t time_ms, expires_ms;
    struct span reason; /* one sentence, no signal in it */
};

struct row_bytes {
    uint8_t bytes[ROW_BYTES_MAX];
    size_t n;
};

MUST_CHECK enum status key_row_encode(const struct key_row *row, struct row_bytes *ret_bytes);
MUST_CHECK enum status key_row_decode(struct span bytes, struct key_row *ret_row);
MUST_CHECK enum status account_row_encode(const struct account_row *row, struct row_bytes *ret_bytes);
MUST_CHECK enum status account_row_decode(struct span bytes, struct account_row *ret_row);
MUST_CHECK enum status decision_row_encode(const struct decision_row *row, struct row_bytes *ret_bytes);
MUST_CHECK enum status decision_row_decode(struct span bytes, struct decision_row *ret_row);

#endif
