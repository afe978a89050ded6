/*
 * Messages, Responses items and content blocks of all dialects are read by one table: their keys do not
 * collide, and the type, which may come last, decides what the collected values mean.
 */
#include "exchange/dialect.h"

struct block {
    struct span type;
    struct span role;
    struct span text;
    struct span name;
    struct span id;
    struct span call_id;
    struct span arguments;
    struct span thinking;
    struct span signature;
    struct span sealed; /* data or encrypted_content */
    struct span refusal;
    uint64_t first; /* number of the first part that this block pushed */
    bool odd_text;  /* "text" was not a string: wrong unless the type is unknown */
};

typedef enum status finish_fn(struct reader *reader, struct block *block);

static enum status push(struct reader *reader, enum part_kind kind, uint8_t role, struct span text)
{
    struct part part = { .role = role, .kind = (uint8_t)kind, .message = reader->message, .text = text };
    return parts_push(&reader->parts, reader->section, &part);
}

/* Empty text says nothing and is no part. */
static enum status push_text(struct reader *reader, enum part_kind kind, uint8_t role, struct span text)
{
    return text.n > 0 ? push(reader, kind, role, text) : STATUS_OK;
}

static uint64_t n_pushed(const struct reader *reader)
{
    return reader->parts.lists[reader->section].n;
}

/* The parts that a block's content pushed learn what the block is. */
static void patch(struct reader *reader, uint64_t first, int text_becomes, uint8_t unset_becomes)
{
    for (uint64_t i = n_pushed(reader); i-- > first;) {
        struct part *part = parts_at(&reader->parts, reader->section, i);
        if (!part)
            continue;
        if (part->kind == PART_TEXT)
            part->kind = (uint8_t)text_becomes;
        if (part->role == ROLE_UNSET)
            part->role = unset_becomes;
    }
}

static enum status finish_text(struct reader *reader, struct block *block)
{
    return push_text(reader, PART_TEXT, ROLE_UNSET, block->text);
}

static enum status finish_refusal(struct reader *reader, struct block *block)
{
    return push_text(reader, PART_REFUSAL, ROLE_UNSET, block->refusal);
}

static enum status finish_image(struct reader *reader, struct block *block)
{
    (void)block;
    return push(reader, PART_IMAGE, ROLE_UNSET, (struct span){ 0 });
}

static enum status finish_file(struct reader *reader, struct block *block)
{
    (void)block;
    return push(reader, PART_FILE, ROLE_UNSET, (struct span){ 0 });
}

static enum status finish_nothing(struct reader *reader, struct block *block)
{
    (void)reader, (void)block;
    return STATUS_OK;
}

/* thinking, redacted_thinking, reasoning items and their summaries. */
static enum status finish_reasoning(struct reader *reader, struct block *block)
{
    uint64_t first = n_pushed(reader);
    patch(reader, block->first, PART_REASONING, ROLE_ASSISTANT);
    enum status st = push_text(reader, PART_REASONING, ROLE_ASSISTANT, block->thinking);
    if (st == STATUS_OK)
        st = push_text(reader, PART_REASONING, ROLE_ASSISTANT, block->text);
    if (st == STATUS_OK)
        st = push_text(reader, PART_SIGNATURE, ROLE_ASSISTANT, block->signature);
    if (st == STATUS_OK)
        st = push_text(reader, PART_SIGNATURE, ROLE_ASSISTANT, block->sealed);
    for (uint64_t i = first; i < n_pushed(reader); i++) {
        struct part *part = parts_at(&reader->parts, reader->section, i);
        if (part)
            part->id = block->id;
    }
    return st;
}

static struct span call_id_of(const struct block *block)
{
    return block->call_id.n > 0 ? block->call_id : block->id;
}

