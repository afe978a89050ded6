/*
 * ids.h: 64-bit hashes → small numbers in order of first appearance, for arrays beside.
 *
 * Memory: 8 bytes a hash and 16 to 32 of index; at most n_max. A full table leaves newcomers out and counts them.
 * Ownership: the caller's struct, the table's arrays.
 * Errors: STATUS_NOMEM leaves the table as it was.
 * Cost: O(1) expected.
 */
#ifndef RIVAL_IDS_H
#define RIVAL_IDS_H

#include "base/map.h"
#include "base/status.h"

#include <stddef.h>
#include <stdint.h>

struct ids {
    struct u64_map index;
    uint64_t *hashes; /* n of them */
    size_t n, capacity;
    uint64_t left_out; /* newcomers that found it full, counted each time */
};

void ids_init(struct ids *ids, size_t n_max);
void ids_fini(struct ids *ids);
void ids_clear(struct ids *ids); /* keeps the memory, and the count of those left out */
/* The number it has, or gets now; MAP_NONE where the table is full, or the hash is 0 (absent). */
MUST_CHECK enum status ids_add(struct ids *ids, uint64_t hash, uint32_t *ret_index);
size_t ids_bytes(const struct ids *ids);

/* Grows an array beside the table, in steps, to hold at least n items; what is added is zeroed. */
MUST_CHECK enum status ids_widen(void **items, size_t *capacity, size_t n, size_t item_bytes);

#endif
