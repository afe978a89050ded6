/*
 * customers_schema.h: the keys of a population file and of what scenarios share with it: types, words, ranges.
 *
 * Model: libcyaml reads straight into struct customers: an absent key leaves 0, which every field documents.
 */
#ifndef LAB_CUSTOMERS_SCHEMA_H
#define LAB_CUSTOMERS_SCHEMA_H

#include "lab/customers.h"

#include <cyaml/cyaml.h>

extern const cyaml_schema_value_t customers_schema;
/* Tables that scenarios use too. */
extern const cyaml_schema_field_t pool_weight_fields[], network_weight_fields[], client_weight_fields[],
    api_weight_fields[], text_fields[], call_fields[];
extern const cyaml_strval_t rhythm_words[RHYTHM_COUNT], frame_words[FRAME_KIND_COUNT];

/* The range of a number (a double) at a place of a struct. */
struct bound {
    const char *path;
    size_t offset;
    double min, max;
};
extern const struct bound customers_bounds[];
extern const size_t customers_bounds_n;

/* STATUS_BAD with the path, and the line where places has it, of the first number out of its range. */
struct places;
MUST_CHECK enum status bounds_check(const struct bound *bounds, size_t n, const void *of, const char *prefix,
    const struct places *places, struct diag *diag);

#endif
