#include "gate/rules.h"

#include "base/yaml.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { NAME_MAX_BYTES = 256, NAMES_MAX = 1000, PRICES_MAX = 1000 };

const char *const use_names[USES] = { "reasoning", "logprobs", "choices", "batch", "models" };
const char *const rate_unit_names[RATE_UNITS] = { "requests", "input-tokens", "output-tokens", "cost" };

static const cyaml_strval_t uses[] = { { "reasoning", USE_REASONING }, { "logprobs", USE_LOGPROBS },
    { "choices", USE_CHOICES }, { "batch", USE_BATCH }, { "models", USE_MODELS } };
static const cyaml_strval_t verifications[] = { { "email", VERIFIED_EMAIL }, { "phone", VERIFIED_PHONE },
    { "card", VERIFIED_CARD }, { "business", VERIFIED_BUSINESS } };

static const cyaml_schema_value_t name_schema = {
    CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char, 1, NAME_MAX_BYTES),
};

#define COUNT_OF(list) (sizeof(list) / sizeof *(list))
#define WHOLE(key, type, member) CYAML_FIELD_UINT(key, CYAML_FLAG_OPTIONAL | CYAML_FLAG_STRICT, type, member)
#define NUMBER(key, type, member)                                                                            \
    CYAML_FIELD_FLOAT(key, CYAML_FLAG_OPTIONAL | CYAML_FLAG_STRICT, type, member)
#define GROUP(key, type, member, fields) CYAML_FIELD_MAPPING(key, CYAML_FLAG_OPTIONAL, type, member, fields)
#define WORDS(key, type, member, words)                                                                      \
    CYAML_FIELD_FLAGS(key, CYAML_FLAG_OPTIONAL | CYAML_FLAG_STRICT, type, member, words, COUNT_OF(words))
/* clang-format off */
#define NAMES(name, type, member)                                                                            \
    { .key = name,                                                                                           \
        .data_offset = offsetof(type, member.items),                                                         \
        .count_offset = offsetof(type, member.n),                                                            \
        .count_size = sizeof(uint32_t),                                                                      \
        .value = { CYAML_VALUE_SEQUENCE(CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, char *, &name_schema, 0,   \
            NAMES_MAX) } }
/* clang-format on */

#define RATE_FIELDS(type, member)                                                                            \
    WHOLE("requests_per_minute", type, member requests_per_minute),                                          \
        WHOLE("input_tokens_per_minute", type, member input_tokens_per_minute),                              \
        WHOLE("output_tokens_per_minute", type, member output_tokens_per_minute),                            \
        NUMBER("cost_per_hour", type, member cost_per_hour),                                                 \
        WHOLE("burst_seconds", type, member burst_seconds)

static const cyaml_schema_field_t rate_fields[] = {
    RATE_FIELDS(struct rules_rate, ),
    CYAML_FIELD_END,
};

static const cyaml_schema_field_t tier_fields[] = {
    NAMES("models", struct rules_tier, models),
    WORDS("deny", struct rules_tier, deny, uses),
    WHOLE("choices", struct rules_tier, choices),
    WHOLE("output_tokens", struct rules_tier, output_tokens),
    WHOLE("body_bytes", struct rules_tier, body_bytes),
    NAMES("deny_countries", struct rules_tier, countries),
    NAMES("deny_networks", struct rules_tier, networks),
    RATE_FIELDS(struct rules_tier, rate.),
    CYAML_FIELD_END,
};

static const cyaml_schema_field_t tiers_fields[] = {
    GROUP("unknown", struct rules, tiers[TIER_UNKNOWN], tier_fields),
    GROUP("free", struct rules, tiers[TIER_FREE], tier_fields),
    GROUP("paid", struct rules, tiers[TIER_PAID], tier_fields),
    GROUP("verified", struct rules, tiers[TIER_VERIFIED], tier_fields),
    GROUP("enterprise", struct rules, tiers[TIER_ENTERPRISE], tier_fields),
    CYAML_FIELD_END,
};

