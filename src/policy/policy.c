#include "policy/policy.h"

#include <stdlib.h>

#define DAY_MS INT64_C(86400000)

/* What config/policy.yaml says, with its comments; a test holds the two together. */
static const struct policy defaults = {
    .mode = MODE_ENFORCED,
    .campaign = {
        .min_accounts = 5,
        .min_contain_accounts = 10,
        .budget_per_million_months = 10,
        .homophily = 0.2,
        .min_log10_e = 4,
        .epoch_ms = 600000,
    },
    .ladder = {
        .core = ACTION_SUSPEND,
        .likely = ACTION_RESTRICT,
        .halo = ACTION_VERIFY,
        .verified = ACTION_RESTRICT,
        .suspected = ACTION_OBSERVE,
    },
    .expiry_ms = {
        [ACTION_OBSERVE] = 0,
        [ACTION_VERIFY] = 30 * DAY_MS,
        [ACTION_THROTTLE] = DAY_MS,
        [ACTION_RESTRICT] = 30 * DAY_MS,
        [ACTION_SUSPEND] = 90 * DAY_MS,
    },
    .blast_radius = 0.2,
    .blast_radius_min = 5,
    .contain_per_day = 0,
};

enum status policy_default(const struct key *key, struct policy **ret_policy)
{
    (void)key; /* the default names no account, organisation or model */
    struct policy *policy = malloc(sizeof *policy);
    if (!policy)
        return STATUS_NOMEM;
    *policy = defaults;
    for (size_t tier = 0; tier < TIER_COUNT; tier++)
        policy->account[tier].action = ACTION_THROTTLE;
    policy->organization.action = ACTION_THROTTLE;
    policy->campaign_limit.action = ACTION_THROTTLE;
    *ret_policy = policy;
    return STATUS_OK;
}

void policy_free(struct policy *policy)
{
    if (!policy)
        return;
    free(policy->prices);
    free(policy->allow);
    free(policy);
}

bool limit_is_set(const struct limit *limit)
{
    return limit->requests_per_hour || limit->requests_per_day || limit->input_tokens_per_day ||
           limit->output_tokens_per_day || limit->cost_per_day > 0;
}

bool policy_wants_usage(const struct policy *policy)
{
    for (size_t tier = 0; tier < TIER_COUNT; tier++) {
        if (limit_is_set(&policy->account[tier]))
            return true;
    }
    return false;
}

static bool is_listed(const struct policy *policy, uint64_t hash)
{
    size_t low = 0, high = policy->n_allow;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (policy->allow[middle] == hash)
            return hash != 0;
        if (policy->allow[middle] < hash)
            low = middle + 1;
        else
            high = middle;
    }
    return false;
}

bool policy_allows(const struct policy *policy, uint64_t account, uint64_t organization)
{
    return is_listed(policy, account) || is_listed(policy, organization);
}

double policy_cost(const struct policy *policy, const struct usage *usage)
{
    size_t low = 0, high = policy->n_prices;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct price *price = &policy->prices[middle];
        if (price->model == usage->model)
            return (usage->input_tok * price->input_per_million +
                       usage->output_tok * price->output_per_million) /
                   1e6;
        if (price->model < usage->model)
            low = middle + 1;
        else
            high = middle;
    }
    return 0;
}
