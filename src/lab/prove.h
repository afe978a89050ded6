/*
 * prove.h: the closed loop: attackers, customers and a detector in one world, tick by tick, then the score.
 *
 * Model: a tick (PROVE_TICK_MS) of the world is spoken, turned into records and shown to the detector; what the detector
 *   says takes effect at the end of the tick, and what the accounts see from then on depends on it. The detector sees
 *   only what a log would hold. The truth stays here.
 * Shapes: decisions are dated at the last millisecond of the tick in which they were taken, so that everything served
 *   until then has leaked.
 * Ownership: the result is the caller's, ended by prove_result_fini; its score borrows names from scenario and populations.
 * Errors: as world_new, emit and the detector; diag where scenario or score say more.
 */
#ifndef LAB_PROVE_H
#define LAB_PROVE_H

#include "lab/world.h"
#include "rival/detector.h"
#include "score/score.h"

enum { PROVE_TICK_MS = 10000 };

struct prove_config {
    struct world_config world;
    const struct detector_kind *kind;
    struct detector_config detector;
    double (*clock)(void); /* seconds, for the cost of the detector */
    void (*progress)(void *context, int64_t now_ms, uint64_t exchanges); /* may be NULL */
    void *context;
};

struct prove_result {
    struct score score;
    uint64_t exchanges, accounts, campaign_exchanges;
    uint64_t state_bytes; /* the most that the detector reserved */
    double wall_s, detector_s;
    struct campaign_cost *costs; /* one a campaign of the scenario */
    void *kept;                  /* what the score borrows */
};

MUST_CHECK enum status prove(
    const struct prove_config *config, struct prove_result *ret_result, struct diag *diag);
void prove_result_fini(struct prove_result *result);

#endif
