/*
 * buffer.h: text that grows, for whoever builds a page, a line or a file in memory.
 *
 * Model: appends are void and remember the first failure; the caller asks once, at the end.
 * Ownership: the caller's struct, the buffer's bytes. A zeroed buffer is empty.
 * Errors: status becomes STATUS_NOMEM and later appends do nothing.
 */
#ifndef BASE_BUFFER_H
#define BASE_BUFFER_H

#include "base/span.h"
#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>

struct buffer {
    char *data; /* not NUL-terminated */
    size_t n, capacity;
    enum status status;
};

void buffer_fini(struct buffer *buffer);
/* Empties it and forgets a failure; keeps the memory. */
void buffer_reset(struct buffer *buffer);
void buffer_put(struct buffer *buffer, struct span text);
void buffer_put_text(struct buffer *buffer, const char *text);
void buffer_put_char(struct buffer *buffer, char c);
/* For whole numbers and strings; fractions go through number_format (base/number.h), which knows no locale.
 */
void buffer_print(struct buffer *buffer, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Room for so many bytes behind data + n, which the caller may write before it adds to n what it keeps; false, as a
 * failed append, without memory. */
bool buffer_reserve(struct buffer *buffer, size_t more);
struct span buffer_span(const struct buffer *buffer);

#endif
