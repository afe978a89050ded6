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

size_t utf8_control(const char *text, size_t n)
{
    unsigned char first = n > 0 ? (unsigned char)text[0] : ' ', second = n > 1 ? (unsigned char)text[1] : ' ';
    if (first < 0x20 || first == 0x7f)
        return 1;
    return first == 0xc2 && second >= 0x80 && second < 0xa0 ? 2 : 0;
}

bool utf8_has_control(const char *text, size_t n)
{
    for (size_t at = 0; at < n; at++)
        if (utf8_control(text + at, n - at) > 0)
            return true;
    return false;
}
