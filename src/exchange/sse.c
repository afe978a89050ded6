#include "exchange/sse.h"

#include "exchange/json.h"

void sse_init(struct sse *sse, size_t max_bytes)
{
    *sse = (struct sse){ .max_bytes = max_bytes };
}

void sse_fini(struct sse *sse)
{
    buffer_fini(&sse->line);
    buffer_fini(&sse->data);
}

static void start_event(struct sse *sse)
{
    sse->data.n = 0;
    sse->name_n = 0;
    sse->has_data = sse->too_long = false;
}

static enum status end_event(struct sse *sse, sse_fn *on_event, void *context)
{
    enum status st = STATUS_OK;
    if (sse->has_data) {
        if (!buffer_reserve(&sse->data, JSON_PADDING))
            return STATUS_NOMEM;
        memset(sse->data.data + sse->data.n, 0, JSON_PADDING);
        struct sse_event event = { .name = { sse->name, sse->name_n }, .too_long = sse->too_long };
        if (!sse->too_long)
            event.data = buffer_span(&sse->data);
        st = on_event(context, &event);
    }
    start_event(sse);
    return st;
}

static void add_data(struct sse *sse, struct span value, bool cut)
{
    size_t joint = sse->has_data;
    if (cut || sse->too_long || value.n + joint > sse->max_bytes - sse->data.n) {
        sse->too_long = true;
        sse->data.n = 0;
    } else {
        if (joint)
            buffer_put_char(&sse->data, '\n');
        buffer_put(&sse->data, value);
    }
    sse->has_data = true;
}

static void set_name(struct sse *sse, struct span value)
{
    sse->name_n = value.n < SSE_NAME_BYTES ? value.n : SSE_NAME_BYTES;
    if (sse->name_n > 0)
        memcpy(sse->name, value.data, sse->name_n);
}

/* One line without its end; of a line that was cut its beginning. */
static enum status take_line(struct sse *sse, struct span line, bool cut, sse_fn *on_event, void *context)
{
    if (!sse->started && line.n >= 3 && memcmp(line.data, "\xef\xbb\xbf", 3) == 0)
        line = (struct span){ line.data + 3, line.n - 3 };
    sse->started = true;
    if (line.n == 0)
        return end_event(sse, on_event, context);
    size_t colon = span_find(line, ':', 0);
    struct span field = { line.data, colon }, value = { 0 };
    if (colon < line.n) {
        size_t from = colon + 1;
        from += from < line.n && line.data[from] == ' ';
        value = (struct span){ line.data + from, line.n - from };
    }
    if (span_is(field, "data"))
        add_data(sse, value, cut);
    else if (span_is(field, "event"))
        set_name(sse, value);
    return sse->data.status;
}

/* Room for "data: " before as much data as an event may have. */
enum { FIELD_ROOM = 16 };

static enum status keep_piece(struct sse *sse, struct span piece)
{
    size_t room = sse->max_bytes + FIELD_ROOM - sse->line.n;
    if (piece.n > room) {
        sse->line_too_long = true;
        piece.n = room;
    }
    buffer_put(&sse->line, piece);
    return sse->line.status;
}

static enum status end_line(struct sse *sse, struct span piece, sse_fn *on_event, void *context)
{
    if (sse->line.n == 0 && piece.n <= sse->max_bytes + FIELD_ROOM)
        return take_line(sse, piece, false, on_event, context);
    enum status st = keep_piece(sse, piece);
    if (st == STATUS_OK)
        st = take_line(sse, buffer_span(&sse->line), sse->line_too_long, on_event, context);
    sse->line.n = 0;
    sse->line_too_long = false;
    return st;
}

/* The first line end at or behind `at`, or `end`. `lf` is the next line feed, where it is behind `at`. */
static const char *find_line_end(const char *at, const char *end, const char **lf)
{
    if (!*lf || *lf < at) {
        *lf = memchr(at, '\n', (size_t)(end - at));
        *lf = *lf ? *lf : end;
    }
    const char *cr = memchr(at, '\r', (size_t)(*lf - at));
    return cr ? cr : *lf;
}

enum status sse_feed(struct sse *sse, struct span bytes, sse_fn *on_event, void *context)
{
    if (bytes.n == 0)
        return STATUS_OK;
    const char *at = bytes.data, *end = at + bytes.n, *lf = NULL;
    while (at < end) {
        if (sse->after_cr) {
            sse->after_cr = false;
            at += *at == '\n';
            continue;
        }
        const char *stop = find_line_end(at, end, &lf);
        struct span piece = { at, (size_t)(stop - at) };
        if (stop == end)
            return keep_piece(sse, piece);
        enum status st = end_line(sse, piece, on_event, context);
        if (st != STATUS_OK)
            return st;
        sse->after_cr = *stop == '\r';
        at = stop + 1;
    }
    return STATUS_OK;
}
