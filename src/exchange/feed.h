/*
 * feed.h: cuts the bytes of several files, one after the other, into chunks that end at a line end.
 *
 * Model: a chunk is filled up to chunk_bytes and cut behind its last line end; what is left begins the
 *   next one. A chunk without a line end grows up to the longest line allowed; beyond, the line is thrown
 *   away as it is read and the chunk holds nothing but the note of it. No chunk spans two files.
 * Memory: one chunk of carry.
 * Ownership: the chunk's bytes are the caller's, grown by the feed.
 * Errors: damage and read failures are noted in the last chunk of the file, after all that came before. A
 *   read failure ends the feed. STATUS_NOMEM ends it too.
 * Threads: one at a time.
 */
#ifndef EXCHANGE_FEED_H
#define EXCHANGE_FEED_H

#include "base/status.h"
#include "exchange/source.h"

struct chunk {
    char *bytes; /* readable for JSON_PADDING bytes beyond n */
    size_t n;
    size_t cap;
    size_t file;       /* index of the path */
    uint64_t offset;   /* of bytes[0] in the uncompressed file */
    size_t mark_bytes; /* of a byte order mark in front, which is no part of the first line */
    bool starts_file;
    bool ends_file;   /* its last line may lack a line end */
    bool long_line;   /* no bytes: stands for one line beyond the limit, at offset and its mark */
    enum status fate; /* how the file ended, if it ended badly: STATUS_BAD damaged, STATUS_IO unreadable */
    uint64_t fate_offset; /* in the uncompressed file */
    char fate_reason[96];
    uint64_t bytes_read;  /* of the uncompressed file that this chunk stands for, skipped ones included */
    uint64_t input_bytes; /* of all files, read when this chunk was cut */
};

struct feed {
    const char *const *paths;
    size_t n_paths;
    size_t file; /* index of the next path to open */
    size_t chunk_bytes;
    size_t line_limit_bytes; /* so many bytes without a line end are a line too long */
    struct source *source;
    uint64_t offset; /* of the first byte not yet in a chunk */
    bool starts_file;
    bool ended;
    uint64_t input_bytes; /* of the files that are closed */
    char *carry;
    size_t carry_n;
    size_t carry_cap;
};

void feed_init(
    struct feed *feed, const char *const *paths, size_t n_paths, size_t chunk_bytes, size_t line_max_bytes);
void feed_fini(struct feed *feed);

/* STATUS_END when all files are through. */
MUST_CHECK enum status feed_next(struct feed *feed, struct chunk *chunk);
void chunk_fini(struct chunk *chunk);

#endif
