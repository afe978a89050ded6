/*
 * customers_schema.h: the keys of a population file and of what scenarios share with it: types, words, ranges.
 *
 * Model: libcyaml reads straight into struct customers: an absent key leaves 0, which every field documents.
 */
#ifndef LAB_CUSTOMERS_SCHEMA_H
#define LAB_CUSTOMERS_SCHEMA_H

#include "lab/bounds.h"
#include "lab/customers.h"

extern const cyaml_schema_value_t customers_schema;
/* Tables that scenarios use too. */
extern const cyaml_schema_field_t pool_weight_fields[], network_weight_fields[], client_weight_fields[],
    api_weight_fields[], text_fields[], call_fields[];
extern const cyaml_strval_t rhythm_words[RHYTHM_COUNT], frame_words[FRAME_KIND_COUNT];

extern const struct bound customers_bounds[], text_bounds[], call_bounds[];
extern const size_t customers_bounds_n, text_bounds_n, call_bounds_n;

#endif
