#include "base/json_writer.h"

#include "base/clock.h"
#include "base/number.h"
#include "base/utf8.h"

#include <assert.h>
#include <inttypes.h>

enum { FLUSH_BYTES = 32 * 1024 };

void json_writer_init(struct json_writer *writer, FILE *file)
{
    *writer = (struct json_writer){ .file = file };
}

void json_writer_fini(struct json_writer *writer)
{
    buffer_fini(&writer->buffer);
}

static void flush(struct json_writer *writer)
{
    if (!writer->file || writer->buffer.n == 0)
        return;
    size_t n = writer->buffer.n;
    if (writer->status == STATUS_OK && fwrite(writer->buffer.data, 1, n, writer->file) != n)
        writer->status = STATUS_IO;
    writer->buffer.n = 0;
}

enum status json_writer_finish(struct json_writer *writer)
{
    assert(writer->depth == 0 || writer->buffer.status != STATUS_OK);
    flush(writer);
    if (writer->status == STATUS_OK)
        writer->status = writer->buffer.status;
    if (writer->status == STATUS_OK && writer->file && fflush(writer->file) != 0)
        writer->status = STATUS_IO;
    return writer->status;
}

struct span json_writer_span(const struct json_writer *writer)
{
    return buffer_span(&writer->buffer);
}

/* The comma, if one is due, and the note that the next item needs one. */
static void begin_item(struct json_writer *writer)
{
    if (writer->after_name) {
        writer->after_name = false;
        return;
    }
    if (writer->depth > 0 && writer->has_items[writer->depth])
        buffer_put_char(&writer->buffer, ',');
    writer->has_items[writer->depth] = true;
    if (writer->line_due)
        buffer_put_char(&writer->buffer, '\n');
    writer->line_due = false;
    if (writer->buffer.n >= FLUSH_BYTES)
        flush(writer);
}

static void open_container(struct json_writer *writer, char bracket)
{
    begin_item(writer);
    buffer_put_char(&writer->buffer, bracket);
    assert(writer->depth < JSON_DEPTH_MAX);
    writer->has_items[++writer->depth] = false;
}

static void close_container(struct json_writer *writer, char bracket)
{
    assert(writer->depth > 0 && !writer->after_name);
    writer->depth--;
    buffer_put_char(&writer->buffer, bracket);
}

void json_put_object(struct json_writer *writer)
{
    open_container(writer, '{');
}

void json_put_object_end(struct json_writer *writer)
{
    close_container(writer, '}');
}

void json_put_array(struct json_writer *writer)
{
    open_container(writer, '[');
}

void json_put_array_end(struct json_writer *writer)
{
    close_container(writer, ']');
}

static void put_control(struct buffer *buffer, unsigned char c)
{
    static const char names[] = "\b\f\n\r\t", letters[] = "bfnrt";
    const char *hit = c ? strchr(names, c) : NULL;
    if (hit) {
        const char escaped[] = { '\\', letters[hit - names] };
        buffer_put(buffer, (struct span){ escaped, 2 });
    } else {
        buffer_print(buffer, "\\u%04x", c);
    }
}

/* Bytes from i on that stand for themselves: whole characters, none to be escaped. */
static size_t plain_run(struct span text, size_t i)
{
    size_t begin = i;
    while (i < text.n) {
        unsigned char c = (unsigned char)text.data[i];
        if (c == '"' || c == '\\' || c < 0x20 || c == 0x7f)
            break;
        size_t length = c < 0x7f ? 1 : utf8_length(text.data + i, text.n - i);
        if (length == 0)
            break;
        i += length;
    }
    return i - begin;
}

static void put_quoted(struct buffer *buffer, struct span text)
{
    size_t i = 0;
    buffer_put_char(buffer, '"');
    while (i < text.n) {
        size_t run = plain_run(text, i);
        if (run > 0)
            buffer_put(buffer, (struct span){ text.data + i, run });
        i += run;
        if (i == text.n)
            break;
        unsigned char c = (unsigned char)text.data[i++];
        if (c == '"' || c == '\\')
            buffer_put(buffer, (struct span){ c == '"' ? "\\\"" : "\\\\", 2 });
        else if (c < 0x20 || c == 0x7f)
            put_control(buffer, c);
        else
            buffer_put_text(buffer, "\xef\xbf\xbd");
    }
    buffer_put_char(buffer, '"');
}

void json_put_name(struct json_writer *writer, const char *name)
{
    begin_item(writer);
    put_quoted(&writer->buffer, span_of(name));
    buffer_put_char(&writer->buffer, ':');
    writer->after_name = true;
}

void json_put_string(struct json_writer *writer, struct span text)
{
    begin_item(writer);
    put_quoted(&writer->buffer, text);
}

void json_put_text(struct json_writer *writer, const char *text)
{
    if (text)
        json_put_string(writer, span_of(text));
    else
        json_put_null(writer);
}

void json_put_u64(struct json_writer *writer, uint64_t value)
{
    begin_item(writer);
    buffer_print(&writer->buffer, "%" PRIu64, value);
}

void json_put_i64(struct json_writer *writer, int64_t value)
{
    begin_item(writer);
    buffer_print(&writer->buffer, "%" PRId64, value);
}

void json_put_double(struct json_writer *writer, double value)
{
    char text[NUMBER_TEXT_BYTES];
    number_format(value, text);
    begin_item(writer);
    buffer_put_text(&writer->buffer, text);
}

void json_put_bool(struct json_writer *writer, bool value)
{
    begin_item(writer);
    buffer_put_text(&writer->buffer, value ? "true" : "false");
}

void json_put_null(struct json_writer *writer)
{
    begin_item(writer);
    buffer_put_text(&writer->buffer, "null");
}

void json_put_time(struct json_writer *writer, int64_t time_ms)
{
    char text[CLOCK_TEXT_BYTES];
    if (time_ms < 0) {
        json_put_null(writer);
        return;
    }
    clock_format(time_ms, text);
    json_put_text(writer, text);
}

void json_put_raw(struct json_writer *writer, struct span json)
{
    begin_item(writer);
    buffer_put(&writer->buffer, json);
}

void json_put_line(struct json_writer *writer)
{
    if (writer->depth == 0)
        buffer_put_char(&writer->buffer, '\n');
    else
        writer->line_due = true;
}
