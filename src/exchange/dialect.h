/*
 * dialect.h: how the three APIs write their requests and responses.
 *
 * Model: a dialect is two tables of keys, one for the request body and one for the response body; what
 *   they share (messages and content blocks, tools, sampling parameters, usage, finish reasons) is read by
 *   the functions below. Bodies are read by clients' rules: unknown keys, roles and block types are passed
 *   over, numbers clamped, counts of tokens that cannot be absent.
 * Source: openai-python and anthropic-sdk-python, as of 2026.
 * Ownership: as exchange.h.
 */
#ifndef EXCHANGE_DIALECT_H
#define EXCHANGE_DIALECT_H

#include "exchange/parts.h"
#include "exchange/walk.h"

/* Bits of exchange_params.names: which request keys were there. The order is part of the record format:
 * append only. */
enum request_name {
    NAME_NONE,
    NAME_MODEL,
    NAME_MESSAGES,
    NAME_INPUT,
    NAME_SYSTEM,
    NAME_INSTRUCTIONS,
    NAME_MAX_TOKENS,
    NAME_MAX_COMPLETION_TOKENS,
    NAME_MAX_OUTPUT_TOKENS,
    NAME_TEMPERATURE,
    NAME_TOP_P,
    NAME_TOP_K,
    NAME_N,
    NAME_STOP,
    NAME_STOP_SEQUENCES,
    NAME_SEED,
    NAME_STREAM,
    NAME_STREAM_OPTIONS,
    NAME_TOOLS,
    NAME_TOOL_CHOICE,
    NAME_PARALLEL_TOOL_CALLS,
    NAME_FUNCTIONS,
    NAME_FUNCTION_CALL,
    NAME_RESPONSE_FORMAT,
    NAME_TEXT,
    NAME_LOGPROBS,
    NAME_TOP_LOGPROBS,
    NAME_LOGIT_BIAS,
    NAME_PRESENCE_PENALTY,
    NAME_FREQUENCY_PENALTY,
    NAME_REASONING_EFFORT,
    NAME_REASONING,
    NAME_THINKING,
    NAME_MODALITIES,
    NAME_AUDIO,
    NAME_PREDICTION,
    NAME_METADATA,
    NAME_STORE,
    NAME_SERVICE_TIER,
    NAME_USER,
    NAME_SAFETY_IDENTIFIER,
    NAME_PROMPT_CACHE_KEY,
    NAME_VERBOSITY,
    NAME_WEB_SEARCH_OPTIONS,
    NAME_PREVIOUS_RESPONSE_ID,
    NAME_CONVERSATION,
    NAME_INCLUDE,
    NAME_TRUNCATION,
    NAME_BACKGROUND,
    NAME_MAX_TOOL_CALLS,
    NAME_PROMPT,
    NAME_CACHE_CONTROL,
    NAME_CONTAINER,
    NAME_OUTPUT_CONFIG,
    NAME_OUTPUT_FORMAT,
    NAME_INFERENCE_GEO,
    NAME_MCP_SERVERS,
    NAME_CONTEXT_MANAGEMENT,
    NAME_COUNT
};
_Static_assert(NAME_COUNT <= 64, "one bit each");

struct raw_usage {
    int64_t input;
    int64_t output;
    int64_t cache_creation;
    int64_t cache_read; /* not contained in input */
    int64_t cached;     /* contained in input */
    int64_t reasoning;
};

/* Everything that reading one line needs; walk comes first, so that field functions find the rest. */
struct reader {
    struct walk walk;
    struct parts parts;
    struct exchange *exchange;
    enum section section; /* where blocks go */
    uint32_t message;     /* number of the message being read, within its section */
    uint32_t n_history;   /* messages in the request */
    struct span end_user; /* from the body */
    unsigned end_user_rank;
    struct raw_usage usage;
    struct raw_usage line_usage;
    enum finish detail; /* of an incomplete response */
};

static inline struct reader *reader_of(struct walk *walk)
{
    return (struct reader *)(void *)walk;
}

struct dialect {
    const char *name;
    const struct fields *request;
    const struct fields *response;
    /* After the body was read. May be NULL. */
    void (*end_request)(struct reader *reader);
    void (*end_response)(struct reader *reader);
};

/* NULL for API_NONE. */
const struct dialect *dialect_of(enum api api);
/* API_NONE when there is none of that name. */
enum api dialect_named(struct span name);

extern const struct dialect dialect_openai_chat;
extern const struct dialect dialect_openai_responses;
extern const struct dialect dialect_anthropic;

void params_clear(struct exchange_params *params);
/* An exchange of which nothing is known. */
void exchange_clear(struct exchange *exchange);

/* Starts and ends what is kept of a line besides the event itself. */
void reader_start(struct reader *reader, struct exchange *exchange);
MUST_CHECK enum status reader_request(
    struct reader *reader, const struct dialect *dialect, struct json_value *value);
MUST_CHECK enum status reader_response(
    struct reader *reader, const struct dialect *dialect, struct json_value *value);
/* Of the response only what it says of its usage, which every dialect says in the same place; and of that the value alone. */
MUST_CHECK enum status reader_response_usage(
    struct reader *reader, const struct dialect *dialect, struct json_value *value);
MUST_CHECK enum status reader_usage(
    struct reader *reader, const struct dialect *dialect, struct json_value *value);
/* What was read of a body, if anything, is forgotten: as if the line had none. */
void reader_clear_request(struct reader *reader);
void reader_clear_response(struct reader *reader);
/* Merges usage and end user, lays out the parts. */
MUST_CHECK enum status reader_finish(struct reader *reader);

/* block.c. The object is struct exchange everywhere. */
field_fn read_messages;       /* an array of messages or items, or a string: the history */
field_fn read_system;         /* a string or an array of blocks: the system section */
field_fn read_choice_message; /* one message of the response */
field_fn read_output;         /* an array of items or blocks of the response */

/* param.c */
field_fn read_tools;
field_fn read_stop;
field_fn read_tool_choice;
field_fn read_format;      /* response_format, text.format, output_format */
field_fn read_text_config; /* text and output_config: format and effort */
field_fn read_effort;
field_fn read_reasoning; /* reasoning and thinking objects */
field_fn read_penalty;
field_fn read_include;
field_fn read_end_user; /* arg: rank; a higher one wins */
field_fn read_metadata_user;

/* usage.c */
field_fn read_usage;
field_fn read_finish;
field_fn read_incomplete;
void raw_usage_clear(struct raw_usage *usage);
struct exchange_usage usage_merge(const struct raw_usage *body, const struct raw_usage *line);
extern const struct fields line_usage_fields, body_usage_fields; /* of a struct raw_usage */

/* Rows that every request table has: name, function and place are the same in all dialects. */
#define PARAM(key, bit_, fn, member)                                                                         \
    FIELD(key, fn, .bit = (bit_), .offset = offsetof(struct exchange, params.member))
#define PARAM_FLAG(key, bit_, fn, flag)                                                                      \
    FIELD(key, fn, .bit = (bit_), .offset = offsetof(struct exchange, params.flags), .arg = (flag))

#endif
