#include "base/buffer.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

enum { CAPACITY_FIRST = 256 };

void buffer_fini(struct buffer *buffer)
{
    free(buffer->data);
    *buffer = (struct buffer){ 0 };
}

void buffer_reset(struct buffer *buffer)
{
    buffer->n = 0;
    buffer->status = STATUS_OK;
}

static bool make_room(struct buffer *buffer, size_t more)
{
    if (buffer->status != STATUS_OK)
        return false;
    if (more <= buffer->capacity - buffer->n)
        return true;
    size_t capacity = buffer->capacity ? buffer->capacity : CAPACITY_FIRST;
    while (capacity - buffer->n < more)
        capacity *= 2;
    char *data = realloc(buffer->data, capacity);
    if (!data) {
        buffer->status = STATUS_NOMEM;
        return false;
    }
    buffer->data = data;
    buffer->capacity = capacity;
    return true;
}

bool buffer_reserve(struct buffer *buffer, size_t more)
{
    return make_room(buffer, more);
}

void buffer_put(struct buffer *buffer, struct span text)
{
    if (text.n == 0 || !make_room(buffer, text.n))
        return;
    memcpy(buffer->data + buffer->n, text.data, text.n);
    buffer->n += text.n;
}

void buffer_put_text(struct buffer *buffer, const char *text)
{
    buffer_put(buffer, span_of(text));
}

void buffer_put_char(struct buffer *buffer, char c)
{
    buffer_put(buffer, (struct span){ &c, 1 });
}

void buffer_print(struct buffer *buffer, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int n = vsnprintf(NULL, 0, format, args);
    if (n > 0 && make_room(buffer, (size_t)n + 1)) {
        vsnprintf(buffer->data + buffer->n, (size_t)n + 1, format, again);
        buffer->n += (size_t)n;
    }
    va_end(again);
    va_end(args);
}

struct span buffer_span(const struct buffer *buffer)
{
    return (struct span){ buffer->data, buffer->n };
}
