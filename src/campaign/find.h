/*
 * find.h: candidate groups: which accounts look as if one hand ran them?
 *
 * Model: by content, frames (objects shown with many distinct tasks, and again by who shows them; a fixed text that all send is
 *   none, nor what many happen to say once) whose member
 *   sets largely coincide (Jaccard >= 1/2) are one frame seen from several
 *   sides; the accounts that show them are peeled to the dense nucleus, and accounts that show at least half of
 *   what is usual in the nucleus, or most of the kinds of it (two at least, as specific as a whole prompt), are taken in
 *   again. By identity or provenance, the connected components of the strong ties of that family.
 * Source: peel.h (FRAUDAR); Jaccard merging as in near-duplicate clustering.
 *   Groups are kept from epoch to epoch; one is found anew when what it was found by changed: members or marks of its
 *   frames, or its component.
 * Shapes: indices are the graph's, valid until its next build. Groups smaller than min_accounts, or of one account, are
 *   left out.
 * Memory: clusters.h and rings.h; 8 bytes a member of a group, 4 an object that found it.
 * Errors: STATUS_NOMEM: the next finder_begin starts anew.
 * Cost: that of the components and clusters that changed; anew, O(graph).
 * Order of calls: after each build of the graph finder_begin, find_groups, graph_seen.
 */
#ifndef CAMPAIGN_FIND_H
#define CAMPAIGN_FIND_H

#include "campaign/campaign.h"
#include "campaign/clusters.h"
#include "campaign/graph.h"
#include "campaign/rings.h"

enum { FIND_STRONG_MIN = 3, FIND_STRONG_FAMILIES = 2 };

struct group_member {
    uint32_t account;
    uint16_t objects;   /* of the group's objects that it shows */
    uint8_t membership; /* enum membership, on the tie alone */
    uint8_t grade;      /* enum membership, by grade.h at the last test */
    bool elsewhere;     /* it lives off work of its own: grade_elsewhere */
};

struct group {
    enum family found_by;
    struct group_member *members; /* ascending by account index; halo included */
    size_t n_members, n_firm;     /* firm: likely or core */
    uint32_t *objects;            /* those that found it */
    size_t n_objects;
    uint64_t root;     /* smallest object key (or account id): the same group keeps it */
    uint32_t leader;   /* by content: of its cluster */
    bool merged, part; /* merge.h: made of others for this epoch; one of these others */
    uint64_t whole;    /* root of the group that it is part of */
    uint64_t settled; /* id of the confirmed campaign that holds all of it, until it is found anew; 0: none */
    bool dull;        /* no key turned at its last test, and none will until it is found anew */
};

struct group_list {
    struct group *items;
    size_t n, capacity;
};

struct finder {
    struct clusters clusters;
    struct rings rings[FIND_STRONG_FAMILIES];
    struct group_list groups; /* in no order that means anything; may be sorted */
    uint32_t generation;      /* of the graph */
    bool stale, anew;
};

void group_fini(struct group *group);
/* The account among the members, NULL if it is none. */
const struct group_member *group_find(const struct group *group, uint32_t account);
/* Takes ownership of the group, also when it fails. */
MUST_CHECK enum status group_list_take(struct group_list *list, struct group *group);
void finder_init(struct finder *finder);
void finder_fini(struct finder *finder);
/* Lists the frames that may found a group: finder->clusters. */
MUST_CHECK enum status finder_begin(struct finder *finder, const struct graph *graph);
MUST_CHECK enum status find_groups(struct finder *finder, const struct graph *graph, uint32_t min_accounts);
size_t finder_bytes(const struct finder *finder);

#endif
