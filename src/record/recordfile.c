#define XXH_INLINE_ALL
#include "record/codec.h"

#include "base/endian.h"
#include "base/file.h"

#include <stdlib.h>
#include <xxhash.h>

enum {
    RECORD_VERSION = 1,
    HEADER_BYTES = 32,
    BLOCK_HEAD = 16,
    BLOCK_BYTES = 1 << 20,     /* a writer ends its block beyond this */
    BLOCK_BYTES_MAX = 4 << 20, /* a reader refuses more */
    BLOCK_RECORDS = 8192,
    ITEM_HEAD = 3,
    ITEM_NAME = 0x40, /* an account's hash and its name */
};

static const char magic[8] = "STILLREC";

static void make_header(uint8_t header[static HEADER_BYTES], const struct key *key)
{
    memset(header, 0, HEADER_BYTES);
    memcpy(header, magic, sizeof magic);
    put_le32(header + 8, RECORD_VERSION);
    put_le64(header + 16, key->check);
    put_le64(header + 24, XXH3_64bits(header, 24));
}

/* Length and count seed the checksum, so that it covers them too. */
static uint64_t block_check(const uint8_t *payload, uint32_t length, uint32_t count)
{
    return XXH3_64bits_withSeed(payload, length, (uint64_t)count << 32 | length);
}

bool record_file_probe(const char *path)
{
    char begin[sizeof magic];
    FILE *file = fopen(path, "rb");
    if (!file)
        return false;
    bool found =
        fread(begin, 1, sizeof begin, file) == sizeof begin && memcmp(begin, magic, sizeof magic) == 0;
    fclose(file);
    return found;
}

/* Writer */

struct record_writer {
    struct file_draft draft;
    uint32_t n, count, n_records;
    uint8_t payload[BLOCK_BYTES + RECORD_ITEM_MAX];
};

enum status record_writer_open(const char *path, const struct key *key, struct record_writer **ret_writer)
{
    enum status st = STATUS_OK;
    uint8_t header[HEADER_BYTES];
    struct record_writer *writer = malloc(sizeof *writer);
    REQUIRE(writer, STATUS_NOMEM);
    memset(writer, 0, offsetof(struct record_writer, payload));
    TRY(file_draft_open(path, &writer->draft));
    make_header(header, key);
    REQUIRE(fwrite(header, 1, sizeof header, writer->draft.stream) == sizeof header, STATUS_IO);
    *ret_writer = writer;
    return st;
fail:
    record_writer_abort(writer);
    return st;
}

/* An empty block is what ends a file. */
static enum status write_block(struct record_writer *writer)
{
    enum status st = STATUS_OK;
    uint8_t head[BLOCK_HEAD];
    FILE *stream = writer->draft.stream;
    put_le32(head, writer->n);
    put_le32(head + 4, writer->count);
    put_le64(head + 8, block_check(writer->payload, writer->n, writer->count));
    REQUIRE(fwrite(head, 1, sizeof head, stream) == sizeof head, STATUS_IO);
    REQUIRE(fwrite(writer->payload, 1, writer->n, stream) == writer->n, STATUS_IO);
    writer->n = writer->count = writer->n_records = 0;
fail:
    return st;
}

static enum status add_item(struct record_writer *writer, size_t n)
{
    writer->n += (uint32_t)n;
    writer->count++;
    return writer->n >= BLOCK_BYTES || writer->n_records >= BLOCK_RECORDS ? write_block(writer) : STATUS_OK;
}

size_t record_encode_name(uint64_t account, struct span name, uint8_t *out)
{
    out[0] = ITEM_NAME;
    put_le16(out + 1, (uint16_t)(8 + name.n));
    put_le64(out + ITEM_HEAD, account);
    memcpy(out + ITEM_HEAD + 8, name.data, name.n);
    return ITEM_HEAD + 8 + name.n;
}

enum status record_writer_batch(struct record_writer *writer, const struct record_batch *batch)
{
    enum status st = STATUS_OK;
    for (size_t i = 0; i < batch->n_names; i++) {
        struct span name = record_batch_name_at(batch, i);
        TRY(add_item(writer, record_encode_name(batch->names[i].account, name, writer->payload + writer->n)));
    }
    for (size_t i = 0; i < batch->n; i++) {
        size_t n = record_encode(&batch->records[i], writer->payload + writer->n, RECORD_ITEM_MAX);
        REQUIRE(n > 0, STATUS_BAD);
        writer->n_records++;
        TRY(add_item(writer, n));
    }
fail:
    return st;
}

