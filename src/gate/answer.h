/*
 * answer.h: what a refused client reads.
 *
 * Model: the facts of RFC 9457 (type, title, status, detail, instance) inside the error envelope of the API that was
 *   called, so that its official clients show them; on other paths application/problem+json alone.
 * Source: RFC 9457; openai-python and anthropic-sdk-python for the envelopes; draft-ietf-httpapi-ratelimit-headers for
 *   the headers. A campaign's rate never shows: it would tell the operator what is known.
 * Shapes: the case is a reference for support, 16 hexadecimal digits; it tells nothing.
 * Errors: the buffer's.
 */
#ifndef GATE_ANSWER_H
#define GATE_ANSWER_H

#include "base/buffer.h"
#include "gate/judge.h"

struct answer_facts {
    const struct ruling *ruling;
    enum api api; /* API_NONE: problem+json */
    uint64_t case_id;
    const char *step_up_url; /* NULL: none */
};

void answer_body(const struct answer_facts *facts, struct buffer *out);
const char *answer_type(enum api api); /* Content-Type */
/* The type member, a URI reference that docs/edge.md explains. */
const char *answer_problem(enum ruling_kind kind);

#endif
