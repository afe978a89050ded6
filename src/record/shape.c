#include "record/shape.h"

enum role_pattern role_pattern(const struct exchange *exchange)
{
    enum role_pattern pattern = PATTERN_NONE;
    for (uint32_t i = 0; i < exchange->n_parts; i++) {
        const struct part *part = &exchange->parts[i];
        enum role_pattern seen = PATTERN_NONE;
        if (part->issued)
            continue;
        if (part->prefill)
            seen = PATTERN_PREFILL;
        else if (part->role == ROLE_TOOL || part->kind == PART_TOOL_RESULT || part->kind == PART_TOOL_CALL)
            seen = PATTERN_TOOLS;
        else if (part->role == ROLE_ASSISTANT)
            seen = PATTERN_DIALOGUE;
        else if (part->role == ROLE_USER)
            seen = PATTERN_SINGLE;
        pattern = seen > pattern ? seen : pattern;
    }
    return pattern;
}

uint64_t shape_of(const struct key *key, const struct exchange *exchange)
{
    const struct exchange_params *params = &exchange->params;
    uint32_t kinds = 0, system = 0;
    if (exchange->api == API_NONE)
        return 0;
    for (uint32_t i = 0; i < exchange->n_parts; i++) {
        const struct part *part = &exchange->parts[i];
        if (!part->issued) {
            kinds |= 1u << part->kind;
            system |= part->role == ROLE_SYSTEM;
        }
    }
    const uint32_t words[] = { 1, exchange->api, (uint32_t)params->max_tokens,
        (uint32_t)params->temperature_milli, (uint32_t)params->top_p_milli, (uint32_t)params->top_k,
        (uint32_t)params->n, (uint32_t)params->top_logprobs, (uint32_t)params->reasoning_budget_tok,
        (uint32_t)params->reasoning_effort, params->flags, (uint32_t)params->names,
        (uint32_t)(params->names >> 32), system, exchange->n_tools > 0, role_pattern(exchange), kinds };
    return key_fold(key, words, sizeof words);
}
