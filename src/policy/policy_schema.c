#include "policy/policy_schema.h"

#define DAY_MS 86400000.0
#define OPTIONAL (CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL | CYAML_FLAG_STRICT)

enum { NAME_MAX_BYTES = 256, NAMES_MAX = 100000, PRICES_MAX = 1000 };

static const cyaml_strval_t actions[] = {
    { "observe", ACTION_OBSERVE },
    { "verify", ACTION_VERIFY },
    { "throttle", ACTION_THROTTLE },
    { "restrict", ACTION_RESTRICT },
    { "suspend", ACTION_SUSPEND },
};

static const cyaml_strval_t modes[] = {
    { "shadow", MODE_SHADOW },
    { "enforced", MODE_ENFORCED },
};

#define ACTION_KEY(key, type, member)                                                                        \
    CYAML_FIELD_ENUM_PTR(key, OPTIONAL, type, member, actions, sizeof actions / sizeof *actions)
#define NUMBER_KEY(key, type, member) CYAML_FIELD_FLOAT_PTR(key, OPTIONAL, type, member)
#define WHOLE_KEY(key, type, member) CYAML_FIELD_UINT_PTR(key, OPTIONAL, type, member)
#define GROUP_KEY(key, type, member, fields)                                                                 \
    CYAML_FIELD_MAPPING(key, CYAML_FLAG_OPTIONAL, type, member, fields)

static const cyaml_schema_value_t name_schema = {
    CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char, 1, NAME_MAX_BYTES),
};

static const cyaml_schema_field_t campaign_fields[] = {
    WHOLE_KEY("min_accounts", struct file_campaign, min_accounts),
    WHOLE_KEY("min_contain_accounts", struct file_campaign, min_contain_accounts),
    WHOLE_KEY("epoch_seconds", struct file_campaign, epoch_seconds),
    NUMBER_KEY("budget_per_million_months", struct file_campaign, budget_per_million_months),
    NUMBER_KEY("homophily", struct file_campaign, homophily),
    NUMBER_KEY("min_log10_e", struct file_campaign, min_log10_e),
    CYAML_FIELD_END,
};

static const cyaml_schema_field_t ladder_fields[] = {
    ACTION_KEY("core", struct file_ladder, core),
    ACTION_KEY("likely", struct file_ladder, likely),
    ACTION_KEY("halo", struct file_ladder, halo),
    ACTION_KEY("verified", struct file_ladder, verified),
    ACTION_KEY("suspected", struct file_ladder, suspected),
    CYAML_FIELD_END,
};

static const cyaml_schema_field_t expiry_fields[] = {
    NUMBER_KEY("observe", struct file_expiry, days[ACTION_OBSERVE]),
    NUMBER_KEY("verify", struct file_expiry, days[ACTION_VERIFY]),
    NUMBER_KEY("throttle", struct file_expiry, days[ACTION_THROTTLE]),
    NUMBER_KEY("restrict", struct file_expiry, days[ACTION_RESTRICT]),
    NUMBER_KEY("suspend", struct file_expiry, days[ACTION_SUSPEND]),
    CYAML_FIELD_END,
};

static const cyaml_schema_field_t blast_fields[] = {
    NUMBER_KEY("share", struct file_blast, share),
    WHOLE_KEY("min_accounts", struct file_blast, min_accounts),
    CYAML_FIELD_END,
};

/* clang-format off */
#define NAMES_KEY(name, member)                                                                              \
    { .key = name,                                                                                           \
        .data_offset = offsetof(struct file_allow, member.names),                                            \
        .count_offset = offsetof(struct file_allow, member.n),                                               \
        .count_size = sizeof(uint32_t),                                                                      \
        .value = { CYAML_VALUE_SEQUENCE(OPTIONAL, char *, &name_schema, 0, NAMES_MAX) } }
/* clang-format on */

static const cyaml_schema_field_t allow_fields[] = {
    NAMES_KEY("accounts", accounts),
    NAMES_KEY("organizations", organizations),
    CYAML_FIELD_END,
};