static enum status finish_call(struct reader *reader, struct block *block)
{
    patch(reader, block->first, PART_TOOL_RESULT, ROLE_TOOL);
    struct part part = {
        .role = ROLE_ASSISTANT,
        .kind = PART_TOOL_CALL,
        .message = reader->message,
        .text = block->arguments,
        .name = block->name.n > 0 ? block->name : block->type,
        .id = call_id_of(block),
    };
    return parts_push(&reader->parts, reader->section, &part);
}

/* A result without text is still a result. */
static enum status finish_result(struct reader *reader, struct block *block)
{
    patch(reader, block->first, PART_TOOL_RESULT, ROLE_TOOL);
    enum status st = n_pushed(reader) == block->first
                         ? push(reader, PART_TOOL_RESULT, ROLE_TOOL, (struct span){ 0 })
                         : STATUS_OK;
    struct part *part = st == STATUS_OK ? parts_at(&reader->parts, reader->section, block->first) : NULL;
    if (part) {
        part->id = call_id_of(block);
        part->name = block->name;
    }
    return st;
}

static const struct word roles[] = {
    { "user", ROLE_USER },
    { "assistant", ROLE_ASSISTANT },
    { "system", ROLE_SYSTEM },
    { "developer", ROLE_SYSTEM },
    { "tool", ROLE_TOOL },
    { "function", ROLE_TOOL },
    { NULL, ROLE_USER },
};

static uint8_t role_named(struct span name)
{
    return (uint8_t)word_named(roles, name)->value;
}

/* A message, or something without a type that looks like one. */
static enum status finish_message(struct reader *reader, struct block *block)
{
    enum status st = push_text(reader, PART_TEXT, ROLE_UNSET, block->text);
    if (st == STATUS_OK)
        st = push_text(reader, PART_REFUSAL, ROLE_UNSET, block->refusal);
    if (st != STATUS_OK || block->role.n == 0)
        return st;
    uint8_t role = role_named(block->role);
    if (role == ROLE_TOOL)
        return finish_result(reader, block);
    patch(reader, block->first, PART_TEXT, role);
    return STATUS_OK;
}

struct block_type {
    const char *name;
    finish_fn *finish;
};

static const struct block_type types[] = {
    { "text", finish_text },
    { "output_text", finish_text },
    { "input_text", finish_text },
    { "message", finish_message },
    { "tool_use", finish_call },
    { "tool_result", finish_result },
    { "function", finish_call },
    { "function_call", finish_call },
    { "function_call_output", finish_result },
    { "thinking", finish_reasoning },
    { "redacted_thinking", finish_reasoning },
    { "reasoning", finish_reasoning },
    { "summary_text", finish_reasoning },
    { "reasoning_text", finish_reasoning },
    { "compaction", finish_reasoning },
    { "image_url", finish_image },
    { "input_image", finish_image },
    { "image", finish_image },
    { "computer_screenshot", finish_image },
    { "file", finish_file },
    { "input_file", finish_file },
    { "document", finish_file },
    { "input_audio", finish_file },
    { "audio", finish_file },
    { "refusal", finish_refusal },
    { "custom", finish_call },
    { "item_reference", finish_nothing },
};

/* New tools come with new type names of these forms. */
static const struct block_type endings[] = {
    { "_tool_use", finish_call },
    { "_call", finish_call },
    { "_tool_result", finish_result },
    { "_call_output", finish_result },
};

static bool ends_with(struct span text, struct span end)
{
    return text.n >= end.n && memcmp(text.data + text.n - end.n, end.data, end.n) == 0;
}

static finish_fn *finish_of(struct span type)
{
    if (type.n == 0)
        return finish_message;
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (is_word(type, types[i].name))
            return types[i].finish;
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++)
        if (ends_with(type, span_of(endings[i].name)))
            return endings[i].finish;
    return NULL;
}

static element_fn read_block;

