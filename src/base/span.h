/*
 * span.h: a borrowed run of bytes.
 *
 * Shapes: data may be NULL only when n is 0. Not NUL-terminated.
 * Ownership: borrows; valid as long as what it points into.
 */
#ifndef BASE_SPAN_H
#define BASE_SPAN_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

struct span {
    const char *data;
    size_t n;
};

#define SPAN(literal) ((struct span){ (literal), sizeof(literal) - 1 })

static inline struct span span_of(const char *text)
{
    return (struct span){ text, text ? strlen(text) : 0 };
}

static inline bool span_eq(struct span a, struct span b)
{
    return a.n == b.n && (a.n == 0 || memcmp(a.data, b.data, a.n) == 0);
}

static inline bool span_is(struct span a, const char *text)
{
    return span_eq(a, span_of(text));
}

/* Position of the first c at or after from, or a.n. */
static inline size_t span_find(struct span a, char c, size_t from)
{
    const char *hit = from < a.n ? memchr(a.data + from, c, a.n - from) : NULL;
    return hit ? (size_t)(hit - a.data) : a.n;
}

#endif
