#include "lab/scenario.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/yaml.h"
#include "lab/builtin.h"
#include "lab/scenario_schema.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FILE_MAX = 1 << 20 };

static enum status refuse(struct diag *diag, const char *path, const char *reason)
{
    diag_set(diag, path, "%s", reason);
    return STATUS_BAD;
}

static enum status check_campaign(
    const struct scenario *scenario, uint32_t at, const struct places *places, struct diag *diag)
{
    enum status st = STATUS_OK;
    char prefix[48];
    const struct campaign_plan *plan = &scenario->campaigns[at];
    snprintf(prefix, sizeof prefix, "campaigns[%u].", at);
    TRY(bounds_check(campaign_bounds, campaign_bounds_n, plan, prefix, places, diag));
    for (uint32_t i = 0; i < plan->n_jobs; i++) {
        char job[96];
        snprintf(job, sizeof job, "%sjobs[%u].", prefix, i);
        TRY(bounds_check(job_bounds, job_bounds_n, &plan->jobs[i], job, places, diag));
    }
    for (uint32_t i = 0; i < at; i++)
        if (strcmp(scenario->campaigns[i].name, plan->name) == 0)
            return refuse(diag, prefix, "another campaign has this name");
    for (uint32_t i = 0; i < plan->identity.n_countries; i++)
        if (country_find(plan->identity.countries[i]) == COUNTRY_COUNT)
            return refuse(
                diag, prefix, "identity.countries names a country that the simulation does not have");
    bool found = !plan->pool_of;
    for (uint32_t i = 0; i < at && !found; i++)
        found = strcmp(scenario->campaigns[i].name, plan->pool_of) == 0;
    if (!found)
        return refuse(diag, prefix, "pool_of names no campaign before it");
fail:
    return st;
}

static enum status check(const struct scenario *scenario, const struct places *places, struct diag *diag)
{
    enum status st = STATUS_OK;
    int64_t start_ms;
    TRY(bounds_check(scenario_bounds, scenario_bounds_n, scenario, "", places, diag));
    for (uint32_t i = 0; i < scenario->n_campaigns; i++)
        TRY(check_campaign(scenario, i, places, diag));
    if (scenario->start && clock_parse(span_of(scenario->start), &start_ms) != STATUS_OK)
        return refuse(diag, "start", "is not a time like 2026-05-04T00:00:00Z");
    if (scenario->benign_share > 0 && scenario->n_campaigns == 0)
        return refuse(diag, "benign_share", "needs a campaign to be a share beside");
fail:
    return st;
}

enum status scenario_read(
    struct span yaml, const char *name, struct scenario **ret_scenario, struct diag *diag)
{
    enum status st = STATUS_OK;
    struct places places = { 0 };
    void *read = NULL;
    if (diag)
        *diag = (struct diag){ .file = name };
    TRY(places_read(yaml, &places, diag));
    TRY(yaml_file_read(yaml, &scenario_schema, &places, &read, diag));
    if (!read)
        diag_set(diag, "", "is empty");
    REQUIRE(read, STATUS_BAD);
    TRY(check(read, &places, diag));
    *ret_scenario = read;
    read = NULL;
fail:
    places_fini(&places);
    yaml_file_free(&scenario_schema, read);
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
    st = file_read(name_or_path, FILE_MAX, &yaml);
    if (st == STATUS_IO)
        diag_set(diag, "", "cannot be read");
    else if (st == STATUS_TOO_BIG)
        diag_set(diag, "", "is over 1 MiB");
    TRY(st);
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
