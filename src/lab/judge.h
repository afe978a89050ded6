/*
 * judge.h: collects what a closed loop's detector decided and what is true, and has it scored.
 *
 * Shapes: accounts are known by number to the world and by keyed hash to the detector.
 * Memory: 16 bytes an extraction exchange, 32 a decision, 64 an account.
 * Ownership: the caller's struct, ended by judge_fini.
 * Errors: STATUS_NOMEM; judge_score as score_compute.
 */
#ifndef LAB_JUDGE_H
#define LAB_JUDGE_H

#include "lab/prove.h"

struct judge {
    struct score_decision *decisions;
    size_t n_decisions, decisions_capacity;
    struct score_extraction *extraction;
    size_t n_extraction, extraction_capacity;
    uint64_t *hashes; /* by number; 0: the log never spoke of it */
    size_t n_hashes, hashes_capacity;
    struct score_member *members;
    size_t n_members, members_capacity;
    uint64_t *groups; /* ids, in the order first met */
    int64_t *detected_ms;
    size_t n_groups, groups_capacity, detected_capacity;
};

MUST_CHECK enum status judge_account(struct judge *judge, uint32_t account, uint64_t hash);
MUST_CHECK enum status judge_extraction(struct judge *judge, uint64_t hash, int64_t time_ms);
MUST_CHECK enum status judge_decision(
    struct judge *judge, const struct detection *detection, int64_t not_before_ms);
MUST_CHECK enum status judge_member(struct judge *judge, const struct detector_group *membership);
MUST_CHECK enum status judge_score(const struct judge *judge, const struct world *world,
    const struct world_config *config, struct prove_result *result, struct diag *diag);
void judge_fini(struct judge *judge);

#endif