static const cyaml_schema_field_t verify_fields[] = {
    WORDS("reasoning", struct rules_verify, uses[0], verifications),
    WORDS("logprobs", struct rules_verify, uses[1], verifications),
    WORDS("choices", struct rules_verify, uses[2], verifications),
    WORDS("batch", struct rules_verify, uses[3], verifications),
    WORDS("models", struct rules_verify, uses[4], verifications),
    CYAML_FIELD_END,
};

static const cyaml_schema_field_t limits_fields[] = {
    GROUP("key", struct rules, key, rate_fields),
    GROUP("organization", struct rules, organization, rate_fields),
    GROUP("campaign", struct rules, campaign, rate_fields),
    CYAML_FIELD_END,
};

static const cyaml_schema_field_t restrict_fields[] = {
    WHOLE("output_tokens", struct rules, restrict_output_tokens),
    CYAML_FIELD_END,
};

static const cyaml_schema_field_t price_fields[] = {
    CYAML_FIELD_STRING_PTR("model", CYAML_FLAG_POINTER, struct rules_price, model, 1, NAME_MAX_BYTES),
    CYAML_FIELD_FLOAT("input_per_million", CYAML_FLAG_STRICT, struct rules_price, input_per_million),
    CYAML_FIELD_FLOAT("output_per_million", CYAML_FLAG_STRICT, struct rules_price, output_per_million),
    CYAML_FIELD_END,
};

static const cyaml_schema_value_t price_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct rules_price, price_fields),
};

/* The groups below share the struct of the whole file: their members lie in it, at offset 0. */
#define SPREAD(name, fields)                                                                                 \
    {                                                                                                        \
        .key = name, .data_offset = 0, .value = {                                                            \
            CYAML_VALUE_MAPPING(CYAML_FLAG_OPTIONAL, struct rules, fields)                                   \
        }                                                                                                    \
    }

static const cyaml_schema_field_t rules_fields[] = {
    WHOLE("version", struct rules, version),
    CYAML_FIELD_STRING_PTR(
        "step_up_url", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, struct rules, step_up_url, 1, 2048),
    SPREAD("tiers", tiers_fields),
    GROUP("verify", struct rules, verify, verify_fields),
    SPREAD("limits", limits_fields),
    GROUP("throttle", struct rules, throttle, rate_fields),
    SPREAD("restrict", restrict_fields),
    CYAML_FIELD_SEQUENCE_COUNT("prices", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, struct rules, prices,
        n_prices, &price_schema, 0, PRICES_MAX),
    CYAML_FIELD_END,
};

static const cyaml_schema_value_t rules_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct rules, rules_fields),
};

static enum status refuse(
    const struct places *places, struct diag *diag, const char *path, const char *reason)
{
    const struct place *place = places_find(places, path);
    diag_set(diag, path, "%s", reason);
    if (place && diag) {
        diag->line = place->line;
        diag->column = place->column;
    }
    return STATUS_BAD;
}

static bool is_whole(const char *text)
{
    size_t digits = strspn(text, "0123456789");
    return text[digits] == '\0' && digits <= 15;
}

/* libcyaml stops at the first character that does not belong to a number; here the whole text must. */
static enum status check_numbers(const struct places *places, struct diag *diag)
{
    static const char *const whole[] = { "version", "choices", "output_tokens", "body_bytes",
        "requests_per_minute", "input_tokens_per_minute", "output_tokens_per_minute", "burst_seconds" };
    static const char *const numbers[] = { "cost_per_hour", "input_per_million", "output_per_million" };
    for (size_t i = 0; i < places->n; i++) {
        const struct place *place = &places->items[i];
        const char *dot = strrchr(place->path, '.'), *name = dot ? dot + 1 : place->path;
        char *end = NULL;
        for (size_t j = 0; j < COUNT_OF(whole); j++)
            if (strcmp(name, whole[j]) == 0 && !is_whole(place->text))
                return refuse(
                    places, diag, place->path, "must be a whole number, 0 or more, of 15 digits at most");
        for (size_t j = 0; j < COUNT_OF(numbers); j++) {
            double value = strcmp(name, numbers[j]) == 0 ? strtod(place->text, &end) : 0;
            bool is_cut = strlen(place->text) == PLACE_TEXT - 1; /* what follows may make it another number */
            if (end && (*end != '\0' || is_cut || !(value >= 0 && value <= 1e9)))
                return refuse(places, diag, place->path, "must be a number between 0 and 1000000000");
            end = NULL;
        }
    }
    return STATUS_OK;
}

