#include "lab/scenario_schema.h"

#include <stddef.h>

#define OPTIONAL (CYAML_FLAG_OPTIONAL | CYAML_FLAG_STRICT)
#define NEEDED CYAML_FLAG_POINTER
#define LIST (CYAML_FLAG_OPTIONAL | CYAML_FLAG_POINTER)
#define NUMBER(key) CYAML_FIELD_FLOAT(#key, OPTIONAL, OF, key)
#define WHOLE(key) CYAML_FIELD_UINT(#key, OPTIONAL, OF, key)
#define FLAG(key) CYAML_FIELD_BOOL(#key, OPTIONAL, OF, key)
#define TEXT(key, most) CYAML_FIELD_STRING_PTR(#key, NEEDED, OF, key, 1, most)
#define MAYBE_TEXT(key, most) CYAML_FIELD_STRING_PTR(#key, NEEDED | CYAML_FLAG_OPTIONAL, OF, key, 1, most)
enum { SOURCE_MAX = 4000, LIST_MAX = 64, RELEASES_MAX = 14 /* MODELS_MAX, less those that are older */ };

static const cyaml_strval_t paraphrases[] = {
    { "none", PARAPHRASE_NONE },
    { "account", PARAPHRASE_ACCOUNT },
    { "request", PARAPHRASE_REQUEST },
};

#define OF struct job_kind
static const cyaml_schema_field_t job_fields[] = {
    NUMBER(share),
    CYAML_FIELD_MAPPING("text", OPTIONAL, OF, text, text_fields),
    NUMBER(turns),
    NUMBER(quotes),
    NUMBER(replays),
    NUMBER(attempts),
    NUMBER(refused),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t job_schema = { CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, OF, job_fields) };
#undef OF

static const cyaml_schema_value_t country_schema = { CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char, 2, 2) };

#define OF struct identity_plan
static const cyaml_schema_field_t identity_fields[] = {
    NUMBER(card_accounts),
    NUMBER(device_accounts),
    NUMBER(domain_accounts),
    NUMBER(age_days),
    NUMBER(paid),
    NUMBER(education),
    NUMBER(research),
    NUMBER(startup),
    CYAML_FIELD_MAPPING_PTR("networks", OPTIONAL, OF, networks, network_weight_fields),
    CYAML_FIELD_MAPPING_PTR("clients", OPTIONAL, OF, clients, client_weight_fields),
    CYAML_FIELD_MAPPING_PTR("apis", OPTIONAL, OF, apis, api_weight_fields),
    FLAG(pinned),
    { .key = "countries",
        .data_offset = offsetof(OF, countries),
        .count_offset = offsetof(OF, n_countries),
        .count_size = sizeof(uint32_t),
        .value = { CYAML_VALUE_SEQUENCE(LIST, char *, &country_schema, 0, LIST_MAX) } },
    CYAML_FIELD_END,
};
#undef OF

#define OF struct budget_plan
static const cyaml_schema_field_t budget_fields[] = {
    WHOLE(accounts),
    NUMBER(money),
    NUMBER(account_price),
    NUMBER(verify_price),
    NUMBER(exchange_price),
    CYAML_FIELD_END,
};
#undef OF

#define OF struct reaction_plan
static const cyaml_schema_field_t reaction_fields[] = {
    NUMBER(handoff),
    NUMBER(handoff_delay_s),
    NUMBER(replace_hours),
    NUMBER(verify_pass),
    NUMBER(slow_down),
    NUMBER(rest_hours),
    NUMBER(bad_day),
    NUMBER(switch_at),
    WHOLE(standby),
    NUMBER(standby_per_day),
    CYAML_FIELD_END,
};
#undef OF

#define OF struct raid
static const cyaml_schema_field_t raid_fields[] = { NUMBER(day), NUMBER(share), CYAML_FIELD_END };
static const cyaml_schema_value_t raid_schema = { CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, OF, raid_fields) };
#undef OF