enum status record_writer_items(struct record_writer *writer, struct span items)
{
    enum status st = STATUS_OK;
    const uint8_t *in = (const uint8_t *)items.data;
    for (size_t left = items.n, n; left > 0; left -= n, in += n) {
        REQUIRE(left >= ITEM_HEAD, STATUS_BAD);
        n = ITEM_HEAD + (size_t)get_le16(in + 1);
        REQUIRE(n <= left && n <= RECORD_ITEM_MAX, STATUS_BAD);
        memcpy(writer->payload + writer->n, in, n);
        writer->n_records += in[0] != ITEM_NAME;
        TRY(add_item(writer, n));
    }
fail:
    return st;
}

enum status record_writer_close(struct record_writer *writer)
{
    enum status st = STATUS_OK;
    if (writer->count > 0)
        TRY(write_block(writer));
    TRY(write_block(writer));
    st = file_draft_commit(&writer->draft);
    free(writer);
    return st;
fail:
    record_writer_abort(writer);
    return st;
}

void record_writer_abort(struct record_writer *writer)
{
    if (!writer)
        return;
    if (writer->draft.path)
        file_draft_abort(&writer->draft);
    free(writer);
}

/* Reader */

struct record_reader {
    FILE *stream;
    uint8_t *payload;
    size_t capacity;
    uint64_t offset; /* of the next block */
    bool ended;
};

static enum status check_header(
    const uint8_t header[static HEADER_BYTES], size_t n, const struct key *key, struct diag *diag)
{
    enum status st = STATUS_OK;
    const char *reason = "the file ends inside its header";
    REQUIRE(n >= sizeof magic, STATUS_NEED_MORE);
    reason = "not a record file";
    REQUIRE(memcmp(header, magic, sizeof magic) == 0, STATUS_MISMATCH);
    reason = "the file ends inside its header";
    REQUIRE(n == HEADER_BYTES, STATUS_NEED_MORE);
    reason = "the header's checksum is wrong";
    REQUIRE(get_le64(header + 24) == XXH3_64bits(header, 24), STATUS_MISMATCH);
    reason = "written in another version of the format";
    REQUIRE(get_le32(header + 8) == RECORD_VERSION && get_le32(header + 12) == 0, STATUS_MISMATCH);
    reason = "written under another key";
    REQUIRE(get_le64(header + 16) == key->check, STATUS_MISMATCH);
    return st;
fail:
    diag_set(diag, "header", "%s", reason);
    return st;
}

static void set_position(struct diag *diag, const char *file, uint64_t offset)
{
    if (!diag)
        return;
    diag->file = file;
    diag->line = 0;
    diag->column = 0;
    diag->offset = offset;
}

enum status record_reader_open(
    const char *path, const struct key *key, struct record_reader **ret_reader, struct diag *diag)
{
    enum status st = STATUS_OK;
    uint8_t header[HEADER_BYTES];
    struct record_reader *reader = calloc(1, sizeof *reader);
    set_position(diag, path, 0);
    REQUIRE(reader, STATUS_NOMEM);
    reader->stream = fopen(path, "rb");
    if (!reader->stream)
        diag_set(diag, "file", "cannot be opened");
    REQUIRE(reader->stream, STATUS_IO);
    size_t n = fread(header, 1, sizeof header, reader->stream);
    TRY(check_header(header, n, key, diag));
    reader->offset = HEADER_BYTES;
    *ret_reader = reader;
    return st;
fail:
    record_reader_free(reader);
    return st;
}

void record_reader_free(struct record_reader *reader)
{
    if (!reader)
        return;
    if (reader->stream)
        fclose(reader->stream);
    free(reader->payload);
    free(reader);
}

static enum status room_for(struct record_reader *reader, size_t n)
{
    enum status st = STATUS_OK;
    if (n <= reader->capacity)
        return st;
    uint8_t *grown = realloc(reader->payload, n);
    REQUIRE(grown, STATUS_NOMEM);
    reader->payload = grown;
    reader->capacity = n;
fail:
    return st;
}

/* Reads and checks one block; *ret_length 0 is the end mark. */
static enum status read_block(
    struct record_reader *reader, uint32_t *ret_length, uint32_t *ret_count, struct diag *diag)
{
    enum status st = STATUS_OK;
    uint8_t head[BLOCK_HEAD];
    const char *reason = "the file ends inside a block or before its end mark";
    REQUIRE(fread(head, 1, sizeof head, reader->stream) == sizeof head, STATUS_NEED_MORE);
    uint32_t length = get_le32(head), count = get_le32(head + 4);
    reason = "a block's length is impossible";
    REQUIRE(length <= BLOCK_BYTES_MAX && count <= length, STATUS_BAD);
    reason = "out of memory";
    TRY(room_for(reader, length));
    reason = "the file ends inside a block";
    REQUIRE(fread(reader->payload, 1, length, reader->stream) == length, STATUS_NEED_MORE);
    reason = "a block's checksum is wrong";
    REQUIRE(block_check(reader->payload, length, count) == get_le64(head + 8), STATUS_MISMATCH);
    *ret_length = length;
    *ret_count = count;
    return st;
fail:
    diag_set(diag, "block", "%s", reason);
    return ferror(reader->stream) ? STATUS_IO : st;
}

