/*
 * links.h: the strongest ties of a campaign, for its evidence.
 *
 * Model: strong kinds first, then by accounts inside, then by key.
 */
#ifndef CAMPAIGN_LINKS_H
#define CAMPAIGN_LINKS_H

#include "campaign/find.h"

/* count: scratch by object index, all 0 on entry and exit. Errors: STATUS_NOMEM, the links stay as they were. */
MUST_CHECK enum status links_collect(
    const struct graph *graph, const struct group *group, uint32_t *count, struct campaign *campaign);

/* The largest share of firm members that show one mail domain which most of its users are members of. */
double links_open_team(const struct graph *graph, const struct group *group, uint32_t *count);

#endif
