/*
 * rings.h: which accounts hang together in strong ties of one family?
 *
 * Model: connected components, kept from epoch to epoch: union-find whose sets are also rings, so that a set can be gone
 *   through. Accounts are joined by strong objects of at most GRAPH_JOIN_MEMBERS_MAX members, and by strong direct ties
 *   seen at least GRAPH_JOIN_TIMES_MIN times. New ties join; a part that lost one is dissolved and joined anew.
 * Shapes: the smallest index is a part's root, so that nothing depends on the order of joins.
 * Memory: 8 bytes an account and two bits.
 * Errors: STATUS_NOMEM: the next update must be asked to start anew.
 * Cost: O(members of the parts and objects that changed).
 */
#ifndef CAMPAIGN_RINGS_H
#define CAMPAIGN_RINGS_H

#include "campaign/graph.h"

struct rings {
    enum family family;
    uint32_t *parent;
    uint32_t *next; /* in the ring of the part */
    size_t n, room;
    struct marks
        changed; /* roots of parts that changed in the last update: by accounts or by what these show */
    struct marks dissolved; /* scratch of an update */
};

void rings_init(struct rings *rings, enum family family);
void rings_fini(struct rings *rings);
/* Takes in what is marked in the graph, which was just built; anew: all of it. */
MUST_CHECK enum status rings_update(struct rings *rings, const struct graph *graph, bool anew);
uint32_t rings_root(struct rings *rings, uint32_t account);
/* How many accounts are in the part. */
size_t rings_size(const struct rings *rings, uint32_t account);
/* The same, but no more than `most`. */
size_t rings_size_to(const struct rings *rings, uint32_t account, size_t most);
size_t rings_bytes(const struct rings *rings);

#endif
