#include "exchange/dialect.h"

static const struct dialect *const dialects[API_COUNT] = {
    [API_OPENAI_CHAT] = &dialect_openai_chat,
    [API_OPENAI_RESPONSES] = &dialect_openai_responses,
    [API_ANTHROPIC_MESSAGES] = &dialect_anthropic,
};

const struct dialect *dialect_of(enum api api)
{
    return dialects[api];
}

enum api dialect_named(struct span name)
{
    for (int api = API_NONE + 1; api < API_COUNT; api++)
        if (span_is(name, dialects[api]->name))
            return (enum api)api;
    return API_NONE;
}

void reader_start(struct reader *reader, struct exchange *exchange)
{
    parts_clear(&reader->parts);
    reader->exchange = exchange;
    reader->end_user = (struct span){ 0 };
    reader->end_user_rank = 0;
    reader->detail = FINISH_NONE;
    raw_usage_clear(&reader->usage);
    raw_usage_clear(&reader->line_usage);
}

void params_clear(struct exchange_params *params)
{
    *params = (struct exchange_params){
        .max_tokens = NUMBER_ABSENT,
        .temperature_milli = NUMBER_ABSENT,
        .top_p_milli = NUMBER_ABSENT,
        .top_k = NUMBER_ABSENT,
        .n = NUMBER_ABSENT,
        .top_logprobs = NUMBER_ABSENT,
        .reasoning_budget_tok = NUMBER_ABSENT,
        .reasoning_effort = NUMBER_ABSENT,
    };
}

void exchange_clear(struct exchange *exchange)
{
    *exchange = (struct exchange){
        .client.asn = NUMBER_ABSENT,
        .status = NUMBER_ABSENT,
        .duration_ms = NUMBER_ABSENT,
        .usage = { NUMBER_ABSENT, NUMBER_ABSENT, NUMBER_ABSENT, NUMBER_ABSENT },
    };
    params_clear(&exchange->params);
}

/* A body that is given twice counts once: the last. */
void reader_clear_request(struct reader *reader)
{
    parts_clear_section(&reader->parts, SECTION_SYSTEM);
    parts_clear_section(&reader->parts, SECTION_HISTORY);
    parts_clear_tools(&reader->parts);
    reader->end_user_rank = 0;
    reader->n_history = 0;
    reader->end_user = (struct span){ 0 };
    params_clear(&reader->exchange->params);
    reader->exchange->previous_response_id = (struct span){ 0 };
}

enum status reader_request(struct reader *reader, const struct dialect *dialect, struct json_value *value)
{
    reader_clear_request(reader);
    enum status st = walk_members(&reader->walk, value, dialect->request, reader->exchange);
    if (st != STATUS_OK)
        return st;
    reader->exchange->params.names = reader->walk.seen & ~UINT64_C(1);
    if (dialect->end_request)
        dialect->end_request(reader);
    return STATUS_OK;
}

void reader_clear_response(struct reader *reader)
{
    parts_clear_section(&reader->parts, SECTION_ISSUED);
    raw_usage_clear(&reader->usage);
    reader->detail = FINISH_NONE;
    reader->exchange->finish = FINISH_NONE;
    reader->exchange->response_id = (struct span){ 0 };
    reader->exchange->response_model = (struct span){ 0 };
}

enum status reader_response(struct reader *reader, const struct dialect *dialect, struct json_value *value)
{
    reader_clear_response(reader);
    enum status st = walk_members(&reader->walk, value, dialect->response, reader->exchange);
    if (st == STATUS_OK && dialect->end_response)
        dialect->end_response(reader);
    return st;
}

enum status reader_response_usage(
    struct reader *reader, const struct dialect *dialect, struct json_value *value)
{
    static const struct field rows[] = { FIELD("usage", read_usage) };
    static const struct fields fields = FIELDS(rows, NULL);
    (void)dialect;
    return walk_members(&reader->walk, value, &fields, reader->exchange);
}

enum status reader_usage(struct reader *reader, const struct dialect *dialect, struct json_value *value)
{
    (void)dialect;
    return read_usage(&reader->walk, NULL, value, reader->exchange);
}

/* A refusal is text that says so, whatever the finish reason. */
static void mark_refusal(struct exchange *exchange)
{
    if (exchange->finish != FINISH_STOP)
        return;
    for (uint32_t i = exchange->n_parts; i-- > 0 && exchange->parts[i].issued;)
        if (exchange->parts[i].kind == PART_REFUSAL)
            exchange->finish = FINISH_REFUSAL;
}

enum status reader_finish(struct reader *reader)
{
    struct exchange *exchange = reader->exchange;
    enum status st = parts_gather(&reader->parts, exchange);
    if (st != STATUS_OK)
        return st;
    if (exchange->end_user.n == 0)
        exchange->end_user = reader->end_user;
    exchange->usage = usage_merge(&reader->usage, &reader->line_usage);
    mark_refusal(exchange);
    return STATUS_OK;
}
