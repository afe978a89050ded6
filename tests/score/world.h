/*
 * world.h: a small truth and run whose every number can be computed by hand.
 *
 * Two campaigns, "alpha" of accounts 1 to 4 and "beta" of 5 and 6; benign accounts 7, 8 and 11 of the population
 * "people" (11 since half of the 30 days) and 9 and 10 of "firm", both of one organisation. Three reported groups.
 */
#ifndef TESTS_SCORE_WORLD_H
#define TESTS_SCORE_WORLD_H

#include "score/score.h"

#define WORLD_DAY_MS INT64_C(86400000)
#define WORLD_COUNT(array) (sizeof(array) / sizeof *(array))

static const struct score_account world_accounts[] = {
    { 1, 0, 0, 0, 0 },
    { 7, 0, 0, 1, SCORE_BENIGN },
    { 5, 0, 0, 0, 1 },
    { 2, 0, 0, 0, 0 },
    { 8, 0, 0, 1, SCORE_BENIGN },
    { 3, 0, 0, 0, 0 },
    { 9, 100, 0, 2, SCORE_BENIGN },
    { 10, 100, 0, 2, SCORE_BENIGN },
    { 6, 0, 0, 0, 1 },
    { 11, 0, 15 * WORLD_DAY_MS, 1, SCORE_BENIGN },
    { 4, 0, 0, 0, 0 },
};

static const struct score_extraction world_extraction[] = {
    { 1, 5000 },
    { 1, 10000 }, /* at the time of the containment: leaks */
    { 1, 10001 },
    { 1, 20000 }, /* at the time of the release: does not */
    { 1, 20001 },
    { 1, 40000 },
    { 1, 41000 },
    { 2, 1000 },
    { 2, 11000 },
    { 3, 100000 },
    { 5, 61000 },
    { 5, 30000 },
    { 5, 60000 },
};

static const char *const world_populations[] = { "attacker", "people", "firm" };
static const char *const world_campaigns[] = { "alpha", "beta" };
static const struct score_cost world_costs[] = {
    { 10, 5000, 30, 4 },
    { SCORE_UNKNOWN, SCORE_UNKNOWN, SCORE_UNKNOWN, SCORE_UNKNOWN },
};

static const struct score_truth world_truth = {
    .accounts = world_accounts,
    .n_accounts = WORLD_COUNT(world_accounts),
    .extraction = world_extraction,
    .n_extraction = WORLD_COUNT(world_extraction),
    .populations = world_populations,
    .n_populations = 3,
    .campaigns = world_campaigns,
    .n_campaigns = 2,
    .costs = world_costs,
    .start_ms = 0,
    .end_ms = 30 * WORLD_DAY_MS,
};

static const struct score_decision world_decisions[] = {
    { 99, 0, 1000, ACTION_VERIFY }, /* not in the truth */
    { 7, 0, 5000, ACTION_VERIFY },
    { 7, 0, 6000, ACTION_THROTTLE },
    { 1, 77, 10000, ACTION_RESTRICT },
    { 2, 77, 10000, ACTION_SUSPEND },
    { 1, 77, 20000, ACTION_RELEASE },
    { 1, 77, 40000, ACTION_RESTRICT },
    { 9, 77, 50000, ACTION_RESTRICT },
    { 8, 0, 50000, ACTION_OBSERVE },
};

static const int64_t world_detected[] = { 8000, 100000, 60000 };
static const struct score_member world_members[] = {
    { 1, 0, 0.9F },
    { 2, 0, 0.8F },
    { 9, 0, 0.7F },
    { 3, 1, 0.9F }, /* of the first listed, where two are as sure */
    { 5, 1, 0.9F },
    { 6, 2, 0.5F },
    { 5, 2, 0.2F },
    { 3, 2, 0.9F },
};

static const struct score_run world_run = {
    .decisions = world_decisions,
    .n_decisions = WORLD_COUNT(world_decisions),
    .detected_ms = world_detected,
    .n_groups = 3,
    .members = world_members,
    .n_members = WORLD_COUNT(world_members),
};

#endif
