#include "exchange/follow_dialect.h"

enum { CALLS_MAX = 32 };
#define LEGACY_CALL UINT32_MAX /* below its choice */

struct call {
    int32_t index;
    struct span id, name, arguments, input;
    bool custom;
};

struct choice {
    int32_t index;
    struct span said, reasoning, refusal, finish;
    uint32_t n_calls; /* more than CALLS_MAX: some are not read */
    struct call calls[CALLS_MAX];
    struct call legacy;
};

struct chunk {
    struct follow *follow;
    struct span id, model;
    struct raw_usage usage;
    uint32_t error;
};

#define CALL(key, fn, member) FIELD(key, fn, .offset = offsetof(struct call, member))

static const struct field function_rows[] = {
    CALL("name", read_escaped, name),
    CALL("arguments", read_escaped, arguments),
    CALL("input", read_escaped, input),
};
static const struct fields function_fields = FIELDS(function_rows, NULL);

static enum status read_custom(
    struct walk *walk, const struct field *field, struct json_value *value, void *object)
{
    (void)field;
    ((struct call *)object)->custom = true;
    return walk_members(walk, value, &function_fields, object);
}

static const struct field call_rows[] = {
    CALL("index", read_int32, index),
    CALL("id", read_escaped, id),
    FIELD("type", read_nothing),
    FIELD("function", read_fields, .more = &function_fields),
    FIELD("custom", read_custom),
};
static const struct fields call_fields = FIELDS(call_rows, NULL);

static enum status read_call(struct walk *walk, struct json_value *value, void *object)
{
    struct choice *choice = object;
    if (choice->n_calls++ >= CALLS_MAX)
        return STATUS_OK;
    struct call *call = &choice->calls[choice->n_calls - 1];
    *call = (struct call){ .index = NUMBER_ABSENT };
    return walk_members(walk, value, &call_fields, call);
}

static enum status read_calls(
    struct walk *walk, const struct field *field, struct json_value *value, void *object)
{
    (void)field;
    return walk_elements(walk, value, read_call, object);
}

static enum status read_legacy_call(
    struct walk *walk, const struct field *field, struct json_value *value, void *object)
{
    (void)field;
    return walk_members(walk, value, &function_fields, &((struct choice *)object)->legacy);
}

#define CHOICE(key, fn, member) FIELD(key, fn, .offset = offsetof(struct choice, member))

static const struct field delta_rows[] = {
    FIELD("role", read_nothing),
    CHOICE("content", read_escaped, said),
    CHOICE("reasoning_content", read_escaped, reasoning),
    CHOICE("reasoning", read_escaped, reasoning), /* the same, of vLLM and OpenRouter */
    CHOICE("refusal", read_escaped, refusal),
    FIELD("tool_calls", read_calls),
    FIELD("function_call", read_legacy_call),
};
static const struct fields delta_fields = FIELDS(delta_rows, NULL);

static const struct field choice_rows[] = {
    CHOICE("index", read_int32, index),
    FIELD("delta", read_fields, .more = &delta_fields),
    CHOICE("finish_reason", read_escaped, finish),
};
static const struct fields choice_fields = FIELDS(choice_rows, NULL);

/* Some servers leave the index out: an id begins a call, anything else belongs to the last one. */
static uint32_t below_of(struct reply *reply, uint32_t place, const struct call *call)
{
    if (call->index != NUMBER_ABSENT)
        return (uint32_t)call->index + 1;
    const struct reply_item *last = reply_last(reply, place);
    uint32_t below = last && last->below != LEGACY_CALL ? last->below : 0;
    return below == 0 || call->id.n > 0 ? below + 1 : below;
}

static void take_call(struct reply *reply, uint32_t place, uint32_t below, const struct call *call)
{
    struct reply_item *item = reply_at(reply, place, below);
    if (!item)
        return;
    reply_set(reply, &item->texts[REPLY_ID], call->id);
    reply_set(reply, &item->texts[REPLY_NAME], call->name);
    reply_add(reply, item, REPLY_ARGUMENTS, call->custom ? call->input : call->arguments);
    if (call->custom)
        item->key = "input";
}

static enum status read_choice(struct walk *walk, struct json_value *value, void *object)
{
    struct reply *reply = &((struct chunk *)object)->follow->reply;
    struct choice choice;
    choice.index = 0;
    choice.n_calls = 0;
    choice.said = choice.reasoning = choice.refusal = choice.finish = (struct span){ 0 };
    choice.legacy = (struct call){ 0 };
    enum status st = walk_members(walk, value, &choice_fields, &choice);
    if (st != STATUS_OK)
        return st;
    uint32_t place = choice.index < 0 ? 0 : (uint32_t)choice.index;
    struct reply_item *item = reply_at(reply, place, 0);
    if (!item)
        return STATUS_OK;
    reply_add(reply, item, REPLY_SAID, choice.said);
    reply_add(reply, item, REPLY_REASONING, choice.reasoning);
    reply_add(reply, item, REPLY_REFUSAL, choice.refusal);
    reply_set(reply, &item->texts[REPLY_FINISH], choice.finish);
    for (uint32_t i = 0; i < choice.n_calls && i < CALLS_MAX; i++)
        take_call(reply, place, below_of(reply, place, &choice.calls[i]), &choice.calls[i]);
    if (choice.legacy.name.n + choice.legacy.arguments.n > 0)
        take_call(reply, place, LEGACY_CALL, &choice.legacy);
    reply->truncated = reply->truncated || choice.n_calls > CALLS_MAX;
    return STATUS_OK;
}

