#include "record/codepoint.h"

#include <stdbool.h>

static bool in(uint32_t value, uint32_t first, uint32_t last)
{
    return value - first <= last - first;
}

/* Length by lead byte and the smallest value that may be written so; 0 where no code point begins. */
static size_t sequence_length(uint8_t lead, uint32_t *ret_least)
{
    if (in(lead, 0xc2, 0xdf)) {
        *ret_least = 0x80;
        return 2;
    }
    if (in(lead, 0xe0, 0xef)) {
        *ret_least = 0x800;
        return 3;
    }
    *ret_least = 0x10000;
    return in(lead, 0xf0, 0xf4) ? 4 : 0;
}

size_t codepoint_read(const uint8_t *bytes, size_t n, uint32_t *ret_value)
{
    uint32_t least = 0;
    uint8_t lead = bytes[0];
    if (lead < 0x80) {
        *ret_value = lead;
        return 1;
    }
    size_t length = sequence_length(lead, &least);
    uint32_t value = length ? lead & (0x7fu >> length) : 0;
    bool good = length > 0 && length <= n;
    for (size_t i = 1; good && i < length; i++) {
        good = (bytes[i] & 0xc0) == 0x80;
        value = value << 6 | (bytes[i] & 0x3f);
    }
    good = good && value >= least && value <= 0x10ffff && !in(value, 0xd800, 0xdfff);
    *ret_value = good ? value : (uint32_t)CODEPOINT_RAW + lead;
    return good ? length : 1;
}

struct range {
    uint32_t first, last;
    enum codepoint_class kind;
};

/* Ascending; what lies between is a letter. */
static const struct range ranges[] = {
    { 0x80, 0xa0, CODEPOINT_BLANK },
    { 0xa1, 0xa9, CODEPOINT_SIGN },
    { 0xab, 0xac, CODEPOINT_SIGN },
    { 0xad, 0xad, CODEPOINT_NOTHING },
    { 0xae, 0xb4, CODEPOINT_SIGN },
    { 0xb6, 0xb9, CODEPOINT_SIGN },
    { 0xbb, 0xbf, CODEPOINT_SIGN },
    { 0xd7, 0xd7, CODEPOINT_SIGN },
    { 0xf7, 0xf7, CODEPOINT_SIGN },
    { 0xe00, 0xeff, CODEPOINT_ALONE },
    { 0x1000, 0x109f, CODEPOINT_ALONE },
    { 0x1780, 0x17ff, CODEPOINT_ALONE },
    { 0x2000, 0x200a, CODEPOINT_BLANK },
    { 0x200b, 0x200f, CODEPOINT_NOTHING },
    { 0x2010, 0x2027, CODEPOINT_SIGN },
    { 0x2028, 0x2029, CODEPOINT_BLANK },
    { 0x202a, 0x202e, CODEPOINT_NOTHING },
    { 0x202f, 0x202f, CODEPOINT_BLANK },
    { 0x2030, 0x205e, CODEPOINT_SIGN },
    { 0x205f, 0x205f, CODEPOINT_BLANK },
    { 0x2060, 0x206f, CODEPOINT_NOTHING },
    { 0x2070, 0x2bff, CODEPOINT_SIGN },
    { 0x2e00, 0x2e7f, CODEPOINT_SIGN },
    { 0x2e80, 0x2fff, CODEPOINT_ALONE },
    { 0x3000, 0x3000, CODEPOINT_BLANK },
    { 0x3001, 0x3004, CODEPOINT_SIGN },
    { 0x3005, 0x3007, CODEPOINT_ALONE },
    { 0x3008, 0x3020, CODEPOINT_SIGN },
    { 0x3021, 0x9fff, CODEPOINT_ALONE },
    { 0xa000, 0xa4cf, CODEPOINT_ALONE },
    { 0xf900, 0xfaff, CODEPOINT_ALONE },
    { 0xfe00, 0xfe0f, CODEPOINT_NOTHING },
    { 0xfe10, 0xfe6f, CODEPOINT_SIGN },
    { 0xfeff, 0xfeff, CODEPOINT_NOTHING },
    { 0xff01, 0xff0f, CODEPOINT_SIGN },
    { 0xff1a, 0xff20, CODEPOINT_SIGN },
    { 0xff3b, 0xff40, CODEPOINT_SIGN },
    { 0xff5b, 0xff65, CODEPOINT_SIGN },
    { 0xff66, 0xff9f, CODEPOINT_ALONE },
    { 0x1f000, 0x1faff, CODEPOINT_SIGN },
    { 0x20000, 0x3ffff, CODEPOINT_ALONE },
};

enum codepoint_class codepoint_class(uint32_t value)
{
    if (in(value, 0x3041, 0x9fff))
        return CODEPOINT_ALONE;
    if (in(value, 0xc0, 0xdff) && value != 0xd7 && value != 0xf7)
        return CODEPOINT_LETTER;
    for (size_t i = 0; i < sizeof ranges / sizeof ranges[0] && ranges[i].first <= value; i++)
        if (value <= ranges[i].last)
            return ranges[i].kind;
    return CODEPOINT_LETTER;
}

static uint32_t fold_sign(uint32_t value)
{
    switch (value) {
    case 0x2018:
    case 0x2019:
        return '\'';
    case 0x201c:
    case 0x201d:
    case 0x201e:
        return '"';
    case 0x2010:
    case 0x2011:
    case 0x2012:
    case 0x2013:
    case 0x2014:
    case 0x2212:
        return '-';
    case 0x2026:
        return '.';
    default:
        return in(value, 0xff01, 0xff5e) ? value - 0xfee0 : value;
    }
}

uint32_t codepoint_fold(uint32_t value)
{
    if (in(value, 0xc0, 0xde) || in(value, 0x391, 0x3a9) || in(value, 0x410, 0x42f))
        return value == 0xd7 ? value : value + 0x20;
    if (in(value, 0x400, 0x40f))
        return value + 0x50;
    if (in(value, 0x100, 0x137) || in(value, 0x14a, 0x177))
        return value | 1;
    if (in(value, 0x139, 0x148) || in(value, 0x179, 0x17e))
        return value + (value & 1);
    if (in(value, 0xff21, 0xff3a) || in(value, 0xff41, 0xff5a))
        return (value - 0xfee0) | 0x20;
    return fold_sign(value);
}
