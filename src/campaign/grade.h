/*
 * grade.h: who of a group is held by more than the frame that found it?
 *
 * Model: a firm member is *tied* if another firm member shows the same strong object, or hangs with it in a strong direct
 *   tie; it is *living off the frame* if its own commonest frame is one of the group's, in at least 3 exchanges and 30 %
 *   of them. Core: both. Likely: one of them. Everybody else is halo: one exchange with a leaked prompt, or content
 *   alone in passing, must not contain anybody.
 * Benign look-alikes: a customer who tries somebody's prompt once; newcomers to a tool whose first users were a ring.
 * Evasion: mixing in other traffic until the frame is under 30 % of an account that nothing else ties.
 */
#ifndef CAMPAIGN_GRADE_H
#define CAMPAIGN_GRADE_H

#include "campaign/find.h"

enum { GRADE_EXCHANGES = 3 };

/*
 * Sets tied[account index] to 1 for tied firm members (it must be all 0; the caller clears it by grade_clear).
 * count: scratch by object index, inside: by account index; all 0 on entry and exit. Returns how many are tied.
 */
size_t grade_tied(
    const struct graph *graph, const struct group *group, uint32_t *count, uint8_t *inside, uint8_t *tied);
void grade_clear(const struct group *group, uint8_t *tied);

/* What a firm member of the group is, by its profile and whether it is tied. */
enum membership grade_member(
    const struct graph *graph, const struct group *group, const struct account_profile *profile, bool tied);

#endif
