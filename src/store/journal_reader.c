#include "store/segment.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

struct journal_reader {
    char folder[FOLDER_MAX];
    char path[FOLDER_MAX + SEGMENT_NAME]; /* diag borrows it */
    uint64_t key_check;
    FILE *stream;
    uint32_t segment;
    uint64_t offset;
    uint64_t before; /* where the segment before this one ended; 0: none was read */
    struct journal_place end;
    char *payload;
    size_t capacity;
};

static enum status fault(struct journal_reader *reader, enum status st, const char *reason, struct diag *diag)
{
    if (diag) {
        diag->file = reader->path;
        diag->offset = reader->offset;
        diag_set(diag, "", "%s", reason);
    }
    return st;
}

enum status journal_reader_open(const char *folder, uint64_t key_check, struct journal_place end,
    struct journal_reader **ret_reader, struct diag *diag)
{
    enum status st = STATUS_OK;
    struct segment_range range;
    if (diag)
        diag->file = folder;
    struct journal_reader *reader = calloc(1, sizeof *reader);
    REQUIRE(reader, STATUS_NOMEM);
    REQUIRE(snprintf(reader->folder, FOLDER_MAX, "%s", folder) < FOLDER_MAX, STATUS_TOO_BIG);
    reader->key_check = key_check;
    reader->end = end;
    TRY(segment_range_of(folder, &range, diag));
    reader->segment = range.first;
    if (range.first == 0 || range.first > end.segment || range.last < end.segment) {
        diag_set(diag, "", "segment %08u, which was committed, is missing", end.segment);
        REQUIRE(false, STATUS_BAD);
    }
    *ret_reader = reader;
    return STATUS_OK;
fail:
    journal_reader_free(reader);
    return st;
}

void journal_reader_free(struct journal_reader *reader)
{
    if (!reader)
        return;
    if (reader->stream)
        fclose(reader->stream);
    free(reader->payload);
    free(reader);
}

bool journal_is_before(struct journal_place a, struct journal_place b)
{
    return a.segment != b.segment ? a.segment < b.segment : a.offset < b.offset;
}

struct journal_place journal_reader_place(const struct journal_reader *reader)
{
    return reader->stream ? (struct journal_place){ reader->segment, reader->offset }
                          : (struct journal_place){ 0 };
}

void journal_reader_extend(struct journal_reader *reader, struct journal_place end)
{
    reader->end = end;
    if (reader->stream)
        clearerr(reader->stream);
}

static enum status open_segment(struct journal_reader *reader, struct diag *diag)
{
    enum status st = STATUS_OK;
    uint8_t bytes[SEGMENT_HEAD];
    struct segment_head head;
    segment_path(reader->folder, reader->segment, reader->path);
    reader->offset = 0;
    reader->stream = fopen(reader->path, "rbe");
    if (!reader->stream)
        return fault(reader, STATUS_IO, strerror(errno), diag);
    if (fread(bytes, 1, sizeof bytes, reader->stream) != sizeof bytes)
        return fault(reader, STATUS_BAD, "it ends inside its head", diag);
    if (diag)
        diag->file = reader->path;
    TRY(segment_head_check(bytes, reader->key_check, reader->segment, &head, diag));
    if (reader->before && (uint32_t)reader->before != head.before)
        return fault(reader, STATUS_BAD, "the segment before it does not end where it did", diag);
    reader->offset = sizeof bytes;
fail:
    return st;
}

static enum status read_payload(struct journal_reader *reader, size_t n, struct diag *diag)
{
    if (n > reader->capacity) {
        char *grown = realloc(reader->payload, n);
        if (!grown)
            return STATUS_NOMEM;
        reader->payload = grown;
        reader->capacity = n;
    }
    if (fread(reader->payload, 1, n, reader->stream) != n)
        return fault(reader, STATUS_BAD, "it ends inside a block", diag);
    return STATUS_OK;
}

/* STATUS_END: the segment ends here. */
static enum status read_block(
    struct journal_reader *reader, struct journal_block *ret_block, struct diag *diag)
{
    enum status st = STATUS_OK;
    uint8_t head[BLOCK_HEAD];
    struct journal_block block;
    size_t n = fread(head, 1, sizeof head, reader->stream);
    if (n == 0 && feof(reader->stream))
        return STATUS_END;
    if (n != sizeof head)
        return fault(reader, STATUS_BAD, "it ends inside a block", diag);
    if (block_head_read(head, &block) != STATUS_OK)
        return fault(reader, STATUS_BAD, "a block's head cannot be", diag);
    TRY(read_payload(reader, block.payload.n, diag));
    block.payload.data = reader->payload;
    if (!block_is_whole(head, block.payload, reader->segment, reader->offset))
        return fault(reader, STATUS_BAD, "a block's checksum is wrong", diag);
    reader->offset += sizeof head + block.payload.n;
    *ret_block = block;
fail:
    return st;
}

static bool is_at_end(const struct journal_reader *reader)
{
    return reader->segment == reader->end.segment && reader->offset >= reader->end.offset;
}

enum status journal_reader_next(
    struct journal_reader *reader, struct journal_block *ret_block, struct diag *diag)
{
    enum status st = STATUS_END;
    while (st == STATUS_END) {
        if (!reader->stream) {
            st = open_segment(reader, diag);
            if (st != STATUS_OK)
                return st;
        }
        if (is_at_end(reader))
            return STATUS_END;
        st = read_block(reader, ret_block, diag);
        if (st != STATUS_END)
            return st;
        if (reader->segment == reader->end.segment)
            return fault(reader, STATUS_BAD, "it ends before what was committed", diag);
        fclose(reader->stream);
        reader->stream = NULL;
        reader->before = reader->offset;
        reader->segment++;
    }
    return st;
}
