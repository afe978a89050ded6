/*
 * edges.h: which accounts showed which objects, with a word of what one showed the other: the graph of baselines.
 *
 * Model: a bipartite graph that grows by pairs. Objects are hashes, mixed with their kind by the caller, so that equal
 *   hashes of two kinds are two objects; accounts are numbers (ids.h).
 * Memory: 16 bytes an edge and 16 to 32 of index, 24 to 40 an object; at most edges_max edges and as many objects.
 *   A full graph leaves further pairs out and counts them.
 * Errors: STATUS_NOMEM.
 * Cost: O(1) expected a pair; edges_by_object is linear.
 */
#ifndef RIVAL_EDGES_H
#define RIVAL_EDGES_H

#include "rival/ids.h"

struct edge {
    uint32_t object, account;
    uint64_t value; /* the caller's, 0 at first */
};

struct edges {
    struct ids objects;
    struct u64_map index;
    struct edge *items;
    size_t n, capacity;
    uint64_t left_out;
};

void edges_init(struct edges *edges, size_t edges_max);
void edges_fini(struct edges *edges);
void edges_clear(struct edges *edges); /* keeps the memory */
/* The edge of the pair, new or old; borrowed until the next call. NULL where there is no room, or the object is 0. */
MUST_CHECK enum status edges_add(
    struct edges *edges, uint64_t object, uint32_t account, struct edge **ret_edge);
/*
 * Drops the edges whose value is below the least, and objects without any, once they are a quarter of all: until then
 * they stay, and the caller looks at the value. Numbers of objects change.
 */
MUST_CHECK enum status edges_prune(struct edges *edges, uint64_t least);
/*
 * The edges in the order of their objects, within one by first appearance: object o has those from ret_start[o] to
 * ret_start[o + 1] of ret_order. Both allocated, the caller frees.
 */
MUST_CHECK enum status edges_by_object(const struct edges *edges, uint32_t **ret_start, uint32_t **ret_order);
size_t edges_bytes(const struct edges *edges);

#endif
