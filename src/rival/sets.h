/*
 * sets.h: disjoint sets of numbers that are joined by pairs: connected components, which is single linkage.
 *
 * Source: Tarjan, "Efficiency of a good but not linear set union algorithm", 1975; paths are halved, the smaller root wins,
 *   so that the sets come out in one order.
 * Memory: 4 bytes a number, and 8 for sets_list.
 * Errors: STATUS_NOMEM.
 */
#ifndef RIVAL_SETS_H
#define RIVAL_SETS_H

#include "base/status.h"

#include <stddef.h>
#include <stdint.h>

struct sets {
    uint32_t *parent;
    size_t n;
};

MUST_CHECK enum status sets_init(struct sets *sets, size_t n); /* each number by itself */
void sets_fini(struct sets *sets);
uint32_t sets_find(struct sets *sets, uint32_t i); /* the least number of its set */
void sets_join(struct sets *sets, uint32_t a, uint32_t b);
/* Calls each for every set of at least that many, by their least numbers; its numbers ascend. */
MUST_CHECK enum status sets_list(struct sets *sets, size_t least, void *context,
    enum status (*each)(void *context, const uint32_t *numbers, size_t n));

#endif
