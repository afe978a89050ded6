/*
 * components.h: what hangs together: content objects with the same members, accounts with strong ties.
 *
 * Model: content objects by leaders: in the order of falling degree each follows the first leader whose member set has
 *   a Jaccard similarity of at least one half with its own (candidates: leaders that agree in one of
 *   COMPONENT_MINHASHES MinHashes of their members), so that unlike objects never chain. Accounts by union-find: they are joined by strong objects of at most GRAPH_JOIN_MEMBERS_MAX members and by direct ties seen at least
 *   GRAPH_JOIN_TIMES_MIN times.
 * Shapes: items[start[i] .. start[i + 1]) is component i; components in the order of their first item.
 * Source: Broder, "On the resemblance and containment of documents", 1997.
 * Cost: O(E) hashes a MinHash.
 * Errors: STATUS_NOMEM.
 */
#ifndef CAMPAIGN_COMPONENTS_H
#define CAMPAIGN_COMPONENTS_H

#include "campaign/graph.h"

enum { COMPONENT_MINHASHES = 8 };

struct components {
    uint32_t *items;
    size_t *start;
    size_t n;
};

void components_fini(struct components *components);
/*
 * Objects with fewer than min_accounts members, or without many tasks, are left out, and those with fewer than
 * FIND_STRONG_MIN members in strong ties, because no second key could turn for them.
 */
MUST_CHECK enum status content_clusters(
    const struct graph *graph, uint32_t min_accounts, struct components *ret_clusters);
/* Components with fewer than min_accounts accounts are left out. */
MUST_CHECK enum status strong_components(
    const struct graph *graph, enum family family, uint32_t min_accounts, struct components *ret_parts);

#endif
