#include "account/list.h"

#include <stdlib.h>

enum { LIST_FIRST = 256 };

static enum status reserve(void **items, size_t *capacity, size_t wanted, size_t item_bytes)
{
    if (wanted <= *capacity)
        return STATUS_OK;
    size_t larger = *capacity < LIST_FIRST ? LIST_FIRST : *capacity;
    while (larger < wanted)
        larger *= 2;
    void *moved = realloc(*items, larger * item_bytes);
    if (moved == NULL)
        return STATUS_NOMEM;
    *items = moved;
    *capacity = larger;
    return STATUS_OK;
}

enum status sighting_list_reserve(struct sighting_list *list, size_t more)
{
    void *items = list->items;
    enum status st = reserve(&items, &list->capacity, list->n + more, sizeof *list->items);
    list->items = items;
    return st;
}

enum status usage_list_add(struct usage_list *list, const struct usage *usage)
{
    void *items = list->items;
    enum status st = reserve(&items, &list->capacity, list->n + 1, sizeof *list->items);
    list->items = items;
    if (st == STATUS_OK)
        list->items[list->n++] = *usage;
    return st;
}

void sighting_list_fini(struct sighting_list *list)
{
    free(list->items);
    *list = (struct sighting_list){ 0 };
}

void usage_list_fini(struct usage_list *list)
{
    free(list->items);
    *list = (struct usage_list){ 0 };
}
