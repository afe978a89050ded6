/*
 * stages.h: one tick through the partitions of accounts and objects.
 *
 * Model: records are dealt to account partitions by the top bits of the account hash, sightings to object
 *   partitions by those of the object key; every list keeps the order in which it was filled, partition by
 *   partition, so that the merge is fixed. Small ticks run on the caller's thread.
 */
#ifndef ENGINE_STAGES_H
#define ENGINE_STAGES_H

#include "base/workers.h"
#include "engine/engine.h"
#include "engine/order.h"

struct account_partition {
    struct account_table *table;
    const struct record **records; /* of this tick */
    size_t n_records, records_capacity;
    struct sighting_list sightings;
    struct usage_list usages;
    uint64_t *evicted;
    size_t n_evicted, evicted_capacity;
};

struct object_partition {
    struct object_table *table;
    struct sighting_list sightings;
    struct tie_list ties;
};

struct stages {
    struct account_partition accounts[ENGINE_PARTITIONS];
    struct object_partition objects[ENGINE_PARTITIONS];
    struct workers *workers;
    struct population population;
    const struct engine_sink *sink;
};

static inline unsigned account_partition_of(uint64_t account)
{
    return (unsigned)(account >> 62) % ENGINE_PARTITIONS;
}

static inline unsigned object_partition_of(uint64_t object)
{
    return (unsigned)(object >> 62) % ENGINE_PARTITIONS;
}

/* Budgets by partition for this many accounts in all. */
struct account_config stages_account_config(const struct engine_config *config);
struct object_config stages_object_config(const struct engine_config *config);

MUST_CHECK enum status stages_init(
    struct stages *stages, const struct engine_config *config, const struct engine_sink *sink);
void stages_fini(struct stages *stages);

/* Applies the first n waiting records; afterwards usages, evicted and ties of the partitions are those of the tick. */
MUST_CHECK enum status stages_run(struct stages *stages, const struct order *order, size_t n);
void stages_measure_population(struct stages *stages);

#endif
