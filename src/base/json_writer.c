#include "base/json_writer.h"

#include "base/clock.h"
#include "base/number.h"
#include "base/utf8.h"

#include <assert.h>

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

/* Bytes of the next eight that stand for themselves: ASCII without controls, quotes and backslashes. */
static inline unsigned plain_of_eight(const char *text)
{
    const uint64_t ones = UINT64_C(0x0101010101010101), high = ones << 7;
    uint64_t eight;
    memcpy(&eight, text, sizeof eight);
#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
    eight = __builtin_bswap64(eight);
#endif
    uint64_t quote = eight ^ ones * '"', backslash = eight ^ ones * '\\';
    uint64_t control = (eight - ones * 0x20) & ~eight, not_ascii = eight | (eight + ones); /* or 0x7f */
    uint64_t special =
        (control | ((quote - ones) & ~quote) | ((backslash - ones) & ~backslash) | not_ascii) & high;
    return special ? (unsigned)__builtin_ctzll(special) / 8 : 8;
}

enum { ESCAPED_MAX = 6 }; /* bytes of the longest escape, of one byte */

/* Escapes a byte that does not stand for itself. Returns behind it. */
static char *put_escaped(char *to, unsigned char c)
{
    static const char hex[] = "0123456789abcdef", letters[0x20] = {
        ['\b'] = 'b', ['\f'] = 'f', ['\n'] = 'n', ['\r'] = 'r', ['\t'] = 't'
    };
    if (c > 0x7f) {
        memcpy(to, "\xef\xbf\xbd", 3);
        return to + 3;
    }
    char letter = c == '"' || c == '\\' ? (char)c : c < 0x20 ? letters[c] : '\0';
    *to++ = '\\';
    if (letter) {
        *to++ = letter;
        return to;
    }
    memcpy(to, "u00", 3);
    to[3] = hex[c >> 4];
    to[4] = hex[c & 15];
    return to + 5;
}

/* At most so many bytes of the text from *at on, whole characters. */
enum { STRETCH = 1024 };
static char *put_stretch(struct span text, size_t *at, char *to)
{
    size_t i = *at, end = text.n - i < STRETCH ? text.n : i + STRETCH;
    while (i < end) {
        if (text.n - i >= 8) {
            unsigned plain = plain_of_eight(text.data + i);
            memcpy(to, text.data + i, 8);
            to += plain;
            i += plain;
            if (plain == 8)
                continue;
        }
        unsigned char c = (unsigned char)text.data[i];
        bool special = c == '"' || c == '\\' || c < 0x20 || c == 0x7f;
        size_t length = special ? 0 : c < 0x7f ? 1 : utf8_length(text.data + i, text.n - i);
        if (length == 0)
            to = put_escaped(to, c);
        for (size_t k = 0; k < length; k++)
            *to++ = text.data[i + k];
        i += length > 0 ? length : 1;
    }
    *at = i;
    return to;
}

static void put_quoted(struct buffer *buffer, struct span text)
{
    buffer_put_char(buffer, '"');
    for (size_t i = 0; i < text.n;) {
        size_t n = text.n - i < STRETCH ? text.n - i : STRETCH;
        if (!buffer_reserve(buffer, (n + 8) * ESCAPED_MAX))
            return;
        char *to = put_stretch(text, &i, buffer->data + buffer->n);
        buffer->n = (size_t)(to - buffer->data);
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

static void put_number(struct json_writer *writer, bool negative, uint64_t value)
{
    char text[21], *at = text + sizeof text;
    do
        *--at = (char)('0' + value % 10);
    while ((value /= 10) > 0);
    if (negative)
        *--at = '-';
    begin_item(writer);
    buffer_put(&writer->buffer, (struct span){ at, (size_t)(text + sizeof text - at) });
}

void json_put_u64(struct json_writer *writer, uint64_t value)
{
    put_number(writer, false, value);
}

void json_put_i64(struct json_writer *writer, int64_t value)
{
    put_number(writer, value < 0, value < 0 ? 0 - (uint64_t)value : (uint64_t)value);
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
