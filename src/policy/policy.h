/*
 * policy.h: the operator's word: who may be hit, how hard, for how long, and how many.
 *
 * Model: YAML, one schema (policy_schema.c, libcyaml). Tiers; thresholds on requests, tokens and cost per
 *   account, organisation and campaign; the ladder (what membership and confidence lead to which action);
 *   mode; expiry and release; allow-list; blast-radius limit. config/policy.yaml is the commented default and
 *   equals policy_default. Missing keys keep their defaults.
 * Errors: STATUS_BAD with diag line, column, field path and reason; unknown keys are errors. STATUS_TOO_BIG
 *   above 1 MiB.
 * Ownership: policy_load allocates, policy_free frees. diag->file borrows path.
 */
#ifndef POLICY_POLICY_H
#define POLICY_POLICY_H

#include "base/diag.h"
#include "base/key.h"
#include "exchange/event.h"
#include "policy/decision.h"

#include <stdbool.h>

struct limit { /* 0: no limit */
    uint64_t requests_per_hour, requests_per_day;
    uint64_t input_tokens_per_day, output_tokens_per_day;
    double cost_per_day; /* in the currency of `prices` */
    enum action action;  /* what crossing it leads to: ACTION_THROTTLE at most */
};

struct price {
    uint64_t model; /* keyed hash of the name */
    double input_per_million, output_per_million;
};

struct ladder { /* for members of a confirmed campaign */
    enum action core, likely, halo;
    enum action verified; /* the most that a member with a verified business gets; resellers: ACTION_VERIFY */
    enum action suspected; /* for members of a campaign that is only suspected; at most ACTION_VERIFY */
};

struct policy {
    enum mode mode;
    struct campaign_config campaign; /* budget, minimum sizes, threshold */
    struct ladder ladder;
    struct limit account[TIER_COUNT];
    struct limit organization, campaign_limit;
    struct price *prices; /* by model hash */
    size_t n_prices;
    int64_t expiry_ms[ACTION_COUNT]; /* 0: does not expire */
    uint64_t *allow; /* accounts and organisations that are only observed, keyed hashes, ascending */
    size_t n_allow;
    double blast_radius; /* share of an organisation's accounts that may be contained without a person */
    uint32_t blast_radius_min; /* organisations with fewer accounts are exempt from the share */
    uint32_t contain_per_day;  /* containments a day before the rest is only asked to verify; 0: no limit */
};

MUST_CHECK enum status policy_default(const struct key *key, struct policy **ret_policy);
MUST_CHECK enum status policy_load(
    const char *path, const struct key *key, struct policy **ret_policy, struct diag *diag);
/* From the text of such a file, NUL-terminated beyond its bytes; the empty text is the default. */
MUST_CHECK enum status policy_read(
    struct span yaml, const struct key *key, struct policy **ret_policy, struct diag *diag);
void policy_free(struct policy *policy);

/* Whether the stage needs the usage of every account (some account limit is set), not only that of
 * organisations and of marked accounts, which it always takes. */
bool policy_wants_usage(const struct policy *policy);
bool limit_is_set(const struct limit *limit);
/* Whether the account, or its organisation, is on the allow-list. */
bool policy_allows(const struct policy *policy, uint64_t account, uint64_t organization);
/* In the currency of the prices; 0 where the model has none. */
double policy_cost(const struct policy *policy, const struct usage *usage);

#endif
