/*
 * codepoint.h: the code points beyond ASCII: what are they to a tokeniser?
 *
 * Model: UTF-8 is decoded strictly (no overlong forms, no surrogates); a byte that begins no code point is a letter
 *   of its own (value CODEPOINT_RAW + byte). Folding covers the scripts named in tokens.h, one to one.
 * Cost: a few comparisons a code point.
 */
#ifndef RECORD_CODEPOINT_H
#define RECORD_CODEPOINT_H

#include <stddef.h>
#include <stdint.h>

enum { CODEPOINT_RAW = 0x110000 };

enum codepoint_class {
    CODEPOINT_LETTER, /* joins its neighbours to a word */
    CODEPOINT_ALONE,  /* a word by itself: scripts without spaces */
    CODEPOINT_SIGN,
    CODEPOINT_BLANK,
    CODEPOINT_NOTHING, /* zero-width: as if it were not there */
};

/* Decodes one code point of at most n (n > 0) bytes; returns how many it took. */
size_t codepoint_read(const uint8_t *bytes, size_t n, uint32_t *ret_value);
enum codepoint_class codepoint_class(uint32_t value);
/* Lower case of letters; ASCII twins of typographic signs. */
uint32_t codepoint_fold(uint32_t value);

#endif
