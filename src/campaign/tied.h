/*
 * tied.h: who of a group is tied to others of it by more than what found it?
 *
 * Model: a firm member is *tied* if it is one of three or more whom partnership (company.h) connects, through a family that
 *   carries the group: one whose own evidence is strong, or that found it. What holds a group together by chance, as the
 *   cards of unrelated families do in a crowd with one sentence in common, is no reason to contain those who share
 *   it. Two accounts of one person are a pair. Tied as well are two partners of whom neither shows what the other shows of
 *   the group: one person, or one company, has one frame that begins as the operator's do, not two. What they show
 *   must be *meant*: its users say it again, as on a second day (recur.h); anybody may have said once what a dozen others did.
 *   Where hand-offs carry the group, who is dispatched (handoffs.h) is tied too, wherever the others are.
 *   In a service where many share cards some of any firm or family show any frame. So who is tied by cards and devices alone, in
 *   a group that frames found, must be of a hand that is the operator's by 100 to 1 (mixture.h; 1 to 1 where it is held
 *   already). A hand with a mail domain of its own may be a firm, whose people use one tool, all of them or none: it is asked
 *   in merged groups only, which have many frames, and must show something that is meant.
 * Benign look-alikes: colleagues and families who say what a campaign says, in a service where few others do.
 * Evasion: cards of which most accounts never show a frame that several cards have in common.
 */
#ifndef CAMPAIGN_TIED_H
#define CAMPAIGN_TIED_H

#include "campaign/grade.h"

/* The families through which members of the group may be tied, as bits. */
unsigned tied_families(enum family found_by, const struct evidence evidence[static FAMILY_COUNT]);
/*
 * Sets input->tied to 1 for members tied through these families (it must be all 0; the caller clears it by tied_clear). Returns
 * how many are tied; hands and profiles are not read. Cost: the accounts that show what members show; if any is tied in a
 * group that frames found, all that share cards or devices.
 */
size_t tied_mark(const struct grade_input *input, unsigned families);
void tied_clear(const struct group *group, uint8_t *tied);

#endif
