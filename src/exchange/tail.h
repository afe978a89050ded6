/*
 * tail.h: a member of a JSON object that stands near its end, found from behind.
 *
 * Model: providers put what a response has used behind what it says. The key is searched backwards; that it belongs to the
 *   root is shown forwards: from the member on, the brackets that are open must close exactly one more than they open,
 *   and do so with the text's last byte. In valid JSON a quote within a string has a backslash before it, so that a key
 *   with a bracket or comma before its opening quote is none of a string's bytes.
 * Shapes: `key` is matched as written, without escapes; the value must be an object. Of a key given twice the last
 *   counts.
 * Errors: false where it is not found within TAIL_BYTES of the end, which says nothing: read the whole. Of what is no
 *   JSON the answer may be wrong, and never reaches beyond the text.
 * Cost: some 4 cycles a byte behind the member; of a text without it TAIL_BYTES once, and as often again for each of at most
 *   TAIL_TRIES members of that name that belong to something else.
 */
#ifndef EXCHANGE_TAIL_H
#define EXCHANGE_TAIL_H

#include "base/span.h"

enum { TAIL_BYTES = 2048, TAIL_TRIES = 4 };

/* key: in quotes. */
bool tail_object(struct span text, struct span key, struct span *ret_value);

#endif
