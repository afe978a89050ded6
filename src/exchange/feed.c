#define _GNU_SOURCE /* memrchr */

#include "exchange/feed.h"

#include "exchange/json.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void feed_init(
    struct feed *feed, const char *const *paths, size_t n_paths, size_t chunk_bytes, size_t line_max_bytes)
{
    /* A byte order mark and a line end in two bytes do not count as part of the line. */
    enum { AROUND_LINE_BYTES = 3 + 2 };
    *feed = (struct feed){ .paths = paths,
        .n_paths = n_paths,
        .chunk_bytes = chunk_bytes,
        .line_limit_bytes = line_max_bytes + AROUND_LINE_BYTES };
}

void feed_fini(struct feed *feed)
{
    source_close(feed->source);
    free(feed->carry);
}

void chunk_fini(struct chunk *chunk)
{
    free(chunk->bytes);
}

static enum status reserve(char **bytes, size_t *cap, size_t n)
{
    if (n <= *cap)
        return STATUS_OK;
    char *moved = realloc(*bytes, n);
    if (!moved)
        return STATUS_NOMEM;
    *bytes = moved;
    *cap = n;
    return STATUS_OK;
}

static void set_fate(struct feed *feed, struct chunk *chunk, enum status fate, const char *reason)
{
    chunk->fate = fate;
    chunk->fate_offset = feed->offset + chunk->n;
    snprintf(chunk->fate_reason, sizeof chunk->fate_reason, "%s", reason);
    if (fate == STATUS_IO)
        feed->ended = true;
}

static void close_source(struct feed *feed)
{
    feed->input_bytes += source_input_bytes(feed->source);
    source_close(feed->source);
    feed->source = NULL;
}

/* Reads up to `target` bytes into the chunk. STATUS_END: the file is over, well or badly. */
static enum status fill(struct feed *feed, struct chunk *chunk, size_t target)
{
    size_t got = 0;
    enum status st = source_read(feed->source, chunk->bytes + chunk->n, target - chunk->n, &got);
    chunk->n += got;
    if (st == STATUS_OK || st == STATUS_NOMEM)
        return st;
    if (st != STATUS_END)
        set_fate(feed, chunk, st, source_reason(feed->source));
    chunk->ends_file = true;
    close_source(feed);
    return STATUS_END;
}

static enum status keep_rest(struct feed *feed, struct chunk *chunk, size_t from)
{
    size_t rest = chunk->n - from;
    enum status st = reserve(&feed->carry, &feed->carry_cap, rest);
    if (st != STATUS_OK)
        return st;
    if (rest > 0)
        memcpy(feed->carry, chunk->bytes + from, rest);
    feed->carry_n = rest;
    chunk->n = from;
    return STATUS_OK;
}

static size_t mark_bytes(const struct chunk *chunk)
{
    static const char mark[] = { '\xef', '\xbb', '\xbf' };
    bool marked =
        chunk->starts_file && chunk->n >= sizeof mark && memcmp(chunk->bytes, mark, sizeof mark) == 0;
    return marked ? sizeof mark : 0;
}

/* The chunk holds the beginning of a line beyond the limit: reads on to its end, keeping nothing of it. */
static enum status skip_line(struct feed *feed, struct chunk *chunk)
{
    enum status st = STATUS_OK;
    const char *end = NULL;
    chunk->long_line = true;
    chunk->mark_bytes = mark_bytes(chunk);
    while (st == STATUS_OK && !end) {
        feed->offset += chunk->n;
        chunk->n = 0;
        st = fill(feed, chunk, feed->chunk_bytes);
        feed->offset += st == STATUS_END ? chunk->n : 0;
        end = memchr(chunk->bytes, '\n', chunk->n);
    }
    if (st == STATUS_NOMEM)
        return st;
    if (st == STATUS_END)
        return STATUS_OK;
    size_t skipped = (size_t)(end - chunk->bytes) + 1;
    st = keep_rest(feed, chunk, skipped);
    feed->offset += skipped;
    chunk->n = 0;
    return st;
}

/* Fills the chunk and cuts it. */
static enum status cut(struct feed *feed, struct chunk *chunk)
{
    size_t target = feed->chunk_bytes > chunk->n ? feed->chunk_bytes : chunk->n;
    size_t searched = 0;
    for (;;) {
        enum status st = reserve(&chunk->bytes, &chunk->cap, target + JSON_PADDING);
        if (st != STATUS_OK)
            return st;
        st = chunk->n < target ? fill(feed, chunk, target) : STATUS_OK;
        if (st != STATUS_OK)
            return st == STATUS_END ? STATUS_OK : st;
        if (chunk->n < target && !source_is_live(feed->source))
            continue;
        const char *end = memrchr(chunk->bytes + searched, '\n', chunk->n - searched);
        if (end)
            return keep_rest(feed, chunk, (size_t)(end - chunk->bytes) + 1);
        searched = chunk->n;
        if (chunk->n >= feed->line_limit_bytes)
            return skip_line(feed, chunk);
        if (chunk->n == target)
            target = target < feed->line_limit_bytes / 2 ? target * 2 : feed->line_limit_bytes;
    }
}

static enum status open_next(struct feed *feed, struct chunk *chunk)
{
    enum status st = source_open(feed->paths[feed->file], &feed->source);
    chunk->file = feed->file++;
    feed->offset = 0;
    feed->carry_n = 0;
    feed->starts_file = true;
    if (st == STATUS_IO)
        set_fate(feed, chunk, st, strerror(errno));
    return st;
}

static enum status next_of_file(struct feed *feed, struct chunk *chunk)
{
    enum status st = reserve(&chunk->bytes, &chunk->cap, feed->carry_n + JSON_PADDING);
    if (st != STATUS_OK)
        return st;
    if (feed->carry_n > 0)
        memcpy(chunk->bytes, feed->carry, feed->carry_n);
    chunk->n = feed->carry_n;
    feed->carry_n = 0;
    chunk->file = feed->file - 1;
    chunk->offset = feed->offset;
    chunk->starts_file = feed->starts_file;
    feed->starts_file = false;
    st = cut(feed, chunk);
    if (st != STATUS_OK)
        return st;
    if (chunk->long_line)
        chunk->n = 0;
    else
        chunk->mark_bytes = mark_bytes(chunk);
    feed->offset += chunk->n;
    chunk->bytes_read = feed->offset - chunk->offset;
    memset(chunk->bytes + chunk->n, 0, JSON_PADDING);
    chunk->input_bytes = feed->input_bytes + (feed->source ? source_input_bytes(feed->source) : 0);
    return STATUS_OK;
}

enum status feed_next(struct feed *feed, struct chunk *chunk)
{
    for (;;) {
        chunk->n = 0;
        chunk->bytes_read = 0;
        chunk->starts_file = chunk->ends_file = chunk->long_line = false;
        chunk->fate = STATUS_OK;
        if (feed->ended || (!feed->source && feed->file == feed->n_paths))
            return STATUS_END;
        enum status st = feed->source ? STATUS_OK : open_next(feed, chunk);
        if (st == STATUS_IO)
            return STATUS_OK;
        if (st == STATUS_OK)
            st = next_of_file(feed, chunk);
        if (st == STATUS_NOMEM)
            feed->ended = true;
        if (st != STATUS_OK || chunk->n > 0 || chunk->long_line || chunk->fate != STATUS_OK)
            return st;
    }
}
