#include "lab/scenario.h"

#include "base/clock.h"
#include "base/utf8.h"
#include "base/yaml.h"
#include "lab/builtin.h"
#include "lab/scenario_schema.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Where in a file the check stands, and how it says so. */
struct checker {
    const struct scenario *scenario;
    const struct places *places;
    struct diag *diag;
    char path[PLACE_PATH]; /* of the group at hand */
};

/* path and what is below it; valid until the next call. */
static const char *below(const struct checker *checker, char *ret_path, const char *member)
{
    snprintf(ret_path, PLACE_PATH, "%s.%s", checker->path, member);
    return ret_path;
}

static enum status refuse(const struct checker *checker, const char *member, const char *reason)
{
    char path[PLACE_PATH];
    return bounds_refuse(below(checker, path, member), reason, checker->places, checker->diag);
}

static enum status check_numbers(
    const struct checker *checker, const struct bound *bounds, size_t n, const void *of)
{
    char path[PLACE_PATH];
    return bounds_check(bounds, n, of, below(checker, path, ""), checker->places, checker->diag);
}

static enum status check_jobs(struct checker *checker, const struct campaign_plan *plan, uint32_t at)
{
    enum status st = STATUS_OK;
    char path[PLACE_PATH];
    for (uint32_t i = 0; i < plan->n_jobs; i++) {
        snprintf(checker->path, PLACE_PATH, "campaigns[%u].jobs[%u]", at, i);
        TRY(check_numbers(checker, job_bounds, job_bounds_n, &plan->jobs[i]));
        TRY(text_habits_check(
            &plan->jobs[i].text, below(checker, path, "text"), checker->places, checker->diag));
    }
fail:
    return st;
}

static enum status check_raids(struct checker *checker, const struct campaign_plan *plan, uint32_t at)
{
    enum status st = STATUS_OK;
    for (uint32_t i = 0; i < plan->n_raids; i++) {
        snprintf(checker->path, PLACE_PATH, "campaigns[%u].raids[%u]", at, i);
        TRY(check_numbers(checker, raid_bounds, raid_bounds_n, &plan->raids[i]));
        if (i > 0 && plan->raids[i].day < plan->raids[i - 1].day)
            return refuse(checker, "day", "is before the raid above it");
    }
fail:
    return st;
}

static enum status check_identity(struct checker *checker, const struct identity_plan *plan, uint32_t at)
{
    enum status st = STATUS_OK;
    char path[PLACE_PATH];
    const struct places *places = checker->places;
    const double *networks = plan->networks ? plan->networks->of : NULL;
    const double *clients = plan->clients ? plan->clients->of : NULL;
    const double *apis = plan->apis ? plan->apis->of : NULL;
    snprintf(checker->path, PLACE_PATH, "campaigns[%u].identity", at);
    TRY(bounds_weights(
        networks, network_weight_fields, below(checker, path, "networks"), places, checker->diag));
    TRY(bounds_weights(
        clients, client_weight_fields, below(checker, path, "clients"), places, checker->diag));
    TRY(bounds_weights(apis, api_weight_fields, below(checker, path, "apis"), places, checker->diag));
    for (uint32_t i = 0; i < plan->n_countries; i++) {
        char entry[24];
        snprintf(entry, sizeof entry, "countries[%u]", i);
        if (country_find(plan->countries[i]) == COUNTRY_COUNT)
            return refuse(checker, entry, "the simulation does not have this country");
    }
fail:
    return st;
}

/* A campaign before this one. */
static bool is_before(const struct scenario *scenario, uint32_t at, const char *name)
{
    for (uint32_t i = 0; i < at; i++)
        if (strcmp(scenario->campaigns[i].name, name) == 0)
            return true;
    return false;
}

/* Tables and the truth have them, and go to a terminal. */
static bool is_name(const char *text)
{
    return !utf8_has_control(text, strlen(text));
}

static const char control[] = "has a control character";

static enum status check_campaign(struct checker *checker, uint32_t at)
{
    enum status st = STATUS_OK;
    char path[PLACE_PATH];
    const struct campaign_plan *plan = &checker->scenario->campaigns[at];
    snprintf(checker->path, PLACE_PATH, "campaigns[%u]", at);
    TRY(check_numbers(checker, campaign_bounds, campaign_bounds_n, plan));
    TRY(call_habits_check(&plan->call, below(checker, path, "call"), checker->places, checker->diag));
    if (plan->from_day >= checker->scenario->days)
        return refuse(checker, "from_day", "is not within the days of the scenario");
    if (!is_name(plan->name))
        return refuse(checker, "name", control);
    if (is_before(checker->scenario, at, plan->name))
        return refuse(checker, "name", "another campaign has this name");
    if (plan->pool_of && !is_before(checker->scenario, at, plan->pool_of))
        return refuse(checker, "pool_of", "names no campaign before this one");
    TRY(check_jobs(checker, plan, at));
    TRY(check_identity(checker, &plan->identity, at));
    TRY(check_raids(checker, plan, at));
fail:
    return st;
}