#define OF struct campaign_plan
static const cyaml_schema_field_t campaign_fields[] = {
    TEXT(name, 40),
    TEXT(title, 160),
    TEXT(source, SOURCE_MAX),
    CYAML_FIELD_UINT("accounts", CYAML_FLAG_STRICT, OF, accounts),
    NUMBER(exchanges),
    CYAML_FIELD_FLOAT("per_day", CYAML_FLAG_STRICT, OF, per_day),
    NUMBER(sigma),
    NUMBER(from_day),
    NUMBER(for_days),
    NUMBER(growth_days),
    NUMBER(mix),
    NUMBER(sitting),
    NUMBER(away),
    FLAG(lanes),
    FLAG(opens_with_frame),
    CYAML_FIELD_ENUM(
        "paraphrase", OPTIONAL, OF, paraphrase, paraphrases, sizeof paraphrases / sizeof *paraphrases),
    CYAML_FIELD_ENUM("rhythm", OPTIONAL, OF, rhythm, rhythm_words, RHYTHM_COUNT),
    WHOLE(dataset),
    FLAG(sampled),
    NUMBER(outages_a_week),
    NUMBER(outage_minutes),
    NUMBER(pivot),
    { .key = "jobs",
        .data_offset = offsetof(OF, jobs),
        .count_offset = offsetof(OF, n_jobs),
        .count_size = sizeof(uint32_t),
        .value = { CYAML_VALUE_SEQUENCE(CYAML_FLAG_POINTER, struct job_kind, &job_schema, 1, LIST_MAX) } },
    CYAML_FIELD_MAPPING("call", OPTIONAL, OF, call, call_fields),
    CYAML_FIELD_MAPPING("identity", OPTIONAL, OF, identity, identity_fields),
    CYAML_FIELD_MAPPING("budget", OPTIONAL, OF, budget, budget_fields),
    CYAML_FIELD_MAPPING("reaction", OPTIONAL, OF, reaction, reaction_fields),
    { .key = "raids",
        .data_offset = offsetof(OF, raids),
        .count_offset = offsetof(OF, n_raids),
        .count_size = sizeof(uint32_t),
        .value = { CYAML_VALUE_SEQUENCE(LIST, struct raid, &raid_schema, 0, LIST_MAX) } },
    MAYBE_TEXT(pool_of, 40),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t campaign_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, OF, campaign_fields),
};
#undef OF

#define OF struct benign_use
static const cyaml_schema_field_t use_fields[] = {
    TEXT(population, 40),
    CYAML_FIELD_UINT("accounts", CYAML_FLAG_STRICT, OF, accounts),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t use_schema = { CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, OF, use_fields) };
#undef OF

#define OF struct release_plan
static const cyaml_schema_field_t release_fields[] = { NUMBER(day), TEXT(model, 31), CYAML_FIELD_END };
static const cyaml_schema_value_t release_schema = { CYAML_VALUE_MAPPING(
    CYAML_FLAG_DEFAULT, OF, release_fields) };
#undef OF

#define OF struct scenario
static const cyaml_schema_field_t scenario_fields[] = {
    TEXT(name, 40),
    TEXT(title, 160),
    TEXT(about, SOURCE_MAX),
    TEXT(source, SOURCE_MAX),
    CYAML_FIELD_FLOAT("days", CYAML_FLAG_STRICT, OF, days),
    MAYBE_TEXT(start, 40),
    NUMBER(scale),
    WHOLE(benign_accounts),
    NUMBER(benign_share),
    FLAG(undeclared),
    { .key = "benign",
        .data_offset = offsetof(OF, benign),
        .count_offset = offsetof(OF, n_benign),
        .count_size = sizeof(uint32_t),
        .value = { CYAML_VALUE_SEQUENCE(LIST, struct benign_use, &use_schema, 0, LIST_MAX) } },
    { .key = "campaigns",
        .data_offset = offsetof(OF, campaigns),
        .count_offset = offsetof(OF, n_campaigns),
        .count_size = sizeof(uint32_t),
        .value = { CYAML_VALUE_SEQUENCE(LIST, struct campaign_plan, &campaign_schema, 0, LIST_MAX) } },
    { .key = "releases",
        .data_offset = offsetof(OF, releases),
        .count_offset = offsetof(OF, n_releases),
        .count_size = sizeof(uint32_t),
        .value = { CYAML_VALUE_SEQUENCE(LIST, struct release_plan, &release_schema, 0, RELEASES_MAX) } },
    CYAML_FIELD_END,
};
const cyaml_schema_value_t scenario_schema = { CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, OF, scenario_fields) };

