#include "corpus/set_rows.h"

#include "base/file.h"
#include "exchange/json.h"

#include <stdio.h>
#include <stdlib.h>

enum { PATH_MAX_BYTES = 128, DEPTH_MAX = 24 };

struct walk {
    const struct row_shape *shape;
    struct json *json;
    struct row *row;
    struct buffer padded;
    row_take take;
    void *context;
    char path[PATH_MAX_BYTES]; /* of the value that the walk is at, below the row or the document */
    size_t n_path;
    const char *rows; /* the path of the rows; NULL within one */
    struct diag *diag;
};

static enum status walk_value(struct walk *walk, struct json_value *value, unsigned depth);

/* Whether the wanted path is this one, or lies below it. */
static bool leads_to(const struct walk *walk, const char *wanted, bool *ret_there)
{
    *ret_there = wanted && strncmp(wanted, walk->path, walk->n_path) == 0 && wanted[walk->n_path] == '\0';
    return wanted && strncmp(wanted, walk->path, walk->n_path) == 0 &&
           (walk->n_path == 0 || wanted[walk->n_path] == '.');
}

static enum status take_string(struct walk *walk, struct json_value *value, unsigned path)
{
    struct row *row = walk->row;
    struct span text;
    enum status st = json_string(walk->json, value, &text);
    if (st == STATUS_OK && row->n < ROW_STRINGS)
        row->strings[row->n++] = (struct row_string){ text, path };
    return st;
}

/* Goes a step down the path; STATUS_TOO_BIG is no fault: such a path is not wanted. */
static enum status walk_step(struct walk *walk, struct span name, struct json_value *value, unsigned depth)
{
    size_t before = walk->n_path;
    if (before + name.n + 2 > PATH_MAX_BYTES)
        return STATUS_OK;
    if (before > 0)
        walk->path[walk->n_path++] = '.';
    memcpy(walk->path + walk->n_path, name.data, name.n);
    walk->n_path += name.n;
    enum status st = walk_value(walk, value, depth + 1);
    walk->n_path = before;
    return st;
}

static enum status walk_into(struct walk *walk, struct json_value *value, unsigned depth)
{
    struct json_items items;
    struct json_value inner;
    struct span key;
    enum status st;
    if (value->type == JSON_OBJECT) {
        TRY(json_object(value, &items));
        while ((st = json_next_member(walk->json, &items, &key, &inner)) == STATUS_OK)
            TRY(walk_step(walk, key, &inner, depth));
    } else if (value->type == JSON_ARRAY) {
        TRY(json_array(value, &items));
        while ((st = json_next_element(&items, &inner)) == STATUS_OK)
            TRY(walk_step(walk, SPAN("*"), &inner, depth));
    } else {
        return STATUS_OK;
    }
    return st == STATUS_END ? STATUS_OK : st;
fail:
    return st;
}

/* A row of a document: its paths begin anew. */
static enum status walk_row(struct walk *walk, struct json_value *value, unsigned depth)
{
    const char *rows = walk->rows;
    char path[PATH_MAX_BYTES];
    size_t n = walk->n_path;
    enum status st;
    memcpy(path, walk->path, n);
    walk->rows = NULL;
    walk->n_path = 0;
    walk->row->n = 0;
    st = walk_into(walk, value, depth);
    if (st == STATUS_OK)
        st = walk->take(walk->context, walk->row);
    walk->rows = rows;
    walk->n_path = n;
    memcpy(walk->path, path, n);
    return st;
}

static enum status walk_value(struct walk *walk, struct json_value *value, unsigned depth)
{
    bool there = false, below = false;
    if (depth > DEPTH_MAX)
        return STATUS_OK;
    if (walk->rows) {
        below = leads_to(walk, walk->rows, &there);
        if (there)
            return walk_row(walk, value, depth);
        return below ? walk_into(walk, value, depth) : STATUS_OK;
    }
    for (unsigned i = 0; i < ROW_PATHS; i++) {
        below |= leads_to(walk, walk->shape->paths[i], &there);
        if (there && value->type == JSON_STRING)
            return take_string(walk, value, i);
    }
    return below ? walk_into(walk, value, depth) : STATUS_OK;
}

/* The text between, with room behind it that the cursor may read. */
static enum status open_text(struct walk *walk, struct span before, struct span text, struct span after,
    struct json_items *ret_members)
{
    struct buffer *padded = &walk->padded;
    buffer_reset(padded);
    buffer_put(padded, before);
    buffer_put(padded, text);
    buffer_put(padded, after);
    if (!buffer_reserve(padded, JSON_PADDING))
        return STATUS_NOMEM;
    memset(padded->data + padded->n, 0, JSON_PADDING);
    return json_open(walk->json, buffer_span(padded), ret_members);
}

