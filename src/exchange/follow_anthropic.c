#include "exchange/follow_dialect.h"

struct told {
    struct span type, finish;
    struct span said, arguments, thinking, signature; /* arguments unescaped, the others as written */
    struct span id, model;
    struct span block; /* JSON */
    int32_t index;
    struct raw_usage usage;
};

#define TOLD(key, fn, member) FIELD(key, fn, .offset = offsetof(struct told, member))

static const struct field delta_rows[] = {
    FIELD("type", read_nothing),
    TOLD("text", read_escaped, said),
    TOLD("partial_json", read_span_if, arguments),
    TOLD("thinking", read_escaped, thinking),
    TOLD("signature", read_escaped, signature),
    TOLD("stop_reason", read_escaped, finish),
};
static const struct fields delta_fields = FIELDS(delta_rows, NULL);

static const struct field message_rows[] = {
    TOLD("id", read_escaped, id),
    FIELD("type", read_nothing),
    FIELD("role", read_nothing),
    TOLD("model", read_escaped, model),
    TOLD("stop_reason", read_escaped, finish),
    TOLD("usage", follow_read_usage, usage),
};
static const struct fields message_fields = FIELDS(message_rows, NULL);

static const struct field event_rows[] = {
    TOLD("type", read_span_if, type),
    TOLD("index", read_int32, index),
    FIELD("delta", read_fields, .more = &delta_fields),
    TOLD("content_block", read_verbatim, block),
    FIELD("message", read_fields, .more = &message_fields),
    TOLD("usage", follow_read_usage, usage),
};
static const struct fields event_fields = FIELDS(event_rows, NULL);

typedef enum status take_fn(struct follow *follow, const struct told *told);

static enum status take_message(struct follow *follow, const struct told *told)
{
    reply_set(&follow->reply, &follow->reply.id, told->id);
    reply_set(&follow->reply, &follow->reply.model, told->model);
    reply_set(&follow->reply, &follow->reply.finish, told->finish);
    follow_take_usage(follow, &told->usage);
    return STATUS_OK;
}

/* The output that it tells is the first token's: the rest is told at the end, or not at all. */
static enum status take_start(struct follow *follow, const struct told *told)
{
    struct told known = *told;
    known.usage.output = NUMBER_ABSENT;
    return take_message(follow, &known);
}

/* What deltas may add to is kept apart. */
static bool take_member(
    struct reply *reply, struct reply_item *item, struct span key, struct json_value *value)
{
    static const struct word texts[] = { { "text", REPLY_SAID }, { "thinking", REPLY_REASONING },
        { "signature", REPLY_SIGNATURE }, { NULL, -1 } };
    static const struct field row = { .offset = 0 };
    struct span text = { 0 };
    if (is_word(key, "input")) {
        if (json_verbatim(value, &text) == STATUS_OK)
            reply_add(reply, item, REPLY_INPUT, text);
        return true;
    }
    int which = word_named(texts, key)->value;
    if (which < 0 || value->type != JSON_STRING)
        return false;
    struct walk walk = { .json = value->json };
    if (read_escaped(&walk, &row, value, &text) == STATUS_OK)
        reply_add(reply, item, (enum reply_text)which, text);
    return true;
}

static enum status take_block(struct follow *follow, const struct told *told)
{
    struct reply_item *item = told->index >= 0 ? reply_at(&follow->reply, (uint32_t)told->index, 0) : NULL;
    if (!item || told->block.n == 0)
        return STATUS_OK;
    reply_clear_item(&follow->reply, item);
    return follow_add_members(follow, item, told->block, take_member);
}

static enum status take_delta(struct follow *follow, const struct told *told)
{
    struct reply_item *item = told->index >= 0 ? reply_at(&follow->reply, (uint32_t)told->index, 0) : NULL;
    if (!item)
        return STATUS_OK;
    reply_add(&follow->reply, item, REPLY_SAID, told->said);
    reply_add(&follow->reply, item, REPLY_ARGUMENTS, told->arguments);
    reply_add(&follow->reply, item, REPLY_REASONING, told->thinking);
    reply_add(&follow->reply, item, REPLY_SIGNATURE, told->signature);
    return STATUS_OK;
}

static enum status take_stop(struct follow *follow, const struct told *told)
{
    (void)told;
    follow->state.end = FOLLOW_DONE;
    return STATUS_OK;
}

static enum status take_error(struct follow *follow, const struct told *told)
{
    (void)told;
    follow->state.end = FOLLOW_FAILED;
    return STATUS_OK;
}

