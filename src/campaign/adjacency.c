#include "campaign/adjacency.h"

#include <stdlib.h>
#include <string.h>

enum { EXACT = 4, SIZES_AN_OCTAVE = 4, FREE_LEAST = 1024 };

void adjacency_fini(struct adjacency *lists)
{
    free(lists->lists);
    free(lists->items);
    *lists = (struct adjacency){ 0 };
}

/* Of the block of a list of n > EXACT: log2 of the distance of sizes. */
static unsigned step_bits(uint32_t n)
{
    return 31 - (unsigned)__builtin_clz(n - 1) - 2;
}

static uint32_t block_size(uint32_t n)
{
    if (n <= EXACT)
        return n;
    uint32_t step = 1U << step_bits(n);
    return (n + step - 1) & ~(step - 1);
}

static unsigned size_class(uint32_t size)
{
    if (size <= EXACT)
        return size - 1;
    unsigned bits = step_bits(size);
    return EXACT + bits * SIZES_AN_OCTAVE + (size >> bits) - (EXACT + 1);
}

static void give_block(struct adjacency *lists, uint32_t at, uint32_t size)
{
    if (size == 0)
        return;
    uint32_t *first = &lists->freed[size_class(size)];
    lists->items[at] = *first;
    *first = at + 1;
    lists->items_free += size;
}

/* There is room. */
static uint32_t take_block(struct adjacency *lists, uint32_t size)
{
    uint32_t *first = &lists->freed[size_class(size)];
    uint32_t at = (uint32_t)lists->items_used;
    if (*first) {
        at = *first - 1;
        *first = lists->items[at];
        lists->items_free -= size;
    } else {
        lists->items_used += size;
    }
    return at;
}

/* Moves all lists to the front of a new pool, which has room for `more` items. */
static enum status pack(struct adjacency *lists, size_t more)
{
    enum status st = STATUS_OK;
    size_t room = lists->items_used - lists->items_free + more + 1;
    uint32_t used = 0;
    uint32_t *items = malloc(room * sizeof *items);
    REQUIRE(items, STATUS_NOMEM);
    for (size_t i = 0; i < lists->n; i++) {
        struct adjacency_list *list = &lists->lists[i];
        if (list->n == 0)
            continue;
        memcpy(items + used, lists->items + list->at, list->n * sizeof *items);
        list->at = used;
        used += block_size(list->n);
    }
    free(lists->items);
    lists->items = items;
    lists->items_room = room;
    lists->items_used = used;
    lists->items_free = 0;
    memset(lists->freed, 0, sizeof lists->freed);
fail:
    return st;
}

static enum status items_reserve(struct adjacency *lists, size_t more)
{
    enum status st = STATUS_OK;
    if (lists->items_free > lists->items_used / 4 + FREE_LEAST)
        return pack(lists, more);
    size_t room = lists->items_used + more + 1;
    if (room <= lists->items_room)
        return STATUS_OK;
    room += room / 16;
    uint32_t *grown = realloc(lists->items, room * sizeof *grown);
    REQUIRE(grown, STATUS_NOMEM);
    lists->items = grown;
    lists->items_room = room;
fail:
    return st;
}

enum status adjacency_widen(struct adjacency *lists, size_t n)
{
    enum status st = STATUS_OK;
    if (n <= lists->n)
        return STATUS_OK;
    if (n > lists->lists_room) {
        size_t room = n + n / 16 + 15;
        struct adjacency_list *grown = realloc(lists->lists, room * sizeof *grown);
        REQUIRE(grown, STATUS_NOMEM);
        lists->lists = grown;
        lists->lists_room = room;
    }
    memset(lists->lists + lists->n, 0, (n - lists->n) * sizeof *lists->lists);
    lists->n = n;
fail:
    return st;
}

/* Where the item is in the list, or would be. */
static uint32_t place_of(const struct adjacency *lists, struct adjacency_list list, uint32_t item)
{
    if (list.n == 0)
        return 0; /* and there may be no items at all */
    const uint32_t *items = lists->items + list.at;
    uint32_t low = 0;
    uint32_t high = list.n;
    if (items[list.n - 1] < item)
        return list.n; /* what is new mostly goes to the end */
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (items[middle] < item)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

bool adjacency_has(const struct adjacency *lists, uint32_t i, uint32_t item)
{
    if (i >= lists->n || lists->lists[i].n == 0)
        return false;
    struct adjacency_list list = lists->lists[i];
    uint32_t place = place_of(lists, list, item);
    return place < list.n && lists->items[list.at + place] == item;
}

enum status adjacency_insert(struct adjacency *lists, uint32_t i, uint32_t item)
{
    enum status st = STATUS_OK;
    struct adjacency_list *list = &lists->lists[i];
    uint32_t size = block_size(list->n + 1);
    uint32_t old = block_size(list->n);
    uint32_t place = place_of(lists, *list, item);
    if (size != old) {
        TRY(items_reserve(lists, size));
        uint32_t at = take_block(lists, size);
        if (list->n > 0)
            memcpy(lists->items + at, lists->items + list->at, list->n * sizeof *lists->items);
        give_block(lists, list->at, old);
        list->at = at;
    }
    uint32_t *items = lists->items + list->at;
    memmove(items + place + 1, items + place, (list->n - place) * sizeof *items);
    items[place] = item;
    list->n++;
    lists->n_pairs++;
fail:
    return st;
}

void adjacency_remove(struct adjacency *lists, uint32_t i, uint32_t item)
{
    if (!adjacency_has(lists, i, item))
        return;
    struct adjacency_list *list = &lists->lists[i];
    uint32_t *items = lists->items + list->at;
    uint32_t place = place_of(lists, *list, item);
    memmove(items + place, items + place + 1, (list->n - place - 1) * sizeof *items);
    uint32_t kept = block_size(list->n - 1);
    give_block(lists, list->at + kept, block_size(list->n) - kept);
    list->n--;
    lists->n_pairs--;
}

void adjacency_clear(struct adjacency *lists, uint32_t i)
{
    struct adjacency_list *list = &lists->lists[i];
    give_block(lists, list->at, block_size(list->n));
    lists->n_pairs -= list->n;
    list->n = 0;
}

void adjacency_renumber(struct adjacency *lists, const uint32_t *moved, const uint32_t *items_moved)
{
    size_t kept = 0;
    for (size_t i = 0; i < lists->n; i++) {
        struct adjacency_list list = lists->lists[i];
        for (uint32_t e = 0; e < list.n; e++)
            lists->items[list.at + e] = items_moved[lists->items[list.at + e]];
        if (moved[i] != UINT32_MAX)
            lists->lists[kept++] = list;
    }
    lists->n = kept;
}

size_t adjacency_bytes(const struct adjacency *lists)
{
    return lists->lists_room * sizeof *lists->lists + lists->items_room * sizeof *lists->items;
}