static enum status decode_name(
    const uint8_t *in, size_t n, struct record_batch *batch, size_t *ret_used, struct diag *diag)
{
    enum status st = STATUS_OK;
    REQUIRE(n >= ITEM_HEAD, STATUS_BAD);
    size_t body = get_le16(in + 1);
    REQUIRE(body > 8 && body <= 8 + ACCOUNT_NAME_MAX && body <= n - ITEM_HEAD, STATUS_BAD);
    struct span name = { (const char *)in + ITEM_HEAD + 8, body - 8 };
    TRY(record_batch_name(batch, get_le64(in + ITEM_HEAD), name));
    *ret_used = ITEM_HEAD + body;
fail:
    if (st == STATUS_BAD)
        diag_set(diag, "name", "an account's name has no bytes, too many, or ends behind its items");
    return st;
}

static enum status decode_item(
    const uint8_t *in, size_t n, struct record_batch *batch, size_t *ret_used, struct diag *diag)
{
    enum status st = STATUS_OK;
    struct record *record;
    if (in[0] == ITEM_NAME)
        return decode_name(in, n, batch, ret_used, diag);
    TRY(record_batch_next(batch, &record));
    TRY(record_decode(in, n, record, ret_used, diag));
    record_batch_commit(batch);
fail:
    if (st != STATUS_NEED_MORE)
        return st;
    diag_set(diag, "item", "it ends behind its block");
    return STATUS_BAD;
}

enum status record_items_decode(struct span items, struct record_batch *batch, struct diag *diag)
{
    enum status st = STATUS_OK;
    size_t n = batch->n, n_names = batch->n_names, name_n = batch->name_n;
    const uint8_t *in = (const uint8_t *)items.data;
    for (size_t at = 0, used; at < items.n; at += used)
        TRY(decode_item(in + at, items.n - at, batch, &used, diag));
    return STATUS_OK;
fail:
    batch->n = n;
    batch->n_names = n_names;
    batch->name_n = name_n;
    memset(batch->recent, 0, sizeof batch->recent); /* it may hold names that are taken back */
    return st;
}

bool record_items_time(struct span items, int64_t *ret_ms)
{
    const uint8_t *in = (const uint8_t *)items.data;
    for (size_t at = 0; items.n - at >= ITEM_HEAD + 8;) {
        size_t body = get_le16(in + at + 1);
        if (body > items.n - at - ITEM_HEAD)
            return false;
        if (in[at] != ITEM_NAME && body >= 8) {
            *ret_ms = (int64_t)get_le64(in + at + ITEM_HEAD);
            return true;
        }
        at += ITEM_HEAD + body;
    }
    return false;
}

/* Nothing comes behind the end mark: of two files in one the second would be passed over. */
static enum status at_end(struct record_reader *reader, struct diag *diag)
{
    uint8_t byte;
    if (fread(&byte, 1, 1, reader->stream) == 0)
        return ferror(reader->stream) ? STATUS_IO : STATUS_END;
    diag_set(diag, "block", "there are bytes behind the end mark");
    return STATUS_BAD;
}

enum status record_reader_next(struct record_reader *reader, struct record_batch *batch, struct diag *diag)
{
    enum status st = STATUS_OK;
    uint32_t length, count;
    size_t at = 0, used;
    if (reader->ended)
        return STATUS_END;
    set_position(diag, diag ? diag->file : NULL, reader->offset);
    TRY(read_block(reader, &length, &count, diag));
    reader->offset += BLOCK_HEAD;
    reader->ended = length == 0;
    if (reader->ended)
        return at_end(reader, diag);
    for (uint32_t i = 0; i < count; i++, at += used) {
        set_position(diag, diag ? diag->file : NULL, reader->offset + at);
        REQUIRE(at < length, STATUS_BAD);
        TRY(decode_item(reader->payload + at, length - at, batch, &used, diag));
    }
    reader->offset += length;
    REQUIRE(at == length, STATUS_BAD);
fail:
    return st;
}
