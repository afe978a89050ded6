/*
 * score.h: truth and a run in, score out: the same for files (`stillwatch score`) and for the closed loop.
 *
 * Model: an account is contained from a decision of restrict or suspend until a release. An extraction exchange leaks
 *   when its account is not contained at its time. What happens at the millisecond of a decision came before it: an
 *   exchange at the time of a containment leaks, one at the time of a release does not.
 *   A campaign is detected at the earlier of the first containment of one of its accounts and the first `detected` of
 *   a reported group most of whose members of campaigns are its own (ties: the campaign that comes first).
 *   An account in several reported groups counts for the one that is surest of it (ties: the first listed); an account
 *   in no campaign is a cluster of its own. Clusters are measured over the accounts in a true or a reported campaign.
 *   Of benign accounts, one that was ever contained, throttled or challenged counts once; an account counts from
 *   since_ms to end_ms, in months of 30 days. Bounds: the exact 95 % bound of the share of accounts, times accounts
 *   over account-months.
 * Source: What Stillwatch writes, version 1, "Truth and score"; Hubert, Arabie, 1985; Bagga, Baldwin, 1998; Clopper,
 *   Pearson, 1934 (see sketch/).
 * Shapes: a rate over nothing is NaN (null in score.json), never 0 or 1; a number that is not known is UINT64_MAX.
 *   Accounts are keyed hashes, not 0. Decisions may name accounts that are not in the truth: they are counted, no more.
 *   Decisions of one account stand in the order taken. Only decisions that took effect belong in a run.
 * Memory: 60 bytes an account of the truth, 24 a decision, 16 an extraction exchange.
 * Ownership: score_truth and score_run borrow; the score is the caller's, ended by score_fini, and borrows names from
 *   the truth.
 * Errors: STATUS_BAD: an account twice, a campaign or population that is none, an extraction exchange of an account
 *   that is in no campaign; diag tells which.
 * Cost: O(n log n); 1.4 s for 28.8 million extraction exchanges among 500,000 accounts; 8 s and 0.5 GB with
 *   reading them from a table.
 */
#ifndef SCORE_SCORE_H
#define SCORE_SCORE_H

#include "base/diag.h"
#include "base/status.h"
#include "policy/decision.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SCORE_UNKNOWN UINT64_MAX
enum { SCORE_BENIGN = -1 };

struct score_account {
    uint64_t account, organization; /* organization 0: none */
    int64_t since_ms;               /* first seen */
    uint32_t population;
    int32_t campaign; /* index, or SCORE_BENIGN */
};

/* One exchange that serves the extraction and was answered. */
struct score_extraction {
    uint64_t account;
    int64_t time_ms;
};

/* Of one campaign's operator; SCORE_UNKNOWN where the truth does not tell. */
struct score_cost {
    uint64_t accounts_bought, spent_cents;
    uint64_t attempts; /* requests sent, extraction or not */
    uint64_t refused;  /* of these, not answered in full */
};

struct score_truth {
    const struct score_account *accounts; /* in any order */
    size_t n_accounts;
    const struct score_extraction *extraction; /* in any order */
    size_t n_extraction;
    const char *const *populations, *const *campaigns;
    size_t n_populations, n_campaigns;
    const struct score_cost *costs; /* one a campaign, or NULL */
    int64_t start_ms, end_ms;
};

struct score_decision {
    uint64_t account, campaign; /* campaign 0: rests on the account alone */
    int64_t time_ms;
    enum action action;
};

struct score_member {
    uint64_t account;
    uint32_t group; /* index into groups */
    float confidence;
};

struct score_run {
    const struct score_decision *decisions;
    size_t n_decisions;
    const int64_t *detected_ms; /* of each reported group; -1: not */
    size_t n_groups;
    const struct score_member *members;
    size_t n_members;
};

struct score_campaign {
    const char *name;
    uint64_t accounts, accounts_used; /* used: with an extraction exchange */
    uint64_t burnt;                   /* ever contained */
    uint64_t contained_at_end;
    uint64_t extraction_exchanges, leaked;
    double leak;             /* leaked / extraction_exchanges */
    int64_t detected_ms;     /* -1: not */
    double time_to_detect_s; /* from the first extraction exchange; below 0: before it */
    double exchanges_to_detect;
    double account_recall;    /* burnt / accounts */
    double best_match_share;  /* of its accounts, in the reported group that has most of them */
    struct score_cost cost;   /* of its operator */
    double wasted_per_useful; /* attempts that leaked nothing, for each that leaked */
    uint64_t reported_as;     /* groups that have accounts of it */
};

struct score_rate {
    uint64_t accounts;
    double per_million, upper_per_million; /* account-months */
};

struct score_population {
    const char *name;
    uint64_t accounts;
    double account_months;
    struct score_rate contained, throttled, challenged;
};

struct score {
    struct score_campaign *campaigns;
    size_t n_campaigns;
    struct score_population *populations; /* that have benign accounts, in the order of the truth */
    size_t n_populations;
    struct score_population benign; /* all of them */
    struct {
        uint64_t accounts, reported; /* in a true or reported campaign; groups reported */
        double rand_index, precision, recall;
        uint64_t split, merged; /* campaigns in several groups; groups with accounts of several campaigns */
    } clusters;
    struct {
        uint64_t reviews;                  /* groups reported and single decisions */
        uint64_t groups, single_decisions; /* of verify or more, outside a campaign */
        uint64_t appeals;                  /* benign accounts that were hit by verify or more */
    } operator_cost;
    struct { /* over benign accounts of organisations; organizations 0: the truth names none */
        uint64_t organizations, hit, most_contained;
        double largest_share; /* of one organisation of two accounts or more */
    } blast;
    uint64_t decisions, decisions_of_unknown; /* of accounts that the truth does not know */
    int64_t start_ms, end_ms;
};

MUST_CHECK enum status score_compute(
    const struct score_truth *truth, const struct score_run *run, struct score *ret_score, struct diag *diag);
void score_fini(struct score *score);

#endif
