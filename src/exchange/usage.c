#include "exchange/dialect.h"

/* A body's count that cannot be (below 0, or more than a record holds) says nothing, and hides nothing else. */
static enum status read_tokens(
    struct walk *walk, const struct field *field, struct json_value *value, void *object)
{
    (void)walk;
    int64_t number;
    enum status st = json_int(value, &number);
    if (st == STATUS_TOO_BIG || (st == STATUS_OK && (number < 0 || number > UINT32_MAX)))
        return STATUS_OK;
    if (st == STATUS_OK)
        *(int64_t *)((char *)object + field->offset) = number;
    return st;
}

#define COUNT(key, member) FIELD(key, read_tokens, .offset = offsetof(struct raw_usage, member))
#define LINE_COUNT(key, member) FIELD(key, read_count, .offset = offsetof(struct raw_usage, member))

static const struct field input_detail_rows[] = { COUNT("cached_tokens", cached) };
static const struct fields input_details = FIELDS(input_detail_rows, NULL);
static const struct field output_detail_rows[] = { COUNT("reasoning_tokens", reasoning),
    COUNT("thinking_tokens", reasoning) };
static const struct fields output_details = FIELDS(output_detail_rows, NULL);

static const struct field body_rows[] = {
    COUNT("prompt_tokens", input),
    COUNT("input_tokens", input),
    COUNT("cache_creation_input_tokens", cache_creation),
    COUNT("cache_read_input_tokens", cache_read),
    COUNT("completion_tokens", output),
    COUNT("output_tokens", output),
    FIELD("total_tokens", read_nothing),
    FIELD("prompt_tokens_details", read_fields, .more = &input_details),
    FIELD("input_tokens_details", read_fields, .more = &input_details),
    FIELD("completion_tokens_details", read_fields, .more = &output_details),
    FIELD("output_tokens_details", read_fields, .more = &output_details),
};
const struct fields body_usage_fields = FIELDS(body_rows, NULL);

static const struct field line_rows[] = { LINE_COUNT("input_tokens", input),
    LINE_COUNT("output_tokens", output) };
const struct fields line_usage_fields = FIELDS(line_rows, "usage.");

void raw_usage_clear(struct raw_usage *usage)
{
    *usage = (struct raw_usage){ NUMBER_ABSENT, NUMBER_ABSENT, NUMBER_ABSENT, NUMBER_ABSENT, NUMBER_ABSENT,
        NUMBER_ABSENT };
}

enum status read_usage(struct walk *walk, const struct field *field, struct json_value *value, void *object)
{
    (void)field, (void)object;
    struct raw_usage *usage = &reader_of(walk)->usage;
    if (value->type != JSON_OBJECT)
        return STATUS_MISMATCH;
    raw_usage_clear(usage);
    return walk_members(walk, value, &body_usage_fields, usage);
}

static int64_t or_zero(int64_t number)
{
    return number == NUMBER_ABSENT ? 0 : number;
}

struct exchange_usage usage_merge(const struct raw_usage *body, const struct raw_usage *line)
{
    struct exchange_usage usage = { .input_tok = body->input,
        .output_tok = body->output,
        .reasoning_tok = body->reasoning,
        .cached_tok = body->cached };
    if (usage.input_tok != NUMBER_ABSENT)
        usage.input_tok += or_zero(body->cache_creation) + or_zero(body->cache_read);
    else
        usage.input_tok = line->input;
    if (usage.output_tok == NUMBER_ABSENT)
        usage.output_tok = line->output;
    if (body->cache_read != NUMBER_ABSENT)
        usage.cached_tok = body->cache_read;
    return usage;
}

static const struct word finish_words[] = {
    { "stop", FINISH_STOP },
    { "end_turn", FINISH_STOP },
    { "completed", FINISH_STOP },
    { "stop_sequence", FINISH_STOP },
    { "length", FINISH_LENGTH },
    { "max_tokens", FINISH_LENGTH },
    { "max_output_tokens", FINISH_LENGTH },
    { "model_context_window_exceeded", FINISH_LENGTH },
    { "tool_calls", FINISH_TOOL },
    { "tool_use", FINISH_TOOL },
    { "function_call", FINISH_TOOL },
    { "content_filter", FINISH_FILTER },
    { "refusal", FINISH_REFUSAL },
    { NULL, 0 },
};

static enum status read_reason(struct walk *walk, struct json_value *value, enum finish *ret_finish)
{
    struct span text;
    enum status st = json_string(walk->json, value, &text);
    if (st != STATUS_OK)
        return st;
    const struct word *word = word_named(finish_words, text);
    *ret_finish = word->name ? (enum finish)word->value : FINISH_OTHER;
    return STATUS_OK;
}

/* Of several choices the first one tells. */
enum status read_finish(struct walk *walk, const struct field *field, struct json_value *value, void *object)
{
    (void)field;
    struct exchange *exchange = object;
    enum finish finish = FINISH_NONE;
    enum status st = read_reason(walk, value, &finish);
    if (exchange->finish == FINISH_NONE)
        exchange->finish = finish;
    return st;
}

static enum status read_detail(
    struct walk *walk, const struct field *field, struct json_value *value, void *object)
{
    (void)field, (void)object;
    return read_reason(walk, value, &reader_of(walk)->detail);
}

static const struct field incomplete_rows[] = { FIELD("reason", read_detail) };
static const struct fields incomplete_fields = FIELDS(incomplete_rows, NULL);

enum status read_incomplete(
    struct walk *walk, const struct field *field, struct json_value *value, void *object)
{
    (void)field;
    return walk_members(walk, value, &incomplete_fields, object);
}
