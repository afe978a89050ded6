/*
 * turns.h: which parts of an exchange are the system prompt, the last user turn, the history and the output?
 *
 * Model: the last turn is the run of user and tool messages that ends the request (a prefilled assistant message
 *   and system parts aside). All other request parts that are not system are history.
 * Cost: one pass over the parts.
 */
#ifndef RECORD_TURNS_H
#define RECORD_TURNS_H

#include "exchange/exchange.h"
#include "record/record.h"

struct turns {
    uint32_t request_end; /* first issued part */
    uint32_t
        last_begin; /* first part of the last turn; parts from here to request_end belong to it if turn_is_last */
    uint32_t n_tool_results;
};

/* Finds the turns and fills the counts and byte sizes of the record. */
void turns_find(const struct exchange *exchange, struct turns *ret_turns, struct exchange_record *record);

static inline bool turn_has(const struct part *part)
{
    return !part->prefill && (part->role == ROLE_USER || part->role == ROLE_TOOL);
}

/* Text of a part that is read as such: not opaque, not an image. */
static inline bool part_is_text(const struct part *part)
{
    return part->kind == PART_TEXT || part->kind == PART_TOOL_RESULT || part->kind == PART_REFUSAL;
}

#endif
