#include "engine/stages.h"

#include "account/list.h"

#include <stdlib.h>

/* Below this a tick is not worth waking a thread for. */
enum { PARALLEL_RECORDS = 512, PREFETCH_AHEAD = 4 };

_Static_assert(ENGINE_PARTITIONS == 4, "partitions are the top two bits");

struct account_config stages_account_config(const struct engine_config *config)
{
    return (struct account_config) {
        .capacity = config->accounts_max / ENGINE_PARTITIONS + 1,
        .usage_all = policy_wants_usage(config->policy),
    };
}

struct object_config stages_object_config(const struct engine_config *config)
{
    size_t accounts = config->accounts_max / ENGINE_PARTITIONS + 1;
    return (struct object_config) {
        .singles_bytes = accounts * 224,
        .shared_bytes = accounts * 160,
        .issued_bytes = config->issued_bytes / ENGINE_PARTITIONS,
    };
}

enum status stages_init(
    struct stages *stages, const struct engine_config *config, const struct engine_sink *sink)
{
    enum status st = STATUS_OK;
    struct account_config accounts = stages_account_config(config);
    struct object_config objects = stages_object_config(config);
    *stages = (struct stages) { .sink = sink };
    for (unsigned i = 0; i < ENGINE_PARTITIONS; i++) {
        TRY(account_table_new(&accounts, &stages->accounts[i].table));
        TRY(object_table_new(&objects, &stages->objects[i].table));
    }
    TRY(workers_new(config->n_threads, &stages->workers));
    return STATUS_OK;
fail:
    stages_fini(stages);
    return st;
}

void stages_fini(struct stages *stages)
{
    workers_free(stages->workers);
    for (unsigned i = 0; i < ENGINE_PARTITIONS; i++) {
        struct account_partition *a = &stages->accounts[i];
        struct object_partition *o = &stages->objects[i];
        account_table_free(a->table);
        sighting_list_fini(&a->sightings);
        usage_list_fini(&a->usages);
        free(a->records);
        free(a->evicted);
        object_table_free(o->table);
        sighting_list_fini(&o->sightings);
        tie_list_fini(&o->ties);
    }
    *stages = (struct stages) { 0 };
}

static enum status deal_record(struct account_partition *p, const struct record *record)
{
    enum status st = STATUS_OK;
    if (p->n_records == p->records_capacity) {
        size_t wider = p->records_capacity ? p->records_capacity * 2 : 64;
        const struct record **grown = realloc(p->records, wider * sizeof *grown);
        REQUIRE(grown, STATUS_NOMEM);
        p->records = grown;
        p->records_capacity = wider;
    }
    p->records[p->n_records++] = record;
fail:
    return st;
}

static enum status note_evicted(struct account_partition *p, uint64_t account)
{
    enum status st = STATUS_OK;
    if (p->n_evicted == p->evicted_capacity) {
        size_t wider = p->evicted_capacity ? p->evicted_capacity * 2 : 16;
        uint64_t *grown = realloc(p->evicted, wider * sizeof *grown);
        REQUIRE(grown, STATUS_NOMEM);
        p->evicted = grown;
        p->evicted_capacity = wider;
    }
    p->evicted[p->n_evicted++] = account;
fail:
    return st;
}

static enum status run_accounts(void *context, size_t i)
{
    enum status st = STATUS_OK;
    struct stages *stages = context;
    struct account_partition *p = &stages->accounts[i];
    for (size_t j = 0; j < p->n_records; j++) {
        uint64_t evicted = 0;
        size_t from = p->sightings.n;
        if (j + PREFETCH_AHEAD < p->n_records)
            account_prefetch(p->table, p->records[j + PREFETCH_AHEAD]->account);
        if (p->records[j]->kind == RECORD_RELEASE) {
            account_release(p->table, p->records[j]);
            continue;
        }
        TRY(account_apply(p->table, p->records[j], &p->sightings, &p->usages, &evicted));
        if (stages->sink->observe)
            stages->sink->observe(
                stages->sink->context, p->records[j], p->sightings.items + from, p->sightings.n - from);
        if (evicted)
            TRY(note_evicted(p, evicted));
    }
fail:
    return st;
}

static enum status run_objects(void *context, size_t i)
{
    struct stages *stages = context;
    struct object_partition *p = &stages->objects[i];
    return object_apply(p->table, p->sightings.items, p->sightings.n, &stages->population, &p->ties);
}

static enum status deal_records(struct stages *stages, const struct order *order, size_t n)
{
    enum status st = STATUS_OK;
    for (unsigned i = 0; i < ENGINE_PARTITIONS; i++) {
        struct account_partition *a = &stages->accounts[i];
        struct object_partition *o = &stages->objects[i];
        a->n_records = a->n_evicted = a->sightings.n = a->usages.n = 0;
        o->sightings.n = o->ties.n = 0;
    }
    for (size_t i = 0; i < n; i++) {
        const struct record *record = order_at(order, i);
        if (record->kind != RECORD_RELEASE) {
            TRY(deal_record(&stages->accounts[account_partition_of(record->account)], record));
            continue;
        }
        for (unsigned j = 0; j < ENGINE_PARTITIONS; j++)
            TRY(deal_record(&stages->accounts[j], record));
    }
fail:
    return st;
}

static enum status deal_sightings(struct stages *stages)
{
    enum status st = STATUS_OK;
    for (unsigned i = 0; i < ENGINE_PARTITIONS; i++) {
        const struct sighting_list *list = &stages->accounts[i].sightings;
        for (size_t j = 0; j < list->n; j++) {
            struct object_partition *p = &stages->objects[object_partition_of(list->items[j].object)];
            TRY(sighting_list_reserve(&p->sightings, 1));
            p->sightings.items[p->sightings.n++] = list->items[j];
        }
    }
fail:
    return st;
}

static enum status run_all(struct stages *stages, bool parallel, enum status (*work)(void *, size_t))
{
    enum status st = STATUS_OK;
    if (parallel)
        return workers_run(stages->workers, ENGINE_PARTITIONS, work, stages);
    for (size_t i = 0; i < ENGINE_PARTITIONS; i++)
        TRY(work(stages, i));
fail:
    return st;
}

enum status stages_run(struct stages *stages, const struct order *order, size_t n)
{
    enum status st = STATUS_OK;
    /* An observer is called by the stages: it must see one record at a time. */
    bool parallel = n >= PARALLEL_RECORDS && !stages->sink->observe;
    TRY(deal_records(stages, order, n));
    TRY(run_all(stages, parallel, run_accounts));
    TRY(deal_sightings(stages));
    TRY(run_all(stages, parallel, run_objects));
fail:
    return st;
}

void stages_measure_population(struct stages *stages)
{
    struct population_sketch sketch = { 0 };
    for (unsigned i = 0; i < ENGINE_PARTITIONS; i++)
        account_population(stages->accounts[i].table, &sketch);
    population_estimate(&sketch, &stages->population);
}
