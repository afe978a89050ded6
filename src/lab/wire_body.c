#include "lab/wire.h"

static const char *role_name(const struct part *part)
{
    static const char *const names[] = {
        [ROLE_SYSTEM] = "system", [ROLE_USER] = "user", [ROLE_ASSISTANT] = "assistant", [ROLE_TOOL] = "tool"
    };
    return names[part->role];
}

static void put_pair(struct json_writer *out, const char *name, const char *text)
{
    json_put_name(out, name);
    json_put_text(out, text);
}

static void put_span(struct json_writer *out, const char *name, struct span text)
{
    json_put_name(out, name);
    json_put_string(out, text);
}

/* JSON that is there as text, put in as it stands. */
static void put_raw(struct json_writer *out, const char *name, struct span json)
{
    json_put_name(out, name);
    json_put_raw(out, json);
}

/* Where the message that begins at i ends. */
static uint32_t message_end(const struct exchange *exchange, uint32_t i)
{
    uint32_t end = i;
    while (end < exchange->n_parts && exchange->parts[end].message == exchange->parts[i].message &&
           exchange->parts[end].issued == exchange->parts[i].issued)
        end++;
    return end;
}

/* openai.chat: a string, and calls beside it */

static void chat_calls(struct json_writer *out, const struct part *parts, uint32_t n)
{
    bool any = false;
    for (uint32_t i = 0; i < n; i++) {
        if (parts[i].kind != PART_TOOL_CALL)
            continue;
        if (!any) {
            json_put_name(out, "tool_calls");
            json_put_array(out);
        }
        any = true;
        json_put_object(out);
        put_span(out, "id", parts[i].id);
        put_pair(out, "type", "function");
        json_put_name(out, "function");
        json_put_object(out);
        put_span(out, "name", parts[i].name);
        put_span(out, "arguments", parts[i].text);
        json_put_object_end(out);
        json_put_object_end(out);
    }
    if (any)
        json_put_array_end(out);
}

static void chat_message(struct json_writer *out, const struct part *parts, uint32_t n)
{
    json_put_object(out);
    put_pair(out, "role", role_name(parts));
    if (parts->role == ROLE_TOOL)
        put_span(out, "tool_call_id", parts->id);
    for (uint32_t i = 0; i < n; i++)
        if (parts[i].kind == PART_TEXT || parts[i].kind == PART_TOOL_RESULT)
            put_span(out, "content", parts[i].text);
    chat_calls(out, parts, n);
    json_put_object_end(out);
}

/* anthropic.messages: blocks */

static void block(struct json_writer *out, const struct part *part, const struct part *next)
{
    json_put_object(out);
    switch (part->kind) {
    case PART_REASONING:
        put_pair(out, "type", "thinking");
        put_span(out, "thinking", part->text);
        if (next && next->kind == PART_SIGNATURE)
            put_span(out, "signature", next->text);
        break;
    case PART_SIGNATURE: /* alone: its reasoning is left out */
        put_pair(out, "type", "thinking");
        put_pair(out, "thinking", "");
        put_span(out, "signature", part->text);
        break;
    case PART_TOOL_CALL:
        put_pair(out, "type", "tool_use");
        put_span(out, "id", part->id);
        put_span(out, "name", part->name);
        put_raw(out, "input", part->text);
        break;
    case PART_TOOL_RESULT:
        put_pair(out, "type", "tool_result");
        put_span(out, "tool_use_id", part->id);
        put_span(out, "content", part->text);
        break;
    default:
        put_pair(out, "type", "text");
        put_span(out, "text", part->text);
        break;
    }
    json_put_object_end(out);
}

static void blocks(struct json_writer *out, const struct part *parts, uint32_t n)
{
    json_put_array(out);
    for (uint32_t i = 0; i < n; i++) {
        if (parts[i].kind == PART_SIGNATURE && i > 0 && parts[i - 1].kind == PART_REASONING)
            continue;
        block(out, &parts[i], i + 1 < n ? &parts[i + 1] : NULL);
    }
    json_put_array_end(out);
}

static void anthropic_message(struct json_writer *out, const struct part *parts, uint32_t n)
{
    json_put_object(out);
    put_pair(out, "role", parts->role == ROLE_ASSISTANT ? "assistant" : "user");
    json_put_name(out, "content");
    if (n == 1 && parts->kind == PART_TEXT)
        json_put_string(out, parts->text);
    else
        blocks(out, parts, n);
    json_put_object_end(out);
}

/* openai.responses: items */

static void item(struct json_writer *out, const struct part *part)
{
    json_put_object(out);
    switch (part->kind) {
    case PART_TOOL_CALL:
        put_pair(out, "type", "function_call");
        put_span(out, "call_id", part->id);
        put_span(out, "name", part->name);
        put_span(out, "arguments", part->text);
        break;
    case PART_TOOL_RESULT:
        put_pair(out, "type", "function_call_output");
        put_span(out, "call_id", part->id);
        put_span(out, "output", part->text);
        break;
    default:
        put_pair(out, "type", "message");
        put_pair(out, "role", role_name(part));
        put_span(out, "content", part->text);
        break;
    }
    json_put_object_end(out);
}

