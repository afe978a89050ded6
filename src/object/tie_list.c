#include "object/tie_list.h"

#include <stdlib.h>
#include <string.h>

void tie_list_fini(struct tie_list *list)
{
    free(list->items);
    *list = (struct tie_list){ 0 };
}

enum status tie_list_reserve(struct tie_list *list, size_t n_more)
{
    size_t wanted = 2 * (list->n + n_more);
    if (wanted <= list->capacity)
        return STATUS_OK;
    size_t capacity = wanted < 64 ? 64 : wanted + wanted / 2;
    if (capacity > SIZE_MAX / sizeof *list->items)
        return STATUS_TOO_BIG;
    struct tie *items = realloc(list->items, capacity * sizeof *items);
    if (!items)
        return STATUS_NOMEM;
    list->items = items;
    list->capacity = capacity;
    return STATUS_OK;
}

void tie_list_add(struct tie_list *list, const struct tie *tie)
{
    list->items[list->n++] = *tie;
}

static bool in_order(const struct tie *a, const struct tie *b)
{
    if (a->object != b->object)
        return a->object < b->object;
    return a->time_ms <= b->time_ms;
}

static void merge(struct tie *items, size_t n_left, size_t n, struct tie *scratch)
{
    memcpy(scratch, items, n_left * sizeof *items);
    size_t left = 0, right = n_left, to = 0;
    while (left < n_left && right < n)
        items[to++] = in_order(&scratch[left], &items[right]) ? scratch[left++] : items[right++];
    memcpy(items + to, scratch + left, (n_left - left) * sizeof *items);
}

void tie_list_sort(struct tie_list *list, size_t from)
{
    if (list->n - from < 2)
        return;
    struct tie *scratch = list->items + list->n;
    for (size_t run = 1; run < list->n - from; run *= 2)
        for (size_t at = from; at + run < list->n; at += 2 * run) {
            size_t n = list->n - at < 2 * run ? list->n - at : 2 * run;
            merge(list->items + at, run, n, scratch);
        }
}
