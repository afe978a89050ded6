#include "campaign/lookup.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { SLOTS_FIRST = 64 };

static uint64_t mixed(uint64_t x)
{
    x = (x ^ x >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    x = (x ^ x >> 27) * UINT64_C(0x94D049BB133111EB);
    return x ^ x >> 31;
}

static uint64_t key_of(struct lookup_items items, uint32_t slot)
{
    uint64_t key;
    size_t item = (slot & LOOKUP_ITEMS_MAX) - 1;
    memcpy(&key, (const char *)items.first + item * items.size, sizeof key);
    return key;
}

/* What a slot of this hash holds above the item's number. */
static uint32_t tag_of(uint64_t hash)
{
    return (uint32_t)(hash >> 32) & ~LOOKUP_ITEMS_MAX;
}

static size_t next_slot(const struct lookup *lookup, size_t slot)
{
    return (slot + 1) & (lookup->n_slots - 1);
}

void lookup_fini(struct lookup *lookup)
{
    free(lookup->slots);
    *lookup = (struct lookup){ 0 };
}

enum status lookup_reserve(struct lookup *lookup, struct lookup_items items, size_t n)
{
    enum status st = STATUS_OK;
    struct lookup wider = { .n_slots = lookup->n_slots ? lookup->n_slots : SLOTS_FIRST };
    while (n > wider.n_slots / 4 * 3)
        wider.n_slots *= 2;
    if (wider.n_slots == lookup->n_slots)
        return STATUS_OK;
    wider.slots = calloc(wider.n_slots, sizeof *wider.slots);
    REQUIRE(wider.slots, STATUS_NOMEM);
    for (size_t i = 0; i < lookup->n_slots; i++)
        if (lookup->slots[i])
            lookup_put(&wider, key_of(items, lookup->slots[i]), (lookup->slots[i] & LOOKUP_ITEMS_MAX) - 1);
    free(lookup->slots);
    *lookup = wider;
fail:
    return st;
}

/* The slot of the key, or the empty one where it would be. There are slots. */
static size_t slot_of(const struct lookup *lookup, struct lookup_items items, uint64_t key)
{
    uint64_t hash = mixed(key);
    size_t i = (size_t)hash & (lookup->n_slots - 1);
    while (lookup->slots[i]) {
        uint32_t slot = lookup->slots[i];
        if ((slot & ~LOOKUP_ITEMS_MAX) == tag_of(hash) && key_of(items, slot) == key)
            break;
        i = next_slot(lookup, i);
    }
    return i;
}

uint32_t lookup_find(const struct lookup *lookup, struct lookup_items items, uint64_t key)
{
    if (lookup->n == 0 || key == 0)
        return LOOKUP_NONE;
    uint32_t slot = lookup->slots[slot_of(lookup, items, key)];
    return slot ? (slot & LOOKUP_ITEMS_MAX) - 1 : LOOKUP_NONE;
}

void lookup_put(struct lookup *lookup, uint64_t key, uint32_t item)
{
    assert(key != 0 && item < LOOKUP_ITEMS_MAX);
    uint64_t hash = mixed(key);
    size_t i = (size_t)hash & (lookup->n_slots - 1);
    while (lookup->slots[i])
        i = next_slot(lookup, i);
    lookup->slots[i] = tag_of(hash) | (item + 1);
    lookup->n++;
}

/* Knuth, The Art of Computer Programming 3, 6.4, algorithm R: moves back what would no longer be found. */
static void close_gap(struct lookup *lookup, struct lookup_items items, size_t gap)
{
    size_t mask = lookup->n_slots - 1;
    for (size_t i = next_slot(lookup, gap); lookup->slots[i]; i = next_slot(lookup, i)) {
        size_t home = (size_t)mixed(key_of(items, lookup->slots[i])) & mask;
        if (((i - home) & mask) < ((i - gap) & mask))
            continue;
        lookup->slots[gap] = lookup->slots[i];
        gap = i;
    }
    lookup->slots[gap] = 0;
}

uint32_t lookup_remove(struct lookup *lookup, struct lookup_items items, uint64_t key)
{
    if (lookup->n == 0 || key == 0)
        return LOOKUP_NONE;
    size_t i = slot_of(lookup, items, key);
    uint32_t slot = lookup->slots[i];
    if (slot == 0)
        return LOOKUP_NONE;
    close_gap(lookup, items, i);
    lookup->n--;
    return (slot & LOOKUP_ITEMS_MAX) - 1;
}

void lookup_clear(struct lookup *lookup)
{
    if (lookup->n_slots)
        memset(lookup->slots, 0, lookup->n_slots * sizeof *lookup->slots);
    lookup->n = 0;
}

size_t lookup_bytes(const struct lookup *lookup)
{
    return lookup->n_slots * sizeof *lookup->slots;
}
