/*
 * sse.h: the events of a server-sent-event stream, from bytes cut anywhere.
 *
 * Source: HTML Living Standard, 9.2.5 and 9.2.6 (parsing and interpreting an event stream). Deviation: id and retry
 *   are of no use here and passed over.
 * Shapes: lines end in LF, CR or CRLF; a leading byte order mark and comments are dropped; several data lines are
 *   joined by LF; an event without data, and one that no empty line ended, is none. Of an event with more data than
 *   max_bytes, or a data line longer than that, only the name is told.
 * Memory: grows to at most 2 x 2 x max_bytes (a piece of a line, and the data of an event), kept until sse_fini.
 * Ownership: the caller's struct; an event borrows from it during the call, and JSON_PADDING zero bytes follow its data.
 * Errors: STATUS_NOMEM, and whatever on_event returns; after either the stream is of no more use.
 * Cost: one copy of the data; 40 to 90 ns for an event of 134 to 203 bytes (bench/follow_bench.c).
 */
#ifndef EXCHANGE_SSE_H
#define EXCHANGE_SSE_H

#include "base/buffer.h"

enum { SSE_NAME_BYTES = 64 };

struct sse {
    size_t max_bytes;
    struct buffer line; /* the piece of a line that the bytes so far ended in */
    struct buffer data; /* of the event so far */
    char name[SSE_NAME_BYTES];
    size_t name_n;
    bool started; /* the first line is over */
    bool after_cr;
    bool line_too_long; /* line has its beginning only */
    bool has_data, too_long;
};

struct sse_event {
    struct span name; /* empty: not given; cut to SSE_NAME_BYTES */
    struct span data;
    bool too_long; /* and there is no data */
};

typedef enum status sse_fn(void *context, const struct sse_event *event);

void sse_init(struct sse *sse, size_t max_bytes);
void sse_fini(struct sse *sse);

/* Calls on_event for each event that these bytes complete. */
MUST_CHECK enum status sse_feed(struct sse *sse, struct span bytes, sse_fn *on_event, void *context);

#endif
