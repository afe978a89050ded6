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

/*
 * How openly they belong together: the share of firm members with a mail domain that at least three of them and hardly
 * anybody else have, and the share with such a network; the smaller of the two. Either alone is cheap to stage.
 */
double links_open_team(const struct graph *graph, const struct group *group, uint32_t *count);

#endif
