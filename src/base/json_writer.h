/*
 * json_writer.h: JSON as a stream, into memory or a file, byte for byte the same in every run.
 *
 * Model: calls in document order; the writer puts commas and colons. Numbers as in base/number.h, so NaN
 *   and infinities become null. Strings: quotes, backslashes and control characters are escaped; bytes that
 *   are not UTF-8 become U+FFFD, so that the output is always valid JSON.
 * Ownership: borrows the file (NULL: everything stays in the buffer, json_writer_span).
 * Errors: remembered; json_writer_finish returns the first. Misnested calls are programmer errors
 *   (asserted).
 * Memory: 32 KiB while streaming to a file.
 */
#ifndef BASE_JSON_WRITER_H
#define BASE_JSON_WRITER_H

#include "base/buffer.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

enum { JSON_DEPTH_MAX = 16 };

struct json_writer {
    struct buffer buffer;
    FILE *file;
    enum status status;
    unsigned depth;
    bool has_items[JSON_DEPTH_MAX + 1]; /* a comma is due before the next item at this depth */
    bool after_name, line_due;
};

void json_writer_init(struct json_writer *writer, FILE *file);
void json_writer_fini(struct json_writer *writer);
/* Flushes what is buffered for the file. All containers must be closed. */
MUST_CHECK enum status json_writer_finish(struct json_writer *writer);
/* What was written so far; only without a file. */
struct span json_writer_span(const struct json_writer *writer);

void json_put_object(struct json_writer *writer);
void json_put_object_end(struct json_writer *writer);
void json_put_array(struct json_writer *writer);
void json_put_array_end(struct json_writer *writer);
void json_put_name(struct json_writer *writer, const char *name);
void json_put_string(struct json_writer *writer, struct span text);
void json_put_text(struct json_writer *writer, const char *text); /* NULL: null */
void json_put_u64(struct json_writer *writer, uint64_t value);
void json_put_i64(struct json_writer *writer, int64_t value);
void json_put_double(struct json_writer *writer, double value);
void json_put_bool(struct json_writer *writer, bool value);
void json_put_null(struct json_writer *writer);
/* Text that is JSON already; it is not looked at. */
void json_put_raw(struct json_writer *writer, struct span json);
/* RFC 3339; below 0: null. */
void json_put_time(struct json_writer *writer, int64_t time_ms);
/* A line break: at depth 0 now, between lines of JSON; deeper before the next item, for readability. */
void json_put_line(struct json_writer *writer);

#endif
