#include "exchange/log.h"

#include "exchange/batch.h"

#include <pthread.h>
#include <stdlib.h>
#include <sys/stat.h>

enum { CHUNK_BYTES = 256 << 10, LINE_MAX_BYTES = 16 << 20 };
/* A delivery may take as long as parsing a few dozen chunks; with fewer the other threads would wait for it. */
enum { SLOTS_AHEAD = 32 };

const char *line_fault_name(enum line_fault fault)
{
    static const char *const names[FAULT_COUNT] = {
        [FAULT_NOT_JSON] = "not_json",
        [FAULT_MISSING_KEY] = "missing_key",
        [FAULT_WRONG_TYPE] = "wrong_type",
        [FAULT_BAD_VALUE] = "bad_value",
        [FAULT_TOO_LONG] = "too_long",
        [FAULT_TRUNCATED] = "truncated",
        [FAULT_DAMAGED] = "damaged",
    };
    return names[fault];
}

enum slot_state { SLOT_FREE, SLOT_BUSY, SLOT_READY };

struct slot {
    enum slot_state state;
    uint64_t number; /* of the chunk, in file order */
    struct batch batch;
};

struct run {
    const struct log_sink *sink;
    uint64_t input_total_bytes;

    pthread_mutex_t feed_lock; /* feed and next_number */
    struct feed feed;
    uint64_t next_number;

    pthread_mutex_t order_lock; /* what follows, and the state of the slots */
    pthread_cond_t slot_freed;
    struct slot *slots;
    size_t n_slots;
    uint64_t next_delivered;
    bool delivering;
    bool stopped;
    enum status st; /* why */

    struct merge merge; /* only by whoever delivers */
};

struct worker {
    struct run *run;
    struct line_parser *parser;
    void *hand;  /* the sink's */
    char *bytes; /* of the chunk that is parsed: always the same, so that they are in the cache */
    size_t cap;
    pthread_t thread;
    bool started;
};

/* With order_lock held. */
static void stop(struct run *run, enum status st)
{
    if (run->st == STATUS_OK)
        run->st = st;
    run->stopped = true;
    pthread_cond_broadcast(&run->slot_freed);
}

/* A free slot, or NULL when the run is over. */
static struct slot *take_slot(struct run *run)
{
    struct slot *taken = NULL;
    pthread_mutex_lock(&run->order_lock);
    while (!run->stopped && !taken) {
        for (size_t i = 0; i < run->n_slots && !taken; i++)
            if (run->slots[i].state == SLOT_FREE)
                taken = &run->slots[i];
        if (!taken)
            pthread_cond_wait(&run->slot_freed, &run->order_lock);
    }
    if (taken)
        taken->state = SLOT_BUSY;
    pthread_mutex_unlock(&run->order_lock);
    return taken;
}

static struct slot *ready_slot(struct run *run)
{
    for (size_t i = 0; i < run->n_slots; i++)
        if (run->slots[i].state == SLOT_READY && run->slots[i].number == run->next_delivered)
            return &run->slots[i];
    return NULL;
}

static enum status deliver(struct run *run, struct slot *slot)
{
    const struct log_sink *sink = run->sink;
    if (slot->batch.st != STATUS_OK)
        return slot->batch.st;
    enum status st = sink->deliver(sink->context, slot->batch.held);
    if (st != STATUS_OK)
        return st;
    st = batch_merge(&slot->batch, &run->merge);
    if (st == STATUS_OK && sink->progress) {
        const struct log_progress progress = { .input_bytes = slot->batch.chunk.input_bytes,
            .input_total_bytes = run->input_total_bytes,
            .lines = run->merge.stats->lines };
        sink->progress(sink->context, &progress);
    }
    return st;
}

/* Delivers all chunks that are next in order, unless another thread is at it: that one will see this chunk too. */
static void hand_over(struct run *run, struct slot *done)
{
    struct slot *slot;
    pthread_mutex_lock(&run->order_lock);
    done->state = SLOT_READY;
    while (!run->delivering && !run->stopped && (slot = ready_slot(run))) {
        run->delivering = true;
        pthread_mutex_unlock(&run->order_lock);
        enum status st = deliver(run, slot);
        pthread_mutex_lock(&run->order_lock);
        run->delivering = false;
        slot->state = SLOT_FREE;
        run->next_delivered++;
        if (st != STATUS_OK)
            stop(run, st);
        pthread_cond_signal(&run->slot_freed);
    }
    pthread_mutex_unlock(&run->order_lock);
}

