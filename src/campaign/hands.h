/*
 * hands.h: how many of those who use a frame are one hand several times?
 *
 * Model: accounts that share cards or devices are one *hand*: the parts of the identity rings (rings.h). Firm members
 *   of a group fall into hands; a hand is *shared* if it has accounts besides, in the group or not, and *repeated* if
 *   two or more members are of it. An account of a declared organisation, or of an open team, is a hand of its own, shared
 *   with nobody; of a group that one frame found a hand with a mail domain of its own is not shared or repeated, and of its
 *   accounts only those outside are partners.
 *   Strong direct ties between members of different hands join these into *chains*. Who uses a public text is a sample
 *   of the population: as many shared hands and chains as there. One company with a card for all is one repeated hand,
 *   however large.
 * Source: our own. Counting hands instead of accounts grants the null that whoever shares a card shares everything.
 * Memory: two words an account of scratch, which must be all 0 and are all 0 afterwards.
 * Cost: O(members and their direct ties).
 */
#ifndef CAMPAIGN_HANDS_H
#define CAMPAIGN_HANDS_H

#include "campaign/find.h"

/*
 * Accounts in hands with others, in parts of the provenance ring with others, in parts of three or more; of one hand at
 * most HANDS_MOST, of one part at most two and three; accounts that hand on (handoffs.h), all of them. Few large ones weigh little: those of a campaign that is not known
 * yet are in the population as well.
 */
struct hands_mass {
    uint32_t accounts, sharing, linking, chained, handing;
};
enum { HANDS_MOST = 4, HANDS_PARTNERS = 6, HANDS_LOT = 7 };

struct hands {
    uint32_t n, shared, repeated;
    uint32_t in_company; /* members in shared hands */
    uint32_t
        of_lots; /* of these, in hands of HANDS_LOT accounts or more: more than a family's, or a class's card for three */
    uint32_t inside,
        partners; /* of those that members share a card or device with, HANDS_PARTNERS an object at most: members; all */
    bool partners_speak;       /* whether that says anything: evidence.h */
    uint32_t chains;           /* hands, where joined hands count once */
    uint32_t handing;          /* hands whose first member hands on: handoffs.h */
    uint32_t pairs, long_ones; /* chains of two hands or more, of three or more */
    struct hands_mass mass;    /* of the members, those of confirmed campaigns left out */
};

struct hands_scratch { /* by account index */
    uint32_t *count, *parent;
};

static inline uint32_t hands_of(const struct graph *graph, struct rings *identity, uint32_t account)
{
    return graph_is_of_a_firm(&graph->accounts[account]) ? account : rings_root(identity, account);
}

/* Whether one frame found the group: colleagues use one tool, all of them or none, but no two frames of one operator's. */
static inline bool hands_use_one_tool(const struct group *group)
{
    return group->found_by == FAMILY_CONTENT && !group->merged;
}

/* Whether its cards and devices speak for such a group; of a hand with a mail domain of its own not where it may be one tool. */
static inline bool hands_speak(const struct group *group, const struct graph_account *account)
{
    return !graph_is_of_a_firm(account) && !(account->named && hands_use_one_tool(group));
}

/* Whether the ends of the tie are two hands, neither of a declared organisation or an open team. */
bool hands_are_strangers(
    const struct graph *graph, struct rings *identity, const struct graph_direct *direct);

/*
 * Marks the accounts of who may be a firm that did not declare itself: hands of which three fifths show one mail domain that is
 * mostly theirs are `named`; those of three or more of which half show one network as well, that is mostly theirs, `open`.
 */
void hands_note_firms(struct graph *graph, struct rings *identity);

/* Of all accounts that are in no confirmed campaign; accounts: 0. */
void hands_population(
    const struct graph *graph, struct rings *identity, struct rings *provenance, struct hands_mass *ret_mass);

struct hands_input {
    const struct graph *graph;
    const struct group *group;
    struct rings *identity, *provenance;
    struct hands_scratch scratch;
    uint8_t *inside; /* scratch by account index: all 0 on entry and exit */
    /* Whether the account has sent enough, and since the frame came up, to have shown it; others are no partners yet. */
    bool (*active)(void *context, uint32_t account);
    void *context;
};

void hands_count(const struct hands_input *input, struct hands *ret_hands);

#endif
