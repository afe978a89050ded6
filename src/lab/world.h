/*
 * world.h: the simulated provider with its customers and operators, moving in event time.
 *
 * Model: every account is an actor with one timer (wheel.h). A benign account draws sessions from its population's
 *   model (benign.h); an account of an operator pulls jobs from the operator's queue (attacker.c). What is sent goes
 *   through the provider's gate (gate.h), which answers with a status; actors see that status and nothing else, and react.
 *   Decisions come in from outside (world_decide) and change what the gate answers from then on.
 * Shapes: steps of WORLD_STEP_MS; everything is a function of scenario, seed and scale, and of the decisions.
 * Memory: about 300 bytes an account.
 * Ownership: the scenario, populations and corpus are borrowed.
 * Order of calls: new, (step, decide*)*, free.
 * Threads: one; what it hands out can be rendered by any number (speak.h), meanwhile too if it is copied.
 */
#ifndef LAB_WORLD_H
#define LAB_WORLD_H

#include "lab/ask.h"
#include "lab/scenario.h"
#include "policy/decision.h"

enum { WORLD_STEP_MS = 1000 };

struct world_config {
    const struct scenario *scenario;
    const struct customer_kinds *populations;
    const struct corpus *corpus;
    uint64_t seed;
    double scale; /* of the numbers of accounts; 0: the scenario's full size */
};

struct world;

MUST_CHECK enum status world_new(
    const struct world_config *config, struct world **ret_world, struct diag *diag);
void world_free(struct world *world);

/* Moves on by one step. The happenings are in time order and borrowed until the next call. STATUS_END: over. */
MUST_CHECK enum status world_step(
    struct world *world, const struct happening **ret_happenings, size_t *ret_n);
/* From now on; expires -1: does not. */
MUST_CHECK enum status world_decide(
    struct world *world, uint32_t account, enum action action, int64_t now_ms, int64_t expires_ms);

int64_t world_start_ms(const struct world *world);
int64_t world_end_ms(const struct world *world);
int64_t world_now_ms(const struct world *world);
size_t world_accounts(const struct world *world);

/* Truth about an account: population name, and the campaign's index in the scenario or -1. */
struct account_truth {
    const char *population;
    int32_t campaign;
    int64_t since_ms;      /* first line of the log about it; -1: not yet */
    uint32_t organization; /* accounts with the same number belong together; UINT32_MAX: none */
    uint32_t sent;
};
void world_truth(const struct world *world, uint32_t account, struct account_truth *ret_truth);

/* What a campaign has cost its operator so far. */
struct campaign_cost {
    uint64_t accounts_bought, attempts, refused, handoffs, switches, rests;
    double spent; /* dollars */
};
void world_cost(const struct world *world, uint32_t campaign, struct campaign_cost *ret_cost);

/* For speak.h: both never change, so that happenings can be told on any thread while the world moves on. */
const char *world_model(const struct world *world, uint8_t model);
uint64_t world_seed(const struct world *world);

#endif
