/*
 * letters.h: text in which upper and lower case are the same letters, as a lenient model server may read it.
 *
 * Shapes: letters of ASCII; every other byte is itself.
 */
#ifndef GATE_LETTERS_H
#define GATE_LETTERS_H

#include "base/span.h"

#include <stdbool.h>

#define LETTERS(text)                                                                                        \
    {                                                                                                        \
        text, sizeof(text) - 1                                                                               \
    }

static inline char letters_lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

/* Of one letter both cases, of other characters at least themselves. */
static inline bool letters_may_be(char a, char b)
{
    return (a | 0x20) == (b | 0x20);
}

static inline bool letters_same(const char *a, const char *b, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (letters_lower(a[i]) != letters_lower(b[i]))
            return false;
    return true;
}

/* Where the word is, in any case: a lenient server may not tell them apart. NULL: nowhere. */
static inline const char *letters_find(struct span text, struct span word)
{
    for (size_t i = 0; i + word.n <= text.n; i++)
        if (letters_may_be(text.data[i], word.data[0]) && letters_same(text.data + i, word.data, word.n))
            return text.data + i;
    return NULL;
}

static inline bool letters_has(struct span text, struct span word)
{
    return letters_find(text, word) != NULL;
}

static inline bool letters_end(struct span text, struct span end)
{
    return text.n >= end.n && letters_same(text.data + text.n - end.n, end.data, end.n);
}

#endif
