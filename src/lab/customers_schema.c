#include "lab/customers_schema.h"

#include <stddef.h>

const cyaml_strval_t rhythm_words[RHYTHM_COUNT] = {
    { "people", RHYTHM_PEOPLE },
    { "office", RHYTHM_OFFICE },
    { "evening", RHYTHM_EVENING },
    { "nightly", RHYTHM_NIGHTLY },
    { "constant", RHYTHM_CONSTANT },
};
static const cyaml_strval_t owners[] = {
    { "nobody", OWNER_NOBODY },
    { "account", OWNER_ACCOUNT },
    { "organisation", OWNER_ORGANISATION },
    { "public", OWNER_PUBLIC },
};
static const cyaml_strval_t task_sources[] = {
    { "own", TASKS_OWN },
    { "shared", TASKS_SHARED },
    { "sequence", TASKS_SEQUENCE },
};
static const cyaml_strval_t behaviours[] = {
    { "none", BEHAVIOUR_NONE },
    { "carry_over", BEHAVIOUR_CARRY_OVER },
    { "failover", BEHAVIOUR_FAILOVER },
    { "release_day", BEHAVIOUR_RELEASE_DAY },
    { "quotes", BEHAVIOUR_QUOTES },
};
static const cyaml_strval_t programmes[] = {
    { "none", OF_NO_PROGRAMME },
    { "education", OF_EDUCATION },
    { "research", OF_RESEARCH },
    { "startup", OF_STARTUP },
};
const cyaml_strval_t frame_words[FRAME_KIND_COUNT] = {
    { "none", FRAME_NONE },
    { "reasoning_tags", FRAME_REASONING_TAGS },
    { "articulate", FRAME_ARTICULATE },
    { "rubric", FRAME_RUBRIC },
    { "cleaner", FRAME_CLEANER },
    { "task_writer", FRAME_TASK_WRITER },
    { "solution", FRAME_SOLUTION },
    { "probe", FRAME_PROBE },
    { "etl", FRAME_ETL },
    { "harness", FRAME_HARNESS },
    { "judge", FRAME_JUDGE },
    { "step_by_step", FRAME_STEP_BY_STEP },
    { "synthetic", FRAME_SYNTHETIC },
    { "course", FRAME_COURSE },
    { "habit", FRAME_HABIT },
};

#define COUNT(table) (sizeof(table) / sizeof *(table))
#define OPTIONAL (CYAML_FLAG_OPTIONAL | CYAML_FLAG_STRICT)

/* One weight of a table: a number at a place of an array of doubles. */
/* clang-format off */
#define WEIGHT(name, i)                                                                                      \
    { .key = (name), .data_offset = (i) * sizeof(double),                                                    \
        .value = { CYAML_VALUE_FLOAT(CYAML_FLAG_OPTIONAL, double) } }
/* clang-format on */

const cyaml_schema_field_t pool_weight_fields[] = {
    WEIGHT("chat", POOL_CHAT),
    WEIGHT("knowledge", POOL_KNOWLEDGE),
    WEIGHT("writing", POOL_WRITING),
    WEIGHT("code", POOL_CODE),
    WEIGHT("math", POOL_MATH),
    WEIGHT("agent", POOL_AGENT),
    WEIGHT("support", POOL_SUPPORT),
    WEIGHT("document", POOL_DOCUMENT),
    WEIGHT("translation", POOL_TRANSLATION),
    WEIGHT("evaluation", POOL_EVALUATION),
    CYAML_FIELD_END,
};
const cyaml_schema_field_t network_weight_fields[] = {
    WEIGHT("home", NETWORK_HOME),
    WEIGHT("office", NETWORK_OFFICE),
    WEIGHT("carrier", NETWORK_CARRIER),
    WEIGHT("vpn", NETWORK_VPN),
    WEIGHT("cloud", NETWORK_CLOUD),
    WEIGHT("runners", NETWORK_RUNNERS),
    WEIGHT("residential", NETWORK_RESIDENTIAL),
    WEIGHT("rotating", NETWORK_ROTATING),
    CYAML_FIELD_END,
};
const cyaml_schema_field_t client_weight_fields[] = {
    WEIGHT("python", CLIENT_PYTHON),
    WEIGHT("node", CLIENT_NODE),
    WEIGHT("java", CLIENT_JAVA),
    WEIGHT("go", CLIENT_GO),
    WEIGHT("curl", CLIENT_CURL),
    WEIGHT("web", CLIENT_WEB),
    WEIGHT("agent", CLIENT_AGENT),
    WEIGHT("editor", CLIENT_EDITOR),
    WEIGHT("gateway", CLIENT_GATEWAY),
    CYAML_FIELD_END,
};
const cyaml_schema_field_t api_weight_fields[] = {
    WEIGHT("chat", 0),
    WEIGHT("responses", 1),
    WEIGHT("messages", 2),
    CYAML_FIELD_END,
};

