#include "exchange/dialect.h"

static const struct field request_rows[] = {
    PARAM("model", NAME_MODEL, read_span, model),
    FIELD("instructions", read_system, .bit = NAME_INSTRUCTIONS),
    FIELD("input", read_messages, .bit = NAME_INPUT, .arg = 1),
    PARAM("max_output_tokens", NAME_MAX_OUTPUT_TOKENS, read_int32, max_tokens),
    PARAM("temperature", NAME_TEMPERATURE, read_milli, temperature_milli),
    PARAM("top_p", NAME_TOP_P, read_milli, top_p_milli),
    FIELD("tools", read_tools, .bit = NAME_TOOLS),
    FIELD("tool_choice", read_tool_choice, .bit = NAME_TOOL_CHOICE),
    FIELD("parallel_tool_calls", read_nothing, .bit = NAME_PARALLEL_TOOL_CALLS),
    FIELD("reasoning", read_reasoning, .bit = NAME_REASONING),
    FIELD("text", read_text_config, .bit = NAME_TEXT),
    FIELD("include", read_include, .bit = NAME_INCLUDE),
    FIELD("previous_response_id", read_span, .bit = NAME_PREVIOUS_RESPONSE_ID,
        .offset = offsetof(struct exchange, previous_response_id)),
    FIELD("conversation", read_nothing, .bit = NAME_CONVERSATION),
    PARAM_FLAG("stream", NAME_STREAM, read_flag, PARAM_STREAM),
    FIELD("stream_options", read_nothing, .bit = NAME_STREAM_OPTIONS),
    PARAM("top_logprobs", NAME_TOP_LOGPROBS, read_int32, top_logprobs),
    FIELD("user", read_end_user, .bit = NAME_USER, .arg = 1),
    FIELD("safety_identifier", read_end_user, .bit = NAME_SAFETY_IDENTIFIER, .arg = 2),
    FIELD("metadata", read_nothing, .bit = NAME_METADATA),
    PARAM_FLAG("store", NAME_STORE, read_flag, PARAM_STORE),
    FIELD("truncation", read_nothing, .bit = NAME_TRUNCATION),
    FIELD("service_tier", read_nothing, .bit = NAME_SERVICE_TIER),
    FIELD("background", read_nothing, .bit = NAME_BACKGROUND),
    FIELD("max_tool_calls", read_nothing, .bit = NAME_MAX_TOOL_CALLS),
    FIELD("prompt", read_nothing, .bit = NAME_PROMPT),
    FIELD("prompt_cache_key", read_nothing, .bit = NAME_PROMPT_CACHE_KEY),
};
static const struct fields request_fields = FIELDS(request_rows, NULL);

static const struct field response_rows[] = {
    FIELD("id", read_span, .offset = offsetof(struct exchange, response_id)),
    FIELD("status", read_finish),
    FIELD("incomplete_details", read_incomplete),
    FIELD("model", read_span, .offset = offsetof(struct exchange, response_model)),
    FIELD("output", read_output, .arg = 1),
    FIELD("usage", read_usage),
};
static const struct fields response_fields = FIELDS(response_rows, NULL);

static void end_request(struct reader *reader)
{
    struct exchange *exchange = reader->exchange;
    if (exchange->previous_response_id.n > 0)
        exchange->params.flags |= PARAM_PREVIOUS_RESPONSE;
}

/* A response that calls a tool is "completed", and one cut short says why elsewhere. */
static void end_response(struct reader *reader)
{
    struct exchange *exchange = reader->exchange;
    if (reader->detail != FINISH_NONE)
        exchange->finish = reader->detail;
    if (exchange->finish != FINISH_STOP)
        return;
    const struct part *part;
    for (uint64_t i = 0; (part = parts_at(&reader->parts, SECTION_ISSUED, i)); i++)
        if (part->kind == PART_TOOL_CALL)
            exchange->finish = FINISH_TOOL;
}

const struct dialect dialect_openai_responses = {
    .name = "openai.responses",
    .request = &request_fields,
    .response = &response_fields,
    .end_request = end_request,
    .end_response = end_response,
};
