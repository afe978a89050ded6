/*
 * exchange.h: one request and its response as borrowed text, whatever API it was spoken in.
 *
 * Model: every dialect is flattened into an ordered list of parts: who spoke (role), what it is (kind),
 *   the text. Parts with `issued` set are what the model returned in this exchange; the others came in the
 *   request.
 * Source: the exchange log, version 1; openai-python and anthropic-sdk-python for field names.
 * Shapes, units, ranges: an absent string is an empty span, an absent number is -1 (NUMBER_ABSENT), times
 *   are milliseconds since 1970 UTC. temperature and top_p in thousandths. At most EXCHANGE_PARTS_MAX
 *   parts and EXCHANGE_TOOLS_MAX tools are kept; the rest is counted in parts_dropped. Of a long history
 *   the newest parts stay, and system parts before them (see parts.h). Text is UTF-8 and may contain NUL
 *   bytes; empty text is no part. The order of parts is system, history, issued, in whatever order the
 *   JSON had them.
 * Memory: 56 bytes a part, in the reader.
 * Ownership: everything is borrowed from the reader's buffers, valid only until the next exchange is read.
 * Privacy: the only place, with record/, where prompt and output text exists. Never copied into other
 *   structs.
 */
#ifndef EXCHANGE_EXCHANGE_H
#define EXCHANGE_EXCHANGE_H

#include "base/span.h"

#include <stdint.h>

#define NUMBER_ABSENT (-1)

enum {
    EXCHANGE_PARTS_MAX = 4096,
    EXCHANGE_TOOLS_MAX = 512,
};

enum api {
    API_NONE, /* metadata only */
    API_OPENAI_CHAT,
    API_OPENAI_RESPONSES,
    API_ANTHROPIC_MESSAGES,
    API_COUNT
};

enum role {
    ROLE_SYSTEM, /* system, developer, instructions */
    ROLE_USER,
    ROLE_ASSISTANT,
    ROLE_TOOL,
};

enum part_kind {
    PART_TEXT,
    PART_TOOL_CALL,   /* text: arguments as JSON text; name: the tool */
    PART_TOOL_RESULT, /* text: what the tool returned */
    PART_REASONING,   /* text: readable or summarised reasoning */
    PART_SIGNATURE,   /* text: opaque signature or encrypted reasoning */
    PART_IMAGE,       /* counted, not read: text empty */
    PART_FILE,        /* documents, audio: counted, not read */
    PART_REFUSAL,
};

struct part {
    uint8_t role;     /* enum role */
    uint8_t kind;     /* enum part_kind */
    uint8_t issued;   /* 1: returned by the model in this exchange */
    uint8_t prefill;  /* 1: a trailing assistant message of the request (anthropic prefill) */
    uint32_t message; /* index of the message it belongs to, rising */
    struct span text;
    struct span name; /* of the tool, where it is given */
    struct span
        id; /* of a call, its result or a reasoning item: issued by the provider, echoed by the client */
};

struct tool {
    struct span name;
    struct span description;
    struct span schema; /* raw JSON text of the parameters or input_schema */
};

/* Bits of exchange_params.flags. */
enum {
    PARAM_STREAM = 1 << 0,
    PARAM_LOGPROBS = 1 << 1,
    PARAM_LOGIT_BIAS = 1 << 2,
    PARAM_SEED = 1 << 3,
    PARAM_STOP = 1 << 4,
    PARAM_JSON_OBJECT = 1 << 5,
    PARAM_JSON_SCHEMA = 1 << 6,
    PARAM_REASONING = 1 << 7, /* reasoning or thinking asked for */
    PARAM_STORE = 1 << 8,
    PARAM_TOOL_CHOICE_FORCED = 1 << 9,
    PARAM_PREDICTION = 1 << 10,
    PARAM_PREVIOUS_RESPONSE = 1 << 11,
    PARAM_CACHE_CONTROL = 1 << 12,
    PARAM_INCLUDE_ENCRYPTED = 1 << 13,
    PARAM_PENALTY = 1 << 14,
};

struct exchange_params {
    struct span model;
    int32_t max_tokens;
    int32_t temperature_milli;
    int32_t top_p_milli;
    int32_t top_k;
    int32_t n;
    int32_t top_logprobs;
    int32_t reasoning_budget_tok;
    int32_t reasoning_effort; /* 0 none/minimal, 1 low, 2 medium, 3 high and above; -1 absent */
    uint32_t flags;
    uint64_t names; /* one bit for each known request key that is present, enum request_name in dialect.h */
};

struct exchange_usage {
    int64_t input_tok; /* total, cached and cache-creation tokens included */
    int64_t output_tok;
    int64_t reasoning_tok;
    int64_t cached_tok;
};

enum finish {
    FINISH_NONE,
    FINISH_STOP,
    FINISH_LENGTH,
    FINISH_TOOL,
    FINISH_FILTER,
    FINISH_REFUSAL,
    FINISH_OTHER
};

struct exchange_client {
    struct span ip;
    struct span user_agent;
    struct span ja4;
    struct span header_order; /* names joined by commas, in the order given */
    struct span country;
    int64_t asn;
};

struct exchange {
    int64_t time_ms;
    struct span id;
    struct span account;
    struct span organization;
    struct span key;
    struct span end_user;
    struct span session;
    struct exchange_client client;
    enum api api;
    int32_t status;
    int64_t duration_ms;
    struct exchange_params params;
    struct exchange_usage usage;
    struct span response_id;
    struct span previous_response_id;
    struct span response_model;
    enum finish finish;
    uint32_t parts_dropped;
    uint32_t n_tools;
    uint32_t n_parts;
    const struct tool *tools;
    const struct part *parts; /* request parts in order, then issued parts */
};

#endif