#define IN_TEXT struct text_habits
const cyaml_schema_field_t text_fields[] = {
    CYAML_FIELD_MAPPING_PTR("pools", OPTIONAL, IN_TEXT, pools, pool_weight_fields),
    CYAML_FIELD_ENUM("frame", OPTIONAL, IN_TEXT, frame, frame_words, FRAME_KIND_COUNT),
    CYAML_FIELD_ENUM("frame_of", OPTIONAL, IN_TEXT, frame_of, owners, COUNT(owners)),
    CYAML_FIELD_ENUM("system_of", OPTIONAL, IN_TEXT, system_of, owners, COUNT(owners)),
    CYAML_FIELD_ENUM("tools_of", OPTIONAL, IN_TEXT, tools_of, owners, COUNT(owners)),
    CYAML_FIELD_FLOAT("system_share", OPTIONAL, IN_TEXT, system_share),
    CYAML_FIELD_UINT("system_bytes", OPTIONAL, IN_TEXT, system_bytes),
    CYAML_FIELD_ENUM("tasks", OPTIONAL, IN_TEXT, tasks, task_sources, COUNT(task_sources)),
    CYAML_FIELD_UINT("tasks_n", OPTIONAL, IN_TEXT, tasks_n),
    CYAML_FIELD_UINT("answer_tok", OPTIONAL, IN_TEXT, answer_tok),
    CYAML_FIELD_FLOAT("pastes", OPTIONAL, IN_TEXT, pastes),
    CYAML_FIELD_END,
};

const cyaml_schema_field_t call_fields[] = {
    CYAML_FIELD_UINT("max_tokens", OPTIONAL, struct call_habits, max_tokens),
    CYAML_FIELD_UINT_PTR(
        "temperature_milli", OPTIONAL | CYAML_FLAG_POINTER, struct call_habits, temperature_milli),
    CYAML_FIELD_UINT("n", OPTIONAL, struct call_habits, n),
    CYAML_FIELD_FLOAT("reasoning", OPTIONAL, struct call_habits, reasoning),
    CYAML_FIELD_FLOAT("stream", OPTIONAL, struct call_habits, stream),
    CYAML_FIELD_END,
};

#define OF struct organisation_habits
static const cyaml_schema_field_t organisation_fields[] = {
    CYAML_FIELD_UINT("size_min", OPTIONAL, OF, size_min),
    CYAML_FIELD_UINT("size_max", OPTIONAL, OF, size_max),
    CYAML_FIELD_BOOL("declared", OPTIONAL, OF, declared),
    CYAML_FIELD_BOOL("card", OPTIONAL, OF, card),
    CYAML_FIELD_BOOL("domain", OPTIONAL, OF, domain),
    CYAML_FIELD_FLOAT("shared_card", OPTIONAL, OF, shared_card),
    CYAML_FIELD_END,
};
#undef OF

#define OF struct account_habits
static const cyaml_schema_field_t account_fields[] = {
    CYAML_FIELD_FLOAT("paid", OPTIONAL, OF, paid),
    CYAML_FIELD_BOOL("enterprise", OPTIONAL, OF, enterprise),
    CYAML_FIELD_BOOL("business", OPTIONAL, OF, business),
    CYAML_FIELD_BOOL("reseller", OPTIONAL, OF, reseller),
    CYAML_FIELD_ENUM("programme", OPTIONAL, OF, programme, programmes, COUNT(programmes)),
    CYAML_FIELD_FLOAT("joins", OPTIONAL, OF, joins),
    CYAML_FIELD_FLOAT("age_days", OPTIONAL, OF, age_days),
    CYAML_FIELD_FLOAT("burst_days", OPTIONAL, OF, burst_days),
    CYAML_FIELD_UINT("end_users", OPTIONAL, OF, end_users),
    CYAML_FIELD_END,
};
#undef OF

static const cyaml_schema_value_t signal_schema = {
    CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char, 1, 8),
};

