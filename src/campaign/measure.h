/*
 * measure.h: what a campaign's members did, for its report.
 *
 * Model: sums and shares over the members' profiles; a member's confidence is that of the campaign, weighed by its grade
 *   (grade.h).
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
/* Keeps what must be known of n members once they are evicted, and weighs how surely each belongs. */
void measure_people(struct campaign *campaign, const struct account_profile *profiles, size_t n);

#endif
