#include "campaign/adjacency.h"

#include <stdlib.h>

void adjacency_fini(struct adjacency *lists)
{
    free(lists->start);
    free(lists->items);
    *lists = (struct adjacency){ 0 };
}

static enum status grow(uint32_t **array, size_t n)
{
    enum status st = STATUS_OK;
    uint32_t *grown = realloc(*array, n * sizeof *grown);
    REQUIRE(grown, STATUS_NOMEM);
    *array = grown;
fail:
    return st;
}

enum status adjacency_reserve(struct adjacency *lists, size_t n, size_t n_pairs)
{
    enum status st = STATUS_OK;
    TRY(grow(&lists->start, n + 1));
    if (lists->n == 0)
        lists->start[0] = 0;
    TRY(grow(&lists->items, n_pairs + 1));
fail:
    return st;
}

bool adjacency_has(const struct adjacency *lists, uint32_t i, uint32_t item)
{
    if (i >= lists->n)
        return false;
    uint32_t low = lists->start[i];
    uint32_t high = lists->start[i + 1];
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (lists->items[middle] < item)
            low = middle + 1;
        else
            high = middle;
    }
    return low < lists->start[i + 1] && lists->items[low] == item;
}

/* Merges from the back: what is written lies at or behind what is still to be read. */
void adjacency_add(struct adjacency *lists, size_t n, const uint64_t *pairs, size_t n_pairs)
{
    uint32_t *start = lists->start;
    uint32_t *items = lists->items;
    for (size_t i = lists->n; i < n; i++)
        start[i + 1] = start[lists->n];
    uint32_t from = start[n];
    uint32_t to = from + (uint32_t)n_pairs;
    for (size_t i = n; i-- > 0 && n_pairs > 0;) {
        uint32_t begin = start[i];
        start[i + 1] = to;
        while (n_pairs > 0 && pairs[n_pairs - 1] >> 32 == i) {
            uint32_t item = (uint32_t)pairs[n_pairs - 1];
            while (from > begin && items[from - 1] > item)
                items[--to] = items[--from];
            items[--to] = item;
            n_pairs--;
        }
        while (from > begin && to > from)
            items[--to] = items[--from];
        from = begin;
    }
    lists->n = n;
}

void adjacency_renumber(struct adjacency *lists, const uint32_t *moved, const uint32_t *items_moved)
{
    uint32_t from = 0;
    uint32_t to = 0;
    size_t kept = 0;
    for (size_t i = 0; i < lists->n; i++) {
        uint32_t end = lists->start[i + 1];
        for (; from < end; from++)
            if (moved[i] != UINT32_MAX && items_moved[lists->items[from]] != UINT32_MAX)
                lists->items[to++] = items_moved[lists->items[from]];
        if (moved[i] != UINT32_MAX)
            lists->start[++kept] = to;
    }
    lists->n = kept;
}
