#include "record/turns.h"

static uint32_t last_turn_begin(const struct exchange *exchange, uint32_t request_end)
{
    uint32_t begin = request_end;
    for (uint32_t i = request_end; i-- > 0;) {
        const struct part *part = &exchange->parts[i];
        if (part->prefill || part->role == ROLE_SYSTEM)
            continue;
        if (!turn_has(part))
            break;
        begin = i;
    }
    return begin;
}

static void add_bytes(uint32_t *sum, size_t n)
{
    *sum = n < UINT32_MAX - *sum ? *sum + (uint32_t)n : UINT32_MAX;
}

static void bump(uint16_t *count)
{
    *count = (uint16_t)(*count + (*count < UINT16_MAX));
}

static void count_part(
    const struct part *part, bool last, struct turns *turns, struct exchange_record *record)
{
    uint32_t *sum = &record->history_bytes;
    if (part->issued)
        sum = &record->output_bytes;
    else if (part->role == ROLE_SYSTEM)
        sum = &record->system_bytes;
    else if (last && turn_has(part))
        sum = &record->user_bytes;
    if (part->kind != PART_SIGNATURE)
        add_bytes(sum, part->text.n);
    if (part->kind == PART_IMAGE)
        bump(&record->n_images);
    if (part->kind == PART_TOOL_CALL)
        bump(&record->n_tool_calls);
    if (part->kind == PART_TOOL_RESULT || part->role == ROLE_TOOL)
        turns->n_tool_results++;
    if (part->issued)
        bump(&record->n_issued_parts);
    if (part->prefill)
        record->flags |= REC_PREFILL;
}

void turns_find(const struct exchange *exchange, struct turns *ret_turns, struct exchange_record *record)
{
    struct turns turns = { 0 };
    while (turns.request_end < exchange->n_parts && !exchange->parts[turns.request_end].issued)
        turns.request_end++;
    turns.last_begin = last_turn_begin(exchange, turns.request_end);
    uint32_t message = UINT32_MAX;
    for (uint32_t i = 0; i < exchange->n_parts; i++) {
        const struct part *part = &exchange->parts[i];
        count_part(part, i >= turns.last_begin, &turns, record);
        if (part->issued || part->message == message)
            continue;
        message = part->message;
        bump(&record->n_messages);
        if (part->role == ROLE_ASSISTANT && !part->prefill)
            bump(&record->n_assistant_turns);
    }
    record->n_tools = (uint16_t)exchange->n_tools;
    if (record->n_assistant_turns > 0)
        record->flags |= REC_FOLLOW_UP;
    *ret_turns = turns;
}
