#include "exchange/dialect.h"

static const struct field request_rows[] = {
    PARAM("model", NAME_MODEL, read_span, model),
    PARAM("max_tokens", NAME_MAX_TOKENS, read_int32, max_tokens),
    FIELD("system", read_system, .bit = NAME_SYSTEM),
    FIELD("messages", read_messages, .bit = NAME_MESSAGES),
    PARAM("temperature", NAME_TEMPERATURE, read_milli, temperature_milli),
    PARAM("top_p", NAME_TOP_P, read_milli, top_p_milli),
    PARAM("top_k", NAME_TOP_K, read_int32, top_k),
    FIELD("tools", read_tools, .bit = NAME_TOOLS),
    FIELD("tool_choice", read_tool_choice, .bit = NAME_TOOL_CHOICE),
    FIELD("stop_sequences", read_stop, .bit = NAME_STOP_SEQUENCES),
    PARAM_FLAG("stream", NAME_STREAM, read_flag, PARAM_STREAM),
    FIELD("thinking", read_reasoning, .bit = NAME_THINKING),
    FIELD("metadata", read_metadata_user, .bit = NAME_METADATA),
    FIELD("service_tier", read_nothing, .bit = NAME_SERVICE_TIER),
    PARAM_FLAG("cache_control", NAME_CACHE_CONTROL, read_given, PARAM_CACHE_CONTROL),
    FIELD("container", read_nothing, .bit = NAME_CONTAINER),
    FIELD("output_config", read_text_config, .bit = NAME_OUTPUT_CONFIG),
    FIELD("output_format", read_format, .bit = NAME_OUTPUT_FORMAT),
    FIELD("inference_geo", read_nothing, .bit = NAME_INFERENCE_GEO),
    FIELD("mcp_servers", read_nothing, .bit = NAME_MCP_SERVERS),
    FIELD("context_management", read_nothing, .bit = NAME_CONTEXT_MANAGEMENT),
};
static const struct fields request_fields = FIELDS(request_rows, NULL);

static const struct field response_rows[] = {
    FIELD("id", read_span, .offset = offsetof(struct exchange, response_id)),
    FIELD("type", read_nothing),
    FIELD("role", read_nothing),
    FIELD("model", read_span, .offset = offsetof(struct exchange, response_model)),
    FIELD("content", read_output),
    FIELD("stop_reason", read_finish),
    FIELD("stop_sequence", read_nothing),
    FIELD("usage", read_usage),
};
static const struct fields response_fields = FIELDS(response_rows, NULL);

/* A request that ends with an assistant message makes the model continue it. */
static void end_request(struct reader *reader)
{
    uint64_t n = reader->parts.lists[SECTION_HISTORY].n;
    struct part *part;
    while (n-- > 0 && (part = parts_at(&reader->parts, SECTION_HISTORY, n)) && part->role == ROLE_ASSISTANT &&
           part->message + 1 == reader->n_history)
        part->prefill = 1;
}

const struct dialect dialect_anthropic = {
    .name = "anthropic.messages",
    .request = &request_fields,
    .response = &response_fields,
    .end_request = end_request,
};
