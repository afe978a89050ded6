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

/* How openly they belong together: shares of firm members with something that at least three of them, and mostly they,
 * have. */
struct openness {
    double domains;  /* a mail domain */
    double networks; /* an address, its block or that of the sign-up */
};
/* count as for links_collect. Without memory nothing is measured: the explanation is not offered. */
struct openness links_openness(const struct graph *graph, const struct group *group, uint32_t *count);

#endif