static enum status check_benign(struct checker *checker, uint32_t at)
{
    enum status st = STATUS_OK;
    const struct benign_use *use = &checker->scenario->benign[at];
    snprintf(checker->path, PLACE_PATH, "benign[%u]", at);
    TRY(check_numbers(checker, use_bounds, use_bounds_n, use));
    if (!builtin_find(BUILTIN_POPULATION, use->population))
        return refuse(checker, "population", "no population of that name is built in");
fail:
    return st;
}

static enum status check_release(struct checker *checker, uint32_t at)
{
    enum status st = STATUS_OK;
    const struct release_plan *plans = checker->scenario->releases;
    snprintf(checker->path, PLACE_PATH, "releases[%u]", at);
    TRY(check_numbers(checker, release_bounds, release_bounds_n, &plans[at]));
    if (at > 0 && plans[at].day < plans[at - 1].day)
        return refuse(checker, "day", "is before the release above it");
fail:
    return st;
}

static enum status check_start(const struct checker *checker)
{
    const int64_t year_1971_ms = INT64_C(31536000000); /* so that no local time is before 1970 */
    const char *start = checker->scenario->start;
    int64_t start_ms;
    if (!start)
        return STATUS_OK;
    if (clock_parse(span_of(start), &start_ms) != STATUS_OK)
        return bounds_refuse(
            "start", "is not a time like 2026-05-04T00:00:00Z", checker->places, checker->diag);
    if (start_ms < year_1971_ms || start_ms > CLOCK_MAX_MS / 2)
        return bounds_refuse("start", "must be after 1970 and before 5900", checker->places, checker->diag);
    return STATUS_OK;
}

static enum status check(const void *data, const struct places *places, struct diag *diag)
{
    enum status st = STATUS_OK;
    const struct scenario *scenario = data;
    struct checker checker = { scenario, places, diag, "" };
    TRY(bounds_check(scenario_bounds, scenario_bounds_n, scenario, "", places, diag));
    TRY(check_start(&checker));
    if (!is_name(scenario->name) || !is_name(scenario->title))
        return bounds_refuse(is_name(scenario->title) ? "name" : "title", control, places, diag);
    if (scenario->benign_share > 0 && scenario->n_campaigns == 0)
        return bounds_refuse("benign_share", "needs a campaign to be a share beside", places, diag);
    for (uint32_t i = 0; i < scenario->n_campaigns; i++)
        TRY(check_campaign(&checker, i));
    for (uint32_t i = 0; i < scenario->n_benign; i++)
        TRY(check_benign(&checker, i));
    for (uint32_t i = 0; i < scenario->n_releases; i++)
        TRY(check_release(&checker, i));
fail:
    return st;
}

enum status scenario_read(
    struct span yaml, const char *name, struct scenario **ret_scenario, struct diag *diag)
{
    void *read;
    enum status st = yaml_file_parse(yaml, name, &scenario_schema, check, &read, diag);
    if (st == STATUS_OK)
        *ret_scenario = read;
    return st;
}

static bool is_path(const char *name)
{
    size_t n = strlen(name);
    return strchr(name, '/') || (n > 5 && strcmp(name + n - 5, ".yaml") == 0);
}

enum status scenario_load(const char *name_or_path, struct scenario **ret_scenario, struct diag *diag)
{
    enum status st = STATUS_OK;
    struct span yaml = { 0 };
    if (diag)
        *diag = (struct diag){ .file = name_or_path };
    if (!is_path(name_or_path)) {
        const struct builtin *file = builtin_find(BUILTIN_SCENARIO, name_or_path);
        if (file)
            return scenario_read(file->text, name_or_path, ret_scenario, diag);
        diag_set(diag, "", "no scenario of that name is built in");
        return STATUS_NOT_FOUND;
    }
    TRY(yaml_file_bytes(name_or_path, &yaml, diag));
    TRY(scenario_read(yaml, name_or_path, ret_scenario, diag));
fail:
    free((void *)(uintptr_t)yaml.data);
    return st;
}

void scenario_free(struct scenario *scenario)
{
    yaml_file_free(&scenario_schema, scenario);
}

double campaign_plan_per_day(const struct campaign_plan *plan)
{
    return plan->accounts * plan->per_day;
}