static void messages(struct json_writer *out, const struct exchange *exchange)
{
    uint32_t i = 0;
    json_put_array(out);
    while (i < exchange->n_parts && !exchange->parts[i].issued) {
        const struct part *part = &exchange->parts[i];
        uint32_t end = message_end(exchange, i);
        bool apart = part->role == ROLE_SYSTEM && exchange->api != API_OPENAI_CHAT;
        if (exchange->api == API_OPENAI_CHAT)
            chat_message(out, part, end - i);
        else if (!apart && exchange->api == API_ANTHROPIC_MESSAGES)
            anthropic_message(out, part, end - i);
        else if (!apart)
            item(out, part);
        i = end;
    }
    json_put_array_end(out);
}

static void tools(struct json_writer *out, const struct exchange *exchange)
{
    bool nested = exchange->api == API_OPENAI_CHAT, anthropic = exchange->api == API_ANTHROPIC_MESSAGES;
    json_put_name(out, "tools");
    json_put_array(out);
    for (uint32_t i = 0; i < exchange->n_tools; i++) {
        const struct tool *tool = &exchange->tools[i];
        json_put_object(out);
        if (!anthropic)
            put_pair(out, "type", "function");
        if (nested) {
            json_put_name(out, "function");
            json_put_object(out);
        }
        put_span(out, "name", tool->name);
        put_span(out, "description", tool->description);
        put_raw(out, anthropic ? "input_schema" : "parameters", tool->schema);
        if (nested)
            json_put_object_end(out);
        json_put_object_end(out);
    }
    json_put_array_end(out);
}

static void number(struct json_writer *out, const char *name, int32_t value)
{
    if (value == NUMBER_ABSENT)
        return;
    json_put_name(out, name);
    json_put_i64(out, value);
}

static void params(struct json_writer *out, const struct exchange *exchange)
{
    const struct exchange_params *params = &exchange->params;
    number(
        out, exchange->api == API_OPENAI_RESPONSES ? "max_output_tokens" : "max_tokens", params->max_tokens);
    if (params->temperature_milli != NUMBER_ABSENT) {
        json_put_name(out, "temperature");
        json_put_double(out, params->temperature_milli / 1000.0);
    }
    number(out, "n", params->n);
    if (params->flags & PARAM_STREAM) {
        json_put_name(out, "stream");
        json_put_bool(out, true);
    }
    if (params->flags & PARAM_REASONING) {
        json_put_name(out, "thinking");
        json_put_object(out);
        put_pair(out, "type", "enabled");
        number(out, "budget_tokens", params->reasoning_budget_tok);
        json_put_object_end(out);
    }
}

void wire_request(struct json_writer *out, const struct exchange *exchange)
{
    json_put_object(out);
    put_span(out, "model", exchange->params.model);
    if (exchange->api != API_OPENAI_CHAT && exchange->n_parts > 0 && exchange->parts->role == ROLE_SYSTEM)
        put_span(
            out, exchange->api == API_OPENAI_RESPONSES ? "instructions" : "system", exchange->parts->text);
    json_put_name(out, exchange->api == API_OPENAI_RESPONSES ? "input" : "messages");
    messages(out, exchange);
    if (exchange->n_tools > 0)
        tools(out, exchange);
    params(out, exchange);
    json_put_object_end(out);
}

static void usage(struct json_writer *out, const struct exchange *exchange)
{
    bool chat = exchange->api == API_OPENAI_CHAT;
    json_put_name(out, "usage");
    json_put_object(out);
    json_put_name(out, chat ? "prompt_tokens" : "input_tokens");
    json_put_i64(out, exchange->usage.input_tok);
    json_put_name(out, chat ? "completion_tokens" : "output_tokens");
    json_put_i64(out, exchange->usage.output_tok);
    json_put_object_end(out);
}

static const char *finish_name(const struct exchange *exchange)
{
    bool chat = exchange->api == API_OPENAI_CHAT;
    switch (exchange->finish) {
    case FINISH_TOOL:
        return chat ? "tool_calls" : "tool_use";
    case FINISH_REFUSAL:
        return "refusal";
    default:
        return chat ? "stop" : "end_turn";
    }
}

static void chat_choices(struct json_writer *out, const struct exchange *exchange, uint32_t first)
{
    json_put_name(out, "choices");
    json_put_array(out);
    json_put_object(out);
    json_put_name(out, "index");
    json_put_i64(out, 0);
    json_put_name(out, "message");
    chat_message(out, &exchange->parts[first], exchange->n_parts - first);
    put_pair(out, "finish_reason", finish_name(exchange));
    json_put_object_end(out);
    json_put_array_end(out);
}

void wire_response(struct json_writer *out, const struct exchange *exchange)
{
    uint32_t first = 0;
    while (first < exchange->n_parts && !exchange->parts[first].issued)
        first++;
    json_put_object(out);
    put_span(out, "id", exchange->response_id);
    put_span(out, "model", exchange->response_model);
    switch (exchange->api) {
    case API_OPENAI_CHAT:
        chat_choices(out, exchange, first);
        break;
    case API_ANTHROPIC_MESSAGES:
        put_pair(out, "role", "assistant");
        json_put_name(out, "content");
        blocks(out, &exchange->parts[first], exchange->n_parts - first);
        put_pair(out, "stop_reason", finish_name(exchange));
        break;
    default:
        put_pair(out, "status", exchange->finish == FINISH_REFUSAL ? "refusal" : "completed");
        json_put_name(out, "output");
        json_put_array(out);
        for (uint32_t i = first; i < exchange->n_parts; i++)
            item(out, &exchange->parts[i]);
        json_put_array_end(out);
        break;
    }
    usage(out, exchange);
    json_put_object_end(out);
}
