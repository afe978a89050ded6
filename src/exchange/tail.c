#include "exchange/tail.h"

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
    while (at < text.n && text.data[at] != '"')
        at += text.data[at] == '\\' ? 2 : 1;
    return at < text.n ? at + 1 : text.n;
}

/* Whether the object at `at` is a member of the root, and where it ends. */
static bool is_of_root(struct span text, size_t at, size_t *ret_end)
{
    int depth = 1;
    *ret_end = 0;
    while (at < text.n && depth > 0) {
        char c = text.data[at++];
        if (c == '"')
            at = skip_string(text, at);
        if (c == '{' || c == '[')
            depth++;
        else if ((c == '}' || c == ']') && --depth == 1 && *ret_end == 0)
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
    for (size_t at = text.n - key.n; at > stop && tries < TAIL_TRIES; at--) {
        /* Letters are compared first: the second is rarer than the quote. */
        if (text.data[at + 1] != key.data[1] || memcmp(text.data + at, key.data, key.n) != 0)
            continue;
        size_t value = value_of(text, at, key.n);
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
