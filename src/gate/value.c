#include "gate/value.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

bool value_says_nothing(struct span value)
{
    return span_is(value, "null") || span_is(value, "false") || span_is(value, "0") ||
           span_is(value, "\"\"") || span_is(value, "[]") || span_is(value, "{}");
}

static size_t skip_space(struct span text, size_t at)
{
    while (at < text.n && (text.data[at] == ' ' || (text.data[at] >= '\t' && text.data[at] <= '\r')))
        at++;
    return at;
}

static bool is_punctuation(char c)
{
    return c != '\0' && strchr("{}[]:,", c) != NULL;
}

/* Behind the scalar, string or punctuation that begins there. */
static size_t skip_token(struct span text, size_t at)
{
    size_t end = at + 1;
    if (text.data[at] == '"') {
        while (end < text.n && text.data[end] != '"')
            end += text.data[end] == '\\' ? 2 : 1;
        return end < text.n ? end + 1 : text.n;
    }
    if (is_punctuation(text.data[at]))
        return end;
    while (end < text.n && !is_punctuation(text.data[end]) && text.data[end] != '"' &&
           skip_space(text, end) == end)
        end++;
    return end;
}

bool value_reasons(struct span value)
{
    for (size_t at = skip_space(value, 0); at < value.n;) {
        size_t end = skip_token(value, at);
        struct span token = { value.data + at, end - at };
        at = skip_space(value, end);
        bool is_key = token.data[0] == '"' && at < value.n && value.data[at] == ':';
        bool says_no = is_key || is_punctuation(token.data[0]) || value_says_nothing(token) ||
                       span_is(token, "\"none\"") || span_is(token, "\"disabled\"");
        if (!says_no)
            return true;
    }
    return false;
}

/* Digits and nothing else, as nearly all are. */
static bool is_whole(struct span value, int64_t *ret_number)
{
    enum { DIGITS_MAX = 15 };
    int64_t number = 0;
    for (size_t i = 0; i < value.n; i++) {
        if (value.n > DIGITS_MAX || value.data[i] < '0' || value.data[i] > '9')
            return false;
        number = number * 10 + (value.data[i] - '0');
    }
    *ret_number = number;
    return true;
}

int64_t value_number(struct span value)
{
    char text[64], *end = NULL;
    int64_t number;
    if (value.n == 0 || value.data[0] < '0' || value.data[0] > '9')
        return -1;
    if (value.n >= sizeof text)
        return VALUE_MOST;
    if (is_whole(value, &number))
        return number;
    memcpy(text, value.data, value.n);
    text[value.n] = '\0';
    double real = ceil(strtod(text, &end));
    if (*end != '\0')
        return -1;
    return real < (double)VALUE_MOST ? (int64_t)real : VALUE_MOST;
}

int64_t value_texts(struct span value)
{
    int64_t n = 0;
    unsigned depth = 0;
    for (size_t at = skip_space(value, 0); at < value.n;) {
        size_t end = skip_token(value, at);
        char c = value.data[at];
        n += depth == 1 && (c == '"' || c == '[');
        depth += c == '[' || c == '{';
        depth -= c == ']' || c == '}';
        at = skip_space(value, end);
    }
    return value.data[0] == '[' && n > 1 ? n : 1;
}