#define NEEDED CYAML_FLAG_POINTER
enum { TEXT_MAX = 4000, TRIPS_MAX = 30 };
#define OF struct customers
static const cyaml_schema_field_t customers_fields[] = {
    CYAML_FIELD_STRING_PTR("name", NEEDED, OF, name, 1, 40),
    CYAML_FIELD_STRING_PTR("title", NEEDED, OF, title, 1, 120),
    CYAML_FIELD_STRING_PTR("about", NEEDED, OF, about, 1, TEXT_MAX),
    CYAML_FIELD_STRING_PTR("source", NEEDED, OF, source, 1, TEXT_MAX),
    { .key = "trips",
        .data_offset = offsetof(OF, trips),
        .count_offset = offsetof(OF, n_trips),
        .count_size = sizeof(uint32_t),
        .value = { CYAML_VALUE_SEQUENCE(
            CYAML_FLAG_OPTIONAL | CYAML_FLAG_POINTER, char *, &signal_schema, 0, TRIPS_MAX) } },
    CYAML_FIELD_FLOAT("share", OPTIONAL, OF, share),
    CYAML_FIELD_MAPPING("organisation", OPTIONAL, OF, organisation, organisation_fields),
    CYAML_FIELD_MAPPING("account", OPTIONAL, OF, account, account_fields),
    CYAML_FIELD_MAPPING_PTR("networks", OPTIONAL, OF, networks, network_weight_fields),
    CYAML_FIELD_MAPPING_PTR("clients", OPTIONAL, OF, clients, client_weight_fields),
    CYAML_FIELD_MAPPING_PTR("apis", OPTIONAL, OF, apis, api_weight_fields),
    CYAML_FIELD_ENUM("rhythm", OPTIONAL, OF, rhythm, rhythm_words, RHYTHM_COUNT),
    CYAML_FIELD_FLOAT("weekend", OPTIONAL, OF, weekend),
    CYAML_FIELD_FLOAT("per_day", CYAML_FLAG_STRICT, OF, per_day),
    CYAML_FIELD_FLOAT("sigma", OPTIONAL, OF, sigma),
    CYAML_FIELD_FLOAT("turns", OPTIONAL, OF, turns),
    CYAML_FIELD_FLOAT("gap_s", OPTIONAL, OF, gap_s),
    CYAML_FIELD_FLOAT("from_day", OPTIONAL, OF, from_day),
    CYAML_FIELD_FLOAT("for_days", OPTIONAL, OF, for_days),
    CYAML_FIELD_FLOAT("away", OPTIONAL, OF, away),
    CYAML_FIELD_FLOAT("burst", OPTIONAL, OF, burst),
    CYAML_FIELD_MAPPING("text", OPTIONAL, OF, text, text_fields),
    CYAML_FIELD_MAPPING("call", OPTIONAL, OF, call, call_fields),
    CYAML_FIELD_ENUM("behaviour", OPTIONAL, OF, behaviour, behaviours, COUNT(behaviours)),
    CYAML_FIELD_FLOAT("behaviour_share", OPTIONAL, OF, behaviour_share),
    CYAML_FIELD_END,
};

const cyaml_schema_value_t customers_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, OF, customers_fields),
};

/* Where each number may lie. */
const struct bound text_bounds[] = {
    { "system_share", offsetof(IN_TEXT, system_share), 0, 1, false },
    { "system_bytes", offsetof(IN_TEXT, system_bytes), 0, 65536, true },
    { "answer_tok", offsetof(IN_TEXT, answer_tok), 0, 1500, true },
    { "pastes", offsetof(IN_TEXT, pastes), 0, 1, false },
};
const size_t text_bounds_n = COUNT(text_bounds);
const struct bound call_bounds[] = {
    { "max_tokens", offsetof(struct call_habits, max_tokens), 0, 1e6, true },
    { "n", offsetof(struct call_habits, n), 0, 128, true },
    { "reasoning", offsetof(struct call_habits, reasoning), 0, 1, false },
    { "stream", offsetof(struct call_habits, stream), 0, 1, false },
};
const size_t call_bounds_n = COUNT(call_bounds);
const struct bound customers_bounds[] = {
    { "share", offsetof(OF, share), 0, 1, false },
    { "organisation.size_min", offsetof(OF, organisation.size_min), 0, 1e5, true },
    { "organisation.size_max", offsetof(OF, organisation.size_max), 0, 1e5, true },
    { "organisation.shared_card", offsetof(OF, organisation.shared_card), 0, 1, false },
    { "account.paid", offsetof(OF, account.paid), 0, 1, false },
    { "account.joins", offsetof(OF, account.joins), 0, 1, false },
    { "account.age_days", offsetof(OF, account.age_days), 0, 3650, false },
    { "account.burst_days", offsetof(OF, account.burst_days), 0, 3650, false },
    { "weekend", offsetof(OF, weekend), 0, 10, false },
    { "per_day", offsetof(OF, per_day), 0, 1e6, false },
    { "sigma", offsetof(OF, sigma), 0, 3, false },
    { "turns", offsetof(OF, turns), 0, 64, false },
    { "gap_s", offsetof(OF, gap_s), 0, 86400, false },
    { "from_day", offsetof(OF, from_day), 0, 3650, false },
    { "for_days", offsetof(OF, for_days), 0, 3650, false },
    { "away", offsetof(OF, away), 0, 1, false },
    { "burst", offsetof(OF, burst), 0, 10000, false },
    { "behaviour_share", offsetof(OF, behaviour_share), 0, 1, false },
};
const size_t customers_bounds_n = COUNT(customers_bounds);
