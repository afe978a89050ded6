/*
 * Prints the records of a ring (store/ring.h) or of a record file (record/codec.h) as JSON Lines, field by field, so that
 * the tests of the edge can compare them: print_records KEY-FILE FILE.
 *
 * A line {"account":HASH,"name":TEXT} for each name, one for each record, hashes as hexadecimal text; of a ring then
 * {"ring":{...}}, its counts. A damaged entry is a line {"damaged":PLACE}. Exit status 1: the file cannot be read.
 */
#include "base/file.h"
#include "base/json_writer.h"
#include "record/codec.h"
#include "store/ring.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum width { HASH, U64, U32, U16, U8, I64, I32, I8 };

static const size_t bytes_of[] = { 8, 8, 4, 2, 1, 8, 4, 1 };

struct field {
    const char *name;
    size_t at;
    enum width width;
    size_t n; /* 0: no array */
};

#define FIELD(type, member, width)                                                                           \
    {                                                                                                        \
#member, offsetof(struct type, member), width, 0                                                     \
    }
#define ARRAY(type, member, width)                                                                           \
    {                                                                                                        \
#member, offsetof(struct type, member), width,                                                       \
            sizeof(((struct type *)0)->member) / sizeof(((struct type *)0)->member[0])                       \
    }
#define FRAME(member)                                                                                        \
    FIELD(exchange_record, member.id, HASH), FIELD(exchange_record, member.simhash, HASH),                   \
        ARRAY(exchange_record, member.minhash, U16)
#define EXCHANGE(member, width) FIELD(exchange_record, member, width)
#define EXCHANGE_ARRAY(member, width) ARRAY(exchange_record, member, width)
#define FACT(member, width) FIELD(account_record, member, width)

static const struct field record_fields[] = {
    FIELD(record, time_ms, I64),
    FIELD(record, account, HASH),
    FIELD(record, kind, U8),
};

static const struct field exchange_fields[] = {
    EXCHANGE(exchange, HASH),
    EXCHANGE(organization, HASH),
    EXCHANGE(api_key, HASH),
    EXCHANGE(end_user, HASH),
    EXCHANGE(session, HASH),
    EXCHANGE(ip, HASH),
    EXCHANGE(net, HASH),
    EXCHANGE(user_agent, HASH),
    EXCHANGE(ja4, HASH),
    EXCHANGE(header_order, HASH),
    EXCHANGE(client, HASH),
    EXCHANGE(model, HASH),
    EXCHANGE(asn, U32),
    EXCHANGE(country, U16),
    EXCHANGE(status, U16),
    EXCHANGE(duration_ms, U32),
    EXCHANGE(input_tok, U32),
    EXCHANGE(output_tok, U32),
    EXCHANGE(reasoning_tok, U32),
    EXCHANGE(cached_tok, U32),
    EXCHANGE(max_tokens, I32),
    EXCHANGE(temperature_milli, I32),
    EXCHANGE(top_p_milli, I32),
    EXCHANGE(n, U16),
    EXCHANGE(top_logprobs, U16),
    EXCHANGE(param_flags, U32),
    EXCHANGE(shape, HASH),
    EXCHANGE(n_messages, U16),
    EXCHANGE(n_assistant_turns, U16),
    EXCHANGE(n_images, U16),
    EXCHANGE(n_tools, U16),
    EXCHANGE(n_tool_calls, U16),
    EXCHANGE(n_issued_parts, U16),
    EXCHANGE(system_bytes, U32),
    EXCHANGE(user_bytes, U32),
    EXCHANGE(history_bytes, U32),
    EXCHANGE(output_bytes, U32),
    FRAME(system),
    FRAME(tools),
    FRAME(user),
    EXCHANGE_ARRAY(lead, HASH),
    EXCHANGE_ARRAY(tail, HASH),
    EXCHANGE(slot, HASH),
    EXCHANGE(format, U16),
    EXCHANGE(api, U8),
    EXCHANGE(language, U8),
    EXCHANGE(finish, U8),
    EXCHANGE(flags, U8),
    EXCHANGE_ARRAY(capability, U8),
    EXCHANGE_ARRAY(elicitation, U8),
    EXCHANGE(anchors.issued_turn, HASH),
    EXCHANGE_ARRAY(anchors.issued, HASH),
    EXCHANGE_ARRAY(anchors.issued_signature, HASH),
    EXCHANGE_ARRAY(anchors.turns, HASH),
    EXCHANGE_ARRAY(anchors.echo, HASH),
    EXCHANGE_ARRAY(anchors.signature, HASH),
};

static const struct field account_fields[] = {
    FACT(created_ms, I64),
    FACT(organization, HASH),
    FACT(email_domain, HASH),
    FACT(payment, HASH),
    FACT(device, HASH),
    FACT(signup_ip, HASH),
    FACT(signup_net, HASH),
    FACT(country, U16),
    FACT(phone_country, U16),
    FACT(tier, U8),
    FACT(programme, U8),
    FACT(verified, U8),
    FACT(reseller, I8),
};

static const struct field enforcement_fields[] = { FIELD(enforcement_record, action, U8) };
static const struct field release_fields[] = { FIELD(release_record, model, HASH) };

static void put_hash(struct json_writer *out, uint64_t hash)
{
    char text[17];
    snprintf(text, sizeof text, "%016" PRIx64, hash);
    json_put_text(out, text);
}

