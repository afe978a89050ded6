#include "lab/emit.h"

#include "base/json_writer.h"
#include "base/workers.h"
#include "lab/dice.h"
#include "lab/identity.h"
#include "lab/wire.h"
#include "record/codec.h"
#include "record/event_ids.h"
#include "record/extract.h"

#include <stdlib.h>

enum { NAMED = 1024 };

struct hand {
    struct speaker *speaker;
    struct extractor *extractor;
    struct record_batch *records;
    struct json_writer writer;
    struct buffer text[2]; /* lines or items of this emission and of the one before */
    struct query *queries;
    size_t queries_capacity, n_queries;
    size_t taken;    /* of its share, when it is laid together */
    uint32_t *named; /* accounts named lately in this batch, plus 1 */
};

struct emitter {
    struct emit_config config;
    struct workers *workers;
    struct hand hands[EMIT_HANDS];
    size_t n_hands;
    const struct happening *happenings;
    size_t n;
    const struct emit_beside *beside;
    unsigned turn;          /* which of two is written to */
    struct span *pieces[2]; /* one a happening */
    uint8_t *owners;        /* the hand of each happening */
    struct buffer name;
    struct record_batch *records;
    struct query *queries;
    size_t capacity, pieces_capacity[2]; /* capacity: of owners and queries */
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
    if (config->what & (EMIT_RECORDS | EMIT_ITEMS))
        TRY(extractor_new(config->key, &hand->extractor));
    if (config->what & EMIT_RECORDS)
        TRY(record_batch_new(&hand->records));
    if (config->what & EMIT_ITEMS) {
        hand->named = calloc(NAMED, sizeof *hand->named);
        REQUIRE(hand->named, STATUS_NOMEM);
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
    /* Which accounts were named lately depends on who has the same hand. */
    emitter->n_hands = config->n_threads > 1 || config->what & EMIT_ITEMS ? EMIT_HANDS : 1;
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
        buffer_fini(&hand->text[0]);
        buffer_fini(&hand->text[1]);
        free(hand->named);
        free(hand->queries);
    }
    workers_free(emitter->workers);
    record_batch_free(emitter->records);
    buffer_fini(&emitter->name);
    free(emitter->pieces[0]);
    free(emitter->pieces[1]);
    free(emitter->owners);
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

static uint8_t hand_of(const struct emitter *emitter, uint32_t account)
{
    return (uint8_t)(dice_mix(account + UINT64_C(0x1f83d9ab)) % emitter->n_hands);
}

/* The record as an item, behind its account's name unless that was written lately. */
static enum status put_items(
    struct hand *hand, const struct event *event, uint32_t account, struct buffer *text)
{
    enum status st = STATUS_OK;
    struct record record;
    struct span name = event_account(event);
    uint32_t *named = &hand->named[account % NAMED];
    extract_record(hand->extractor, event, &record);
    REQUIRE(buffer_reserve(text, (size_t)2 * RECORD_ITEM_MAX), STATUS_NOMEM);
    if (name.n > 0 && *named != account + 1) {
        text->n += record_encode_name(record.account, name, (uint8_t *)text->data + text->n);
        *named = account + 1;
    }
    size_t n = record_encode(&record, (uint8_t *)text->data + text->n, RECORD_ITEM_MAX);
    REQUIRE(n > 0, STATUS_BAD);
    text->n += n;
fail:
    return st;
}

static enum status emit_one(const struct emitter *emitter, struct hand *hand, size_t i)
{
    enum status st = STATUS_OK;
    struct event event = { 0 };
    struct buffer *text = &hand->writer.buffer;
    size_t begin = text->n;
    TRY(speak(hand->speaker, &emitter->happenings[i], &event));
    if (wants(emitter, EMIT_LOG))
        wire_event(&hand->writer, &event);
    if (wants(emitter, EMIT_ITEMS))
        TRY(put_items(hand, &event, emitter->happenings[i].account, text));
    /* NULL plus an offset until the text no longer moves. */
    emitter->pieces[emitter->turn][i] = (struct span){ (const char *)(uintptr_t)begin, text->n - begin };
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

static enum status hand_begin(const struct emitter *emitter, struct hand *hand)
{
    enum status st = STATUS_OK;
    json_writer_init(&hand->writer, NULL);
    hand->writer.buffer = hand->text[emitter->turn];
    hand->text[emitter->turn] = (struct buffer){ 0 };
    buffer_reset(&hand->writer.buffer);
    hand->n_queries = hand->taken = 0;
    if (hand->records)
        record_batch_reset(hand->records);
    if (hand->named)
        memset(hand->named, 0, NAMED * sizeof *hand->named);
    if (wants(emitter, EMIT_QUERIES))
        TRY(make_room(&hand->queries, &hand->queries_capacity, emitter->n, sizeof *hand->queries));
fail:
    return st;
}

static enum status hand_end(const struct emitter *emitter, struct hand *hand, size_t at)
{
    enum status st = json_writer_finish(&hand->writer);
    struct span *pieces = emitter->pieces[emitter->turn];
    uintptr_t base = (uintptr_t)hand->writer.buffer.data;
    for (size_t i = 0; st == STATUS_OK && i < emitter->n; i++)
        if (emitter->owners[i] == at)
            pieces[i].data = (const char *)(base + (uintptr_t)pieces[i].data);
    hand->text[emitter->turn] = hand->writer.buffer;
    hand->writer.buffer = (struct buffer){ 0 };
    return st;
}

static enum status emit_share(void *context, size_t at)
{
    struct emitter *emitter = context;
    struct hand *hand = &emitter->hands[at];
    enum status st = hand_begin(emitter, hand);
    for (size_t i = 0; st == STATUS_OK && i < emitter->n; i++)
        if (emitter->owners[i] == at)
            st = emit_one(emitter, hand, i);
    hand->writer.depth = st == STATUS_OK ? hand->writer.depth : 0; /* a line may have been left open */
    enum status ended = hand_end(emitter, hand, at);
    return st == STATUS_OK ? ended : st;
}

/* What is done beside comes first, as it is one long piece of work. */
static enum status do_work(void *context, size_t at)
{
    struct emitter *emitter = context;
    if (at > 0)
        return emit_share(emitter, at - 1);
    return emitter->beside->function ? emitter->beside->function(emitter->beside->context) : STATUS_OK;
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
        struct hand *hand = &emitter->hands[emitter->owners[i]];
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

static enum status lay_together(struct emitter *emitter, struct emission *ret_emission)
{
    enum status st = STATUS_OK;
    /* One hand has everything in order. */
    bool one = emitter->n_hands == 1;
    struct hand *only = &emitter->hands[0];
    if (!one && wants(emitter, EMIT_RECORDS))
        TRY(lay_records(emitter));
    *ret_emission = (struct emission){
        .pieces = emitter->pieces[emitter->turn],
        .n_pieces = emitter->n,
        .records = one ? only->records : emitter->records,
        .queries = one ? only->queries : emitter->queries,
    };
fail:
    return st;
}

static enum status begin(struct emitter *emitter, const struct happening *happenings, size_t n)
{
    enum status st = STATUS_OK;
    REQUIRE(n <= EMIT_MAX, STATUS_FULL);
    emitter->turn ^= 1;
    unsigned turn = emitter->turn;
    TRY(make_room(&emitter->pieces[turn], &emitter->pieces_capacity[turn], n, sizeof **emitter->pieces));
    if (n > emitter->capacity) {
        size_t room = emitter->capacity = 0;
        TRY(make_room(&emitter->owners, &room, n, sizeof *emitter->owners));
        room = 0;
        if (wants(emitter, EMIT_QUERIES))
            TRY(make_room(&emitter->queries, &room, n, sizeof *emitter->queries));
        emitter->capacity = n;
    }
    emitter->happenings = happenings;
    emitter->n = n;
    for (size_t i = 0; i < n; i++)
        emitter->owners[i] = hand_of(emitter, happenings[i].account);
fail:
    return st;
}

enum status emit_beside(struct emitter *emitter, const struct happening *happenings, size_t n,
    const struct emit_beside *beside, struct emission *ret_emission)
{
    enum { WORTH_THREADS = 48 };
    enum status st = STATUS_OK;
    TRY(begin(emitter, happenings, n));
    emitter->beside = beside;
    if (n >= WORTH_THREADS)
        TRY(workers_run(emitter->workers, emitter->n_hands + 1, do_work, emitter));
    for (size_t i = 0; n < WORTH_THREADS && i <= emitter->n_hands; i++)
        TRY(do_work(emitter, i));
    TRY(lay_together(emitter, ret_emission));
fail:
    return st;
}

enum status emit(
    struct emitter *emitter, const struct happening *happenings, size_t n, struct emission *ret_emission)
{
    return emit_beside(emitter, happenings, n, &(struct emit_beside){ 0 }, ret_emission);
}
