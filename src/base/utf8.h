/*
 * utf8.h: where the next well-formed UTF-8 sequence ends, and where the first malformed one begins.
 *
 * Source: RFC 3629; table 3-7 of the Unicode standard (no surrogates, nothing overlong, nothing above U+10FFFF).
 */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include <stddef.h>

/* Bytes of the sequence at the start of text (n > 0), 0 where it is malformed or cut short. */
size_t utf8_length(const char *text, size_t n);
/* Bytes of the text before the first sequence that is malformed or cut short; n: all is well. */
size_t utf8_until(const char *text, size_t n);

#endif