static void put_number(struct json_writer *out, const uint8_t *at, enum width width)
{
    uint64_t u64 = 0;
    memcpy(&u64, at, bytes_of[width]); /* this machine and those that rings are made on are little-endian */
    if (width == HASH)
        put_hash(out, u64);
    else if (width == I32)
        json_put_i64(out, (int32_t)u64);
    else if (width == I64)
        json_put_i64(out, (int64_t)u64);
    else if (width == I8)
        json_put_i64(out, (int8_t)u64);
    else
        json_put_u64(out, u64);
}

static void put_fields(struct json_writer *out, const void *from, const struct field *fields, size_t n)
{
    for (const struct field *field = fields; field < fields + n; field++) {
        const uint8_t *at = (const uint8_t *)from + field->at;
        json_put_name(out, field->name);
        if (field->n > 0)
            json_put_array(out);
        for (size_t i = 0; i < (field->n > 0 ? field->n : 1); i++)
            put_number(out, at + i * bytes_of[field->width], field->width);
        if (field->n > 0)
            json_put_array_end(out);
    }
}
#define PUT(out, from, fields) put_fields(out, from, fields, sizeof(fields) / sizeof *(fields))

static void put_record(struct json_writer *out, const struct record *record)
{
    json_put_object(out);
    PUT(out, record, record_fields);
    if (record->kind == RECORD_EXCHANGE)
        PUT(out, &record->exchange, exchange_fields);
    else if (record->kind == RECORD_ACCOUNT)
        PUT(out, &record->account_facts, account_fields);
    else if (record->kind == RECORD_ENFORCEMENT)
        PUT(out, &record->enforcement, enforcement_fields);
    else
        PUT(out, &record->release, release_fields);
    json_put_object_end(out);
    json_put_line(out);
}

static void put_batch(struct json_writer *out, const struct record_batch *batch)
{
    for (size_t i = 0; i < batch->n_names; i++) {
        json_put_object(out);
        json_put_name(out, "account");
        put_hash(out, batch->names[i].account);
        json_put_name(out, "name");
        json_put_string(out, record_batch_name_at(batch, i));
        json_put_object_end(out);
        json_put_line(out);
    }
    for (size_t i = 0; i < batch->n; i++)
        put_record(out, &batch->records[i]);
}

static void put_counts(struct json_writer *out, const struct ring_stats *stats)
{
    const struct {
        const char *name;
        uint64_t value;
    } counts[] = { { "written", stats->written }, { "dropped", stats->dropped }, { "head", stats->head },
        { "tail", stats->tail }, { "capacity", stats->capacity } };
    json_put_object(out);
    json_put_name(out, "ring");
    json_put_object(out);
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        json_put_name(out, counts[i].name);
        json_put_u64(out, counts[i].value);
    }
    json_put_object_end(out);
    json_put_object_end(out);
    json_put_line(out);
}

/* What is in the ring from its tail on; nothing is released. */
static enum status print_ring(
    struct json_writer *out, const char *path, const struct key *key, struct diag *diag)
{
    enum status st = STATUS_OK;
    struct ring *ring = NULL;
    struct record_batch *batch = NULL;
    struct ring_stats stats;
    struct span items;
    TRY(record_batch_new(&batch));
    TRY(ring_attach(path, key->check, &ring, diag));
    uint64_t at = ring_resume(ring, NULL), next;
    while ((st = ring_read(ring, at, &items, &next)) != STATUS_END) {
        record_batch_reset(batch);
        if (st == STATUS_OK && record_items_decode(items, batch, diag) == STATUS_OK) {
            put_batch(out, batch);
        } else {
            json_put_object(out);
            json_put_name(out, "damaged");
            json_put_u64(out, at);
            json_put_object_end(out);
            json_put_line(out);
        }
        at = next;
    }
    st = STATUS_OK;
    ring_stats(ring, &stats);
    put_counts(out, &stats);
fail:
    if (ring)
        ring_detach(ring);
    record_batch_free(batch);
    return st;
}

static enum status print_file(
    struct json_writer *out, const char *path, const struct key *key, struct diag *diag)
{
    enum status st = STATUS_OK;
    struct record_reader *reader = NULL;
    struct record_batch *batch = NULL;
    TRY(record_batch_new(&batch));
    TRY(record_reader_open(path, key, &reader, diag));
    while (record_batch_reset(batch), (st = record_reader_next(reader, batch, diag)) == STATUS_OK)
        put_batch(out, batch);
    st = st == STATUS_END ? STATUS_OK : st;
fail:
    record_reader_free(reader);
    record_batch_free(batch);
    return st;
}

static enum status load_key(const char *path, struct key *ret_key)
{
    enum status st = STATUS_OK;
    uint8_t secret[32];
    struct span text = { 0 };
    TRY(file_read(path, 4096, &text));
    TRY(key_parse(text, secret));
    key_init(ret_key, secret);
fail:
    free((void *)(uintptr_t)text.data);
    return st;
}

int main(int argc, char **argv)
{
    enum status st = STATUS_OK;
    struct key key;
    struct diag diag = { 0 };
    struct json_writer out;
    if (argc != 3) {
        fprintf(stderr, "print_records KEY-FILE FILE\n");
        return 2;
    }
    json_writer_init(&out, stdout);
    TRY(load_key(argv[1], &key));
    TRY(record_file_probe(argv[2]) ? print_file(&out, argv[2], &key, &diag)
                                   : print_ring(&out, argv[2], &key, &diag));
    st = json_writer_finish(&out);
fail:
    if (st != STATUS_OK)
        fprintf(stderr, "print_records: %s: %s %s\n", argv[2], status_text(st), diag.reason);
    json_writer_fini(&out);
    return st == STATUS_OK ? 0 : 1;
}
