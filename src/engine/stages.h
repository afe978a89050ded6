/*
 * stages.h: ticks through the partitions of accounts and objects.
 *
 * Model: records are dealt to account partitions by the top bits of the account hash, sightings to object
 *   partitions by those of the object key; every list keeps the order in which it was filled, partition by
 *   partition, so that the merge is fixed. A *run* is one or more ticks that go through a stage together, because a
 *   tick of a few records leaves nothing to fetch ahead: lists hold one tick after the other, and what each
 *   object sees is the same as if they had come one by one. Small runs stay on the caller's thread.
 */
#ifndef ENGINE_STAGES_H
#define ENGINE_STAGES_H

#include "base/workers.h"
#include "engine/engine.h"
#include "engine/order.h"

enum { RUN_TICKS = 256 };

/* Where a tick's part of a list ends; it begins where that of the tick before it does. */
struct account_ends {
    size_t records, sightings, usages, evicted;
};
struct object_ends {
    size_t sightings[RUN_TICKS], ties[RUN_TICKS];
};

struct account_partition {
    struct account_table *table;
    const struct record **records; /* of this run */
    size_t n_records, records_capacity;
    struct sighting_list sightings;
    struct usage_list usages;
    uint64_t *evicted; /* and not back by the end of their tick */
    size_t n_evicted, evicted_capacity;
    struct account_ends ends[RUN_TICKS];
};

struct object_partition {
    struct object_table *table;
    struct sighting_list sightings;
    struct tie_list ties;
    struct object_ends ends;
};

struct stages {
    struct account_partition accounts[ENGINE_PARTITIONS];
    struct object_partition objects[ENGINE_PARTITIONS];
    struct workers *workers;
    size_t n_ticks; /* of this run */
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

/* Applies the first n waiting records as one tick; afterwards the lists of the partitions are those of the tick. */
MUST_CHECK enum status stages_run(struct stages *stages, const struct order *order, size_t n);
/* The same for up to RUN_TICKS ticks of n_records[i] records, the first waiting ones. */
MUST_CHECK enum status stages_run_ticks(
    struct stages *stages, const struct order *order, const size_t *n_records, size_t n_ticks);
void stages_measure_population(struct stages *stages);

#endif
