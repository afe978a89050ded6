/*
 * rand_index.h: how far two partitions agree on which items belong together, beyond chance.
 *
 * Model: with `both` pairs of items together in both partitions, `left` and `right` pairs together in either and
 *   `all` pairs in all, chance = left * right / all and
 *     ARI = (both - chance) / ((left + right) / 2 - chance).
 *   1: the same partition; about 0: as by chance; it can be negative.
 * Source: Hubert, Arabie, "Comparing partitions", Journal of Classification 2, 1985 (equation 5). Where the formula is
 *   0/0 the paper leaves it open: if all items are together in both partitions they agree, which is 1; if no two items
 *   are together in either there is nothing to agree on, which is NaN.
 * Cost: O(cells).
 */
#ifndef SKETCH_RAND_INDEX_H
#define SKETCH_RAND_INDEX_H

#include "sketch/contingency.h"

double rand_index_adjusted(const struct contingency *contingency);

#endif
