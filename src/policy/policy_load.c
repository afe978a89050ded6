#include "base/number.h"
#include "base/yaml.h"
#include "policy/policy_schema.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

struct loader {
    const struct places *places;
    const struct policy_file *file;
    struct policy *policy;
    struct diag *diag;
};

static enum status refuse(const struct loader *loader, const char *path, const char *reason)
{
    const struct place *place = places_find(loader->places, path);
    diag_set(loader->diag, path, "%s", reason);
    if (place && loader->diag) {
        loader->diag->line = place->line;
        loader->diag->column = place->column;
    }
    return STATUS_BAD;
}

static double value_of(const struct setting *setting, const void *from)
{
    switch (setting->type) {
    case SETTING_WHOLE:
        return (double)*(const uint64_t *)from;
    case SETTING_NUMBER:
        return *(const double *)from;
    case SETTING_ACTION:
        return *(const enum action *)from;
    default:
        return *(const enum mode *)from;
    }
}

static void put_value(const struct setting *setting, double value, void *to)
{
    switch (setting->target) {
    case TO_U32:
        *(uint32_t *)to = (uint32_t)value;
        break;
    case TO_U64:
        *(uint64_t *)to = (uint64_t)value;
        break;
    case TO_I64:
        *(int64_t *)to = llround(value * setting->scale);
        break;
    case TO_DOUBLE:
        *(double *)to = value;
        break;
    case TO_ENUM:
        *(unsigned *)to = (unsigned)value; /* enumerations are unsigned int in this ABI, asserted below */
        break;
    case TO_NOWHERE:
        break;
    }
}
_Static_assert(sizeof(enum action) == sizeof(unsigned) && sizeof(enum mode) == sizeof(unsigned), "put_value");

static enum status refuse_range(const struct loader *loader, const struct setting *setting, const char *path)
{
    char reason[96], low[NUMBER_TEXT_BYTES], high[NUMBER_TEXT_BYTES];
    number_format(setting->min, low);
    number_format(setting->max, high);
    if (setting->type == SETTING_ACTION)
        snprintf(reason, sizeof reason, "must be %s at most", action_name((enum action)setting->max));
    else if (setting->min < setting->max)
        snprintf(reason, sizeof reason, "must be between %s and %s", low, high);
    else
        snprintf(reason, sizeof reason, "must be %s", low);
    return refuse(loader, path, reason);
}

static enum status apply_setting(
    const struct loader *loader, const struct setting *setting, const char *path, const void *from, void *to)
{
    const void *value_at = *(const void *const *)((const char *)from + setting->from);
    if (!value_at)
        return STATUS_OK;
    double value = value_of(setting, value_at);
    if (!(value >= setting->min && value <= setting->max))
        return refuse_range(loader, setting, path);
    put_value(setting, value, (char *)to + setting->to);
    return STATUS_OK;
}

static enum status apply_settings(const struct loader *loader)
{
    enum status st = STATUS_OK;
    char path[PLACE_PATH];
    for (size_t i = 0; i < policy_settings_n; i++)
        TRY(apply_setting(
            loader, &policy_settings[i], policy_settings[i].path, loader->file, loader->policy));
    for (size_t i = 0; i < LIMIT_PLACES; i++) {
        const struct limit_place *place = &limit_places[i];
        for (size_t j = 0; j < limit_settings_n; j++) {
            snprintf(path, sizeof path, "%s.%s", place->path, limit_settings[j].path);
            TRY(apply_setting(loader, &limit_settings[j], path, (const char *)loader->file + place->from,
                (char *)loader->policy + place->to));
        }
    }
fail:
    return st;
}

/* Refuses at the first of the two keys that the file has: the other may be a default. */
static enum status refuse_pair(
    const struct loader *loader, const char *path, const char *other, const char *reason)
{
    return refuse(loader, places_find(loader->places, path) ? path : other, reason);
}

static enum status check_ladder(const struct loader *loader)
{
    const struct ladder *ladder = &loader->policy->ladder;
    if (ladder->likely > ladder->core)
        return refuse_pair(
            loader, "ladder.likely", "ladder.core", "likely members get more than core members");
    if (ladder->halo > ladder->likely)
        return refuse_pair(
            loader, "ladder.halo", "ladder.likely", "halo members get more than likely members");
    if (ladder->suspected > ladder->core)
        return refuse_pair(
            loader, "ladder.suspected", "ladder.core", "suspected campaigns get more than confirmed ones");
    return STATUS_OK;
}

static enum status check_limit(
    const struct loader *loader, const struct limit_place *place, const struct limit *limit)
{
    char path[PLACE_PATH], other[PLACE_PATH];
    if (limit->requests_per_hour && limit->requests_per_day &&
        limit->requests_per_hour > limit->requests_per_day) {
        snprintf(path, sizeof path, "%s.requests_per_hour", place->path);
        snprintf(other, sizeof other, "%s.requests_per_day", place->path);
        return refuse_pair(loader, path, other, "the hour's limit is above the day's");
    }
    if (limit->cost_per_day > 0 && loader->file->n_prices == 0) {
        snprintf(path, sizeof path, "%s.cost_per_day", place->path);
        return refuse(loader, path, "a limit on cost needs prices");
    }
    return STATUS_OK;
}

