/*
 * asking.h: what the bytes of a request ask for, and the same request after a restriction.
 *
 * Model: the top level of a body is read for the parameters that any API has, whichever is called: a model server may obey
 *   them all. What is not plain counts as asking: an escape, which could spell any word; a size that is no number.
 *   A rewritten body asks for nothing that the restriction takes out, and for no more tokens than the cap, by the name that
 *   its own API has for it: a model server may pass over those of others.
 * Errors: STATUS_BAD: what it asks for cannot be told: no JSON object, a key twice or in other letters, a model that is
 *   not the one of the path.
 * Ownership: an ask's model borrows from the path, or from the reader until its next use.
 * Threads: one an asking.
 */
#ifndef GATE_ASKING_H
#define GATE_ASKING_H

#include "base/buffer.h"
#include "exchange/amend.h"
#include "exchange/pair.h"
#include "gate/path.h"

struct asking { /* borrowed */
    struct amend *amend;
    struct pair_reader *reader;
};

/* An ask of which nothing is said yet. */
void asking_start(struct ask *ret_ask);
/* api API_NONE: read as the commonest, and a model is due where it has messages or a prompt. */
MUST_CHECK enum status asking_body(
    const struct asking *asking, enum api api, struct span body, struct ask *io_ask);
/* Whatever its type says: begins as a JSON value does that a server may look for, perhaps behind a byte order mark. */
bool asking_looks_like_json(struct span body);
/* The body as the ruling lets it pass, appended to the buffer. */
MUST_CHECK enum status asking_rewrite(const struct asking *asking, struct span body, const struct ask *ask,
    const struct ruling *ruling, struct buffer *out);

#endif
