/*
 * contingency.h: two partitions of the same items → how many items each pair of clusters shares.
 *
 * Model: the cells of the cross-table that are not empty, each with both its margins; what the measures of agreement
 *   of two partitions (rand_index.h, bcubed.h) are made of.
 * Shapes: an item's cluster is any number; items with the same number are in one cluster. Cells rise by right, then
 *   left.
 * Memory: 24 bytes a cell, at most one cell an item; 8 bytes an item while it is made.
 * Ownership: the cells are the contingency's; a zeroed one may be given to contingency_fini.
 * Cost: O(n log n).
 */
#ifndef SKETCH_CONTINGENCY_H
#define SKETCH_CONTINGENCY_H

#include "base/status.h"

#include <stddef.h>
#include <stdint.h>

struct contingency_cell {
    uint32_t left, right;
    uint32_t n;               /* items in both */
    uint32_t n_left, n_right; /* items in either cluster */
};

struct contingency {
    struct contingency_cell *cells;
    size_t n_cells;
    size_t n; /* items */
};

MUST_CHECK enum status contingency_init(
    struct contingency *contingency, const uint32_t *left, const uint32_t *right, size_t n);
void contingency_fini(struct contingency *contingency);

#endif
