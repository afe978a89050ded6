#include "exchange/follow_dialect.h"

struct told {
    struct span type, delta;
    int32_t output, content, summary;
    struct span item;                             /* JSON */
    struct span id, model, status, detail, whole; /* of a response; whole: its output, JSON */
    struct raw_usage usage;
};

#define TOLD(key, fn, member) FIELD(key, fn, .offset = offsetof(struct told, member))

static const struct field incomplete_rows[] = { TOLD("reason", read_escaped, detail) };
static const struct fields incomplete_fields = FIELDS(incomplete_rows, NULL);

static const struct field response_rows[] = {
    TOLD("id", read_escaped, id),
    TOLD("status", read_escaped, status),
    FIELD("incomplete_details", read_fields, .more = &incomplete_fields),
    TOLD("model", read_escaped, model),
    TOLD("output", read_verbatim, whole),
    TOLD("usage", follow_read_usage, usage),
};
static const struct fields response_fields = FIELDS(response_rows, NULL);

static const struct field event_rows[] = {
    TOLD("type", read_span_if, type),
    FIELD("sequence_number", read_nothing),
    FIELD("item_id", read_nothing),
    TOLD("output_index", read_int32, output),
    TOLD("content_index", read_int32, content),
    TOLD("summary_index", read_int32, summary),
    TOLD("delta", read_escaped, delta),
    TOLD("item", read_verbatim, item),
    FIELD("response", read_fields, .more = &response_fields),
};
static const struct fields event_fields = FIELDS(event_rows, NULL);

/* What an event means; `row` is its own. */
struct row;
typedef enum status take_fn(struct follow *follow, const struct told *told, const struct row *row);

struct row {
    const char *name;
    take_fn *take;
    const char *key; /* of arguments */
    enum reply_text which;
    enum follow_end end;
};

static struct reply_item *item_of(struct follow *follow, const struct told *told, uint32_t below)
{
    return told->output >= 0 ? reply_at(&follow->reply, (uint32_t)told->output, below) : NULL;
}

static enum status take_part(struct follow *follow, const struct told *told, const struct row *row)
{
    int32_t part = row->which == REPLY_REASONING ? told->summary : told->content;
    struct reply_item *item = item_of(follow, told, 0);
    if (!item || item->whole || told->delta.n == 0)
        return STATUS_OK;
    item = item_of(follow, told, part < 0 ? 1 : (uint32_t)part + 1);
    if (item)
        reply_add(&follow->reply, item, row->which, told->delta);
    return STATUS_OK;
}

static enum status take_arguments(struct follow *follow, const struct told *told, const struct row *row)
{
    struct reply_item *item = item_of(follow, told, 0);
    if (!item)
        return STATUS_OK;
    item->key = row->key;
    reply_add(&follow->reply, item, REPLY_ARGUMENTS, told->delta);
    return STATUS_OK;
}

/* Deltas tell these, and the finished item tells them again. */
static bool is_told_later(
    struct reply *reply, struct reply_item *item, struct span key, struct json_value *value)
{
    (void)reply, (void)item, (void)value;
    return is_word(key, "content") || is_word(key, "summary") || is_word(key, "arguments") ||
           is_word(key, "input") || is_word(key, "code");
}

static enum status begin_item(struct follow *follow, const struct told *told, const struct row *row)
{
    (void)row;
    struct reply_item *item = item_of(follow, told, 0);
    if (!item || told->item.n == 0 || item->whole || item->texts[REPLY_HEAD].n > 0)
        return STATUS_OK;
    return follow_add_members(follow, item, told->item, is_told_later);
}

/* A finished item goes before what deltas said of it, if there is room. */
static enum status end_item(struct follow *follow, const struct told *told, const struct row *row)
{
    (void)row;
    struct reply *reply = &follow->reply;
    if (told->output < 0 || told->item.n == 0 || told->item.data[0] != '{')
        return STATUS_OK;
    size_t freed = 0;
    for (uint32_t i = 0; i < reply->n_items; i++)
        for (int k = 0; k < REPLY_LONG && reply->items[i].place == (uint32_t)told->output; k++)
            freed += reply->items[i].texts[k].n;
    if (told->item.n > reply->max_bytes - reply->held + freed) {
        reply->truncated = true;
        return STATUS_OK;
    }
    bool truncated = reply->truncated;
    reply_drop_below(reply, (uint32_t)told->output);
    struct reply_item *item = item_of(follow, told, 0);
    if (!item)
        return STATUS_OK;
    reply_clear_item(reply, item);
    reply->truncated = false; /* an earlier item's cut does not cut this one */
    reply_add(reply, item, REPLY_HEAD, told->item);
    reply->truncated = truncated;
    item->whole = true;
    return STATUS_OK;
}

