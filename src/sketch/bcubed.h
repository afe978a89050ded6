/*
 * bcubed.h: precision and recall of a clustering, item by item.
 *
 * Model: of each item, precision is the share of its reported cluster (itself included) that is in its true cluster,
 *   recall the share of its true cluster that is in its reported one; both are averaged over all items with equal
 *   weight.
 * Source: Bagga, Baldwin, "Algorithms for scoring coreference chains", 1998; equal weights as in Amigo et al., "A
 *   comparison of extrinsic clustering evaluation metrics", 2009, who show that it alone of the common measures holds
 *   all of homogeneity, completeness, rag bag and size against quantity.
 * Shapes: left is the truth, right what was reported. NaN over no items.
 * Cost: O(cells).
 */
#ifndef SKETCH_BCUBED_H
#define SKETCH_BCUBED_H

#include "sketch/contingency.h"

struct bcubed {
    double precision, recall;
};

struct bcubed bcubed_measure(const struct contingency *contingency);

#endif