static enum status check_countries(const struct rules *rules, const struct places *places, struct diag *diag)
{
    static const char *const tiers[TIER_COUNT] = { "unknown", "free", "paid", "verified", "enterprise" };
    char path[PLACE_PATH];
    for (unsigned tier = 0; tier < TIER_COUNT; tier++)
        for (uint32_t i = 0; i < rules->tiers[tier].countries.n; i++) {
            const char *country = rules->tiers[tier].countries.items[i];
            if (strlen(country) == 2 && strspn(country, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == 2)
                continue;
            snprintf(path, sizeof path, "tiers.%s.deny_countries[%u]", tiers[tier], i);
            return refuse(places, diag, path, "must be a country of two capital letters");
        }
    return STATUS_OK;
}

static enum status check_rules(const void *data, const struct places *places, struct diag *diag)
{
    enum status st = STATUS_OK;
    const struct rules *rules = data;
    if (rules->version != 1)
        return refuse(places, diag, "version", "must be 1");
    if (rules->step_up_url && strncmp(rules->step_up_url, "https://", 8) != 0)
        return refuse(places, diag, "step_up_url", "must begin with https://");
    TRY(check_numbers(places, diag));
    st = check_countries(rules, places, diag);
fail:
    return st;
}

static void prepare_rate(struct rules_rate *rate)
{
    const double minute = 60, hour = 3600;
    const double per_second[RATE_UNITS] = {
        [RATE_REQUESTS] = (double)rate->requests_per_minute / minute,
        [RATE_INPUT_TOK] = (double)rate->input_tokens_per_minute / minute,
        [RATE_OUTPUT_TOK] = (double)rate->output_tokens_per_minute / minute,
        [RATE_COST] = rate->cost_per_hour / hour,
    };
    double burst_s = rate->burst_seconds ? (double)rate->burst_seconds : minute;
    for (unsigned unit = 0; unit < RATE_UNITS; unit++) {
        double burst = per_second[unit] * burst_s;
        rate->of[unit] = gcra_rate_of(per_second[unit], unit == RATE_REQUESTS ? fmax(burst, 1) : burst);
    }
}

static void prepare_rates(struct rules *rules)
{
    prepare_rate(&rules->key);
    prepare_rate(&rules->organization);
    prepare_rate(&rules->campaign);
    prepare_rate(&rules->throttle);
    for (unsigned tier = 0; tier < TIER_COUNT; tier++)
        prepare_rate(&rules->tiers[tier].rate);
}

enum status rules_load(const char *path, struct rules **ret_rules, struct diag *diag)
{
    enum status st = STATUS_OK;
    struct span yaml = { 0 };
    void *data = NULL;
    TRY(yaml_file_bytes(path, &yaml, diag));
    TRY(yaml_file_parse(yaml, path, &rules_schema, check_rules, &data, diag));
    prepare_rates(data);
    *ret_rules = data;
fail:
    free((void *)(uintptr_t)yaml.data);
    return st;
}

void rules_free(struct rules *rules)
{
    yaml_file_free(&rules_schema, rules);
}

static bool fits(const char *pattern, struct span name)
{
    size_t n = strlen(pattern);
    if (n > 0 && pattern[n - 1] == '*')
        return name.n >= n - 1 && memcmp(name.data, pattern, n - 1) == 0;
    return span_is(name, pattern);
}

bool rules_match(const struct rules_names *names, struct span name)
{
    for (uint32_t i = 0; i < names->n; i++)
        if (fits(names->items[i], name))
            return true;
    return false;
}

double rules_cost(const struct rules *rules, struct span model, double input_tok, double output_tok)
{
    for (uint32_t i = 0; i < rules->n_prices; i++)
        if (fits(rules->prices[i].model, model))
            return (rules->prices[i].input_per_million * input_tok +
                       rules->prices[i].output_per_million * output_tok) /
                   1e6;
    return 0;
}