static bool is_empty_array(struct span array)
{
    size_t i = 1;
    while (i < array.n && (array.data[i] == ' ' || array.data[i] == '\n' || array.data[i] == '\t'))
        i++;
    return array.n == 0 || array.data[0] != '[' || array.data[i] == ']';
}

/* Some servers end with a response whose output is empty: then the items tell. */
static enum status take_response(struct follow *follow, const struct told *told, const struct row *row)
{
    struct reply *reply = &follow->reply;
    reply_set(reply, &reply->id, told->id);
    reply_set(reply, &reply->model, told->model);
    follow_take_usage(follow, &told->usage);
    if (row->end == FOLLOW_OPEN)
        return STATUS_OK;
    follow->state.end = row->end;
    reply_set(reply, &reply->finish, told->status);
    reply_set(reply, &reply->detail, told->detail);
    if (is_empty_array(told->whole))
        return STATUS_OK;
    if (reply_set_output(reply, told->whole))
        reply->truncated = false;
    else
        reply->truncated = true;
    return STATUS_OK;
}

static enum status take_error(struct follow *follow, const struct told *told, const struct row *row)
{
    (void)told;
    follow->state.end = row->end;
    return STATUS_OK;
}

/* Most frequent first. What is not here cannot matter, or is told again by what is. */
static const struct row rows[] = {
    { "response.output_text.delta", take_part, NULL, REPLY_SAID, FOLLOW_OPEN },
    { "response.function_call_arguments.delta", take_arguments, NULL, REPLY_ARGUMENTS, FOLLOW_OPEN },
    { "response.reasoning_summary_text.delta", take_part, NULL, REPLY_REASONING, FOLLOW_OPEN },
    { "response.reasoning_text.delta", take_part, NULL, REPLY_THOUGHT, FOLLOW_OPEN },
    { "response.refusal.delta", take_part, NULL, REPLY_REFUSAL, FOLLOW_OPEN },
    { "response.custom_tool_call_input.delta", take_arguments, "input", REPLY_ARGUMENTS, FOLLOW_OPEN },
    { "response.mcp_call_arguments.delta", take_arguments, NULL, REPLY_ARGUMENTS, FOLLOW_OPEN },
    { "response.code_interpreter_call_code.delta", take_arguments, "code", REPLY_ARGUMENTS, FOLLOW_OPEN },
    { "response.output_item.added", begin_item, NULL, REPLY_HEAD, FOLLOW_OPEN },
    { "response.output_item.done", end_item, NULL, REPLY_HEAD, FOLLOW_OPEN },
    { "response.created", take_response, NULL, REPLY_HEAD, FOLLOW_OPEN },
    { "response.completed", take_response, NULL, REPLY_HEAD, FOLLOW_DONE },
    { "response.incomplete", take_response, NULL, REPLY_HEAD, FOLLOW_DONE },
    { "response.failed", take_response, NULL, REPLY_HEAD, FOLLOW_FAILED },
    { "error", take_error, NULL, REPLY_HEAD, FOLLOW_FAILED },
};

static const struct row *row_named(struct span name)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (span_is(name, rows[i].name))
            return &rows[i];
    return NULL;
}

/* Of a last event that is too long the name still says how it ended. */
static void take_name(struct follow *follow, const struct row *row)
{
    struct reply *reply = &follow->reply;
    reply->truncated = true;
    if (!row || row->end == FOLLOW_OPEN)
        return;
    follow->state.end = row->end;
    if (row->take == take_response)
        reply_set(reply, &reply->finish, span_of(row->name + sizeof "response." - 1));
}