static const cyaml_schema_field_t limit_fields[] = {
    WHOLE_KEY("requests_per_hour", struct file_limit, requests_per_hour),
    WHOLE_KEY("requests_per_day", struct file_limit, requests_per_day),
    WHOLE_KEY("input_tokens_per_day", struct file_limit, input_tokens_per_day),
    WHOLE_KEY("output_tokens_per_day", struct file_limit, output_tokens_per_day),
    NUMBER_KEY("cost_per_day", struct file_limit, cost_per_day),
    ACTION_KEY("action", struct file_limit, action),
    CYAML_FIELD_END,
};

static const cyaml_schema_field_t account_limit_fields[] = {
    GROUP_KEY("unknown", struct file_account_limits, tier[TIER_UNKNOWN], limit_fields),
    GROUP_KEY("free", struct file_account_limits, tier[TIER_FREE], limit_fields),
    GROUP_KEY("paid", struct file_account_limits, tier[TIER_PAID], limit_fields),
    GROUP_KEY("verified", struct file_account_limits, tier[TIER_VERIFIED], limit_fields),
    GROUP_KEY("enterprise", struct file_account_limits, tier[TIER_ENTERPRISE], limit_fields),
    CYAML_FIELD_END,
};

static const cyaml_schema_field_t limits_fields[] = {
    GROUP_KEY("account", struct file_limits, account, account_limit_fields),
    GROUP_KEY("organization", struct file_limits, organization, limit_fields),
    GROUP_KEY("campaign", struct file_limits, campaign, limit_fields),
    CYAML_FIELD_END,
};

static const cyaml_schema_field_t price_fields[] = {
    CYAML_FIELD_STRING_PTR("model", CYAML_FLAG_POINTER, struct file_price, model, 1, NAME_MAX_BYTES),
    CYAML_FIELD_FLOAT("input_per_million", CYAML_FLAG_STRICT, struct file_price, input_per_million),
    CYAML_FIELD_FLOAT("output_per_million", CYAML_FLAG_STRICT, struct file_price, output_per_million),
    CYAML_FIELD_END,
};

static const cyaml_schema_value_t price_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct file_price, price_fields),
};

static const cyaml_schema_field_t policy_fields[] = {
    WHOLE_KEY("version", struct policy_file, version),
    CYAML_FIELD_ENUM_PTR("mode", OPTIONAL, struct policy_file, mode, modes, sizeof modes / sizeof *modes),
    GROUP_KEY("campaign", struct policy_file, campaign, campaign_fields),
    GROUP_KEY("ladder", struct policy_file, ladder, ladder_fields),
    GROUP_KEY("expiry_days", struct policy_file, expiry, expiry_fields),
    GROUP_KEY("blast_radius", struct policy_file, blast, blast_fields),
    WHOLE_KEY("contain_per_day", struct policy_file, contain_per_day),
    GROUP_KEY("allow", struct policy_file, allow, allow_fields),
    GROUP_KEY("limits", struct policy_file, limits, limits_fields),
    CYAML_FIELD_SEQUENCE_COUNT("prices", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, struct policy_file, prices,
        n_prices, &price_schema, 0, PRICES_MAX),
    CYAML_FIELD_END,
};

const cyaml_schema_value_t policy_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct policy_file, policy_fields),
};

#define FROM(member) offsetof(struct policy_file, member)
#define TO(member) offsetof(struct policy, member)
#define LADDER(rung, most)                                                                                   \
    {                                                                                                        \
        "ladder." #rung, SETTING_ACTION, FROM(ladder.rung), TO_ENUM, TO(ladder.rung), 1, ACTION_OBSERVE,     \
            most                                                                                             \
    }
#define EXPIRY(name, action)                                                                                 \
    {                                                                                                        \
        "expiry_days." name, SETTING_NUMBER, FROM(expiry.days[action]), TO_I64, TO(expiry_ms[action]),       \
            DAY_MS, 0, 3650                                                                                  \
    }

