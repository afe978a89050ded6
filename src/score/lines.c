#include "score/lines.h"

#include "exchange/source.h"

#include <errno.h>
#include <stdlib.h>

enum { FIRST_BYTES = 64 << 10, LINE_MAX_BYTES = 1 << 20 };

struct lines {
    const char *path;
    struct source *source;
    struct walk walk;
    char *bytes;
    size_t from, n, capacity; /* what is read and not yet given; capacity without the padding */
    uint64_t line, line_offset, next_offset; /* of the line read last, and behind it */
    bool ended, too_long;                    /* too_long: what is read is the beginning of a line that was */
};

enum status lines_open(const char *path, struct lines **ret_lines, struct diag *diag)
{
    enum status st = STATUS_OK;
    struct lines *lines = calloc(1, sizeof *lines);
    REQUIRE(lines, STATUS_NOMEM);
    *diag = (struct diag){ .file = path };
    lines->path = path;
    lines->capacity = FIRST_BYTES;
    lines->bytes = calloc(1, FIRST_BYTES + JSON_PADDING);
    REQUIRE(lines->bytes, STATUS_NOMEM);
    TRY(json_new(&lines->walk.json));
    st = source_open(path, &lines->source);
    if (st == STATUS_IO) {
        diag_set(diag, "", "%s", strerror(errno));
        st = errno == ENOENT ? STATUS_NOT_FOUND : STATUS_IO;
    }
    if (st == STATUS_OK)
        *ret_lines = lines;
fail:
    if (st != STATUS_OK)
        lines_close(lines);
    return st;
}

void lines_close(struct lines *lines)
{
    if (!lines)
        return;
    if (lines->source)
        source_close(lines->source);
    json_free(lines->walk.json);
    free(lines->bytes);
    free(lines);
}

static void point_at(const struct lines *lines, struct diag *diag)
{
    *diag = (struct diag){ .file = lines->path, .line = lines->line, .offset = lines->line_offset };
}

enum status lines_bad(const struct lines *lines, struct diag *diag, const char *field, const char *reason)
{
    point_at(lines, diag);
    diag_set(diag, field, "%s", reason);
    return STATUS_BAD;
}

/* Of the line behind the one read last. */
static void say_too_long(const struct lines *lines, struct diag *diag)
{
    *diag = (struct diag){ .file = lines->path, .line = lines->line + 1, .offset = lines->next_offset };
    diag_set(diag, "", "line is longer than %d bytes", LINE_MAX_BYTES);
}

/* Moves what is left to the front, makes room where there is none, and reads on. */
static enum status read_on(struct lines *lines, struct diag *diag)
{
    enum status st = STATUS_OK;
    size_t got = 0;
    memmove(lines->bytes, lines->bytes + lines->from, lines->n);
    lines->from = 0;
    if (lines->n == lines->capacity) {
        lines->too_long = lines->capacity >= LINE_MAX_BYTES;
        if (lines->too_long)
            say_too_long(lines, diag);
        REQUIRE(lines->capacity < LINE_MAX_BYTES, STATUS_TOO_BIG);
        char *grown = realloc(lines->bytes, 2 * lines->capacity + JSON_PADDING);
        REQUIRE(grown, STATUS_NOMEM);
        lines->bytes = grown;
        lines->capacity *= 2;
        memset(grown + lines->n, 0, lines->capacity + JSON_PADDING - lines->n);
    }
    st = source_read(lines->source, lines->bytes + lines->n, lines->capacity - lines->n, &got);
    if (st == STATUS_END) {
        lines->ended = true;
        return STATUS_OK;
    }
    if (st != STATUS_OK) {
        point_at(lines, diag);
        diag_set(diag, "", "%s", source_reason(lines->source));
    }
    TRY(st);
    lines->n += got;
fail:
    return st;
}

static void pass_over(struct lines *lines, size_t bytes)
{
    lines->from += bytes;
    lines->n -= bytes;
    lines->next_offset += bytes;
}

/* What is left of a line that was too long, with its end. */
static enum status pass_over_line(struct lines *lines, struct diag *diag)
{
    enum status st = STATUS_OK;
    while (lines->too_long && !lines->ended) {
        size_t end = span_find((struct span){ lines->bytes + lines->from, lines->n }, '\n', 0);
        lines->too_long = end == lines->n;
        pass_over(lines, lines->too_long ? end : end + 1);
        if (lines->too_long)
            TRY(read_on(lines, diag));
    }
    lines->too_long = false;
fail:
    return st;
}

/* The next line with its end cut off, which may leave it empty. */
static enum status next_line(struct lines *lines, struct span *ret_line, struct diag *diag)
{
    enum status st = STATUS_OK;
    size_t searched = 0, end;
    lines->line += lines->too_long;
    TRY(pass_over_line(lines, diag));
    for (;;) {
        struct span left = { lines->bytes + lines->from, lines->n };
        end = span_find(left, '\n', searched);
        if (end < lines->n || lines->ended)
            break;
        searched = lines->n;
        TRY(read_on(lines, diag));
    }
    REQUIRE(lines->n > 0, STATUS_END);
    struct span line = { lines->bytes + lines->from, end };
    size_t used = end < lines->n ? end + 1 : end;
    lines->line++;
    lines->line_offset = lines->next_offset;
    pass_over(lines, used);
    if (line.n > 0 && line.data[line.n - 1] == '\r')
        line.n--;
    *ret_line = line;
fail:
    return st;
}

enum status lines_next(struct lines *lines, struct span *ret_line, struct diag *diag)
{
    struct span line = { 0 };
    while (line.n == 0) {
        enum status st = next_line(lines, &line, diag);
        if (st != STATUS_OK)
            return st;
    }
    *ret_line = line;
    return STATUS_OK;
}

enum status lines_json(struct lines *lines, const struct fields *fields, void *object, struct diag *diag)
{
    struct span line;
    struct json_items members;
    struct walk *walk = &lines->walk;
    enum status st = lines_next(lines, &line, diag);
    if (st != STATUS_OK)
        return st;
    walk_start(walk);
    TRY(json_open(walk->json, line, &members));
    TRY(walk_open_members(walk, &members, fields, object));
    st = json_at_end(walk->json);
fail:
    if (st != STATUS_OK && st != STATUS_NOMEM) {
        point_at(lines, diag);
        walk_explain_line(walk, st, line, diag);
        st = STATUS_BAD;
    }
    return st;
}
