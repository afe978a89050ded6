/*
 * decision_tally.h: how often what was decided, in all and for each campaign, kept while decisions stream by.
 *
 * Memory: 1.6 kB a campaign that had a decision, at most the number given at start; later campaigns count in the
 *   total only. The row of campaign id 0 is that of decisions on an account alone.
 */
#ifndef REPORT_DECISION_TALLY_H
#define REPORT_DECISION_TALLY_H

#include "base/map.h"
#include "policy/decision.h"

struct decision_row {
    struct campaign_id campaign;
    uint64_t count[ACTION_COUNT];
    int64_t first_ms[ACTION_COUNT], last_ms[ACTION_COUNT]; /* where counted */
    char reason[ACTION_COUNT][REASON_MAX];                 /* of the first */
};

struct decision_tally {
    struct decision_row *rows; /* in the order of their first decision */
    size_t n, capacity;
    struct u64_map index;
    uint64_t count[ACTION_COUNT];
};

void decision_tally_init(struct decision_tally *tally, size_t campaigns_max);
void decision_tally_fini(struct decision_tally *tally);
MUST_CHECK enum status decision_tally_add(struct decision_tally *tally, const struct decision *decision);
/* NULL where there was no decision. */
const struct decision_row *decision_tally_of(const struct decision_tally *tally, struct campaign_id campaign);

#endif
