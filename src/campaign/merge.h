/*
 * merge.h: frames that the same hands use are one operator's frames.
 *
 * Model: of the groups that frames found, those are *sharing* of which nine tenths of the hands (hands.h) have
 *   accounts besides. Two sharing groups are merged if at least MERGE_HANDS hands, and half of those of the
 *   smaller, have members in both, and that is far more than two samples of the population's hands would have in
 *   common (e-value of two decades at least). A tenant's two frames have one hand in common. Frames of operators
 *   that were told apart (divide.h) stay so, whatever hands they have in common. The merged group takes the place
 *   of its parts; these are marked as merged.
 * Source: our own.
 * Shapes: merged groups are appended; members ascending by account index, objects in the order of the parts.
 * Memory: 8 bytes a member of a sharing group, 16 to 32 a pair of groups, of MERGE_PER_HAND groups a hand at most.
 * Errors: STATUS_NOMEM: the list is as it was or has some of the merged groups; it is good for merge_undo.
 * Evasion: cards and devices that serve one frame alone.
 */
#ifndef CAMPAIGN_MERGE_H
#define CAMPAIGN_MERGE_H

#include "campaign/hands.h"
#include "campaign/track.h"

enum { MERGE_HANDS = 3, MERGE_PER_HAND = 32 };

struct merge_input {
    const struct graph *graph;
    struct rings *identity;
    const struct tracker *tracker;
    double hands; /* in the population, about */
};

MUST_CHECK enum status merge_groups(const struct merge_input *input, struct group_list *groups);
/* Takes merged groups out again, and their parts' marks off. */
void merge_undo(struct group_list *groups);

#endif
