#include "exchange/dialect.h"

struct tool_reading {
    struct tool tool;
    struct span type;
};

static enum status read_schema(
    struct walk *walk, const struct field *field, struct json_value *value, void *object)
{
    (void)walk;
    if (value->type != JSON_OBJECT)
        return STATUS_OK;
    return json_raw(value, (struct span *)(void *)((char *)object + field->offset));
}

#define TOOL(key, fn, member) FIELD(key, fn, .offset = offsetof(struct tool_reading, member))

static const struct field nested_rows[] = {
    TOOL("name", read_span_if, tool.name),
    TOOL("description", read_span_if, tool.description),
    TOOL("parameters", read_schema, tool.schema),
    TOOL("format", read_schema, tool.schema),
};
static const struct fields nested_fields = FIELDS(nested_rows, NULL);

static const struct field tool_rows[] = {
    TOOL("type", read_span_if, type),
    FIELD("function", read_fields, .more = &nested_fields),
    FIELD("custom", read_fields, .more = &nested_fields),
    TOOL("name", read_span_if, tool.name),
    TOOL("description", read_span_if, tool.description),
    TOOL("parameters", read_schema, tool.schema),
    TOOL("input_schema", read_schema, tool.schema),
    TOOL("format", read_schema, tool.schema),
    FIELD("cache_control", read_nothing, .bit = 1),
};
static const struct fields tool_fields = FIELDS(tool_rows, NULL);

static enum status read_tool(struct walk *walk, struct json_value *value, void *object)
{
    struct exchange *exchange = object;
    struct tool_reading reading = { 0 };
    enum status st = walk_members(walk, value, &tool_fields, &reading);
    if (st != STATUS_OK)
        return st;
    if (walk->seen & 2)
        exchange->params.flags |= PARAM_CACHE_CONTROL;
    /* A tool that the provider built in has a type only. */
    if (reading.tool.name.n == 0)
        reading.tool.name = reading.type;
    return parts_push_tool(&reader_of(walk)->parts, &reading.tool);
}

enum status read_tools(struct walk *walk, const struct field *field, struct json_value *value, void *object)
{
    (void)field;
    parts_clear_tools(&reader_of(walk)->parts);
    return walk_elements(walk, value, read_tool, object);
}

enum status read_stop(struct walk *walk, const struct field *field, struct json_value *value, void *object)
{
    (void)walk, (void)field;
    enum json_type type = value->type;
    if (type != JSON_STRING && type != JSON_ARRAY)
        return type == JSON_INVALID ? STATUS_BAD : STATUS_MISMATCH;
    ((struct exchange *)object)->params.flags |= PARAM_STOP;
    return STATUS_OK;
}

static const struct field type_rows[] = { FIELD("type", read_span_if, .offset = 0) };
static const struct fields type_fields = FIELDS(type_rows, NULL);

/* A bare word, or an object whose "type" is the word. */
static enum status read_type(struct walk *walk, struct json_value *value, struct span *ret_word)
{
    if (value->type == JSON_STRING)
        return json_string(walk->json, value, ret_word);
    return walk_members(walk, value, &type_fields, ret_word);
}

enum status read_tool_choice(
    struct walk *walk, const struct field *field, struct json_value *value, void *object)
{
    (void)field;
    struct exchange *exchange = object;
    struct span word = { 0 };
    enum status st = read_type(walk, value, &word);
    if (st != STATUS_OK)
        return st;
    bool free =
        word.n == 0 || span_is(word, "auto") || span_is(word, "none") || span_is(word, "allowed_tools");
    if (!free)
        exchange->params.flags |= PARAM_TOOL_CHOICE_FORCED;
    return STATUS_OK;
}

enum status read_format(struct walk *walk, const struct field *field, struct json_value *value, void *object)
{
    (void)field;
    struct exchange *exchange = object;
    struct span word = { 0 };
    enum status st = read_type(walk, value, &word);
    if (st != STATUS_OK)
        return st;
    exchange->params.flags &= ~(uint32_t)(PARAM_JSON_OBJECT | PARAM_JSON_SCHEMA);
    if (span_is(word, "json_object"))
        exchange->params.flags |= PARAM_JSON_OBJECT;
    if (span_is(word, "json_schema"))
        exchange->params.flags |= PARAM_JSON_SCHEMA;
    return STATUS_OK;
}

