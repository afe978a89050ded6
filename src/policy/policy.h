/*
 * policy.h: the operator's word: who may be hit, how hard, for how long, and how many.
 *
 * Model: YAML, one schema (policy_schema.c, libcyaml). Tiers; thresholds on requests, tokens and cost per account,
 *   organisation and campaign; the ladder (what membership and confidence lead to which action); mode; expiry and
 *   release; allow-list; blast-radius limit. config/policy.yaml is the commented default and equals policy_default.
 * Errors: STATUS_BAD with diag line, column, field path and reason; unknown keys are errors.
 * Ownership: policy_load allocates, policy_free frees.
 */
#ifndef POLICY_POLICY_H
#define POLICY_POLICY_H

#include "base/diag.h"
#include "base/key.h"
#include "exchange/event.h"
#include "policy/decision.h"

struct limit { /* 0: no limit */
    uint64_t requests_per_hour, requests_per_day;
    uint64_t input_tokens_per_day, output_tokens_per_day;
    double cost_per_day; /* in the currency of `prices` */
    enum action action;  /* what crossing it leads to; at most ACTION_THROTTLE for one account on volume alone */
};

struct price {
    uint64_t model; /* keyed hash of the name */
    double input_per_million, output_per_million;
};

struct ladder { /* for members of a confirmed campaign */
    enum action core, likely, halo;
    enum action suspected; /* for members of a campaign that is only suspected; at most ACTION_VERIFY */
};

struct policy {
    enum mode mode;
    struct campaign_config campaign; /* budget, minimum sizes, threshold */
    struct ladder ladder;
    struct limit account[TIER_COUNT];
    struct limit organization, campaign_limit;
    struct price *prices;
    size_t n_prices;
    int64_t expiry_ms[ACTION_COUNT]; /* 0: does not expire */
    uint64_t *allow; /* accounts and organisations that are never acted on, keyed hashes, sorted */
    size_t n_allow;
    double blast_radius; /* share of an organisation's active accounts that may be contained without a person */
    uint32_t blast_radius_min; /* organisations with fewer accounts are exempt from the share */
    uint32_t contain_per_day;  /* containments a day before the rest is only asked to verify; 0: no limit */
};

MUST_CHECK enum status policy_default(const struct key *key, struct policy **ret_policy);
MUST_CHECK enum status policy_load(
    const char *path, const struct key *key, struct policy **ret_policy, struct diag *diag);
void policy_free(struct policy *policy);

/* The stage: decides from verdicts and usage. */
struct policy_stage;
MUST_CHECK enum status policy_stage_new(
    const struct policy *policy, uint32_t accounts_max, struct policy_stage **ret_stage);
void policy_stage_free(struct policy_stage *stage);
MUST_CHECK enum status policy_apply_verdicts(
    struct policy_stage *stage, const struct verdict *verdicts, size_t n, struct decision_list *decisions);
MUST_CHECK enum status policy_apply_usage(
    struct policy_stage *stage, const struct usage *usages, size_t n, struct decision_list *decisions);
/* Lets what has expired expire (action `release`), and reports campaigns whose active members are all contained. */
MUST_CHECK enum status policy_tick(struct policy_stage *stage, int64_t now_ms, struct decision_list *decisions);
/* The strongest action in force for an account. */
enum action policy_in_force(const struct policy_stage *stage, uint64_t account, int64_t now_ms);

#endif