/* Most frequent first. What is not here cannot matter: ping, content_block_stop, and what is to come. */
static const struct {
    const char *name;
    take_fn *take;
    bool by_name; /* the data says nothing more */
} events[] = {
    { "content_block_delta", take_delta, false },
    { "content_block_start", take_block, false },
    { "message_delta", take_message, false },
    { "message_start", take_start, false },
    { "message_stop", take_stop, true },
    { "error", take_error, true },
};
enum { N_EVENTS = sizeof events / sizeof *events };

static size_t event_named(struct span name)
{
    size_t i = 0;
    while (i < N_EVENTS && !is_word(name, events[i].name))
        i++;
    return i;
}

static enum status take_event(struct follow *follow, const struct sse_event *event)
{
    size_t which = event_named(event->name);
    if (event->name.n > 0 && which == N_EVENTS)
        return STATUS_OK;
    if (event->name.n > 0 && events[which].by_name)
        return events[which].take(follow, NULL);
    if (event->too_long) {
        follow->reply.truncated = true;
        return STATUS_OK;
    }
    struct told told = { .index = NUMBER_ABSENT };
    raw_usage_clear(&told.usage);
    enum status st = follow_read(follow, event->data, &event_fields, &told);
    if (st != STATUS_OK)
        return st;
    if (told.type.n > 0)
        which = event_named(told.type);
    return which < N_EVENTS ? events[which].take(follow, &told) : STATUS_OK;
}

/* Arguments come in pieces that are JSON together, unless the stream was cut: then they are text. */
static void put_input(const struct reply_item *item, struct json *json, struct json_writer *writer)
{
    const struct buffer *pieces = &item->texts[REPLY_ARGUMENTS], *whole = &item->texts[REPLY_INPUT];
    if (pieces->n + whole->n == 0)
        return;
    json_put_name(writer, "input");
    if (pieces->n == 0) {
        json_put_raw(writer, buffer_span(whole));
        return;
    }
    /* The writer's buffer gives the padding. */
    size_t before = writer->buffer.n;
    json_put_raw(writer, buffer_span(pieces));
    if (!buffer_reserve(&writer->buffer, JSON_PADDING))
        return;
    memset(writer->buffer.data + writer->buffer.n, 0, JSON_PADDING);
    struct span written = { writer->buffer.data + before, writer->buffer.n - before }, raw;
    struct json_value root;
    enum status st = json_root(json, written, &root);
    if (st == STATUS_OK)
        st = json_raw(&root, &raw);
    if (st == STATUS_OK)
        st = json_at_end(json);
    if (st == STATUS_OK)
        return;
    writer->buffer.n = before;
    writer->after_name = true;
    json_put_string(writer, buffer_span(pieces));
}

static const char *type_of(const struct reply_item *item)
{
    return item->texts[REPLY_ARGUMENTS].n > 0 ? "tool_use"
           : item->texts[REPLY_SAID].n > 0    ? "text"
                                              : "thinking";
}

static void write_block(const struct reply_item *item, struct json *json, struct json_writer *writer)
{
    json_put_object(writer);
    if (item->texts[REPLY_HEAD].n == 0) {
        json_put_name(writer, "type");
        json_put_text(writer, type_of(item));
    }
    follow_put_members(writer, &item->texts[REPLY_HEAD]);
    follow_put_text(writer, "text", &item->texts[REPLY_SAID]);
    follow_put_text(writer, "thinking", &item->texts[REPLY_REASONING]);
    follow_put_text(writer, "signature", &item->texts[REPLY_SIGNATURE]);
    put_input(item, json, writer);
    json_put_object_end(writer);
}

static void write_content(const struct reply *reply, struct json *json, struct json_writer *writer)
{
    json_put_raw(writer, SPAN("\"role\":\"assistant\""));
    json_put_name(writer, "content");
    json_put_array(writer);
    for (uint32_t i = 0; i < reply->n_items; i++)
        if (!reply->items[i].lost)
            write_block(&reply->items[i], json, writer);
    json_put_array_end(writer);
    follow_put_text(writer, "stop_reason", &reply->finish);
}

const struct follow_dialect follow_anthropic = {
    .event = take_event,
    .write = write_content,
    .object = "\"type\":\"message\"",
    .input = "input_tokens",
    .output = "output_tokens",
    .input_details = "input_tokens_details",
    .output_details = "output_tokens_details",
};
