#include "lab/simulate.h"

#include "base/file.h"
#include "lab/emit.h"
#include "lab/truth.h"
#include "record/codec.h"

#include <stdlib.h>
#include <string.h>

enum { BATCH = 8192 };

struct simulation {
    const struct simulate_config *config;
    struct world *world;
    struct emitter *emitter;
    struct truth_writer *truth;
    struct record_writer *records;
    struct file_draft log;
    bool log_open;
    struct waiting {
        struct happening *items;
        size_t n, capacity;
    } waiting[2];             /* being emitted, and filled meanwhile */
    unsigned turn;            /* which is filled */
    struct emission emission; /* to be written */
    bool over;
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
        .what = config->records ? EMIT_ITEMS : EMIT_LOG,
    };
    TRY(emitter_new(&emit_config, &simulation->emitter));
    diag->file = config->dir;
    TRY(truth_open(config->dir, simulation->world, &simulation->truth));
    diag->file = config->log ? config->log : config->dir;
    TRY(open_log(simulation));
fail:
    return st;
}

static enum status write_emission(struct simulation *simulation)
{
    enum status st = STATUS_OK;
    struct emission emission = simulation->emission;
    simulation->emission.n_pieces = 0;
    if (!simulation->records)
        return file_put_pieces(simulation->log.stream, emission.pieces, emission.n_pieces);
    for (size_t i = 0; i < emission.n_pieces; i++)
        TRY(record_writer_items(simulation->records, emission.pieces[i]));
fail:
    return st;
}

static enum status collect(struct simulation *simulation, const struct happening *happenings, size_t n)
{
    enum status st = STATUS_OK;
    struct waiting *waiting = &simulation->waiting[simulation->turn];
    for (size_t i = 0; i < n; i++) {
        simulation->counts.exchanges += happenings[i].kind == HAPPENING_ASK;
        simulation->counts.accounts += happenings[i].kind == HAPPENING_ACCOUNT;
        simulation->counts.extraction += truth_is_extraction(&happenings[i]);
        TRY(truth_note(simulation->truth, &happenings[i]));
    }
    simulation->counts.happenings += n;
    if (waiting->n + n > waiting->capacity) {
        size_t capacity = waiting->n + n + BATCH;
        void *grown = realloc(waiting->items, capacity * sizeof *waiting->items);
        REQUIRE(grown, STATUS_NOMEM);
        waiting->items = grown;
        waiting->capacity = capacity;
    }
    if (n > 0)
        memcpy(waiting->items + waiting->n, happenings, n * sizeof *happenings);
    waiting->n += n;
fail:
    return st;
}

/* Until there is a batch, or the world ends. */
static enum status fill(struct simulation *simulation)
{
    enum status st = STATUS_OK;
    const struct happening *happenings;
    struct waiting *waiting = &simulation->waiting[simulation->turn];
    size_t n;
    waiting->n = 0;
    while (waiting->n < BATCH && !simulation->over) {
        st = world_step(simulation->world, &happenings, &n);
        simulation->over = st == STATUS_END;
        if (!simulation->over)
            TRY(st);
        else
            break;
        TRY(collect(simulation, happenings, n));
    }
    st = STATUS_OK;
fail:
    return st;
}

/* Beside telling a batch: writes the one before and fills the next. */
static enum status write_and_fill(void *context)
{
    enum status st = STATUS_OK;
    struct simulation *simulation = context;
    TRY(write_emission(simulation));
    TRY(fill(simulation));
fail:
    return st;
}

static enum status run(struct simulation *simulation)
{
    enum status st = STATUS_OK;
    const struct simulate_config *config = simulation->config;
    const struct emit_beside beside = { write_and_fill, simulation };
    TRY(fill(simulation));
    while (simulation->waiting[simulation->turn].n > 0) {
        const struct waiting *now = &simulation->waiting[simulation->turn];
        struct emission emission;
        simulation->turn ^= 1;
        TRY(emit_beside(simulation->emitter, now->items, now->n, &beside, &emission));
        simulation->emission = emission;
        if (config->progress)
            config->progress(config->context, world_now_ms(simulation->world), simulation->counts.exchanges);
    }
    TRY(write_emission(simulation));
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
    free(simulation.waiting[0].items);
    free(simulation.waiting[1].items);
    return st;
}
