/*
 * blocks.h: dense blocks of a bipartite graph, one after the other, and how dense chance alone would make one.
 *
 * Model: the densest part is peeled out (sketch/peel.h), its edges are removed, and again; a block's weights are those of the
 *   graph as it then is. The null is the same graph after random swaps of edges, one for each edge, which keep the degree of
 *   every node: what is dense there is so by degrees alone.
 * Source: Hooi, Song, Beutel, Shah, Shin, Faloutsos, "FRAUDAR: bounding graph fraud in the face of camouflage", KDD 2016, and
 *   the authors' greedy.py (detectMultiple: column sums anew for every block). The null is ours: Milo et al., "On the
 *   uniform generation of random graphs with prescribed degree sequences", 2003 (switching).
 * Shapes: rows are numbers from 0; edges have no duplicates. Densities in millionths, as peel.h has them.
 * Memory: 40 bytes a node, 12 an edge; the null 40 to 72 an edge more; for the call.
 * Errors: STATUS_NOMEM.
 * Cost: O(E log V) a block and for the null.
 */
#ifndef RIVAL_BLOCKS_H
#define RIVAL_BLOCKS_H

#include "base/status.h"

#include <stddef.h>
#include <stdint.h>

struct blocks_edge {
    uint32_t row, column;
};

struct blocks_graph {
    size_t n_rows, n_columns, n;
    struct blocks_edge *edges; /* the caller's; edges of blocks are taken out, the rest is reordered */
};

/*
 * Gives the rows of every block, ascending, while there is one of at least that density, and at most n_max blocks. Stops at
 * the first that is less dense.
 */
MUST_CHECK enum status blocks_find(struct blocks_graph *graph, uint64_t least_density, size_t n_max,
    void *context, enum status (*each)(void *context, const uint32_t *rows, size_t n, uint64_t density));
/* The density of the densest part of the graph after swaps. The graph is as it was but for the order of its edges. */
MUST_CHECK enum status blocks_null(const struct blocks_graph *graph, uint64_t seed, uint64_t *ret_density);
/* Swaps the rows of random pairs of edges where neither becomes a duplicate; seed goes on. */
MUST_CHECK enum status blocks_swap(struct blocks_graph *graph, uint64_t seed);

#endif
