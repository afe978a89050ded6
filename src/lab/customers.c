#include "lab/customers.h"

#include "base/yaml.h"
#include "lab/builtin.h"
#include "lab/customers_schema.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum status text_habits_check(
    const struct text_habits *text, const char *path, const struct places *places, struct diag *diag)
{
    enum status st = STATUS_OK;
    char below[PLACE_PATH];
    snprintf(below, sizeof below, "%s.", path);
    TRY(bounds_check(text_bounds, text_bounds_n, text, below, places, diag));
    snprintf(below, sizeof below, "%s.pools", path);
    TRY(bounds_weights(text->pools ? text->pools->of : NULL, pool_weight_fields, below, places, diag));
fail:
    return st;
}

enum status call_habits_check(
    const struct call_habits *call, const char *path, const struct places *places, struct diag *diag)
{
    enum status st = STATUS_OK;
    char below[PLACE_PATH];
    snprintf(below, sizeof below, "%s.", path);
    TRY(bounds_check(call_bounds, call_bounds_n, call, below, places, diag));
    snprintf(below, sizeof below, "%s.temperature_milli", path);
    if (call->temperature_milli && *call->temperature_milli > 2000)
        st = bounds_refuse(below, "must be between 0 and 2000", places, diag);
fail:
    return st;
}

static enum status check(const void *data, const struct places *places, struct diag *diag)
{
    enum status st = STATUS_OK;
    const struct customers *population = data;
    const struct organisation_habits *organisation = &population->organisation;
    const struct network_weights *networks = population->networks;
    const struct client_weights *clients = population->clients;
    const struct api_weights *apis = population->apis;
    TRY(bounds_check(customers_bounds, customers_bounds_n, population, "", places, diag));
    TRY(text_habits_check(&population->text, "text", places, diag));
    TRY(call_habits_check(&population->call, "call", places, diag));
    TRY(bounds_weights(networks ? networks->of : NULL, network_weight_fields, "networks", places, diag));
    TRY(bounds_weights(clients ? clients->of : NULL, client_weight_fields, "clients", places, diag));
    TRY(bounds_weights(apis ? apis->of : NULL, api_weight_fields, "apis", places, diag));
    if (organisation->size_max > 0 && organisation->size_min > organisation->size_max)
        st = bounds_refuse("organisation.size_min", "is above size_max", places, diag);
    else if (population->text.tasks == TASKS_SHARED && population->text.tasks_n == 0)
        st = bounds_refuse("text.tasks", "needs tasks_n, how many are shared", places, diag);
fail:
    return st;
}

enum status customers_read(
    struct span yaml, const char *name, struct customers **ret_population, struct diag *diag)
{
    void *read;
    enum status st = yaml_file_parse(yaml, name, &customers_schema, check, &read, diag);
    if (st == STATUS_OK)
        *ret_population = read;
    return st;
}

void customers_free(struct customers *population)
{
    yaml_file_free(&customers_schema, population);
}

enum status customer_kinds_builtin(struct customer_kinds *ret_populations, struct diag *diag)
{
    enum status st = STATUS_OK;
    size_t n = builtin_count(BUILTIN_POPULATION);
    struct customer_kinds list = { 0 };
    list.items = calloc(n ? n : 1, sizeof *list.items); // NOLINT(bugprone-sizeof-expression): pointers
    REQUIRE(list.items, STATUS_NOMEM);
    for (size_t i = 0; i < n; i++) {
        const struct builtin *file = builtin_at(BUILTIN_POPULATION, i);
        TRY(customers_read(file->text, file->name, &list.items[i], diag));
        list.n++;
    }
    *ret_populations = list;
    return st;
fail:
    customer_kinds_free(&list);
    return st;
}

void customer_kinds_free(struct customer_kinds *populations)
{
    for (size_t i = 0; i < populations->n; i++)
        customers_free(populations->items[i]);
    free(populations->items);
    *populations = (struct customer_kinds){ 0 };
}

const struct customers *customer_kinds_find(const struct customer_kinds *populations, const char *name)
{
    for (size_t i = 0; i < populations->n; i++)
        if (strcmp(populations->items[i]->name, name) == 0)
            return populations->items[i];
    return NULL;
}

double customers_mean_per_day(const struct customers *population)
{
    double mean = population->per_day * exp(population->sigma * population->sigma / 2);
    return mean * (1 - population->away);
}
