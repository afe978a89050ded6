#include "lab/simulate.h"

#include "base/file.h"
#include "lab/emit.h"
#include "lab/truth.h"
#include "record/codec.h"

#include <stdlib.h>
#include <string.h>

enum { BATCH = 16384 };

struct simulation {
    const struct simulate_config *config;
    struct world *world;
    struct emitter *emitter;
    struct truth_writer *truth;
    struct record_writer *records;
    struct file_draft log;
    bool log_open;
    struct happening *waiting;
    size_t n_waiting, capacity;
    struct simulate_counts counts;
};

static enum status open_log(struct simulation *simulation)
{
    enum status st = STATUS_OK;
    char path[4096];
    const struct simulate_config *config = simulation->config;
    const char *name = config->records ? "records.swr" : "log.jsonl";
    int n = config->log ? snprintf(path, sizeof path, "%s", config->log)
                        : snprintf(path, sizeof path, "%s/%s", config->dir, name);
    REQUIRE(n < (int)sizeof path, STATUS_TOO_BIG);
    if (config->records)
        return record_writer_open(path, config->key, &simulation->records);
    TRY(file_draft_open(path, &simulation->log));
    simulation->log_open = true;
fail:
    return st;
}

static enum status start(struct simulation *simulation, struct diag *diag)
{
    enum status st = STATUS_OK;
    const struct simulate_config *config = simulation->config;
    TRY(world_new(&config->world, &simulation->world, diag));
    const struct emit_config emit_config = {
        .world = simulation->world,
        .corpus = config->world.corpus,
        .key = config->key,
        .n_threads = config->n_threads,
        .what = config->records ? EMIT_RECORDS : EMIT_LOG,
    };
    TRY(emitter_new(&emit_config, &simulation->emitter));
    TRY(truth_open(config->dir, simulation->world, &simulation->truth));
    TRY(open_log(simulation));
fail:
    return st;
}

static enum status write_emission(struct simulation *simulation, const struct emission *emission)
{
    enum status st = STATUS_OK;
    if (simulation->records)
        return record_writer_batch(simulation->records, emission->records);
    REQUIRE(
        fwrite(emission->log.data, 1, emission->log.n, simulation->log.stream) == emission->log.n, STATUS_IO);
fail:
    return st;
}

static enum status write_waiting(struct simulation *simulation)
{
    enum status st = STATUS_OK;
    struct emission emission;
    TRY(emit(simulation->emitter, simulation->waiting, simulation->n_waiting, &emission));
    TRY(write_emission(simulation, &emission));
    simulation->n_waiting = 0;
    const struct simulate_config *config = simulation->config;
    if (config->progress)
        config->progress(config->context, world_now_ms(simulation->world), simulation->counts.exchanges);
fail:
    return st;
}

static enum status collect(struct simulation *simulation, const struct happening *happenings, size_t n)
{
    enum status st = STATUS_OK;
    for (size_t i = 0; i < n; i++) {
        simulation->counts.exchanges += happenings[i].kind == HAPPENING_ASK;
        simulation->counts.accounts += happenings[i].kind == HAPPENING_ACCOUNT;
        simulation->counts.extraction += truth_is_extraction(&happenings[i]);
        TRY(truth_note(simulation->truth, &happenings[i]));
    }
    simulation->counts.happenings += n;
    if (simulation->n_waiting + n > simulation->capacity) {
        size_t capacity = simulation->n_waiting + n + 2 * (size_t)BATCH;
        void *grown = realloc(simulation->waiting, capacity * sizeof *simulation->waiting);
        REQUIRE(grown, STATUS_NOMEM);
        simulation->waiting = grown;
        simulation->capacity = capacity;
    }
    if (n > 0)
        memcpy(simulation->waiting + simulation->n_waiting, happenings, n * sizeof *happenings);
    simulation->n_waiting += n;
    if (simulation->n_waiting >= BATCH)
        TRY(write_waiting(simulation));
fail:
    return st;
}

static enum status run(struct simulation *simulation)
{
    enum status st = STATUS_OK;
    const struct happening *happenings;
    size_t n;
    while ((st = world_step(simulation->world, &happenings, &n)) == STATUS_OK)
        TRY(collect(simulation, happenings, n));
    if (st != STATUS_END)
        goto fail;
    TRY(write_waiting(simulation));
    TRY(truth_commit(simulation->truth, simulation->config->world.scenario));
    if (simulation->records) {
        struct record_writer *records = simulation->records;
        simulation->records = NULL;
        TRY(record_writer_close(records));
    } else {
        simulation->log_open = false;
        TRY(file_draft_commit(&simulation->log));
    }
fail:
    return st;
}

enum status simulate(
    const struct simulate_config *config, struct simulate_counts *ret_counts, struct diag *diag)
{
    struct simulation simulation = { .config = config };
    enum status st = start(&simulation, diag);
    if (st == STATUS_OK)
        st = run(&simulation);
    if (st == STATUS_OK)
        *ret_counts = simulation.counts;
    record_writer_abort(simulation.records);
    if (simulation.log_open)
        file_draft_abort(&simulation.log);
    truth_close(simulation.truth);
    emitter_free(simulation.emitter);
    world_free(simulation.world);
    free(simulation.waiting);
    return st;
}
