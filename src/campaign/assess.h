/*
 * assess.h: how much speaks for a group, and does it pass?
 *
 * Model: links first: what other families say of the group's partners (evidence.h). If that may be enough, its members:
 *   even load, benign explanations (checks.h), who is held by more than the frame (grade.h), and the threshold that
 *   the budget asks for: the k-th group that strong ties let be tested gets 1/(k(k+1)) of it. A view of a campaign that is
 *   confirmed already, more than half of it held, is no further hypothesis and is not counted: should it be wrong, so was
 *   the campaign, which was.
 * Memory: recall.h, 24 KiB of e-values, 6 bytes an account, 4 an object, a profile for each member of the largest group, 16 to 32 a tested group.
 * Errors: STATUS_NOMEM; STATUS_NOT_FOUND where every member was evicted.
 * Order of calls: assessor_begin in every epoch, after the graph was built; assess_links, then assess_members, then
 *   assess_clear for each group that assess_members was called for.
 */
#ifndef CAMPAIGN_ASSESS_H
#define CAMPAIGN_ASSESS_H

#include "campaign/campaign.h"
#include "campaign/checks.h"
#include "campaign/evidence.h"
#include "campaign/grade.h"
#include "campaign/graph.h"
#include "campaign/recall.h"

struct assessor {
    const struct campaign_config *config;
    const struct campaign_source *source;
    struct graph *graph;
    struct rings *identity, *provenance;
    struct recall recall;
    struct hands_scratch scratch; /* by account index, all 0 between groups */
    struct hands_mass population; /* hands.h */
    struct u64_map tested;        /* root of a group → what spoke for it at its last counted test */
    uint64_t tests;
    /* Scratch of one epoch. */
    uint8_t *inside;
    uint32_t *count;
    uint32_t *last_s; /* by account index, as asked for in this epoch: when it last sent, if it sent enough */
    uint32_t since_s; /* when the frame of the group assessed came up */
    uint8_t *tied;    /* by account index: grade.h; all 0 between groups */
    struct account_profile *profiles;
    size_t profiles_capacity;
    struct evidence_memo memos[EVIDENCE_MEMOS];
    int64_t first_ms, now_ms; /* of the log, of the epoch */
    double accounts;          /* the population */
};

struct assessment {
    struct evidence evidence[FAMILY_COUNT];
    struct check checks[CHECK_COUNT];
    struct hands hands;
    double total, threshold;
    bool two_keys, held, confirmed;
    size_t n_profiles; /* in the assessor's profiles */
    size_t n_held;     /* of them, likely or core: grade.h, tied.h */
};

/* What it is given is borrowed. */
void assessor_init(struct assessor *assessor, const struct campaign_config *config,
    const struct campaign_source *source, struct graph *graph);
void assessor_fini(struct assessor *assessor);
MUST_CHECK enum status assessor_begin(
    struct assessor *assessor, int64_t first_ms, int64_t now_ms, double accounts);
/* After the groups were found: what the rings say of the population. */
void assessor_take_rings(struct assessor *assessor, struct rings *identity, struct rings *provenance);
/* Room for n profiles. */
MUST_CHECK enum status assessor_reserve(struct assessor *assessor, size_t n);
size_t assessor_bytes(const struct assessor *assessor);

void assess_links(struct assessor *assessor, const struct group *group, struct assessment *assessment);
/* Goes on with what assess_links said. */
MUST_CHECK enum status assess_members(
    struct assessor *assessor, struct group *group, struct assessment *assessment);
void assess_clear(struct assessor *assessor, const struct group *group);

#endif
