#include "exchange/dialect.h"

static const struct field request_rows[] = {
    PARAM("model", NAME_MODEL, read_span, model),
    FIELD("messages", read_messages, .bit = NAME_MESSAGES),
    PARAM("max_tokens", NAME_MAX_TOKENS, read_int32, max_tokens),
    PARAM("max_completion_tokens", NAME_MAX_COMPLETION_TOKENS, read_int32, max_tokens),
    PARAM("temperature", NAME_TEMPERATURE, read_milli, temperature_milli),
    PARAM("top_p", NAME_TOP_P, read_milli, top_p_milli),
    PARAM("n", NAME_N, read_int32, n),
    PARAM_FLAG("stream", NAME_STREAM, read_flag, PARAM_STREAM),
    FIELD("stream_options", read_nothing, .bit = NAME_STREAM_OPTIONS),
    FIELD("stop", read_stop, .bit = NAME_STOP),
    FIELD("tools", read_tools, .bit = NAME_TOOLS),
    FIELD("tool_choice", read_tool_choice, .bit = NAME_TOOL_CHOICE),
    FIELD("parallel_tool_calls", read_nothing, .bit = NAME_PARALLEL_TOOL_CALLS),
    FIELD("functions", read_tools, .bit = NAME_FUNCTIONS),
    FIELD("function_call", read_nothing, .bit = NAME_FUNCTION_CALL),
    FIELD("response_format", read_format, .bit = NAME_RESPONSE_FORMAT),
    FIELD("reasoning_effort", read_effort, .bit = NAME_REASONING_EFFORT),
    PARAM_FLAG("logprobs", NAME_LOGPROBS, read_flag, PARAM_LOGPROBS),
    PARAM("top_logprobs", NAME_TOP_LOGPROBS, read_int32, top_logprobs),
    PARAM_FLAG("logit_bias", NAME_LOGIT_BIAS, read_given, PARAM_LOGIT_BIAS),
    PARAM_FLAG("seed", NAME_SEED, read_given, PARAM_SEED),
    FIELD("presence_penalty", read_penalty, .bit = NAME_PRESENCE_PENALTY),
    FIELD("frequency_penalty", read_penalty, .bit = NAME_FREQUENCY_PENALTY),
    FIELD("user", read_end_user, .bit = NAME_USER, .arg = 1),
    FIELD("safety_identifier", read_end_user, .bit = NAME_SAFETY_IDENTIFIER, .arg = 2),
    FIELD("metadata", read_nothing, .bit = NAME_METADATA),
    PARAM_FLAG("store", NAME_STORE, read_flag, PARAM_STORE),
    FIELD("service_tier", read_nothing, .bit = NAME_SERVICE_TIER),
    FIELD("modalities", read_nothing, .bit = NAME_MODALITIES),
    FIELD("audio", read_nothing, .bit = NAME_AUDIO),
    PARAM_FLAG("prediction", NAME_PREDICTION, read_given, PARAM_PREDICTION),
    FIELD("prompt_cache_key", read_nothing, .bit = NAME_PROMPT_CACHE_KEY),
    FIELD("verbosity", read_nothing, .bit = NAME_VERBOSITY),
    FIELD("web_search_options", read_nothing, .bit = NAME_WEB_SEARCH_OPTIONS),
    /* Extensions of compatible servers. */
    PARAM("top_k", NAME_TOP_K, read_int32, top_k),
    FIELD("reasoning", read_reasoning, .bit = NAME_REASONING),
    FIELD("thinking", read_reasoning, .bit = NAME_THINKING),
};
static const struct fields request_fields = FIELDS(request_rows, NULL);

static const struct field choice_rows[] = {
    FIELD("index", read_nothing),
    FIELD("message", read_choice_message),
    FIELD("finish_reason", read_finish),
};
static const struct fields choice_fields = FIELDS(choice_rows, NULL);

static enum status read_choice(struct walk *walk, struct json_value *value, void *object)
{
    return walk_members(walk, value, &choice_fields, object);
}

static enum status read_choices(
    struct walk *walk, const struct field *field, struct json_value *value, void *object)
{
    (void)field;
    struct reader *reader = reader_of(walk);
    parts_clear_section(&reader->parts, SECTION_ISSUED);
    reader->message = 0;
    return walk_elements(walk, value, read_choice, object);
}

static const struct field response_rows[] = {
    FIELD("id", read_span, .offset = offsetof(struct exchange, response_id)),
    FIELD("model", read_span, .offset = offsetof(struct exchange, response_model)),
    FIELD("choices", read_choices),
    FIELD("usage", read_usage),
};
static const struct fields response_fields = FIELDS(response_rows, NULL);

const struct dialect dialect_openai_chat = {
    .name = "openai.chat",
    .request = &request_fields,
    .response = &response_fields,
};
