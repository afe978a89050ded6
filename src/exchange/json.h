/*
 * json.h: a forward cursor over one JSON text, in C.
 *
 * Model: lexer.h finds where all tokens begin; the cursor walks over them once, and a value is only looked at when
 *   it is asked for. A value that nobody asks for is stepped over in a few cycles a token, whatever its depth: of such
 *   a value only strings and the balance of brackets are checked.
 * Source: Keiser, Lemire, "On-Demand JSON: a better way to parse documents?", 2023. Deviation: the walk is ours
 *   (docs/decisions/010).
 * Shapes: keys and strings come unescaped and may contain NUL bytes; 8 bytes behind a key are readable. Integers may
 *   be written as 2048.0 or 2e3.
 * Memory: 4 bytes a byte of the longest text seen (lexer.h), and 2 if strings had escapes, kept for the next text.
 * Ownership: strings without escapes and raw values borrow from the text, others from the cursor until
 *   json_open.
 * Errors: STATUS_BAD: not JSON, and the cursor is of no more use. STATUS_MISMATCH: the value is of another
 *   type, and can still be asked for something else or stepped over. STATUS_TOO_BIG: a number that no
 *   double holds.
 * Order of calls: json_open; then members or elements in order; before the next one, the last may be left
 *   unread or half read. json_at_end last: without it garbage behind the object is not seen.
 * Threads: one cursor a thread.
 */
#ifndef EXCHANGE_JSON_H
#define EXCHANGE_JSON_H

#include "base/span.h"
#include "base/status.h"

#include <stddef.h>
#include <stdint.h>

struct json;

enum json_type { JSON_INVALID, JSON_OBJECT, JSON_ARRAY, JSON_STRING, JSON_NUMBER, JSON_BOOL, JSON_NULL };

struct json_value {
    struct json *json;
    const uint32_t *token;
    enum json_type type; /* words in full, otherwise by the first byte only */
};

struct json_items {
    struct json *json;
    uint32_t depth;
    bool started;
};

enum { JSON_PADDING = 64 }; /* bytes beyond the text that must be readable */

MUST_CHECK enum status json_new(struct json **ret_json);
void json_free(struct json *json);

/* Starts on a text and gives its root, of whatever type. */
MUST_CHECK enum status json_root(struct json *json, struct span text, struct json_value *ret_value);
/* The same on the text that another cursor started on and whose tokens it still has: they are not looked for again. */
MUST_CHECK enum status json_root_of(struct json *json, const struct json *open, struct json_value *ret_value);
/* Starts on a text whose root must be an object (otherwise STATUS_BAD) and gives its members. */
MUST_CHECK enum status json_open(struct json *json, struct span text, struct json_items *ret_members);
MUST_CHECK enum status json_at_end(struct json *json);
/* Whether the text's last token is a closing brace, wherever the cursor is. Of a text that was opened. */
bool json_is_closed(const struct json *json);

/* The next member or element; STATUS_END behind the last. */
MUST_CHECK enum status json_next_member(
    struct json *json, struct json_items *members, struct span *ret_key, struct json_value *ret_value);
MUST_CHECK enum status json_next_element(struct json_items *elements, struct json_value *ret_value);

MUST_CHECK enum status json_object(struct json_value *value, struct json_items *ret_members);
MUST_CHECK enum status json_array(struct json_value *value, struct json_items *ret_elements);
MUST_CHECK enum status json_string(struct json *json, struct json_value *value, struct span *ret_text);
MUST_CHECK enum status json_double(struct json_value *value, double *ret_number);
/* A whole number, however written; beyond +-2^53 STATUS_TOO_BIG. */
MUST_CHECK enum status json_int(struct json_value *value, int64_t *ret_number);
MUST_CHECK enum status json_bool(struct json_value *value, bool *ret_yes);
/* The JSON text of an object or array, without white space around it. */
MUST_CHECK enum status json_raw(struct json_value *value, struct span *ret_text);
/* The same of any value, as written: strings with quotes and escapes, numbers unchecked. */
MUST_CHECK enum status json_verbatim(struct json_value *value, struct span *ret_text);
/* The same of a member, with its key and colon. The value is that of the last json_next_member. */
MUST_CHECK enum status json_member_verbatim(struct json_value *value, struct span *ret_text);

#endif
