/*
 * utf8.h: where the next well-formed UTF-8 sequence ends, where the first malformed one begins, and what is no text.
 *
 * Source: RFC 3629; table 3-7 of the Unicode standard (no surrogates, nothing overlong, nothing above U+10FFFF).
 */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>

/* Bytes of the sequence at the start of text (n > 0), 0 where it is malformed or cut short. */
size_t utf8_length(const char *text, size_t n);
/* Bytes of the text before the first sequence that is malformed or cut short; n: all is well. */
size_t utf8_until(const char *text, size_t n);
/* Bytes of the control character at the start of text, of ASCII or U+0080 to U+009F: what a terminal might obey. 0: it is none. */
size_t utf8_control(const char *text, size_t n);
bool utf8_has_control(const char *text, size_t n);

#endif
