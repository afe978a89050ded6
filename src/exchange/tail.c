#define _GNU_SOURCE /* memrchr */
#include "exchange/tail.h"

#include <stdint.h>
#include <string.h>

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static size_t skip_blank(struct span text, size_t at)
{
    while (at < text.n && is_blank(text.data[at]))
        at++;
    return at;
}

/* The byte before `at` that is no white space; 0: none. */
static char before(struct span text, size_t at)
{
    while (at > 0 && is_blank(text.data[at - 1]))
        at--;
    return at > 0 ? text.data[at - 1] : 0;
}

/* Behind the string that is open at `at`; the text's end, if it does not end. */
static size_t skip_string(struct span text, size_t at)
{
    const char *end = text.data + text.n, *quote = text.data + at;
    for (; (quote = memchr(quote, '"', (size_t)(end - quote))); quote++) {
        const char *before = quote;
        while (before > text.data + at && before[-1] == '\\')
            before--;
        if ((quote - before) % 2 == 0)
            return (size_t)(quote - text.data) + 1;
    }
    return text.n;
}

enum mark { MARK_NONE, MARK_QUOTE, MARK_OPEN, MARK_CLOSE };
static const uint8_t marks[256] = {
    ['"'] = MARK_QUOTE,
    ['{'] = MARK_OPEN,
    ['['] = MARK_OPEN,
    ['}'] = MARK_CLOSE,
    [']'] = MARK_CLOSE,
};

/* Whether the object at `at` is a member of the root, and where it ends. */
static bool is_of_root(struct span text, size_t at, size_t *ret_end)
{
    int depth = 1;
    *ret_end = 0;
    while (at < text.n && depth > 0) {
        enum mark mark = marks[(unsigned char)text.data[at++]];
        if (mark == MARK_QUOTE)
            at = skip_string(text, at);
        else if (mark == MARK_OPEN)
            depth++;
        else if (mark == MARK_CLOSE && --depth == 1 && *ret_end == 0)
            *ret_end = at;
    }
    return depth == 0 && *ret_end > 0 && skip_blank(text, at) == text.n;
}

/* Where the value of the member begins whose key is at `at`; 0: that is no key of an object. */
static size_t value_of(struct span text, size_t at, size_t key_n)
{
    char c = before(text, at);
    size_t colon = skip_blank(text, at + key_n);
    if ((c != ',' && c != '{') || colon >= text.n || text.data[colon] != ':')
        return 0;
    size_t value = skip_blank(text, colon + 1);
    return value < text.n && text.data[value] == '{' ? value : 0;
}

bool tail_object(struct span text, struct span key, struct span *ret_value)
{
    size_t stop = text.n > TAIL_BYTES ? text.n - TAIL_BYTES : 0, end;
    unsigned tries = 0;
    if (text.n < key.n)
        return false;
    /* The second byte is looked for: it is rarer than a quote. */
    const char *first = text.data + stop, *behind = text.data + text.n - key.n + 2, *second;
    while (tries < TAIL_TRIES && (second = memrchr(first + 2, key.data[1], (size_t)(behind - first) - 2))) {
        behind = second;
        if (memcmp(second - 1, key.data, key.n) != 0)
            continue;
        size_t value = value_of(text, (size_t)(second - 1 - text.data), key.n);
        if (value == 0)
            continue;
        if (is_of_root(text, value, &end)) {
            *ret_value = (struct span){ text.data + value, end - value };
            return true;
        }
        tries++;
    }
    return false;
}