/* STATUS_END: this thread has nothing more to do. */
static enum status next_chunk(struct worker *worker, struct slot *slot)
{
    struct run *run = worker->run;
    struct chunk *chunk = &slot->batch.chunk;
    chunk->bytes = worker->bytes;
    chunk->cap = worker->cap;
    pthread_mutex_lock(&run->feed_lock);
    enum status st = feed_next(&run->feed, chunk);
    if (st == STATUS_OK)
        slot->number = run->next_number++;
    pthread_mutex_unlock(&run->feed_lock);
    worker->bytes = chunk->bytes;
    worker->cap = chunk->cap;
    slot->batch.hand = worker->hand;
    if (st == STATUS_OK)
        return st;
    pthread_mutex_lock(&run->order_lock);
    slot->state = SLOT_FREE;
    if (st != STATUS_END)
        stop(run, st);
    pthread_cond_signal(&run->slot_freed);
    pthread_mutex_unlock(&run->order_lock);
    return STATUS_END;
}

static void *work(void *context)
{
    struct worker *worker = context;
    struct slot *slot;
    while ((slot = take_slot(worker->run)) && next_chunk(worker, slot) == STATUS_OK) {
        batch_parse(&slot->batch, worker->parser, worker->run->sink);
        hand_over(worker->run, slot);
    }
    return NULL;
}

/* 0 when one of them is no file of known size. */
static uint64_t total_bytes(const struct log_options *options)
{
    uint64_t total = 0;
    for (size_t i = 0; i < options->n_paths; i++) {
        struct stat about;
        if (stat(options->paths[i], &about) != 0 || !S_ISREG(about.st_mode))
            return 0;
        total += (uint64_t)about.st_size;
    }
    return total;
}

static enum status make_slots(struct run *run, size_t n)
{
    run->slots = calloc(n, sizeof *run->slots);
    if (!run->slots)
        return STATUS_NOMEM;
    for (; run->n_slots < n; run->n_slots++) {
        enum status st = run->sink->batch_new(run->sink->context, &run->slots[run->n_slots].batch.held);
        if (st != STATUS_OK)
            return st;
    }
    return STATUS_OK;
}

static void free_slots(struct run *run)
{
    for (size_t i = 0; i < run->n_slots; i++)
        run->sink->batch_free(run->sink->context, run->slots[i].batch.held);
    free(run->slots);
}

/* The calling thread is the first worker; threads that the system refuses are done without. */
static void run_workers(struct worker *workers, unsigned n)
{
    for (unsigned i = 1; i < n; i++)
        workers[i].started = pthread_create(&workers[i].thread, NULL, work, &workers[i]) == 0;
    work(&workers[0]);
    for (unsigned i = 1; i < n; i++)
        if (workers[i].started)
            pthread_join(workers[i].thread, NULL);
}

static enum status worker_init(struct worker *worker, struct run *run, size_t line_max_bytes)
{
    const struct log_sink *sink = run->sink;
    worker->run = run;
    enum status st = line_parser_new(line_max_bytes, &worker->parser);
    if (st == STATUS_OK && sink->hand_new)
        st = sink->hand_new(sink->context, &worker->hand);
    return st;
}

static void worker_fini(struct worker *worker)
{
    line_parser_free(worker->parser);
    if (worker->hand)
        worker->run->sink->hand_free(worker->run->sink->context, worker->hand);
    free(worker->bytes);
}

static enum status run_all(struct run *run, unsigned n_threads, size_t line_max_bytes)
{
    enum status st;
    struct worker *workers = calloc(n_threads, sizeof *workers);
    REQUIRE(workers, STATUS_NOMEM);
    for (unsigned i = 0; i < n_threads; i++)
        TRY(worker_init(&workers[i], run, line_max_bytes));
    TRY(make_slots(run, n_threads == 1 ? 1 : n_threads + SLOTS_AHEAD));
    run_workers(workers, n_threads);
    st = run->st;
fail:
    for (unsigned i = 0; workers && i < n_threads; i++)
        worker_fini(&workers[i]);
    free(workers);
    return st;
}

enum status log_read(
    const struct log_options *options, const struct log_sink *sink, struct log_stats *ret_stats)
{
    size_t chunk_bytes = options->chunk_bytes ? options->chunk_bytes : CHUNK_BYTES;
    size_t line_max_bytes = options->line_max_bytes ? options->line_max_bytes : LINE_MAX_BYTES;
    *ret_stats = (struct log_stats){ 0 };
    struct run run = { .sink = sink,
        .input_total_bytes = total_bytes(options),
        .feed_lock = PTHREAD_MUTEX_INITIALIZER,
        .order_lock = PTHREAD_MUTEX_INITIALIZER,
        .slot_freed = PTHREAD_COND_INITIALIZER,
        .merge = { .stats = ret_stats, .paths = options->paths } };
    feed_init(&run.feed, options->paths, options->n_paths, chunk_bytes, line_max_bytes);
    enum status st = run_all(&run, options->n_threads, line_max_bytes);
    feed_fini(&run.feed);
    free_slots(&run);
    pthread_cond_destroy(&run.slot_freed);
    pthread_mutex_destroy(&run.order_lock);
    pthread_mutex_destroy(&run.feed_lock);
    return st;
}