const struct bound scenario_bounds[] = {
    { "days", offsetof(OF, days), 0.01, 400, false },
    { "scale", offsetof(OF, scale), 0, 1, false },
    { "benign_accounts", offsetof(OF, benign_accounts), 0, 1e8, true },
    { "benign_share", offsetof(OF, benign_share), 0, 0.999, false },
};
const size_t scenario_bounds_n = sizeof scenario_bounds / sizeof *scenario_bounds;
#undef OF

#define OF struct campaign_plan
/* clang-format off */
#define RANGE(path, min, max) { #path, offsetof(OF, path), min, max, false }
#define WHOLE_RANGE(path, min, max) { #path, offsetof(OF, path), min, max, true }
/* clang-format on */
const struct bound campaign_bounds[] = {
    WHOLE_RANGE(accounts, 1, 1e7),
    RANGE(exchanges, 0, 1e12),
    RANGE(per_day, 0.001, 1e6),
    RANGE(sigma, 0, 3),
    RANGE(from_day, 0, 400),
    RANGE(for_days, 0, 400),
    RANGE(growth_days, 0, 400),
    RANGE(mix, 0, 0.99),
    RANGE(sitting, 0, 1000),
    RANGE(away, 0, 0.99),
    RANGE(outages_a_week, 0, 1000),
    RANGE(outage_minutes, 0, 10000),
    RANGE(pivot, 0, 1),
    RANGE(identity.card_accounts, 0, 1e6),
    RANGE(identity.device_accounts, 0, 1e6),
    RANGE(identity.domain_accounts, 0, 1e6),
    RANGE(identity.age_days, 0, 3650),
    RANGE(identity.paid, 0, 1),
    RANGE(identity.education, 0, 1),
    RANGE(identity.research, 0, 1),
    RANGE(identity.startup, 0, 1),
    RANGE(budget.money, 0, 1e12),
    RANGE(budget.account_price, 0, 1e6),
    RANGE(budget.verify_price, 0, 1e6),
    RANGE(budget.exchange_price, 0, 1e6),
    RANGE(reaction.handoff, 0, 1),
    RANGE(reaction.handoff_delay_s, 0, 1e7),
    RANGE(reaction.replace_hours, 0, 1e4),
    RANGE(reaction.verify_pass, 0, 1),
    RANGE(reaction.slow_down, 0, 1),
    RANGE(reaction.rest_hours, 0, 1e4),
    RANGE(reaction.bad_day, 0, 1),
    RANGE(reaction.switch_at, 0, 1),
    WHOLE_RANGE(reaction.standby, 0, 1e7),
    RANGE(reaction.standby_per_day, 0, 1e6),
};
const size_t campaign_bounds_n = sizeof campaign_bounds / sizeof *campaign_bounds;
#undef OF

#define OF struct job_kind
const struct bound job_bounds[] = {
    RANGE(share, 0, 1e6),
    RANGE(turns, 0, 64),
    RANGE(quotes, 0, 1),
    RANGE(replays, 0, 1),
    RANGE(attempts, 0, 1000),
    RANGE(refused, 0, 1),
};
const size_t job_bounds_n = sizeof job_bounds / sizeof *job_bounds;
#undef OF

#define OF struct benign_use
const struct bound use_bounds[] = { WHOLE_RANGE(accounts, 1, 1e7) };
const size_t use_bounds_n = sizeof use_bounds / sizeof *use_bounds;
#undef OF

#define OF struct raid
const struct bound raid_bounds[] = { RANGE(day, 0, 400), RANGE(share, 0, 1) };
const size_t raid_bounds_n = sizeof raid_bounds / sizeof *raid_bounds;
#undef OF

#define OF struct release_plan
const struct bound release_bounds[] = { RANGE(day, 0, 400) };
const size_t release_bounds_n = sizeof release_bounds / sizeof *release_bounds;
