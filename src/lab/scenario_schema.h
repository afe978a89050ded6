/*
 * scenario_schema.h: the keys of a scenario file, as customers_schema.h.
 */
#ifndef LAB_SCENARIO_SCHEMA_H
#define LAB_SCENARIO_SCHEMA_H

#include "lab/customers_schema.h"
#include "lab/scenario.h"

extern const cyaml_schema_value_t scenario_schema;
extern const struct bound scenario_bounds[], campaign_bounds[], job_bounds[], use_bounds[], raid_bounds[],
    release_bounds[];
extern const size_t scenario_bounds_n, campaign_bounds_n, job_bounds_n, use_bounds_n, raid_bounds_n,
    release_bounds_n;

#endif
