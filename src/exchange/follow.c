#include "exchange/follow.h"

#include "exchange/follow_dialect.h"

#include <assert.h>
#include <stdlib.h>

static const struct follow_dialect *const dialects[API_COUNT] = {
    [API_OPENAI_CHAT] = &follow_openai_chat,
    [API_OPENAI_RESPONSES] = &follow_openai_responses,
    [API_ANTHROPIC_MESSAGES] = &follow_anthropic,
};

enum status follow_new(
    enum api api, const struct follow_limits *limits, struct json *json, struct follow **ret_follow)
{
    assert(dialects[api]);
    struct follow *follow = calloc(1, sizeof *follow);
    if (!follow)
        return STATUS_NOMEM;
    follow->dialect = dialects[api];
    follow->json = json;
    sse_init(&follow->sse, limits->event_bytes);
    reply_init(&follow->reply, limits->message_bytes);
    json_writer_init(&follow->body, NULL);
    *ret_follow = follow;
    return STATUS_OK;
}

void follow_free(struct follow *follow)
{
    if (!follow)
        return;
    sse_fini(&follow->sse);
    reply_fini(&follow->reply);
    json_writer_fini(&follow->body);
    free(follow);
}

static enum status on_event(void *context, const struct sse_event *event)
{
    struct follow *follow = context;
    if (follow->state.end != FOLLOW_OPEN)
        return STATUS_OK;
    follow->state.n_events++;
    enum status st = follow->dialect->event(follow, event);
    if (follow->reply.status != STATUS_OK)
        return follow->reply.status;
    if (st == STATUS_NOMEM)
        return st;
    follow->state.n_bad += st != STATUS_OK || event->too_long;
    return STATUS_OK;
}

enum status follow_feed(struct follow *follow, const char *bytes, size_t n)
{
    if (follow->reply.status != STATUS_OK)
        return follow->reply.status;
    enum status st = sse_feed(&follow->sse, (struct span){ bytes, n }, on_event, follow);
    if (st != STATUS_OK)
        follow->reply.status = st;
    return st;
}

struct follow_state follow_state(const struct follow *follow)
{
    struct follow_state state = follow->state;
    state.truncated = follow->reply.truncated;
    return state;
}

struct exchange_usage follow_usage(const struct follow *follow)
{
    struct raw_usage none;
    raw_usage_clear(&none);
    return usage_merge(&follow->reply.usage, &none);
}

enum status follow_read(struct follow *follow, struct span data, const struct fields *fields, void *object)
{
    struct walk walk; /* 3 KB, of which little is used */
    struct json_items members;
    walk.json = follow->json;
    walk.lenient = true;
    walk_start(&walk);
    enum status st = json_open(walk.json, data, &members);
    if (st == STATUS_OK)
        st = walk_open_members(&walk, &members, fields, object);
    return st == STATUS_OK ? json_at_end(walk.json) : st;
}

enum status follow_read_usage(
    struct walk *walk, const struct field *field, struct json_value *value, void *object)
{
    return walk_members(walk, value, &body_usage_fields, (char *)object + field->offset);
}

static void replace(int64_t *count, int64_t by)
{
    if (by != NUMBER_ABSENT)
        *count = by;
}

void follow_take_usage(struct follow *follow, const struct raw_usage *usage)
{
    struct raw_usage *kept = &follow->reply.usage;
    replace(&kept->input, usage->input);
    replace(&kept->output, usage->output);
    replace(&kept->cache_creation, usage->cache_creation);
    replace(&kept->cache_read, usage->cache_read);
    replace(&kept->cached, usage->cached);
    replace(&kept->reasoning, usage->reasoning);
}

enum status follow_add_members(
    struct follow *follow, struct reply_item *item, struct span object, follow_take_fn *take)
{
    struct json_items members;
    struct json_value value;
    struct span key, text;
    enum status st;
    TRY(json_open(follow->json, object, &members));
    while ((st = json_next_member(follow->json, &members, &key, &value)) == STATUS_OK) {
        if (value.type == JSON_NULL || take(&follow->reply, item, key, &value))
            continue;
        TRY(json_member_verbatim(&value, &text));
        if (item->texts[REPLY_HEAD].n > 0)
            reply_add(&follow->reply, item, REPLY_HEAD, SPAN(","));
        reply_add(&follow->reply, item, REPLY_HEAD, text);
    }
    return st == STATUS_END ? STATUS_OK : st;
fail:
    return st;
}

void follow_put_text(struct json_writer *writer, const char *name, const struct buffer *text)
{
    if (text->n == 0)
        return;
    json_put_name(writer, name);
    json_put_raw(writer, SPAN("\""));
    buffer_put(&writer->buffer, buffer_span(text));
    buffer_put_char(&writer->buffer, '"');
}

void follow_put_members(struct json_writer *writer, const struct buffer *members)
{
    if (members->n > 0)
        json_put_raw(writer, buffer_span(members));
}

static void put_count(struct json_writer *writer, const char *name, int64_t count)
{
    if (count == NUMBER_ABSENT)
        return;
    json_put_name(writer, name);
    json_put_i64(writer, count);
}

static void put_detail(struct json_writer *writer, const char *object, const char *name, int64_t count)
{
    if (count == NUMBER_ABSENT)
        return;
    json_put_name(writer, object);
    json_put_object(writer);
    put_count(writer, name, count);
    json_put_object_end(writer);
}

static void put_usage(
    struct json_writer *writer, const struct follow_dialect *dialect, const struct raw_usage *usage)
{
    struct raw_usage none;
    raw_usage_clear(&none);
    if (memcmp(usage, &none, sizeof none) == 0)
        return;
    json_put_name(writer, "usage");
    json_put_object(writer);
    put_count(writer, dialect->input, usage->input);
    put_count(writer, "cache_creation_input_tokens", usage->cache_creation);
    put_count(writer, "cache_read_input_tokens", usage->cache_read);
    put_count(writer, dialect->output, usage->output);
    put_detail(writer, dialect->input_details, "cached_tokens", usage->cached);
    put_detail(writer, dialect->output_details, "reasoning_tokens", usage->reasoning);
    json_put_object_end(writer);
}

enum status follow_body(struct follow *follow, struct span *ret_body)
{
    struct json_writer *writer = &follow->body;
    struct reply *reply = &follow->reply;
    if (reply->status != STATUS_OK)
        return reply->status;
    json_writer_fini(writer);
    json_writer_init(writer, NULL);
    json_put_object(writer);
    follow_put_text(writer, "id", &reply->id);
    json_put_raw(writer, span_of(follow->dialect->object));
    follow_put_text(writer, "model", &reply->model);
    follow->dialect->write(reply, follow->json, writer);
    put_usage(writer, follow->dialect, &reply->usage);
    json_put_object_end(writer);
    if (!buffer_reserve(&writer->buffer, JSON_PADDING))
        return STATUS_NOMEM;
    memset(writer->buffer.data + writer->buffer.n, 0, JSON_PADDING);
    *ret_body = json_writer_span(writer);
    return json_writer_finish(writer);
}
