/*
 * engine_state.h: what an engine holds, for the files of this folder.
 *
 * Model: engine.c runs the stages, view.c reads what they hold.
 */
#ifndef ENGINE_ENGINE_STATE_H
#define ENGINE_ENGINE_STATE_H

#include "engine/engine.h"
#include "engine/names.h"
#include "engine/order.h"
#include "engine/stages.h"
#include "policy/stage.h"

/* Ticks that are closed and not yet applied; their records are the first of the order. */
struct run {
    size_t n_records[RUN_TICKS];
    int64_t end_ms[RUN_TICKS];
    size_t n_ticks, ticks_max;
};

struct engine {
    struct engine_config config;
    struct engine_sink sink;
    struct order order;
    struct run run;
    struct stages stages;
    struct campaign_stage *campaigns;
    struct policy_stage *policy;
    struct names names;
    uint64_t *doomed; /* evicted accounts whose names a waiting record may still need */
    size_t n_doomed, doomed_capacity;
    struct usage_list usages; /* of a tick */
    struct verdict_list verdicts;
    struct decision_list decisions;
    struct timeline *timelines; /* by campaign, in their order */
    size_t n_timelines;
    int64_t now_ms, population_ms;
    struct engine_stats stats;
};

#endif
