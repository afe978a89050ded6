#include "lab/emit.h"

#include "base/json_writer.h"
#include "base/workers.h"
#include "lab/dice.h"
#include "lab/identity.h"
#include "lab/wire.h"
#include "record/extract.h"

#include <stdlib.h>

struct hand {
    struct speaker *speaker;
    struct extractor *extractor;
    struct record_batch *records;
    struct json_writer writer;
    struct query *queries;
    size_t queries_capacity, n_queries;
    size_t taken, taken_bytes; /* of its share, when it is laid together */
};

struct emitter {
    struct emit_config config;
    struct workers *workers;
    struct hand hands[EMIT_HANDS];
    size_t n_hands;
    const struct happening *happenings;
    size_t n;
    uint32_t *ends; /* of each happening's line in its hand's bytes */
    struct buffer log, name;
    struct record_batch *records;
    struct query *queries;
    size_t capacity; /* of ends and queries */
};

static bool wants(const struct emitter *emitter, unsigned what)
{
    return emitter->config.what & what;
}

static enum status hand_init(const struct emit_config *config, struct hand *hand)
{
    enum status st = STATUS_OK;
    TRY(speaker_new(config->world, config->corpus, &hand->speaker));
    json_writer_init(&hand->writer, NULL);
    if (config->what & EMIT_RECORDS) {
        TRY(extractor_new(config->key, &hand->extractor));
        TRY(record_batch_new(&hand->records));
    }
fail:
    return st;
}

enum status emitter_new(const struct emit_config *config, struct emitter **ret_emitter)
{
    enum status st = STATUS_OK;
    struct emitter *emitter = calloc(1, sizeof *emitter);
    REQUIRE(emitter, STATUS_NOMEM);
    emitter->config = *config;
    emitter->n_hands = config->n_threads > 1 ? EMIT_HANDS : 1;
    TRY(workers_new(config->n_threads ? config->n_threads : 1, &emitter->workers));
    TRY(record_batch_new(&emitter->records));
    for (size_t i = 0; i < emitter->n_hands; i++)
        TRY(hand_init(config, &emitter->hands[i]));
    *ret_emitter = emitter;
    return st;
fail:
    emitter_free(emitter);
    return st;
}

void emitter_free(struct emitter *emitter)
{
    if (!emitter)
        return;
    for (size_t i = 0; i < EMIT_HANDS; i++) {
        struct hand *hand = &emitter->hands[i];
        speaker_free(hand->speaker);
        extractor_free(hand->extractor);
        record_batch_free(hand->records);
        json_writer_fini(&hand->writer);
        free(hand->queries);
    }
    workers_free(emitter->workers);
    record_batch_free(emitter->records);
    buffer_fini(&emitter->log);
    buffer_fini(&emitter->name);
    free(emitter->ends);
    free(emitter->queries);
    free(emitter);
}

/* Room for as many as the batch has; what is there need not be kept. */
static enum status make_room(void *items, size_t *capacity, size_t n, size_t size)
{
    void *old;
    if (n <= *capacity)
        return STATUS_OK;
    memcpy(&old, items, sizeof old); /* items points to a pointer of any type */
    free(old);
    void *fresh = malloc(n * size);
    memcpy(items, &fresh, sizeof fresh);
    *capacity = fresh ? n : 0;
    return fresh ? STATUS_OK : STATUS_NOMEM;
}

static size_t hand_of(const struct emitter *emitter, const struct happening *happening)
{
    return dice_mix(happening->account + UINT64_C(0x1f83d9ab)) % emitter->n_hands;
}

static enum status emit_one(const struct emitter *emitter, struct hand *hand, size_t i)
{
    enum status st = STATUS_OK;
    struct event event = { 0 };
    TRY(speak(hand->speaker, &emitter->happenings[i], &event));
    if (wants(emitter, EMIT_LOG)) {
        wire_event(&hand->writer, &event);
        emitter->ends[i] = (uint32_t)hand->writer.buffer.n;
    }
    if (wants(emitter, EMIT_RECORDS))
        TRY(extract_into(hand->extractor, &event, hand->records));
    if (wants(emitter, EMIT_QUERIES)) {
        struct query *query = &hand->queries[hand->n_queries++];
        *query = (struct query){ 0 };
        if (event.kind == EVENT_EXCHANGE)
            query_make(&event.exchange, emitter->config.key, query);
    }
fail:
    return st;
}

