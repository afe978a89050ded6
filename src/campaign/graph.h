/*
 * graph.h: which accounts show which tie objects, and which returned what was issued to which.
 *
 * Model: ties arrive one by one; edges wait. graph_build merges them into rows (accounts) and columns (objects), drops
 *   duplicates and what was withdrawn or forgotten. Between two builds rows and columns stand.
 * Memory: 24 bytes an account, 32 an object, 8 an edge and 8 more while it waits, 40 a direct tie, 16 to 32 for each
 *   account, object and direct tie in the maps; all capped, objects at a quarter of the edges. What does not fit is
 *   dropped and counted.
 * Errors: STATUS_NOMEM leaves the graph as it was.
 * Cost: a build reads and writes rows and columns once, from the first that changed on.
 */
#ifndef CAMPAIGN_GRAPH_H
#define CAMPAIGN_GRAPH_H

#include "base/map.h"
#include "campaign/adjacency.h"
#include "object/tie.h"

struct graph_account {
    uint64_t account, organization;
    bool dead;
    bool asked;  /* the organisation was looked up */
    bool active; /* it has sent enough to have shown a frame if it had one; stays so */
};

struct graph_object {
    uint64_t object;
    int64_t first_ms;
    uint32_t strong; /* content: members that hang in strong ties, at the last build */
    uint8_t kind;
    bool dead;
    bool many_tasks; /* shown with half as many distinct tasks as accounts: a frame, not a fixed text */
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
    struct graph_direct *direct;
    uint64_t *waiting; /* edges for the next build: account << 32 | object */
    size_t n_accounts, n_objects, n_edges, n_direct, n_waiting; /* n_edges: those waiting, too */
    size_t accounts_capacity, objects_capacity, waiting_capacity, direct_capacity;
    size_t accounts_max, edges_max, objects_max;
    struct u64_map account_index, object_index, direct_index;
    /* Built form. */
    struct adjacency rows;              /* objects of an account */
    struct adjacency columns;           /* accounts of an object */
    uint32_t *direct_start, *direct_at; /* direct ties of an account, at both ends, by index */
    uint8_t *has_strong; /* by account: it shares a strong object or hangs in a strong direct tie */
    size_t n_rows, n_columns;
    size_t n_built; /* edges and direct ties at the last build */
    uint64_t dropped;
    bool dirty;
    bool any_dead;
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
    return graph->columns.start[object + 1] - graph->columns.start[object];
}

#endif
