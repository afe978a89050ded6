#include "base/utf8.h"

#include <stdint.h>
#include <string.h>

static size_t length_of(unsigned char first)
{
    if (first < 0x80)
        return 1;
    if (first < 0xc2 || first > 0xf4)
        return 0;
    return first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
}

size_t utf8_length(const char *text, size_t n)
{
    const unsigned char *at = (const unsigned char *)text;
    size_t length = length_of(*at);
    /* the second byte's range tells overlong forms, surrogates and what lies beyond the last code point apart */
    unsigned char low = *at == 0xe0 ? 0xa0 : *at == 0xf0 ? 0x90 : 0x80;
    unsigned char high = *at == 0xed ? 0x9f : *at == 0xf4 ? 0x8f : 0xbf;
    if (length > n)
        return 0;
    for (size_t i = 1; i < length; i++) {
        if (at[i] < low || at[i] > high)
            return 0;
        low = 0x80;
        high = 0xbf;
    }
    return length;
}

/* Most text is ASCII for long stretches: eight bytes at once. */
size_t utf8_until(const char *text, size_t n)
{
    const uint64_t high = UINT64_C(0x8080808080808080);
    size_t at = 0;
    while (at < n) {
        uint64_t word = high;
        if (n - at >= sizeof word)
            memcpy(&word, text + at, sizeof word);
        size_t length = word & high ? utf8_length(text + at, n - at) : sizeof word;
        if (length == 0)
            return at;
        at += length;
    }
    return n;
}

bool utf8_has_control(const char *text, size_t n)
{
    for (size_t at = 0; at < n; at++) {
        unsigned char c = (unsigned char)text[at];
        bool is_second = at > 0 && (unsigned char)text[at - 1] == 0xc2 && c < 0xa0;
        if (c < 0x20 || c == 0x7f || (is_second && c >= 0x80))
            return true;
    }
    return false;
}