static enum status emit_share(void *context, size_t at)
{
    enum status st = STATUS_OK;
    struct emitter *emitter = context;
    struct hand *hand = &emitter->hands[at];
    if (hand->writer.status != STATUS_OK) { /* without memory, the last time */
        json_writer_fini(&hand->writer);
        json_writer_init(&hand->writer, NULL);
    }
    buffer_reset(&hand->writer.buffer);
    hand->n_queries = hand->taken = hand->taken_bytes = 0;
    if (hand->records)
        record_batch_reset(hand->records);
    if (wants(emitter, EMIT_QUERIES))
        TRY(make_room(&hand->queries, &hand->queries_capacity, emitter->n, sizeof *hand->queries));
    for (size_t i = 0; i < emitter->n; i++)
        if (hand_of(emitter, &emitter->happenings[i]) == at)
            TRY(emit_one(emitter, hand, i));
    TRY(json_writer_finish(&hand->writer));
fail:
    return st;
}

/* Noted record by record, as one hand does. */
static enum status lay_name(struct emitter *emitter, const struct record *record, uint32_t account)
{
    buffer_reset(&emitter->name);
    if (record->account == 0)
        return STATUS_OK;
    identity_put_name(world_seed(emitter->config.world), account, &emitter->name);
    if (emitter->name.status != STATUS_OK)
        return emitter->name.status;
    return record_batch_name(emitter->records, record->account, buffer_span(&emitter->name));
}

/* Records and queries, one after the other as they happened. */
static enum status lay_records(struct emitter *emitter)
{
    enum status st = STATUS_OK;
    record_batch_reset(emitter->records);
    for (size_t i = 0; i < emitter->n; i++) {
        struct hand *hand = &emitter->hands[hand_of(emitter, &emitter->happenings[i])];
        struct record *record;
        TRY(record_batch_next(emitter->records, &record));
        *record = hand->records->records[hand->taken];
        TRY(lay_name(emitter, record, emitter->happenings[i].account));
        record_batch_commit(emitter->records);
        if (emitter->queries)
            emitter->queries[i] = hand->queries[hand->taken];
        hand->taken++;
    }
fail:
    return st;
}

static void lay_lines(struct emitter *emitter)
{
    buffer_reset(&emitter->log);
    for (size_t i = 0; i < emitter->n; i++) {
        struct hand *hand = &emitter->hands[hand_of(emitter, &emitter->happenings[i])];
        size_t end = emitter->ends[i];
        buffer_put(&emitter->log,
            (struct span){ hand->writer.buffer.data + hand->taken_bytes, end - hand->taken_bytes });
        hand->taken_bytes = end;
    }
}

static enum status lay_together(struct emitter *emitter, struct emission *ret_emission)
{
    enum status st = STATUS_OK;
    /* One hand has everything in order. */
    bool one = emitter->n_hands == 1;
    struct hand *only = &emitter->hands[0];
    if (!one && wants(emitter, EMIT_RECORDS))
        TRY(lay_records(emitter));
    if (!one && wants(emitter, EMIT_LOG))
        lay_lines(emitter);
    TRY(emitter->log.status);
    *ret_emission = (struct emission){
        .log = one ? json_writer_span(&only->writer) : buffer_span(&emitter->log),
        .records = one ? only->records : emitter->records,
        .queries = one ? only->queries : emitter->queries,
    };
fail:
    return st;
}

enum status emit(
    struct emitter *emitter, const struct happening *happenings, size_t n, struct emission *ret_emission)
{
    enum { WORTH_THREADS = 48 };
    enum status st = STATUS_OK;
    REQUIRE(n <= EMIT_MAX, STATUS_FULL);
    emitter->happenings = happenings;
    emitter->n = n;
    if (n > emitter->capacity) {
        size_t capacity = emitter->capacity = 0;
        TRY(make_room(&emitter->ends, &capacity, n, sizeof *emitter->ends));
        capacity = 0;
        if (wants(emitter, EMIT_QUERIES))
            TRY(make_room(&emitter->queries, &capacity, n, sizeof *emitter->queries));
        emitter->capacity = n;
    }
    if (n >= WORTH_THREADS)
        TRY(workers_run(emitter->workers, emitter->n_hands, emit_share, emitter));
    for (size_t i = 0; n < WORTH_THREADS && i < emitter->n_hands; i++)
        TRY(emit_share(emitter, i));
    TRY(lay_together(emitter, ret_emission));
fail:
    return st;
}