/* A string, an array of blocks, or one block. */
static enum status read_content(
    struct walk *walk, const struct field *field, struct json_value *value, void *object)
{
    (void)field, (void)object;
    struct span text;
    switch (value->type) {
    case JSON_ARRAY:
        return walk_elements(walk, value, read_block, NULL);
    case JSON_OBJECT:
        return read_block(walk, value, NULL);
    default:
        break;
    }
    enum status st = json_string(walk->json, value, &text);
    return st == STATUS_OK ? push_text(reader_of(walk), PART_TEXT, ROLE_UNSET, text) : st;
}

/* Arguments and inputs of calls: JSON in a string, or JSON itself. */
static enum status read_arguments(
    struct walk *walk, const struct field *field, struct json_value *value, void *object)
{
    (void)field;
    struct block *block = object;
    switch (value->type) {
    case JSON_STRING:
        return json_string(walk->json, value, &block->arguments);
    case JSON_OBJECT:
    case JSON_ARRAY:
        return json_raw(value, &block->arguments);
    default:
        return STATUS_OK;
    }
}

static enum status read_text(
    struct walk *walk, const struct field *field, struct json_value *value, void *object)
{
    (void)field;
    struct block *block = object;
    enum status st = json_string(walk->json, value, &block->text);
    block->odd_text = st == STATUS_MISMATCH;
    return st == STATUS_MISMATCH ? STATUS_OK : st;
}

static enum status read_reasoning_content(
    struct walk *walk, const struct field *field, struct json_value *value, void *object)
{
    (void)field, (void)object;
    struct span text;
    if (value->type != JSON_STRING)
        return STATUS_OK;
    enum status st = json_string(walk->json, value, &text);
    return st == STATUS_OK ? push_text(reader_of(walk), PART_REASONING, ROLE_UNSET, text) : st;
}

static enum status finish_block(struct reader *reader, struct block *block)
{
    finish_fn *finish = finish_of(block->type);
    if (!finish)
        return n_pushed(reader) == block->first ? finish_file(reader, block) : STATUS_OK;
    if (block->odd_text && !reader->walk.lenient) {
        walk_point_at(&reader->walk, "text");
        return STATUS_MISMATCH;
    }
    return finish(reader, block);
}

static const struct fields block_fields;
enum { SEEN_CACHE_CONTROL = 1 };

static enum status read_typed(struct reader *reader, struct json_value *value, struct span type)
{
    struct block block = { .first = n_pushed(reader) };
    enum status st = walk_members(&reader->walk, value, &block_fields, &block);
    if (st != STATUS_OK)
        return st;
    if (reader->walk.seen & 1 << SEEN_CACHE_CONTROL && reader->section != SECTION_ISSUED)
        reader->exchange->params.flags |= PARAM_CACHE_CONTROL;
    if (block.type.n == 0)
        block.type = type;
    return finish_block(reader, &block);
}

static enum status read_block(struct walk *walk, struct json_value *value, void *object)
{
    (void)object;
    if (value->type == JSON_STRING)
        return read_content(walk, NULL, value, NULL);
    return read_typed(reader_of(walk), value, (struct span){ 0 });
}

static enum status read_tool_call(struct walk *walk, struct json_value *value, void *object)
{
    (void)object;
    return read_typed(reader_of(walk), value, SPAN("function"));
}

static enum status read_tool_calls(
    struct walk *walk, const struct field *field, struct json_value *value, void *object)
{
    (void)field;
    return walk_elements(walk, value, read_tool_call, object);
}

static enum status read_function_call(
    struct walk *walk, const struct field *field, struct json_value *value, void *object)
{
    (void)field;
    return read_tool_call(walk, value, object);
}

/* The inner object of a chat tool call fills the same block as the outer one. */
static enum status read_inner(
    struct walk *walk, const struct field *field, struct json_value *value, void *object)
{
    (void)field;
    return value->type == JSON_OBJECT ? walk_members(walk, value, &block_fields, object) : STATUS_OK;
}

#define BLOCK(key, fn, member) FIELD(key, fn, .offset = offsetof(struct block, member))