static enum status check_contradictions(const struct loader *loader)
{
    enum status st = STATUS_OK;
    const struct campaign_config *campaign = &loader->policy->campaign;
    if (campaign->min_contain_accounts < campaign->min_accounts)
        return refuse_pair(loader, "campaign.min_contain_accounts", "campaign.min_accounts",
            "groups too small to be reported would be contained");
    TRY(check_ladder(loader));
    for (size_t i = 0; i < LIMIT_PLACES; i++) {
        const void *limit = (const char *)loader->policy + limit_places[i].to;
        TRY(check_limit(loader, &limit_places[i], limit));
    }
fail:
    return st;
}

static int compare_u64(const void *left, const void *right)
{
    uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;
    return a < b ? -1 : a > b;
}

static enum status apply_allow(const struct loader *loader, const struct key *key)
{
    const struct file_allow *file = &loader->file->allow;
    struct policy *policy = loader->policy;
    size_t n = (size_t)file->accounts.n + file->organizations.n;
    if (n == 0)
        return STATUS_OK;
    policy->allow = malloc(n * sizeof *policy->allow);
    if (!policy->allow)
        return STATUS_NOMEM;
    for (size_t i = 0; i < file->accounts.n; i++)
        policy->allow[policy->n_allow++] =
            key_hash(key, KEY_ACCOUNT, file->accounts.names[i], strlen(file->accounts.names[i]));
    for (size_t i = 0; i < file->organizations.n; i++)
        policy->allow[policy->n_allow++] =
            key_hash(key, KEY_IDENTITY, file->organizations.names[i], strlen(file->organizations.names[i]));
    qsort(policy->allow, n, sizeof *policy->allow, compare_u64);
    return STATUS_OK;
}

static int compare_price(const void *left, const void *right)
{
    return compare_u64(&((const struct price *)left)->model, &((const struct price *)right)->model);
}

static enum status check_price(const struct loader *loader, size_t i)
{
    char path[PLACE_PATH];
    const struct file_price *price = &loader->file->prices[i];
    const double values[] = { price->input_per_million, price->output_per_million };
    const char *const names[] = { "input_per_million", "output_per_million" };
    for (size_t j = 0; j < 2; j++) {
        snprintf(path, sizeof path, "prices[%zu].%s", i, names[j]);
        if (!(values[j] >= 0 && values[j] <= 1e9))
            return refuse(loader, path, "must be between 0 and 1000000000");
    }
    for (size_t j = 0; j < i; j++) {
        if (strcmp(loader->file->prices[j].model, price->model) == 0) {
            snprintf(path, sizeof path, "prices[%zu].model", i);
            return refuse(loader, path, "this model has a price already");
        }
    }
    return STATUS_OK;
}

static enum status apply_prices(const struct loader *loader, const struct key *key)
{
    enum status st = STATUS_OK;
    const struct policy_file *file = loader->file;
    struct policy *policy = loader->policy;
    if (file->n_prices == 0)
        return STATUS_OK;
    policy->prices = malloc(file->n_prices * sizeof *policy->prices);
    REQUIRE(policy->prices, STATUS_NOMEM);
    for (size_t i = 0; i < file->n_prices; i++) {
        TRY(check_price(loader, i));
        policy->prices[policy->n_prices++] = (struct price){
            .model = key_hash(key, KEY_IDENTITY, file->prices[i].model, strlen(file->prices[i].model)),
            .input_per_million = file->prices[i].input_per_million,
            .output_per_million = file->prices[i].output_per_million,
        };
    }
    qsort(policy->prices, policy->n_prices, sizeof *policy->prices, compare_price);
fail:
    return st;
}

static enum status load(struct span yaml, const struct key *key, struct policy *policy, struct diag *diag)
{
    enum status st = STATUS_OK;
    struct places places = { 0 };
    void *read = NULL;
    TRY(places_read(yaml, &places, diag));
    TRY(yaml_file_read(yaml, &policy_schema, &places, &read, diag));
    if (read) {
        const struct loader loader = { .places = &places, .file = read, .policy = policy, .diag = diag };
        TRY(apply_settings(&loader));
        TRY(check_contradictions(&loader));
        TRY(apply_allow(&loader, key));
        TRY(apply_prices(&loader, key));
    }
fail:
    yaml_file_free(&policy_schema, read);
    places_fini(&places);
    return st;
}

enum status policy_read(
    struct span yaml, const struct key *key, struct policy **ret_policy, struct diag *diag)
{
    enum status st = STATUS_OK;
    struct policy *policy = NULL;
    TRY(policy_default(key, &policy));
    if (yaml.n > 0)
        TRY(load(yaml, key, policy, diag));
    *ret_policy = policy;
    policy = NULL;
fail:
    policy_free(policy);
    return st;
}

enum status policy_load(
    const char *path, const struct key *key, struct policy **ret_policy, struct diag *diag)
{
    enum status st = STATUS_OK;
    struct span yaml = { 0 };
    TRY(yaml_file_bytes(path, &yaml, diag));
    st = policy_read(yaml, key, ret_policy, diag);
fail:
    free((void *)yaml.data);
    return st;
}