static enum status read_line(struct walk *walk, struct span line)
{
    struct json_items members;
    struct json_value value;
    struct span key;
    enum status st;
    walk->row->n = 0;
    TRY(open_text(walk, (struct span){ 0 }, line, (struct span){ 0 }, &members));
    while ((st = json_next_member(walk->json, &members, &key, &value)) == STATUS_OK)
        TRY(walk_step(walk, key, &value, 0));
    REQUIRE(st == STATUS_END, st);
    TRY(json_at_end(walk->json));
    return walk->take(walk->context, walk->row);
fail:
    return st;
}

static struct span next_line(struct span text, size_t *at)
{
    struct span line = { text.data + *at, span_find(text, '\n', *at) - *at };
    *at += line.n + 1;
    return line;
}

static bool is_blank(struct span line)
{
    for (size_t i = 0; i < line.n; i++)
        if (line.data[i] != ' ' && line.data[i] != '\r' && line.data[i] != '\t')
            return false;
    return true;
}

static enum status read_lines(struct walk *walk, struct span text)
{
    enum status st;
    for (size_t at = 0; at < text.n;) {
        struct span line = next_line(text, &at);
        walk->diag->line++;
        if (!is_blank(line))
            TRY(read_line(walk, line));
    }
    return STATUS_OK;
fail:
    return st;
}

/* The cursor wants an object at the root: the document becomes the one member of one. */
static enum status read_document(struct walk *walk, struct span text)
{
    struct json_items members;
    struct json_value value;
    struct span key;
    enum status st;
    walk->rows = walk->shape->rows;
    TRY(open_text(walk, SPAN("{\"\":"), text, SPAN("}"), &members));
    TRY(json_next_member(walk->json, &members, &key, &value));
    TRY(walk_value(walk, &value, 0));
    REQUIRE((st = json_next_member(walk->json, &members, &key, &value)) == STATUS_END,
        st == STATUS_OK ? STATUS_BAD : st);
    return json_at_end(walk->json);
fail:
    return st;
}

/* The first column of a record, unquoted into padded; at stands behind the record afterwards. */
static enum status read_csv_record(struct walk *walk, struct span text, size_t *at)
{
    struct buffer *field = &walk->padded;
    bool quoted = false, first = true;
    size_t i = *at;
    buffer_reset(field);
    for (; i < text.n && (quoted || text.data[i] != '\n'); i++) {
        char c = text.data[i];
        if (c == '"' && quoted && i + 1 < text.n && text.data[i + 1] == '"')
            i++;
        else if (c == '"') {
            quoted = !quoted;
            continue;
        }
        first = first && (quoted || c != ',');
        if (first)
            buffer_put_char(field, c);
    }
    *at = i + 1;
    return quoted ? STATUS_BAD : field->status;
}

static enum status read_csv(struct walk *walk, struct span text)
{
    enum status st;
    for (size_t at = 0; at < text.n;) {
        walk->diag->line++; /* a record may be longer than a line; then this counts records */
        TRY(read_csv_record(walk, text, &at));
        walk->row->n = 1;
        walk->row->strings[0] = (struct row_string){ buffer_span(&walk->padded), 0 };
        if (walk->diag->line > 1)
            TRY(walk->take(walk->context, walk->row));
    }
    return STATUS_OK;
fail:
    return st;
}

static enum status read_text(struct walk *walk, struct span text)
{
    switch (walk->shape->form) {
    case SET_LINES:
        return read_lines(walk, text);
    case SET_DOCUMENT:
        return read_document(walk, text);
    case SET_CSV:
        return read_csv(walk, text);
    case SET_PLAIN:
        break;
    }
    walk->row->n = 1;
    walk->row->strings[0] = (struct row_string){ text, 0 };
    return walk->take(walk->context, walk->row);
}

enum status set_rows_read(
    const char *path, const struct row_shape *shape, row_take take, void *context, struct diag *diag)
{
    struct diag unread;
    struct walk walk = { .shape = shape, .take = take, .context = context, .diag = diag ? diag : &unread };
    struct span text = { 0 };
    enum status st;
    walk.diag->line = 0;
    walk.row = malloc(sizeof *walk.row);
    REQUIRE(walk.row, STATUS_NOMEM);
    TRY(json_new(&walk.json));
    TRY(file_read(path, ROW_FILE_MAX, &text));
    TRY(read_text(&walk, text));
fail:
    if (st == STATUS_BAD || st == STATUS_MISMATCH) {
        diag_set(walk.diag, "row", "not in the format of this set");
        st = STATUS_BAD;
    }
    free((char *)text.data);
    json_free(walk.json);
    buffer_fini(&walk.padded);
    free(walk.row);
    return st;
}