static enum status read_choices(
    struct walk *walk, const struct field *field, struct json_value *value, void *object)
{
    (void)field;
    return walk_elements(walk, value, read_choice, object);
}

#define CHUNK(key, fn, member) FIELD(key, fn, .offset = offsetof(struct chunk, member))

static const struct field chunk_rows[] = {
    CHUNK("id", read_escaped, id),
    FIELD("object", read_nothing),
    FIELD("created", read_nothing),
    CHUNK("model", read_escaped, model),
    FIELD("system_fingerprint", read_nothing),
    FIELD("choices", read_choices),
    CHUNK("usage", follow_read_usage, usage),
    FIELD("error", read_given, .offset = offsetof(struct chunk, error), .arg = 1),
};
static const struct fields chunk_fields = FIELDS(chunk_rows, NULL);

static enum status take_event(struct follow *follow, const struct sse_event *event)
{
    if (event->too_long) {
        follow->reply.truncated = true;
        return STATUS_OK;
    }
    if (span_is(event->data, "[DONE]")) {
        follow->state.end = FOLLOW_DONE;
        return STATUS_OK;
    }
    struct chunk chunk = { .follow = follow };
    raw_usage_clear(&chunk.usage);
    enum status st = follow_read(follow, event->data, &chunk_fields, &chunk);
    if (st != STATUS_OK)
        return st;
    struct reply *reply = &follow->reply;
    reply_set(reply, &reply->id, chunk.id);
    reply_set(reply, &reply->model, chunk.model);
    follow_take_usage(follow, &chunk.usage);
    if (chunk.error)
        follow->state.end = FOLLOW_FAILED;
    return STATUS_OK;
}

static void write_call(const struct reply_item *item, struct json_writer *writer)
{
    const char *kind = item->key ? "custom" : "function";
    json_put_object(writer);
    follow_put_text(writer, "id", &item->texts[REPLY_ID]);
    json_put_name(writer, "type");
    json_put_text(writer, kind);
    json_put_name(writer, kind);
    json_put_object(writer);
    follow_put_text(writer, "name", &item->texts[REPLY_NAME]);
    follow_put_text(writer, item->key ? item->key : "arguments", &item->texts[REPLY_ARGUMENTS]);
    json_put_object_end(writer);
    json_put_object_end(writer);
}

/* The calls of a choice, which come behind it. Returns behind them. */
static const struct reply_item *write_calls(
    const struct reply_item *item, const struct reply_item *end, struct json_writer *writer)
{
    uint32_t place = item->place;
    item++;
    if (item < end && item->place == place && item->below != LEGACY_CALL) {
        json_put_name(writer, "tool_calls");
        json_put_array(writer);
        for (; item < end && item->place == place && item->below != LEGACY_CALL; item++)
            write_call(item, writer);
        json_put_array_end(writer);
    }
    if (item < end && item->place == place) {
        json_put_name(writer, "function_call");
        json_put_object(writer);
        follow_put_text(writer, "name", &item->texts[REPLY_NAME]);
        follow_put_text(writer, "arguments", &item->texts[REPLY_ARGUMENTS]);
        json_put_object_end(writer);
        item++;
    }
    return item;
}

static void write_choices(const struct reply *reply, struct json *json, struct json_writer *writer)
{
    (void)json;
    json_put_name(writer, "choices");
    json_put_array(writer);
    const struct reply_item *end = reply_end(reply);
    for (const struct reply_item *item = reply->items; item < end;) {
        const struct buffer *texts = item->texts;
        json_put_object(writer);
        json_put_name(writer, "index");
        json_put_u64(writer, item->place);
        json_put_name(writer, "message");
        json_put_object(writer);
        json_put_raw(writer, SPAN("\"role\":\"assistant\""));
        follow_put_text(writer, "content", &texts[REPLY_SAID]);
        follow_put_text(writer, "reasoning_content", &texts[REPLY_REASONING]);
        follow_put_text(writer, "refusal", &texts[REPLY_REFUSAL]);
        item = write_calls(item, end, writer);
        json_put_object_end(writer);
        follow_put_text(writer, "finish_reason", &texts[REPLY_FINISH]);
        json_put_object_end(writer);
    }
    json_put_array_end(writer);
}

const struct follow_dialect follow_openai_chat = {
    .event = take_event,
    .write = write_choices,
    .object = "\"object\":\"chat.completion\"",
    .input = "prompt_tokens",
    .output = "completion_tokens",
    .input_details = "prompt_tokens_details",
    .output_details = "completion_tokens_details",
};
