#include "rival/blocks.h"

#include "base/map.h"
#include "base/mix.h"
#include "sketch/peel.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* The graph by rows, and which nodes the densest part has. To carving_fini, whatever carving_init returns. */
struct carving {
    uint32_t *row_start, *column;
    uint8_t *rows, *columns;
    uint32_t *members; /* rows of the block */
};

static void carving_fini(struct carving *c)
{
    free(c->row_start);
    free(c->column);
    free(c->rows);
    free(c->columns);
    free(c->members);
    *c = (struct carving){ 0 };
}

static enum status carving_init(struct carving *c, const struct blocks_graph *graph)
{
    enum status st = STATUS_OK;
    *c = (struct carving){ 0 };
    c->row_start = calloc(graph->n_rows + 2, sizeof *c->row_start);
    c->column = calloc(graph->n + 1, sizeof *c->column);
    c->rows = calloc(graph->n_rows + 1, 1);
    c->columns = calloc(graph->n_columns + 1, 1);
    c->members = calloc(graph->n_rows + 1, sizeof *c->members);
    REQUIRE(c->row_start && c->column && c->rows && c->columns && c->members, STATUS_NOMEM);
fail:
    return st;
}

/* The order of a row's columns is that of the edges; peeling does not depend on it. */
static enum status densest(struct carving *c, const struct blocks_graph *graph, uint64_t *ret_density)
{
    memset(c->row_start, 0, (graph->n_rows + 2) * sizeof *c->row_start);
    for (size_t i = 0; i < graph->n; i++)
        c->row_start[graph->edges[i].row + 2]++;
    for (size_t r = 2; r < graph->n_rows + 2; r++)
        c->row_start[r] += c->row_start[r - 1];
    for (size_t i = 0; i < graph->n; i++)
        c->column[c->row_start[graph->edges[i].row + 1]++] = graph->edges[i].column;
    return peel(&(struct peel_graph){ graph->n_rows, graph->n_columns, c->row_start, c->column, NULL },
        c->rows, c->columns, ret_density);
}

static void take_out(struct blocks_graph *graph, const struct carving *c)
{
    size_t left = 0;
    for (size_t i = 0; i < graph->n; i++)
        if (!c->rows[graph->edges[i].row] || !c->columns[graph->edges[i].column])
            graph->edges[left++] = graph->edges[i];
    graph->n = left;
}

enum status blocks_find(struct blocks_graph *graph, uint64_t least_density, size_t n_max, void *context,
    enum status (*each)(void *context, const uint32_t *rows, size_t n, uint64_t density))
{
    enum status st = STATUS_OK;
    struct carving c;
    TRY(carving_init(&c, graph));
    for (size_t found = 0; found < n_max && graph->n > 0; found++) {
        uint64_t density;
        size_t n = 0;
        TRY(densest(&c, graph, &density));
        if (density < least_density)
            break;
        for (size_t r = 0; r < graph->n_rows; r++)
            if (c.rows[r])
                c.members[n++] = (uint32_t)r;
        take_out(graph, &c);
        TRY(each(context, c.members, n, density));
    }
fail:
    carving_fini(&c);
    return st;
}

static uint64_t pair_of(uint32_t row, uint32_t column)
{
    return ((uint64_t)row << 32 | column) + 1;
}

static bool may_swap(const struct u64_map *pairs, struct blocks_edge a, struct blocks_edge b)
{
    return a.row != b.row && a.column != b.column && map_find(pairs, pair_of(a.row, b.column)) == MAP_NONE &&
           map_find(pairs, pair_of(b.row, a.column)) == MAP_NONE;
}

static enum status swap_rows(struct u64_map *pairs, struct blocks_edge *a, struct blocks_edge *b)
{
    enum status st = STATUS_OK;
    uint32_t row = a->row;
    map_remove(pairs, pair_of(a->row, a->column));
    map_remove(pairs, pair_of(b->row, b->column));
    a->row = b->row;
    b->row = row;
    TRY(map_put(pairs, pair_of(a->row, a->column), 1));
    TRY(map_put(pairs, pair_of(b->row, b->column), 1));
fail:
    return st;
}

enum status blocks_swap(struct blocks_graph *graph, uint64_t seed)
{
    enum status st = STATUS_OK;
    struct u64_map pairs;
    map_init(&pairs, 2 * graph->n);
    TRY(map_reserve(
        &pairs, 2 * graph->n)); /* half empty at least: most look-ups find nothing, and end at a gap */
    for (size_t i = 0; i < graph->n; i++)
        TRY(map_put(&pairs, pair_of(graph->edges[i].row, graph->edges[i].column), 1));
    for (size_t i = 0; i < graph->n; i++) {
        uint64_t random = mix_fold(seed ^ UINT64_C(0x9e3779b97f4a7c15), i ^ UINT64_C(0xbf58476d1ce4e5b9));
        struct blocks_edge *a = &graph->edges[i % graph->n];
        struct blocks_edge *b = &graph->edges[random % graph->n];
        if (may_swap(&pairs, *a, *b))
            TRY(swap_rows(&pairs, a, b));
    }
fail:
    map_fini(&pairs);
    return st;
}

enum status blocks_null(const struct blocks_graph *graph, uint64_t seed, uint64_t *ret_density)
{
    enum status st = STATUS_OK;
    struct carving c = { 0 };
    struct blocks_graph swapped = *graph;
    swapped.edges = calloc(graph->n + 1, sizeof *swapped.edges);
    REQUIRE(swapped.edges, STATUS_NOMEM);
    if (graph->n > 0)
        memcpy(swapped.edges, graph->edges, graph->n * sizeof *swapped.edges);
    TRY(blocks_swap(&swapped, seed));
    TRY(carving_init(&c, &swapped));
    TRY(densest(&c, &swapped, ret_density));
fail:
    carving_fini(&c);
    free(swapped.edges);
    return st;
}
