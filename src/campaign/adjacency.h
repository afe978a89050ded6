/*
 * adjacency.h: lists of indices by index, which take in and lose pairs at the cost of the lists that change.
 *
 * Model: the lists lie in one pool, each in a block of a size that follows from its length: exact up to 4, then four
 *   sizes an octave. A list that outgrows its block moves to a freed one of its new size, or to the pool's end; what a
 *   removal frees is kept by size. A pool of which a quarter is free is packed when room is next
 *   asked for.
 * Shapes: the items of a list ascend.
 * Memory: 8 bytes a list; 4 a pair, at most a quarter more in blocks, and a third of that in freed ones; room for a
 *   sixteenth more.
 * Errors: STATUS_NOMEM leaves the lists as they were.
 * Cost: a pair added or removed costs the length of its list at most; packing reads and writes all, but only after a
 *   share of all has moved.
 */
#ifndef CAMPAIGN_ADJACENCY_H
#define CAMPAIGN_ADJACENCY_H

#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { ADJACENCY_SIZES = 124 };

struct adjacency_list {
    uint32_t at, n; /* items[at .. at + n) */
};

struct adjacency {
    struct adjacency_list *lists;
    uint32_t *items;
    size_t n, n_pairs; /* n: lists */
    size_t lists_room, items_room;
    size_t items_used, items_free;   /* free: of the used, in freed blocks */
    uint32_t freed[ADJACENCY_SIZES]; /* by size: the first freed block + 1, where the next one stands */
};

void adjacency_fini(struct adjacency *lists);
/* Makes it n lists, the new ones empty; never fewer. */
MUST_CHECK enum status adjacency_widen(struct adjacency *lists, size_t n);
bool adjacency_has(const struct adjacency *lists, uint32_t i, uint32_t item);
/* Takes in a pair that is not there. */
MUST_CHECK enum status adjacency_insert(struct adjacency *lists, uint32_t i, uint32_t item);
/* Removes the pair if it is there. */
void adjacency_remove(struct adjacency *lists, uint32_t i, uint32_t item);
/* Empties a list. */
void adjacency_clear(struct adjacency *lists, uint32_t i);
/*
 * Renumbers lists and items: moved[i] is the new index, rising with i, or UINT32_MAX where it goes. Lists that go are
 * empty, items that go in none.
 */
void adjacency_renumber(struct adjacency *lists, const uint32_t *moved, const uint32_t *items_moved);
size_t adjacency_bytes(const struct adjacency *lists);

/* Some indices, ascending; borrowed until the lists change. */
struct indices {
    const uint32_t *items;
    uint32_t n;
};

static inline struct indices adjacency_at(const struct adjacency *lists, uint32_t i)
{
    struct adjacency_list list = lists->lists[i];
    return (struct indices){ list.n ? lists->items + list.at : NULL, list.n };
}

#endif
