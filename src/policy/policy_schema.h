/*
 * policy_schema.h: the keys of a policy file, their types and their ranges: the one place that knows them.
 *
 * Model: libcyaml reads the file into struct policy_file; absent keys are null pointers there and keep
 *   their default in the policy. Settings list where each value goes and what range it may have.
 * Ownership: libcyaml allocates the file's values.
 */
#ifndef POLICY_POLICY_SCHEMA_H
#define POLICY_POLICY_SCHEMA_H

#include "policy/policy.h"

#include <cyaml/cyaml.h>

struct file_limit {
    uint64_t *requests_per_hour, *requests_per_day, *input_tokens_per_day, *output_tokens_per_day;
    double *cost_per_day;
    enum action *action;
};

struct file_price {
    char *model;
    double input_per_million, output_per_million;
};

struct file_names {
    char **names;
    uint32_t n;
};

struct policy_file {
    uint64_t *version, *contain_per_day;
    enum mode *mode;
    struct file_campaign {
        uint64_t *min_accounts, *min_contain_accounts, *epoch_seconds;
        double *budget_per_million_months, *homophily, *min_log10_e;
    } campaign;
    struct file_ladder {
        enum action *core, *likely, *halo, *verified, *suspected;
    } ladder;
    struct file_expiry {
        double *days[ACTION_COUNT];
    } expiry;
    struct file_blast {
        double *share;
        uint64_t *min_accounts;
    } blast;
    struct file_allow {
        struct file_names accounts, organizations;
    } allow;
    struct file_limits {
        struct file_account_limits {
            struct file_limit tier[TIER_COUNT];
        } account;
        struct file_limit organization, campaign;
    } limits;
    struct file_price *prices;
    uint32_t n_prices;
};

extern const cyaml_schema_value_t policy_schema;

enum setting_type { SETTING_WHOLE, SETTING_NUMBER, SETTING_ACTION, SETTING_MODE };
enum setting_target { TO_U32, TO_U64, TO_I64, TO_DOUBLE, TO_ENUM, TO_NOWHERE };

/* In the order in which the table reads, not in that of least padding. */
struct setting { // NOLINT(clang-analyzer-optin.performance.Padding)
    const char *path;
    enum setting_type type;
    size_t from; /* in struct policy_file, or struct file_limit */
    enum setting_target target;
    size_t to; /* in struct policy, or struct limit */
    double scale;
    double min, max;
};

extern const struct setting policy_settings[], limit_settings[];
extern const size_t policy_settings_n, limit_settings_n;

/* The places of struct limit in the policy, with their path. */
struct limit_place {
    const char *path;
    size_t from, to;
};
enum { LIMIT_PLACES = TIER_COUNT + 2 };
extern const struct limit_place limit_places[LIMIT_PLACES];

#endif