/* clang-format off */
const struct setting policy_settings[] = {
    { "version", SETTING_WHOLE, FROM(version), TO_NOWHERE, 0, 1, 1, 1 },
    { "mode", SETTING_MODE, FROM(mode), TO_ENUM, TO(mode), 1, MODE_SHADOW, MODE_ENFORCED },
    { "campaign.min_accounts", SETTING_WHOLE, FROM(campaign.min_accounts),
        TO_U32, TO(campaign.min_accounts), 1, 2, 1e6 },
    { "campaign.min_contain_accounts", SETTING_WHOLE, FROM(campaign.min_contain_accounts),
        TO_U32, TO(campaign.min_contain_accounts), 1, 2, 1e6 },
    { "campaign.epoch_seconds", SETTING_WHOLE, FROM(campaign.epoch_seconds),
        TO_I64, TO(campaign.epoch_ms), 1000, 10, 86400 },
    { "campaign.budget_per_million_months", SETTING_NUMBER, FROM(campaign.budget_per_million_months),
        TO_DOUBLE, TO(campaign.budget_per_million_months), 1, 0.001, 1e4 },
    { "campaign.homophily", SETTING_NUMBER, FROM(campaign.homophily),
        TO_DOUBLE, TO(campaign.homophily), 1, 0.01, 0.5 },
    { "campaign.min_log10_e", SETTING_NUMBER, FROM(campaign.min_log10_e),
        TO_DOUBLE, TO(campaign.min_log10_e), 1, 1, 100 },
    LADDER(core, ACTION_SUSPEND),
    LADDER(likely, ACTION_SUSPEND),
    LADDER(halo, ACTION_SUSPEND),
    LADDER(verified, ACTION_SUSPEND),
    LADDER(suspected, ACTION_VERIFY),
    EXPIRY("observe", ACTION_OBSERVE),
    EXPIRY("verify", ACTION_VERIFY),
    EXPIRY("throttle", ACTION_THROTTLE),
    EXPIRY("restrict", ACTION_RESTRICT),
    EXPIRY("suspend", ACTION_SUSPEND),
    { "blast_radius.share", SETTING_NUMBER, FROM(blast.share), TO_DOUBLE, TO(blast_radius), 1, 0, 1 },
    { "blast_radius.min_accounts", SETTING_WHOLE, FROM(blast.min_accounts),
        TO_U32, TO(blast_radius_min), 1, 1, 1e6 },
    { "contain_per_day", SETTING_WHOLE, FROM(contain_per_day), TO_U32, TO(contain_per_day), 1, 0, 1e9 },
};
const size_t policy_settings_n = sizeof policy_settings / sizeof *policy_settings;

#define LIMIT(key, type, target, most)                                                                       \
    { #key, type, offsetof(struct file_limit, key), target, offsetof(struct limit, key), 1, 0, most }

const struct setting limit_settings[] = {
    LIMIT(requests_per_hour, SETTING_WHOLE, TO_U64, 1e12),
    LIMIT(requests_per_day, SETTING_WHOLE, TO_U64, 1e12),
    LIMIT(input_tokens_per_day, SETTING_WHOLE, TO_U64, 1e15),
    LIMIT(output_tokens_per_day, SETTING_WHOLE, TO_U64, 1e15),
    LIMIT(cost_per_day, SETTING_NUMBER, TO_DOUBLE, 1e12),
    LIMIT(action, SETTING_ACTION, TO_ENUM, ACTION_THROTTLE),
};
const size_t limit_settings_n = sizeof limit_settings / sizeof *limit_settings;

const struct limit_place limit_places[LIMIT_PLACES] = {
    { "limits.account.unknown", FROM(limits.account.tier[TIER_UNKNOWN]), TO(account[TIER_UNKNOWN]) },
    { "limits.account.free", FROM(limits.account.tier[TIER_FREE]), TO(account[TIER_FREE]) },
    { "limits.account.paid", FROM(limits.account.tier[TIER_PAID]), TO(account[TIER_PAID]) },
    { "limits.account.verified", FROM(limits.account.tier[TIER_VERIFIED]), TO(account[TIER_VERIFIED]) },
    { "limits.account.enterprise", FROM(limits.account.tier[TIER_ENTERPRISE]), TO(account[TIER_ENTERPRISE]) },
    { "limits.organization", FROM(limits.organization), TO(organization) },
    { "limits.campaign", FROM(limits.campaign), TO(campaign_limit) },
};
/* clang-format on */
