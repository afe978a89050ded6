#include "rival/edges.h"

#include <stdlib.h>

void edges_init(struct edges *edges, size_t edges_max)
{
    *edges = (struct edges){ 0 };
    ids_init(&edges->objects, edges_max);
    map_init(&edges->index, edges_max);
}

void edges_fini(struct edges *edges)
{
    ids_fini(&edges->objects);
    map_fini(&edges->index);
    free(edges->items);
    edges->items = NULL;
    edges->n = edges->capacity = 0;
}

void edges_clear(struct edges *edges)
{
    ids_clear(&edges->objects);
    map_clear(&edges->index);
    edges->n = 0;
}

static uint64_t pair_of(uint32_t object, uint32_t account)
{
    return ((uint64_t)object << 32 | account) + 1;
}

enum status edges_add(struct edges *edges, uint64_t object, uint32_t account, struct edge **ret_edge)
{
    enum status st = STATUS_OK;
    uint32_t number;
    struct edge *edge = NULL;
    TRY(ids_add(&edges->objects, object, &number));
    uint32_t at = number != MAP_NONE ? map_find(&edges->index, pair_of(number, account)) : MAP_NONE;
    if (at != MAP_NONE)
        edge = &edges->items[at];
    else if (number != MAP_NONE && edges->n < edges->index.n_max) {
        TRY(ids_widen((void **)&edges->items, &edges->capacity, edges->n + 1, sizeof *edges->items));
        TRY(map_put(&edges->index, pair_of(number, account), (uint32_t)edges->n));
        edge = &edges->items[edges->n++];
        *edge = (struct edge){ .object = number, .account = account };
    } else if (object != 0)
        edges->left_out++;
    *ret_edge = edge;
fail:
    return st;
}

enum status edges_prune(struct edges *edges, uint64_t least)
{
    enum status st = STATUS_OK;
    struct edges kept;
    size_t old = 0;
    for (size_t i = 0; i < edges->n; i++)
        old += edges->items[i].value < least;
    if (old == 0 || old * 4 < edges->n)
        return STATUS_OK;
    edges_init(&kept, edges->index.n_max);
    kept.left_out = edges->left_out;
    TRY(map_reserve(&kept.index, edges->n));
    for (size_t i = 0; i < edges->n; i++) {
        struct edge *edge;
        if (edges->items[i].value < least)
            continue;
        TRY(edges_add(&kept, edges->objects.hashes[edges->items[i].object], edges->items[i].account, &edge));
        if (edge) /* there is room for as many as there were */
            edge->value = edges->items[i].value;
    }
    struct edges dropped = *edges;
    *edges = kept;
    kept = dropped;
fail:
    edges_fini(&kept);
    return st;
}

enum status edges_by_object(const struct edges *edges, uint32_t **ret_start, uint32_t **ret_order)
{
    enum status st = STATUS_OK;
    uint32_t *start = calloc(edges->objects.n + 2, sizeof *start);
    uint32_t *order = calloc(edges->n + 1, sizeof *order);
    REQUIRE(start && order, STATUS_NOMEM);
    for (size_t i = 0; i < edges->n; i++)
        start[edges->items[i].object + 2]++;
    for (size_t o = 2; o < edges->objects.n + 2; o++)
        start[o] += start[o - 1];
    for (size_t i = 0; i < edges->n; i++) /* moves every start to where its object ends, one place on */
        order[start[edges->items[i].object + 1]++] = (uint32_t)i;
    *ret_start = start;
    *ret_order = order;
    return STATUS_OK;
fail:
    free(start);
    free(order);
    return st;
}

size_t edges_bytes(const struct edges *edges)
{
    return ids_bytes(&edges->objects) + map_bytes(&edges->index) + edges->capacity * sizeof *edges->items;
}