enum status read_effort(struct walk *walk, const struct field *field, struct json_value *value, void *object)
{
    (void)field;
    static const struct word words[] = { { "none", 0 }, { "minimal", 0 }, { "low", 1 }, { "medium", 2 },
        { "high", 3 }, { "xhigh", 3 }, { "max", 3 }, { NULL, NUMBER_ABSENT } };
    struct exchange_params *params = &((struct exchange *)object)->params;
    struct span text;
    enum status st = json_string(walk->json, value, &text);
    if (st != STATUS_OK)
        return st;
    params->reasoning_effort = word_named(words, text)->value;
    if (!span_is(text, "none"))
        params->flags |= PARAM_REASONING;
    return STATUS_OK;
}

static const struct field config_rows[] = {
    FIELD("format", read_format),
    FIELD("effort", read_effort),
};
static const struct fields config_fields = FIELDS(config_rows, NULL);

enum status read_text_config(
    struct walk *walk, const struct field *field, struct json_value *value, void *object)
{
    (void)field;
    return walk_members(walk, value, &config_fields, object);
}

/* The type of a thinking object: enabled, adaptive or disabled. */
static enum status read_thinking_type(
    struct walk *walk, const struct field *field, struct json_value *value, void *object)
{
    (void)field;
    struct exchange_params *params = &((struct exchange *)object)->params;
    struct span word;
    enum status st = json_string(walk->json, value, &word);
    if (st != STATUS_OK)
        return st;
    if (span_is(word, "disabled"))
        params->flags &= ~(uint32_t)PARAM_REASONING;
    else
        params->flags |= PARAM_REASONING;
    return STATUS_OK;
}

static const struct field reasoning_rows[] = {
    FIELD("type", read_thinking_type),
    FIELD("effort", read_effort),
    PARAM("budget_tokens", NAME_NONE, read_int32, reasoning_budget_tok),
    PARAM("max_tokens", NAME_NONE, read_int32, reasoning_budget_tok),
    FIELD("summary", read_nothing),
};
static const struct fields reasoning_fields = FIELDS(reasoning_rows, NULL);

enum status read_reasoning(
    struct walk *walk, const struct field *field, struct json_value *value, void *object)
{
    (void)field;
    struct exchange_params *params = &((struct exchange *)object)->params;
    enum status st = walk_members(walk, value, &reasoning_fields, object);
    if (st == STATUS_OK && params->reasoning_budget_tok > 0)
        params->flags |= PARAM_REASONING;
    return st;
}

enum status read_penalty(struct walk *walk, const struct field *field, struct json_value *value, void *object)
{
    (void)walk, (void)field;
    double number;
    enum status st = json_double(value, &number);
    if (st == STATUS_TOO_BIG)
        return STATUS_OK;
    if (st == STATUS_OK && number != 0)
        ((struct exchange *)object)->params.flags |= PARAM_PENALTY;
    return st;
}

static enum status read_included(struct walk *walk, struct json_value *value, void *object)
{
    struct exchange_params *params = &((struct exchange *)object)->params;
    struct span word;
    enum status st = json_string(walk->json, value, &word);
    if (st != STATUS_OK)
        return st;
    if (span_is(word, "reasoning.encrypted_content"))
        params->flags |= PARAM_INCLUDE_ENCRYPTED;
    if (span_is(word, "message.output_text.logprobs"))
        params->flags |= PARAM_LOGPROBS;
    return STATUS_OK;
}

enum status read_include(struct walk *walk, const struct field *field, struct json_value *value, void *object)
{
    (void)field;
    return walk_elements(walk, value, read_included, object);
}

/* What a client asserts may be long, and is cut rather than refused. */
enum status read_end_user(
    struct walk *walk, const struct field *field, struct json_value *value, void *object)
{
    (void)object;
    struct reader *reader = reader_of(walk);
    struct span text;
    enum status st = json_string(walk->json, value, &text);
    if (st != STATUS_OK || text.n == 0 || field->arg < reader->end_user_rank)
        return st;
    text.n = text.n < ID_MAX_BYTES ? text.n : ID_MAX_BYTES;
    reader->end_user = text;
    reader->end_user_rank = field->arg;
    return STATUS_OK;
}

static const struct field metadata_rows[] = { FIELD("user_id", read_end_user, .arg = 1) };
static const struct fields metadata_fields = FIELDS(metadata_rows, NULL);

enum status read_metadata_user(
    struct walk *walk, const struct field *field, struct json_value *value, void *object)
{
    (void)field;
    return walk_members(walk, value, &metadata_fields, object);
}
