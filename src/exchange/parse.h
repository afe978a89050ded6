/*
 * parse.h: one log line to one event.
 *
 * Model: one pass over the line by the tables of parse.c and of the dialects (walk.h, dialect.h). `event`
 *   and `api` may come last: a line that turns out to be read by the wrong table is scanned for both and
 *   read again. Of a key given twice the last value that is not null counts; null is absent.
 * Memory: 4 bytes a byte of the longest line seen, 2 more if it had escapes, 7 KB of paths and keys, and the parts
 *   (parts.h).
 * Ownership: the event borrows from the parser and from the line, until the next call.
 * Errors: STATUS_BAD with the fault and a diag whose field is the JSON path (for example
 *   "request.messages[2].content"); the reason never contains a value. Bodies of a request that the
 *   provider refused (status 400 and above) may have any shape: what has the wrong type there is passed
 *   over. STATUS_NOMEM leaves the parser usable.
 * Cost: 20,000 instructions for a line of 2.4 kB, 5,800 of them in finding tokens; below 1.0 us for a line of
 *   1.8 kB in the cache, 1.3 us from memory (bench/exchange_bench.c, under callgrind and alone).
 * Threads: one parser a thread.
 */
#ifndef EXCHANGE_PARSE_H
#define EXCHANGE_PARSE_H

#include "exchange/log.h"

struct line_parser;

MUST_CHECK enum status line_parser_new(size_t line_max_bytes, struct line_parser **ret_parser);
void line_parser_free(struct line_parser *parser);
size_t line_parser_max_bytes(const struct line_parser *parser);
#define LINE_TOO_LONG "longer than %zu bytes" /* what is said of a line beyond them */

/*
 * Parses one line (without its line end). `line` must be readable for LINE_PADDING bytes beyond its end.
 * Unknown keys are noted in the parser (line_parser_unknown) and otherwise ignored.
 */
enum { LINE_PADDING = 64 };
MUST_CHECK enum status line_parse(struct line_parser *parser, struct span line, struct event *ret_event,
    enum line_fault *ret_fault, struct diag *diag);

/* The i-th distinct unknown key seen so far, NULL beyond the last; at most 32 are kept. */
const char *line_parser_unknown(const struct line_parser *parser, size_t i);

#endif
