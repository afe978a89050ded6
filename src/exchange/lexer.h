/*
 * lexer.h: where the tokens of JSON text begin, and what a string or number of it says.
 *
 * Model: stage 1 of simdjson (vectorised, chosen for the processor at run time) validates UTF-8, pairs quotes and
 *   marks where every token begins: brackets, colons, commas, strings, and runs of other bytes between them. It says
 *   nothing of their order; json.c walks them.
 * Source: Langdale, Lemire, "Parsing gigabytes of JSON per second", 2019; simdjson 3.0.1. Deviation: lone surrogates
 *   (legal in JSON, common from software that cuts strings) become U+FFFD.
 * Memory: 4 bytes a byte of the longest text seen, of which about a tenth is touched; kept for the next text.
 * Ownership: the starts are the lexer's, until the next lexer_find.
 * Cost: 0.2 us a kB.
 * Threads: one a thread.
 */
#ifndef EXCHANGE_LEXER_H
#define EXCHANGE_LEXER_H

#include "base/status.h"

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
/* As in base/span.h, whose functions are C only. */
struct span {
    const char *data;
    size_t n;
};
extern "C" {
#else
#include "base/span.h"
#endif

struct lexer;

enum {
    LEXER_PADDING = 64, /* bytes beyond text and behind unescaped strings that must be there */
    LEXER_BEHIND = 3,   /* starts behind the last one, each the length of the text */
};

MUST_CHECK enum status lexer_new(struct lexer **ret_lexer);
void lexer_free(struct lexer *lexer);

/* STATUS_BAD: no token at all, no UTF-8, a string that does not end, or a control character within one. Text of less
 * than 4 GiB. */
MUST_CHECK enum status lexer_find(struct lexer *lexer, struct span text, const uint32_t **ret_starts);

/* The string between its quotes, the closing one included in what can be read. `bytes` has room for text.n and the
 * padding. */
MUST_CHECK enum status lexer_unescape(
    const struct lexer *lexer, struct span text, char *bytes, size_t *ret_n);

/* The number that begins at text and ends where its token does. STATUS_BAD: it is none; STATUS_TOO_BIG: no double
 * holds it. */
MUST_CHECK enum status lexer_double(const char *text, double *ret_number);
/* STATUS_MISMATCH: not written as an integer, or beyond 64 bits. */
MUST_CHECK enum status lexer_integer(const char *text, int64_t *ret_number);

#ifdef __cplusplus
}
#endif

#endif
