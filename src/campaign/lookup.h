/*
 * lookup.h: which item of an array has a key, without keeping the keys a second time.
 *
 * Model: open addressing with linear probing, at most three quarters full; a slot holds an item's number and five bits
 *   of its key's hash, so that items of other keys are hardly ever looked at. Items begin with their key. Removal shifts
 *   back. Keys are mixed by SplitMix64's finaliser.
 * Shapes: key 0 is never stored. Fewer than LOOKUP_ITEMS_MAX items.
 * Memory: 4 bytes a slot; 6 to 11 bytes an item.
 * Errors: STATUS_NOMEM leaves it as it was.
 * Cost: O(1) expected; the slot and the item are touched.
 */
#ifndef CAMPAIGN_LOOKUP_H
#define CAMPAIGN_LOOKUP_H

#include "base/status.h"

#include <stddef.h>
#include <stdint.h>

enum { LOOKUP_ITEM_BITS = 27 };
#define LOOKUP_ITEMS_MAX ((UINT32_C(1) << LOOKUP_ITEM_BITS) - 1)
#define LOOKUP_NONE UINT32_MAX

/* Items of any type, size bytes each, of which the first eight are the key. */
struct lookup_items {
    const void *first;
    size_t size;
};

struct lookup {
    uint32_t *slots; /* 0: empty; else the hash's bits above the item's number + 1 */
    size_t n, n_slots;
};

void lookup_fini(struct lookup *lookup);
/* Room for n items. */
MUST_CHECK enum status lookup_reserve(struct lookup *lookup, struct lookup_items items, size_t n);
/* LOOKUP_NONE where no item has the key, or it is 0. */
uint32_t lookup_find(const struct lookup *lookup, struct lookup_items items, uint64_t key);
/* There is room, and no item with that key yet. */
void lookup_put(struct lookup *lookup, uint64_t key, uint32_t item);
/* Returns the item that it had, LOOKUP_NONE where there was none. All items still have their keys. */
uint32_t lookup_remove(struct lookup *lookup, struct lookup_items items, uint64_t key);
void lookup_clear(struct lookup *lookup);
size_t lookup_bytes(const struct lookup *lookup);

#endif
