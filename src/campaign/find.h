/*
 * find.h: candidate groups: which accounts look as if one hand ran them?
 *
 * Model: by content, frames (objects shown with many distinct tasks; a fixed text that all send is none) whose member sets largely coincide (Jaccard >= 1/2) are one frame seen from several
 *   sides; the accounts that show them are peeled to the dense nucleus, and accounts that show at least half of
 *   what is usual in the nucleus are taken in again. By identity, provenance or timing, the connected components of
 *   the strong ties of that family.
 * Source: peel.h (FRAUDAR); Jaccard merging as in near-duplicate clustering.
 * Shapes: indices are the graph's, valid until its next build. Groups smaller than min_accounts are left out.
 * Memory: bounded by the graph.
 */
#ifndef CAMPAIGN_FIND_H
#define CAMPAIGN_FIND_H

#include "campaign/campaign.h"
#include "campaign/graph.h"

enum { FIND_STRONG_MIN = 3 };

struct group_member {
    uint32_t account;
    uint16_t objects;   /* of the group's objects that it shows */
    uint8_t membership; /* enum membership, on the tie alone */
};

struct group {
    enum family found_by;
    struct group_member *members; /* ascending by account index; halo included */
    size_t n_members, n_firm;     /* firm: likely or core */
    uint32_t *objects;            /* those that found it */
    size_t n_objects;
    uint64_t root; /* smallest object key (or account id): the same group keeps it */
};

struct group_list {
    struct group *items;
    size_t n, capacity;
};

void group_list_fini(struct group_list *list);
MUST_CHECK enum status find_groups(
    const struct graph *graph, uint32_t min_accounts, struct group_list *ret_list);

#endif
