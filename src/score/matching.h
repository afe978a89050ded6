/*
 * matching.h: true campaigns against reported groups.
 *
 * Model: two cross-tables. `clusters` has the accounts in a true campaign or in a reported group, each once: the left
 *   cluster is its campaign, the right one the group that is surest of it; an account without one is a cluster of its
 *   own, numbered behind the real ones. `listed` has every pair of a group and a member that is in a campaign.
 * Memory: 40 bytes a member and 16 an account in a campaign while it is made.
 * Cost: O(n log n).
 */
#ifndef SCORE_MATCHING_H
#define SCORE_MATCHING_H

#include "base/map.h"
#include "score/score.h"
#include "sketch/contingency.h"

struct matching {
    struct contingency clusters, listed;
    size_t n_campaigns, n_groups;
};

/* index: the truth's accounts by their hashes. */
MUST_CHECK enum status matching_init(struct matching *matching, const struct score_truth *truth,
    const struct u64_map *index, const struct score_run *run);
void matching_fini(struct matching *matching);

/* For each campaign the first `detected` of the groups that are mostly its own; -1: none. */
void matching_detected(
    const struct matching *matching, const int64_t *group_detected_ms, int64_t *ret_detected_ms);
/* Accounts of the campaign in the group that has most of them, and how many groups have some. */
struct matching_best {
    uint32_t accounts, groups;
};
void matching_best(const struct matching *matching, struct matching_best *ret_best);
/* Groups that have accounts of several campaigns. */
size_t matching_merged(const struct matching *matching);

#endif
