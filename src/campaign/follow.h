/*
 * follow.h: which campaign is this group, and what becomes of it?
 *
 * Model: a group is tested (assess.h) and continues the campaign it matches (track.h), or begins one if enough speaks for
 *   it. Evidence and look-alikes of a campaign are those of the fullest view that ever was. One view of many of a
 *   confirmed campaign, all of whose members are held, has nothing left to say and is settled. That a frame is public lets a campaign go only if a confirmed group was found by it.
 */
#ifndef CAMPAIGN_FOLLOW_H
#define CAMPAIGN_FOLLOW_H

#include "campaign/stage.h"

MUST_CHECK enum status follow_group(struct campaign_stage *stage, struct group *group, int64_t now_ms);
/* The campaign ends; who was its member is nobody's sign of anything. */
void follow_close(struct campaign_stage *stage, uint32_t index, int64_t now_ms);

#endif
