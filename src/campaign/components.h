/*
 * components.h: what hangs together: content objects with the same members, accounts with strong ties.
 *
 * Model: union-find; content objects are joined where the Jaccard similarity of their member sets is at least one
 *   half, counted over the objects that accounts have in common; accounts are joined by strong objects of at most
 *   FIND_STRONG_DEGREE_MAX members and by direct ties seen at least FIND_DIRECT_MIN times.
 * Shapes: items[start[i] .. start[i + 1]) is component i; components in the order of their first item.
 * Errors: STATUS_NOMEM.
 */
#ifndef CAMPAIGN_COMPONENTS_H
#define CAMPAIGN_COMPONENTS_H

#include "campaign/graph.h"

struct components {
    uint32_t *items;
    size_t *start;
    size_t n;
};

void components_fini(struct components *components);
/* Objects with fewer than min_accounts members are left out. */
MUST_CHECK enum status content_clusters(
    const struct graph *graph, uint32_t min_accounts, struct components *ret_clusters);
/* Components with fewer than min_accounts accounts are left out. */
MUST_CHECK enum status strong_components(
    const struct graph *graph, enum family family, uint32_t min_accounts, struct components *ret_parts);

#endif
