/*
 * detector.h: one interface to everything that may judge accounts: the engine and the published baselines.
 *
 * Model: a detector is fed what a provider's log would hold, in time order, tick by tick, and says through its
 *   sink what it would do to whom, when it knows it. What it says takes effect from then on only; traffic of an account that
 *   it has contained may still come. Actions are those of decisions; ACTION_RELEASE lifts what was done before.
 * Shapes: a batch is one tick or less. Times of detections never go back, and are never later than the last record or
 *   tick. Group ids are nonzero and the same in every run on the same input.
 * Memory: bounded by accounts_max and caps that each kind states in its source; a full table leaves newcomers out and
 *   counts them (fail-open).
 * Ownership: config is copied; what it points to, the batch and the sink's context are borrowed, the batch for the call.
 * Errors: STATUS_NOMEM, and whatever the sink returns; the detector is then only good for close.
 * Cost: a content-blind baseline takes 0.1 to 2 s for 1,000,000 records of 10,000 accounts in 45 days (bench_rival).
 * Order of calls: open, (batch, tick)*, finish, then groups and state_bytes, close. close(NULL) is fine.
 * Threads: one caller at a time; n_threads inside, where a kind uses them.
 */
#ifndef RIVAL_DETECTOR_H
#define RIVAL_DETECTOR_H

#include "base/key.h"
#include "base/span.h"
#include "policy/policy.h"
#include "record/batch.h"

struct query; /* rival/query.h: what a baseline that reads text keeps of one exchange */

struct detector_batch {
    const struct record_batch *records; /* in time order */
    const struct query *queries; /* one a record (all zero for other events); NULL unless wants_queries */
};

struct detection { /* of one account */
    int64_t time_ms;
    uint64_t account;
    uint64_t group; /* id of the reported group, 0: the account alone */
    enum action action;
};

struct detector_sink {
    void *context;
    MUST_CHECK enum status (*detection)(void *context, const struct detection *detection);
};

struct detector_group { /* one (account, group) membership at the end */
    uint64_t account, group;
    int64_t detected_ms; /* when the group was first reported */
};
typedef enum status (*detector_group_each)(void *context, const struct detector_group *membership);

struct detector_config {
    unsigned n_threads;          /* 0: 1 */
    uint32_t accounts_max;       /* 0: 1,000,000 */
    const struct key *key;       /* of the records; may be NULL */
    const struct policy *policy; /* the engine's, NULL: the default; baselines ignore it */
    double threshold; /* 0: the published default; its meaning is in the kind's summary and source */
};

struct detector; /* each kind's own */

struct detector_kind {
    const char *name, *summary; /* as on the command line; one line, with paper and year */
    bool wants_queries;
    bool ablation; /* a part of another kind, to measure what its other parts are worth */
    enum status (*open)(const struct detector_config *config, const struct detector_sink *sink,
        struct detector **ret_detector);
    enum status (*batch)(struct detector *detector, const struct detector_batch *batch);
    /* Time has come to now_ms, though no record may have; NULL: the kind goes by its records alone. */
    enum status (*tick)(struct detector *detector, int64_t now_ms);
    /* The traffic is over; NULL: the kind has nothing left to say then. */
    enum status (*finish)(struct detector *detector);
    /* Calls each for every membership in reported groups, by group, then account; NULL: single accounts only. */
    enum status (*groups)(const struct detector *detector, void *context, detector_group_each each);
    uint64_t (*state_bytes)(const struct detector *detector); /* reserved now */
    void (*close)(struct detector *detector);
};

/* For kinds that go by texts: every exchange that has words, in turn. */
typedef enum status (*detector_take_query)(
    struct detector *detector, const struct record *record, const struct query *query);
MUST_CHECK enum status detector_each_query(
    const struct detector_batch *batch, struct detector *detector, detector_take_query take);

/* NULL: no such detector. detector_kind_at: in a fixed order, NULL past the end. */
const struct detector_kind *detector_kind_find(struct span name);
const struct detector_kind *detector_kind_at(size_t i);

#endif
