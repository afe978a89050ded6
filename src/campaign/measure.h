/*
 * measure.h: what a campaign's members did, for its report.
 *
 * Model: sums and shares over the members' profiles; members are graded by theirs (grade.h), and their confidence is that
 *   of the campaign, weighed by how surely they belong to it.
 * Cost: O(members log members); an object profile a link.
 */
#ifndef CAMPAIGN_MEASURE_H
#define CAMPAIGN_MEASURE_H

#include "campaign/campaign.h"
#include "campaign/find.h"
#include "campaign/recall.h"

/* Counts, tokens, capabilities and kind of n members. */
void measure_members(struct campaign *campaign, const struct account_profile *profiles, size_t n);
/* How the work is divided: distinct tasks against sightings, for every tie object that is still known. */
void measure_links(struct campaign *campaign, struct recall *recall);
/*
 * Grades the group's firm members by their n profiles, and keeps what must be known of them once they are evicted.
 * tied: by account index.
 */
void measure_grades(struct campaign *campaign, const struct graph *graph, const struct group *group,
    const struct account_profile *profiles, size_t n, const uint8_t *tied);

#endif
