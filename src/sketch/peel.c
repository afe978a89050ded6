#include "sketch/peel.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Rows come first, then columns, in one numbering of nodes. */
struct peeling {
    const struct peel_graph *graph;
    size_t n;
    uint64_t *weight;             /* of edges still there, by node */
    uint64_t *edge;               /* weight of one edge, by column */
    uint32_t *heap;               /* nodes, least weight on top */
    uint32_t *place;              /* of a node in the heap */
    uint32_t *order;              /* nodes in the order they went */
    uint32_t *column_start, *row; /* the graph by columns */
    size_t n_heap;
};

static int before(const struct peeling *p, uint32_t a, uint32_t b)
{
    return p->weight[a] != p->weight[b] ? p->weight[a] < p->weight[b] : a < b;
}

static void swap_places(struct peeling *p, size_t i, size_t j)
{
    uint32_t a = p->heap[i];
    uint32_t b = p->heap[j];
    p->heap[i] = b;
    p->heap[j] = a;
    p->place[a] = (uint32_t)j;
    p->place[b] = (uint32_t)i;
}

static void sift_down(struct peeling *p, size_t i)
{
    for (;;) {
        size_t least = i;
        for (size_t child = 2 * i + 1; child <= 2 * i + 2 && child < p->n_heap; child++)
            if (before(p, p->heap[child], p->heap[least]))
                least = child;
        if (least == i)
            return;
        swap_places(p, i, least);
        i = least;
    }
}

static void sift_up(struct peeling *p, size_t i)
{
    while (i > 0 && before(p, p->heap[i], p->heap[(i - 1) / 2])) {
        swap_places(p, i, (i - 1) / 2);
        i = (i - 1) / 2;
    }
}

static uint32_t take_least(struct peeling *p)
{
    uint32_t node = p->heap[0];
    swap_places(p, 0, --p->n_heap);
    sift_down(p, 0);
    p->place[node] = UINT32_MAX;
    return node;
}

static void lose(struct peeling *p, uint32_t node, uint64_t weight)
{
    if (p->place[node] == UINT32_MAX)
        return;
    p->weight[node] -= weight;
    sift_up(p, p->place[node]);
}

static void drop_edges(struct peeling *p, uint32_t node)
{
    const struct peel_graph *g = p->graph;
    if (node < g->n_rows) {
        for (uint32_t e = g->row_start[node]; e < g->row_start[node + 1]; e++)
            lose(p, (uint32_t)g->n_rows + g->column[e], p->edge[g->column[e]]);
        return;
    }
    uint32_t c = node - (uint32_t)g->n_rows;
    for (uint32_t e = p->column_start[c]; e < p->column_start[c + 1]; e++)
        lose(p, p->row[e], p->edge[c]);
}

static void turn_graph(struct peeling *p)
{
    const struct peel_graph *g = p->graph;
    for (size_t e = 0; e < g->row_start[g->n_rows]; e++)
        p->column_start[g->column[e] + 1]++;
    for (size_t c = 0; c < g->n_columns; c++)
        p->column_start[c + 1] += p->column_start[c];
    for (size_t r = g->n_rows; r-- > 0;)
        for (uint32_t e = g->row_start[r]; e < g->row_start[r + 1]; e++)
            p->row[--p->column_start[g->column[e] + 1]] = (uint32_t)r;
    /* Filling from the back moved every start one column forward: shift them back. */
    for (size_t c = 0; c < g->n_columns; c++)
        p->column_start[c] = p->column_start[c + 1];
    p->column_start[g->n_columns] = g->row_start[g->n_rows];
}

static uint64_t weigh(struct peeling *p)
{
    const struct peel_graph *g = p->graph;
    uint64_t total = 0;
    for (size_t c = 0; c < g->n_columns; c++) {
        uint32_t here = p->column_start[c + 1] - p->column_start[c];
        double degree = g->degree ? (double)g->degree[c] : (double)here;
        p->edge[c] = (uint64_t)(1e6 / log(degree + 5));
        p->weight[g->n_rows + c] = p->edge[c] * here;
        total += p->edge[c] * here;
    }
    for (size_t r = 0; r < g->n_rows; r++)
        for (uint32_t e = g->row_start[r]; e < g->row_start[r + 1]; e++)
            p->weight[r] += p->edge[g->column[e]];
    for (size_t i = 0; i < p->n; i++)
        p->heap[i] = p->place[i] = (uint32_t)i;
    p->n_heap = p->n;
    for (size_t i = p->n / 2; i-- > 0;)
        sift_down(p, i);
    return total;
}

static void peeling_fini(struct peeling *p)
{
    free(p->weight);
    free(p->edge);
    free(p->heap);
    free(p->place);
    free(p->order);
    free(p->column_start);
    free(p->row);
}

static enum status peeling_init(struct peeling *p, const struct peel_graph *graph)
{
    enum status st = STATUS_OK;
    *p = (struct peeling){ .graph = graph, .n = graph->n_rows + graph->n_columns };
    p->weight = calloc(p->n + 1, sizeof *p->weight);
    p->edge = calloc(graph->n_columns + 1, sizeof *p->edge);
    p->heap = calloc(p->n + 1, sizeof *p->heap);
    p->place = calloc(p->n + 1, sizeof *p->place);
    p->order = calloc(p->n + 1, sizeof *p->order);
    p->column_start = calloc(graph->n_columns + 2, sizeof *p->column_start);
    p->row = calloc((size_t)graph->row_start[graph->n_rows] + 1, sizeof *p->row);
    REQUIRE(
        p->weight && p->edge && p->heap && p->place && p->order && p->column_start && p->row, STATUS_NOMEM);
fail:
    if (st != STATUS_OK)
        peeling_fini(p);
    return st;
}

/* Peels everything; returns how many nodes went before the densest moment. */
static size_t peel_all(struct peeling *p, uint64_t *ret_density)
{
    const size_t n = p->n;
    uint64_t total = weigh(p);
    size_t best_gone = 0;
    uint64_t best = n > 0 ? total / n : 0;
    for (size_t gone = 0; gone < n; gone++) {
        uint32_t node = take_least(p);
        p->order[gone] = node;
        total -= p->weight[node];
        drop_edges(p, node);
        size_t left = n - gone - 1;
        if (left > 0 && total / left > best) {
            best = total / left;
            best_gone = gone + 1;
        }
    }
    *ret_density = best;
    return best_gone;
}

enum status peel(
    const struct peel_graph *graph, uint8_t *ret_rows, uint8_t *ret_columns, uint64_t *ret_density)
{
    enum status st = STATUS_OK;
    struct peeling p;
    TRY(peeling_init(&p, graph));
    turn_graph(&p);
    uint64_t density = 0;
    size_t gone = peel_all(&p, &density);
    memset(ret_rows, 0, graph->n_rows);
    memset(ret_columns, 0, graph->n_columns);
    for (size_t i = gone; i < p.n; i++) {
        uint32_t node = p.order[i];
        if (node < graph->n_rows)
            ret_rows[node] = 1;
        else
            ret_columns[node - graph->n_rows] = 1;
    }
    *ret_density = density;
    peeling_fini(&p);
fail:
    return st;
}
