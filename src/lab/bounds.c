#include "lab/bounds.h"

#include "base/number.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum status bounds_refuse(
    const char *path, const char *reason, const struct places *places, struct diag *diag)
{
    const struct place *place = places_find(places, path);
    diag_set(diag, path, "%s", reason);
    if (place && diag) {
        diag->line = place->line;
        diag->column = place->column;
    }
    return STATUS_BAD;
}

static double number_at(const struct bound *bound, const void *of)
{
    double number;
    uint32_t whole;
    const char *at = (const char *)of + bound->offset;
    if (bound->whole) {
        memcpy(&whole, at, sizeof whole);
        return whole;
    }
    memcpy(&number, at, sizeof number);
    return number;
}

enum status bounds_check(const struct bound *bounds, size_t n, const void *of, const char *prefix,
    const struct places *places, struct diag *diag)
{
    for (size_t i = 0; i < n; i++) {
        char path[PLACE_PATH], low[NUMBER_TEXT_BYTES], high[NUMBER_TEXT_BYTES], reason[96];
        double value = number_at(&bounds[i], of);
        if (value >= bounds[i].min && value <= bounds[i].max)
            continue;
        snprintf(path, sizeof path, "%s%s", prefix, bounds[i].path);
        number_format(bounds[i].min, low);
        number_format(bounds[i].max, high);
        snprintf(reason, sizeof reason, "must be between %s and %s", low, high);
        return bounds_refuse(path, reason, places, diag);
    }
    return STATUS_OK;
}

enum status bounds_weights(const double *weights, const cyaml_schema_field_t *names, const char *path,
    const struct places *places, struct diag *diag)
{
    double sum = 0;
    if (!weights)
        return STATUS_OK;
    for (; names->key; names++) {
        char one[PLACE_PATH];
        double weight = weights[names->data_offset / sizeof *weights];
        snprintf(one, sizeof one, "%s.%s", path, names->key);
        if (!(weight >= 0 && weight <= 1e6))
            return bounds_refuse(one, "a weight must be between 0 and 1e6", places, diag);
        sum += weight;
    }
    if (!(sum > 0))
        return bounds_refuse(path, "nothing here has a weight above 0", places, diag);
    return STATUS_OK;
}