static const struct field block_rows[] = {
    BLOCK("role", read_span, role),
    BLOCK("type", read_span, type),
    FIELD("text", read_text),
    FIELD("content", read_content),
    BLOCK("refusal", read_span_if, refusal),
    BLOCK("thinking", read_span_if, thinking),
    BLOCK("signature", read_span_if, signature),
    FIELD("reasoning_content", read_reasoning_content),
    FIELD("reasoning", read_reasoning_content), /* the same, of vLLM and OpenRouter */
    FIELD("tool_calls", read_tool_calls),
    FIELD("function_call", read_function_call),
    BLOCK("id", read_span_if, id),
    FIELD("function", read_inner),
    FIELD("custom", read_inner),
    BLOCK("tool_call_id", read_span_if, call_id),
    BLOCK("tool_use_id", read_span_if, call_id),
    BLOCK("call_id", read_span_if, call_id),
    BLOCK("name", read_span_if, name),
    FIELD("arguments", read_arguments),
    FIELD("input", read_arguments),
    FIELD("code", read_arguments),
    FIELD("output", read_content),
    FIELD("summary", read_content),
    BLOCK("data", read_span_if, sealed),
    BLOCK("encrypted_content", read_span_if, sealed),
    FIELD("cache_control", read_nothing, .bit = SEEN_CACHE_CONTROL),
};
static const struct fields block_fields = { block_rows, sizeof block_rows / sizeof *block_rows, NULL };

static enum status read_message(struct walk *walk, struct json_value *value, uint8_t otherwise)
{
    struct reader *reader = reader_of(walk);
    uint64_t first = n_pushed(reader);
    enum status st = read_typed(reader, value, (struct span){ 0 });
    if (st != STATUS_OK)
        return st;
    patch(reader, first, PART_TEXT, otherwise);
    reader->message++;
    return STATUS_OK;
}

static enum status read_request_message(struct walk *walk, struct json_value *value, void *object)
{
    (void)object;
    return read_message(walk, value, ROLE_USER);
}

static enum status read_response_item(struct walk *walk, struct json_value *value, void *object)
{
    (void)object;
    return read_message(walk, value, ROLE_ASSISTANT);
}

static void start_section(struct reader *reader, enum section section)
{
    parts_clear_section(&reader->parts, section);
    reader->section = section;
    reader->message = 0;
}

enum status read_messages(
    struct walk *walk, const struct field *field, struct json_value *value, void *object)
{
    struct reader *reader = reader_of(walk);
    start_section(reader, SECTION_HISTORY);
    /* Only the Responses API lets its input be a string. */
    if (field->arg == 0 || value->type != JSON_STRING) {
        enum status st = walk_elements(walk, value, read_request_message, object);
        reader->n_history = reader->message;
        return st;
    }
    enum status st = read_content(walk, field, value, object);
    patch(reader, 0, PART_TEXT, ROLE_USER);
    return st;
}

enum status read_system(struct walk *walk, const struct field *field, struct json_value *value, void *object)
{
    struct reader *reader = reader_of(walk);
    start_section(reader, SECTION_SYSTEM);
    enum status st = read_content(walk, field, value, object);
    patch(reader, 0, PART_TEXT, ROLE_SYSTEM);
    return st;
}

enum status read_choice_message(
    struct walk *walk, const struct field *field, struct json_value *value, void *object)
{
    (void)field;
    reader_of(walk)->section = SECTION_ISSUED;
    return read_response_item(walk, value, object);
}

enum status read_output(struct walk *walk, const struct field *field, struct json_value *value, void *object)
{
    struct reader *reader = reader_of(walk);
    start_section(reader, SECTION_ISSUED);
    if (field->arg == 1)
        return walk_elements(walk, value, read_response_item, object);
    enum status st = read_content(walk, field, value, object);
    patch(reader, 0, PART_TEXT, ROLE_ASSISTANT);
    return st;
}