static enum status take_event(struct follow *follow, const struct sse_event *event)
{
    const struct row *row = row_named(event->name);
    if (event->name.n > 0 && !row)
        return STATUS_OK;
    if (event->too_long) {
        take_name(follow, row);
        return STATUS_OK;
    }
    struct told told = { .output = NUMBER_ABSENT, .content = NUMBER_ABSENT, .summary = NUMBER_ABSENT };
    raw_usage_clear(&told.usage);
    enum status st = follow_read(follow, event->data, &event_fields, &told);
    if (st != STATUS_OK)
        return st;
    if (told.type.n > 0)
        row = row_named(told.type);
    return row ? row->take(follow, &told, row) : STATUS_OK;
}

static void put_part(struct json_writer *writer, const char *type, const char *key, const struct buffer *text)
{
    if (text->n == 0)
        return;
    json_put_object(writer);
    json_put_name(writer, "type");
    json_put_text(writer, type);
    follow_put_text(writer, key, text);
    json_put_object_end(writer);
}

static void write_parts(
    const struct reply_item *begin, const struct reply_item *end, struct json_writer *writer)
{
    json_put_name(writer, "summary");
    json_put_array(writer);
    for (const struct reply_item *part = begin; part < end; part++)
        put_part(writer, "summary_text", "text", &part->texts[REPLY_REASONING]);
    json_put_array_end(writer);
    json_put_name(writer, "content");
    json_put_array(writer);
    for (const struct reply_item *part = begin; part < end; part++) {
        put_part(writer, "output_text", "text", &part->texts[REPLY_SAID]);
        put_part(writer, "refusal", "refusal", &part->texts[REPLY_REFUSAL]);
        put_part(writer, "reasoning_text", "text", &part->texts[REPLY_THOUGHT]);
    }
    json_put_array_end(writer);
}

static const char *type_of(const struct reply_item *item, const struct reply_item *end)
{
    if (item->texts[REPLY_ARGUMENTS].n > 0)
        return "function_call";
    for (const struct reply_item *part = item; part < end; part++)
        if (part->texts[REPLY_SAID].n + part->texts[REPLY_REFUSAL].n > 0)
            return "message";
    return "reasoning";
}

/* One item and what is below it. */
static void write_item(
    const struct reply_item *item, const struct reply_item *end, struct json_writer *writer)
{
    if (item->whole) {
        json_put_raw(writer, buffer_span(&item->texts[REPLY_HEAD]));
        return;
    }
    json_put_object(writer);
    if (item->texts[REPLY_HEAD].n == 0) {
        json_put_name(writer, "type");
        json_put_text(writer, type_of(item, end));
    }
    follow_put_members(writer, &item->texts[REPLY_HEAD]);
    follow_put_text(writer, item->key ? item->key : "arguments", &item->texts[REPLY_ARGUMENTS]);
    if (end - item > 1)
        write_parts(item + 1, end, writer);
    json_put_object_end(writer);
}

static void write_items(const struct reply *reply, struct json_writer *writer)
{
    json_put_array(writer);
    const struct reply_item *end = reply_end(reply);
    for (const struct reply_item *item = reply->items; item < end;) {
        const struct reply_item *next = item + 1;
        while (next < end && next->place == item->place)
            next++;
        if (!item->lost)
            write_item(item, next, writer);
        item = next;
    }
    json_put_array_end(writer);
}

static void write_response(const struct reply *reply, struct json *json, struct json_writer *writer)
{
    (void)json;
    follow_put_text(writer, "status", &reply->finish);
    if (reply->detail.n > 0) {
        json_put_name(writer, "incomplete_details");
        json_put_object(writer);
        follow_put_text(writer, "reason", &reply->detail);
        json_put_object_end(writer);
    }
    json_put_name(writer, "output");
    if (reply->output.n > 0)
        json_put_raw(writer, buffer_span(&reply->output));
    else
        write_items(reply, writer);
}

const struct follow_dialect follow_openai_responses = {
    .event = take_event,
    .write = write_response,
    .object = "\"object\":\"response\"",
    .input = "input_tokens",
    .output = "output_tokens",
    .input_details = "input_tokens_details",
    .output_details = "output_tokens_details",
};
