/*
 * state.h: what the service commits with its decisions: how far the journal counts, and how far every ring was read.
 *
 * Model: one value in the table (store/table.h), under STATE_NAME, so that it and the decisions are there together or not.
 * Shapes: version u8, then little-endian: starts u64, journal {segment u32, offset u64}, decided {segment u32, offset u64},
 *   n u16, n times {length u8, name, birth u64, openings u64, at u64}; XXH3 of all before it u64. The check is here because
 *   LMDB has none, and a wrong place would have the journal cut off there.
 * Errors: STATUS_MISMATCH: another version; STATUS_BAD: bytes that are no state.
 */
#ifndef SERVICE_STATE_H
#define SERVICE_STATE_H

#include "store/journal.h"
#include "store/ring.h"

#define STATE_NAME "service"

enum { STATE_RINGS_MAX = 256, RING_NAME_MAX = 63 };
enum {
    STATE_CHECK_BYTES = 8,
    STATE_BYTES_MAX = 35 + STATE_RINGS_MAX * (1 + RING_NAME_MAX + 24) + STATE_CHECK_BYTES
};

struct ring_mark {
    char name[RING_NAME_MAX + 1]; /* of the file, without its folder */
    struct ring_place place;
};

struct service_state {
    uint64_t starts;
    struct journal_place journal; /* its end */
    struct journal_place decided; /* what the engine made of the journal up to there is in the table */
    size_t n;
    struct ring_mark rings[STATE_RINGS_MAX];
};

size_t state_encode(const struct service_state *state, uint8_t ret_bytes[static STATE_BYTES_MAX]);
MUST_CHECK enum status state_decode(struct span bytes, struct service_state *ret_state);
/* NULL: nothing is known of it. */
const struct ring_place *state_find(const struct service_state *state, const char *name);

#endif
