/*
 * bounds.h: numbers of a scenario or population file that lie outside of their range, named with their place.
 *
 * Model: libcyaml checks types; what a number may be stands in tables beside the schema (customers_schema.h).
 * Errors: STATUS_BAD with path and reason, and line and column where the file has the path.
 */
#ifndef LAB_BOUNDS_H
#define LAB_BOUNDS_H

#include "base/diag.h"
#include "base/places.h"
#include "base/status.h"

#include <cyaml/cyaml.h>
#include <stdbool.h>
#include <stddef.h>

/* The range of a number at a place of a struct. */
struct bound {
    const char *path;
    size_t offset;
    double min, max;
    bool whole; /* a uint32_t, else a double */
};

/* The first number of the table that is out of its range; prefix comes before the table's paths. */
MUST_CHECK enum status bounds_check(const struct bound *bounds, size_t n, const void *of, const char *prefix,
    const struct places *places, struct diag *diag);
/* A table of weights: none below 0, not all of them 0. names: the schema's fields, each a double of weights. NULL
 * weights are none. */
MUST_CHECK enum status bounds_weights(const double *weights, const cyaml_schema_field_t *names,
    const char *path, const struct places *places, struct diag *diag);
/* STATUS_BAD, said of that path. */
MUST_CHECK enum status bounds_refuse(
    const char *path, const char *reason, const struct places *places, struct diag *diag);

#endif
