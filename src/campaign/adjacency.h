/*
 * adjacency.h: lists of indices by index, which take in new pairs without being built anew.
 *
 * Model: items[start[i] .. start[i + 1]) are those of i, ascending. New pairs are merged in from the end, so that lists
 *   before the first that changes are not touched, and the others are read and written once, in order.
 * Memory: 4 bytes a list and 4 a pair.
 * Errors: adjacency_reserve may fail with STATUS_NOMEM, which leaves the lists as they were; nothing else can.
 * Cost: O(new log new + pairs behind the first new one).
 * Order of calls: reserve, then add.
 */
#ifndef CAMPAIGN_ADJACENCY_H
#define CAMPAIGN_ADJACENCY_H

#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct adjacency {
    uint32_t *start, *items;
    size_t n; /* lists */
};

void adjacency_fini(struct adjacency *lists);
/* Room for n lists of n_pairs pairs in all. */
MUST_CHECK enum status adjacency_reserve(struct adjacency *lists, size_t n, size_t n_pairs);
bool adjacency_has(const struct adjacency *lists, uint32_t i, uint32_t item);
/* Takes in pairs (list << 32 | item), ascending and none of them there, and makes it n lists. */
void adjacency_add(struct adjacency *lists, size_t n, const uint64_t *pairs, size_t n_pairs);
/* Renumbers lists and items: moved[i] is the new index, rising with i, or UINT32_MAX where it goes. */
void adjacency_renumber(struct adjacency *lists, const uint32_t *moved, const uint32_t *items_moved);

#endif
