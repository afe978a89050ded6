#include "engine/stages.h"

#include "account/list.h"

#include <stdlib.h>

/* Below this a tick is not worth waking a thread for. */
enum { PARALLEL_RECORDS = 512, PREFETCH_AHEAD = 4 };

_Static_assert(ENGINE_PARTITIONS == 4, "partitions are the top two bits");

struct account_config stages_account_config(const struct engine_config *config)
{
    return (struct account_config){
        .capacity = config->accounts_max / ENGINE_PARTITIONS + 1,
        .usage_all = policy_wants_usage(config->policy),
    };
}

/* 520 bytes an account, 344 for what it shows, and up to 145 in the graph of campaigns: 1 KiB in all. */
struct object_config stages_object_config(const struct engine_config *config)
{
    size_t accounts = config->accounts_max / ENGINE_PARTITIONS + 1;
    return (struct object_config){
        .singles_bytes = accounts * 216,
        .shared_bytes = accounts * 128,
        .issued_bytes = config->issued_bytes / ENGINE_PARTITIONS,
    };
}

enum status stages_init(
    struct stages *stages, const struct engine_config *config, const struct engine_sink *sink)
{
    enum status st = STATUS_OK;
    struct account_config accounts = stages_account_config(config);
    struct object_config objects = stages_object_config(config);
    *stages = (struct stages){ .sink = sink };
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
    *stages = (struct stages){ 0 };
}

static enum status take_record(struct account_partition *p, const struct record *record)
{
    enum status st = STATUS_OK;
    if (p->n_records == p->records_capacity) {
        size_t wider = p->records_capacity ? p->records_capacity * 2 : 64;
        const struct record **grown = realloc(p->records, wider * sizeof(void *));
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

static enum status run_record(struct stages *stages, struct account_partition *p, size_t i)
{
    enum status st = STATUS_OK;
    const struct record *record = p->records[i];
    uint64_t evicted = 0;
    size_t from = p->sightings.n;
    if (i + PREFETCH_AHEAD < p->n_records)
        account_prefetch(p->table, p->records[i + PREFETCH_AHEAD]->account);
    if (record->kind == RECORD_RELEASE) {
        account_release(p->table, record);
        return STATUS_OK;
    }
    TRY(account_apply(p->table, record, &p->sightings, &p->usages, &evicted));
    if (stages->sink->observe)
        stages->sink->observe(stages->sink->context, record,
            p->sightings.n > from ? p->sightings.items + from : NULL, p->sightings.n - from);
    if (evicted)
        TRY(note_evicted(p, evicted));
fail:
    return st;
}

/* Leaves out those that a later record of the same tick brought back. */
static void settle_evicted(struct account_partition *p, size_t from)
{
    size_t kept = from;
    for (size_t i = from; i < p->n_evicted; i++)
        if (!account_tracked(p->table, p->evicted[i]))
            p->evicted[kept++] = p->evicted[i];
    p->n_evicted = kept;
}

static enum status run_accounts(void *context, size_t i)
{
    enum status st = STATUS_OK;
    struct stages *stages = context;
    struct account_partition *p = &stages->accounts[i];
    for (size_t tick = 0, j = 0; tick < stages->n_ticks; tick++) {
        struct account_ends *ends = &p->ends[tick];
        size_t evicted_from = p->n_evicted;
        for (; j < ends->records; j++)
            TRY(run_record(stages, p, j));
        settle_evicted(p, evicted_from);
        ends->sightings = p->sightings.n;
        ends->usages = p->usages.n;
        ends->evicted = p->n_evicted;
    }
fail:
    return st;
}

static enum status run_objects(void *context, size_t i)
{
    struct stages *stages = context;
    struct object_partition *p = &stages->objects[i];
    return object_apply_ticks(p->table, p->sightings.items, p->ends.sightings, stages->n_ticks,
        &stages->population, &p->ties, p->ends.ties);
}

static void forget_run(struct stages *stages)
{
    for (unsigned i = 0; i < ENGINE_PARTITIONS; i++) {
        struct account_partition *a = &stages->accounts[i];
        struct object_partition *o = &stages->objects[i];
        a->n_records = a->n_evicted = a->sightings.n = a->usages.n = 0;
        o->sightings.n = o->ties.n = 0;
    }
}

static enum status deal_record(struct stages *stages, const struct record *record)
{
    enum status st = STATUS_OK;
    if (record->kind != RECORD_RELEASE)
        return take_record(&stages->accounts[account_partition_of(record->account)], record);
    for (unsigned i = 0; i < ENGINE_PARTITIONS; i++)
        TRY(take_record(&stages->accounts[i], record));
fail:
    return st;
}

static enum status deal_records(struct stages *stages, const struct order *order, const size_t *n_records)
{
    enum status st = STATUS_OK;
    size_t i = 0;
    for (size_t tick = 0; tick < stages->n_ticks; tick++) {
        for (size_t end = i + n_records[tick]; i < end; i++)
            TRY(deal_record(stages, order_at(order, i)));
        for (unsigned j = 0; j < ENGINE_PARTITIONS; j++)
            stages->accounts[j].ends[tick].records = stages->accounts[j].n_records;
    }
fail:
    return st;
}

static enum status deal_tick(struct stages *stages, const struct account_partition *from, size_t tick)
{
    enum status st = STATUS_OK;
    size_t first = tick ? from->ends[tick - 1].sightings : 0, end = from->ends[tick].sightings;
    for (unsigned i = 0; i < ENGINE_PARTITIONS && end > first; i++)
        TRY(sighting_list_reserve(&stages->objects[i].sightings, end - first));
    for (size_t i = first; i < end; i++) {
        const struct sighting *sighting = &from->sightings.items[i];
        struct sighting_list *to = &stages->objects[object_partition_of(sighting->object)].sightings;
        to->items[to->n++] = *sighting;
    }
fail:
    return st;
}

static enum status deal_sightings(struct stages *stages)
{
    enum status st = STATUS_OK;
    for (size_t tick = 0; tick < stages->n_ticks; tick++) {
        for (unsigned i = 0; i < ENGINE_PARTITIONS; i++)
            TRY(deal_tick(stages, &stages->accounts[i], tick));
        for (unsigned i = 0; i < ENGINE_PARTITIONS; i++)
            stages->objects[i].ends.sightings[tick] = stages->objects[i].sightings.n;
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

enum status stages_run_ticks(
    struct stages *stages, const struct order *order, const size_t *n_records, size_t n_ticks)
{
    enum status st = STATUS_OK;
    size_t n = 0;
    for (size_t i = 0; i < n_ticks; i++)
        n += n_records[i];
    /* An observer is called by the stages: it must see one record at a time. */
    bool parallel = n >= PARALLEL_RECORDS && !stages->sink->observe;
    stages->n_ticks = n_ticks;
    forget_run(stages);
    TRY(deal_records(stages, order, n_records));
    TRY(run_all(stages, parallel, run_accounts));
    TRY(deal_sightings(stages));
    TRY(run_all(stages, parallel, run_objects));
fail:
    return st;
}

enum status stages_run(struct stages *stages, const struct order *order, size_t n)
{
    return stages_run_ticks(stages, order, &n, 1);
}

void stages_measure_population(struct stages *stages)
{
    struct population_sketch sketch = { 0 };
    for (unsigned i = 0; i < ENGINE_PARTITIONS; i++)
        account_population(stages->accounts[i].table, &sketch);
    population_estimate(&sketch, &stages->population);
}
