/*
 * graph.h: which accounts show which tie objects, and which returned what was issued to which.
 *
 * Model: ties arrive one by one; edges lie in one array. graph_build sorts them into rows (accounts) and columns
 *   (objects), drops duplicates and what was withdrawn or forgotten. Between two builds rows and columns stand.
 * Memory: 40 bytes an account, 32 an object, 24 an edge (built form included), 32 a direct tie; all capped. What
 *   does not fit is dropped and counted.
 * Errors: STATUS_NOMEM leaves the graph as it was.
 */
#ifndef CAMPAIGN_GRAPH_H
#define CAMPAIGN_GRAPH_H

#include "base/map.h"
#include "object/tie.h"

struct graph_account {
    uint64_t account, organization;
    bool dead;
    bool asked; /* the organisation was looked up */
};

struct graph_object {
    uint64_t object;
    int64_t first_ms;
    uint32_t strong; /* members that hang in strong ties, at the last build */
    uint8_t kind;
    bool dead;
    bool
        many_tasks; /* shown with at least half as many distinct tasks as accounts: a frame, not a fixed text */
};

struct graph_edge {
    uint32_t account, object;
};

/* a issued (or was refused), b returned (or sent again); once for each pair and family. Strong kinds displace weak
 * ones, count and all. */
struct graph_direct {
    uint32_t a, b;
    int64_t first_ms;
    uint64_t object;
    uint32_t count;
    uint8_t kind;
};

struct graph {
    struct graph_account *accounts;
    struct graph_object *objects;
    struct graph_edge *edges;
    struct graph_direct *direct;
    size_t n_accounts, n_objects, n_edges, n_direct;
    size_t accounts_capacity, objects_capacity, edges_capacity, direct_capacity;
    size_t accounts_max, edges_max;
    struct u64_map account_index, object_index, direct_index;
    /* Built form. */
    uint32_t *row_start, *row_object;        /* objects of an account, ascending by index */
    uint32_t *column_start, *column_account; /* accounts of an object, ascending by index */
    uint32_t *direct_start, *direct_at;      /* direct ties of an account, at both ends, by index */
    uint8_t *
        has_strong; /* by account: it shows a strong object that another shows, or hangs in a strong direct tie */
    size_t n_rows, n_columns;
    size_t n_built; /* edges and direct ties at the last build */
    uint64_t dropped;
    bool dirty;
};

void graph_init(struct graph *graph, size_t accounts_max, size_t edges_max);
void graph_fini(struct graph *graph);
MUST_CHECK enum status graph_add(struct graph *graph, const struct tie *tie);
void graph_forget(struct graph *graph, uint64_t account);
MUST_CHECK enum status graph_build(struct graph *graph);
size_t graph_bytes(const struct graph *graph);

bool graph_shows(const struct graph *graph, uint32_t account, uint32_t object);

static inline uint32_t graph_degree(const struct graph *graph, uint32_t object)
{
    return graph->column_start[object + 1] - graph->column_start[object];
}

#endif
