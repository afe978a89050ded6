/*
 * peel.h: the densest part of a bipartite graph, by greedy peeling.
 *
 * Model: suspiciousness f(S) is the weight of the edges inside S; the density is f(S)/|S|, rows and columns counted
 *   together. The node of least weight goes first; of all prefixes the densest is kept. Column weight
 *   1/log(degree + 5): camouflage edges to popular columns add almost nothing.
 * Source: Hooi, Song, Beutel, Shah, Shin, Faloutsos, "FRAUDAR: Bounding Graph Fraud in the Face of Camouflage",
 *   KDD 2016. Deviation: weights are integers (millionths) and ties break by index, so that every run agrees.
 * Shapes: rows and columns count from 0; the graph is given as row offsets and column indices (CSR), no duplicates.
 * Memory: 28 bytes a node and 4 an edge, for the call.
 * Errors: STATUS_NOMEM.
 * Cost: O(E log V).
 */
#ifndef SKETCH_PEEL_H
#define SKETCH_PEEL_H

#include "base/status.h"

#include <stddef.h>
#include <stdint.h>

struct peel_graph {
    size_t n_rows, n_columns;
    const uint32_t *row_start; /* n_rows + 1 */
    const uint32_t *column;    /* row_start[n_rows] */
    const uint32_t *degree;    /* of each column in the whole graph; NULL: its degree here */
};

/* Writes 1 where the node is kept, 0 elsewhere; ret_density in millionths. */
MUST_CHECK enum status peel(
    const struct peel_graph *graph, uint8_t *ret_rows, uint8_t *ret_columns, uint64_t *ret_density);

#endif
