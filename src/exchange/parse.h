/*
 * parse.h: one log line to one event.
 *
 * Model: simdjson On-Demand behind this C interface (parse_json.cpp, the only C++ file, walks keys and
 *   values and calls back into the tables of line.c and dialect.c). Parsing is one pass; strings are
 *   unescaped once into the parser's buffer and borrowed by the event.
 * Memory: two buffers of the longest line seen, a part array and a tool array; none of it per line.
 * Ownership: the event borrows from the parser until the next call.
 * Errors: STATUS_BAD with the fault and a diag whose field is the JSON path (for example
 *   "request.messages[2].content"); the reason never contains the value of a text field.
 * Threads: one parser a thread.
 */
#ifndef EXCHANGE_PARSE_H
#define EXCHANGE_PARSE_H

#include "exchange/log.h"

struct line_parser;

MUST_CHECK enum status line_parser_new(size_t line_max_bytes, struct line_parser **ret_parser);
void line_parser_free(struct line_parser *parser);

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
