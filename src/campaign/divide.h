/*
 * divide.h: contained campaigns that are two operators on one pool become two.
 *
 * Model: of each merged group whose firm members a contained campaign holds, apart.h is asked whether its frames are those of several
 *   operators. If every look within DIVIDE_AFTER_MS says so, every operator but the first gets a campaign of its own with those of the members whose lanes are
 *   its: as confirmed and as contained as that which they come from. Nobody is released, nobody waits: containment
 *   came before. Members of whom no frame was known stay with the first, until they use one that is mostly
 *   another's, or hand work to and fro with another's members more than with its.
 */
#ifndef CAMPAIGN_DIVIDE_H
#define CAMPAIGN_DIVIDE_H

#include "campaign/stage.h"

#define DIVIDE_AFTER_MS (INT64_C(12) * 3600 * 1000)

/* While merged groups and their parts are there (merge.h). */
MUST_CHECK enum status divide_campaigns(struct campaign_stage *stage, int64_t now_ms);

#endif
