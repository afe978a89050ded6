/*
 * company.h: with whom does an account share a card, a device or a conversation?
 *
 * Model: two accounts are partners if they show the same strong object, of GRAPH_JOIN_MEMBERS_MAX accounts at most,
 *   or hang together in a strong direct tie, of one of the families asked for. Accounts of
 *   open teams are nobody's partners through objects.
 * Memory: none of its own.
 * Cost: the accounts that show what the account shows.
 */
#ifndef CAMPAIGN_COMPANY_H
#define CAMPAIGN_COMPANY_H

#include "campaign/graph.h"

enum { COMPANY_MEMBER = 1, COMPANY_MANY = 2 }; /* MANY: with two partners or more */

/* What is asked: through which families, and of which state a partner must be. */
struct company_search {
    const struct graph *graph;
    const uint8_t *inside; /* by account index: 0, MEMBER or MANY; NULL: whoever is watched will do */
    unsigned families;     /* bits of enum family */
    bool one_tool;         /* cards of hands with a mail domain of their own make no partners: hands_speak */
};

/* A partner of at least that state that is not `except`; MAP_NONE: there is none. */
uint32_t company_partner(
    const struct company_search *search, uint32_t account, uint32_t except, uint8_t least);
bool company_many(const struct company_search *search, uint32_t account);
/*
 * Somebody whom a confirmed campaign holds, not `except`, of no organisation and no open team, who is tied to the account
 * through these families; MAP_NONE: nobody.
 */
uint32_t company_held(const struct graph *graph, uint32_t account, uint32_t except, unsigned families);

#endif
