/*
 * codec.h: records on disk.
 *
 * Shapes: fixed width, little-endian, versioned, checksummed, pointer-free. A file is a 32-byte header (magic
 *   "STILLREC", version, key check value, header checksum) and blocks: {payload length u32, item count u32, XXH3
 *   of the payload u64} and the payload, a run of items {kind u8, length u16, body}. Items are records and account
 *   names; anchors that are absent are not written. An empty block ends the file, so that a cut one is known; the
 *   checksum is seeded with the block's length and count. docs/formats.md has the table.
 * Errors: STATUS_MISMATCH: another version, another key, a wrong checksum; STATUS_NEED_MORE: the file ends inside
 *   a block (what came before was delivered); STATUS_BAD: an item that cannot be. diag tells where.
 * Memory: one block (at most 4 MiB) a reader or writer.
 */
#ifndef RECORD_CODEC_H
#define RECORD_CODEC_H

#include "base/diag.h"
#include "base/key.h"
#include "record/batch.h"

#include <stdbool.h>
#include <stdio.h>

struct record_writer;
struct record_reader;

/* True if the file begins like a record file. */
bool record_file_probe(const char *path);

/* Writes to a temporary name beside path; record_writer_close moves it into place. */
MUST_CHECK enum status record_writer_open(
    const char *path, const struct key *key, struct record_writer **ret_writer);
MUST_CHECK enum status record_writer_batch(struct record_writer *writer, const struct record_batch *batch);
/* Whole items that were encoded elsewhere, on other threads; STATUS_BAD for what is none. */
MUST_CHECK enum status record_writer_items(struct record_writer *writer, struct span items);
/* Flushes, syncs, renames and frees; on failure the temporary file is removed. */
MUST_CHECK enum status record_writer_close(struct record_writer *writer);
void record_writer_abort(struct record_writer *writer); /* NULL is fine */

MUST_CHECK enum status record_reader_open(
    const char *path, const struct key *key, struct record_reader **ret_reader, struct diag *diag);
/* Fills the (reset) batch with one block. STATUS_END after the last. */
MUST_CHECK enum status record_reader_next(
    struct record_reader *reader, struct record_batch *batch, struct diag *diag);
void record_reader_free(struct record_reader *reader);

enum { RECORD_ITEM_MAX = 3 + 1024 };
/* The item codec itself: encode returns bytes written (0: no room). */
size_t record_encode(const struct record *record, uint8_t *out, size_t capacity);
/* The name of an account as an item. out: RECORD_ITEM_MAX bytes; name: 1 to ACCOUNT_NAME_MAX bytes. */
size_t record_encode_name(uint64_t account, struct span name, uint8_t *out);
/* Adds a run of items to the batch, or, for a status other than STATUS_OK, nothing of it. */
MUST_CHECK enum status record_items_decode(struct span items, struct record_batch *batch, struct diag *diag);
/* The time of the first record in a run of items; false where there is none. */
bool record_items_time(struct span items, int64_t *ret_ms);
MUST_CHECK enum status record_decode(
    const uint8_t *in, size_t n, struct record *ret_record, size_t *ret_used, struct diag *diag);

#endif
