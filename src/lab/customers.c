#include "lab/customers.h"

#include "base/number.h"
#include "base/yaml.h"
#include "lab/builtin.h"
#include "lab/customers_schema.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum status bounds_check(const struct bound *bounds, size_t n, const void *of, const char *prefix,
    const struct places *places, struct diag *diag)
{
    for (size_t i = 0; i < n; i++) {
        char path[PLACE_PATH], low[NUMBER_TEXT_BYTES], high[NUMBER_TEXT_BYTES];
        double value;
        memcpy(&value, (const char *)of + bounds[i].offset, sizeof value);
        if (value >= bounds[i].min && value <= bounds[i].max)
            continue;
        snprintf(path, sizeof path, "%s%s", prefix, bounds[i].path);
        number_format(bounds[i].min, low);
        number_format(bounds[i].max, high);
        diag_set(diag, path, "must be between %s and %s", low, high);
        const struct place *place = places_find(places, path);
        if (place && diag) {
            diag->line = place->line;
            diag->column = place->column;
        }
        return STATUS_BAD;
    }
    return STATUS_OK;
}

static enum status check(const struct customers *population, const struct places *places, struct diag *diag)
{
    enum status st = STATUS_OK;
    TRY(bounds_check(customers_bounds, customers_bounds_n, population, "", places, diag));
    if (population->organisation.size_min > population->organisation.size_max) {
        diag_set(diag, "organisation.size_min", "is above size_max");
        st = STATUS_BAD;
    } else if (population->text.tasks == TASKS_SHARED && population->text.tasks_n == 0) {
        diag_set(diag, "text.tasks_n", "must say how many tasks are shared");
        st = STATUS_BAD;
    }
fail:
    return st;
}

enum status customers_read(
    struct span yaml, const char *name, struct customers **ret_population, struct diag *diag)
{
    enum status st = STATUS_OK;
    struct places places = { 0 };
    void *read = NULL;
    if (diag)
        *diag = (struct diag){ .file = name };
    TRY(places_read(yaml, &places, diag));
    TRY(yaml_file_read(yaml, &customers_schema, &places, &read, diag));
    if (!read)
        diag_set(diag, "", "is empty");
    REQUIRE(read, STATUS_BAD);
    TRY(check(read, &places, diag));
    *ret_population = read;
    read = NULL;
fail:
    places_fini(&places);
    yaml_file_free(&customers_schema, read);
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
    struct customer_kinds list = { calloc(n ? n : 1, sizeof *list.items), 0 };
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
