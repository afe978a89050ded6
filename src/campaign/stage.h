/*
 * stage.h: what the campaign stage consists of, for the files that run it: stage.c (ticks and epochs), follow.c (groups
 * to campaigns), divide.c (campaigns to operators). Everybody else sees campaign.h.
 */
#ifndef CAMPAIGN_STAGE_H
#define CAMPAIGN_STAGE_H

#include "campaign/assess.h"
#include "campaign/campaign.h"
#include "campaign/idle.h"
#include "campaign/queues.h"
#include "campaign/track.h"

struct campaign_stage {
    struct campaign_config config;
    struct campaign_source source;
    struct graph graph;
    struct finder finder;
    struct queues queues;
    struct tracker tracker;
    struct assessor assessor;
    int64_t first_ms, epoch_ms; /* epoch_ms: when the last epoch ended */
    int64_t due_ms;             /* when to see next whether one is due */
    int64_t noted_ms;           /* when all frames were last looked at */
    struct idle idle;
    uint8_t *updated; /* by campaign: already continued in this epoch */
};

#endif
