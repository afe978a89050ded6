/*
 * follow_dialect.h: what the followers of the three APIs share.
 *
 * Model: a dialect reads one event into a struct of its own by a table of keys (walk.h), leniently, and applies it
 *   when the event was read to its end, so that broken data does nothing.
 */
#ifndef EXCHANGE_FOLLOW_DIALECT_H
#define EXCHANGE_FOLLOW_DIALECT_H

#include "base/json_writer.h"
#include "exchange/follow.h"
#include "exchange/reply.h"
#include "exchange/sse.h"

struct follow {
    const struct follow_dialect *dialect;
    struct json *json;
    struct sse sse;
    struct reply reply;
    struct follow_state state;
    struct json_writer body;
};

struct follow_dialect {
    /* STATUS_BAD: the data is no JSON. */
    enum status (*event)(struct follow *follow, const struct sse_event *event);
    /* The members of the body behind id and model, usage apart. */
    void (*write)(const struct reply *reply, struct json *json, struct json_writer *writer);
    const char *object;                                          /* "object": "chat.completion", as JSON */
    const char *input, *output, *input_details, *output_details; /* names of usage */
};

extern const struct follow_dialect follow_openai_chat;
extern const struct follow_dialect follow_openai_responses;
extern const struct follow_dialect follow_anthropic;

/* Reads the data of an event into the object. */
MUST_CHECK enum status follow_read(
    struct follow *follow, struct span data, const struct fields *fields, void *object);
/* An object into the struct raw_usage at offset, over what is there. */
field_fn follow_read_usage;
/* Replaces the counts that are given. */
void follow_take_usage(struct follow *follow, const struct raw_usage *usage);

/* "name": "text", where there is text; as written in JSON. */
void follow_put_text(struct json_writer *writer, const char *name, const struct buffer *text);
/* Members as written, separated by commas. */
void follow_put_members(struct json_writer *writer, const struct buffer *members);
/* Adds the members of an object to the item's head, except null and those that take() handles. */
typedef bool follow_take_fn(
    struct reply *reply, struct reply_item *item, struct span key, struct json_value *value);
MUST_CHECK enum status follow_add_members(
    struct follow *follow, struct reply_item *item, struct span object, follow_take_fn *take);

#endif
