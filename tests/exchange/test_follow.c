#include "exchange/follow.h"
#include "exchange/pair.h"
#include "exchange/show.h"

#include "support/alloc_sweep.h"

static const struct follow_limits roomy = { 1 << 20, 1 << 20 };

/* A stream fed in pieces of at most `piece` bytes. */
static struct follow *followed(enum api api, const struct follow_limits *limits, struct json *json,
    const char *stream, size_t n, size_t piece)
{
    struct follow *follow = NULL;
    assert_ok(follow_new(api, limits, json, &follow));
    for (size_t at = 0; at < n; at += piece) {
        size_t more = n - at < piece ? n - at : piece;
        char *copy = malloc(more); /* so that a sanitizer sees what is read beyond */
        assert_non_null(copy);
        memcpy(copy, stream + at, more);
        assert_ok(follow_feed(follow, copy, more));
        free(copy);
    }
    return follow;
}

/* The body of a stream, and its state behind it. Caller frees. */
static char *body_in_pieces(
    enum api api, const struct follow_limits *limits, const char *stream, size_t n, size_t piece)
{
    struct json *json;
    struct span body;
    char *shown = NULL;
    size_t shown_n = 0;
    assert_ok(json_new(&json));
    struct follow *follow = followed(api, limits, json, stream, n, piece);
    assert_ok(follow_body(follow, &body));
    FILE *out = open_memstream(&shown, &shown_n);
    struct follow_state state = follow_state(follow);
    fprintf(out, "%.*s end=%d%s events=%llu bad=%llu", (int)body.n, body.data, state.end,
        state.truncated ? " truncated" : "", (unsigned long long)state.n_events,
        (unsigned long long)state.n_bad);
    fclose(out);
    follow_free(follow);
    json_free(json);
    return shown;
}

static void assert_stream(
    enum api api, const struct follow_limits *limits, const char *stream, const char *expected)
{
    size_t n = strlen(stream);
    for (size_t piece = 1; piece <= n; piece += piece < 40 ? 1 : 37) {
        char *shown = body_in_pieces(api, limits, stream, n, piece);
        if (strcmp(shown, expected) != 0) {
            fprintf(stderr, "-- stream\n%s\n-- expected\n%s\n-- got\n%s\n", stream, expected, shown);
            fail();
        }
        free(shown);
    }
}

/* What a record is made of, of a response body. Caller frees. */
static char *exchange_of(enum api api, struct span body)
{
    static const char request[2 + JSON_PADDING] = "{}";
    struct pair_reader *reader = NULL;
    struct exchange exchange;
    char *shown = NULL;
    size_t n = 0;
    assert_ok(pair_reader_new(1 << 20, &reader));
    pair_start(&exchange);
    exchange.status = 200;
    assert_ok(pair_read(reader, api, (struct span){ request, 2 }, body, &exchange, NULL));
    assert_false(pair_response_skipped(reader));
    FILE *out = open_memstream(&shown, &n);
    show_exchange(out, &exchange);
    fclose(out);
    pair_reader_free(reader);
    return shown;
}

/* The stream gives the exchange that the unstreamed body gives. */
static void assert_same_exchange(enum api api, const char *stream, const char *unstreamed)
{
    struct json *json;
    struct span body;
    size_t n = strlen(unstreamed);
    char *padded = calloc(1, n + JSON_PADDING);
    assert_non_null(padded);
    memcpy(padded, unstreamed, n);
    assert_ok(json_new(&json));
    struct follow *follow = followed(api, &roomy, json, stream, strlen(stream), SIZE_MAX);
    assert_int_equal(follow_state(follow).end, FOLLOW_DONE);
    assert_int_equal(follow_state(follow).n_bad, 0);
    assert_false(follow_state(follow).truncated);
    assert_ok(follow_body(follow, &body));
    char *expected = exchange_of(api, (struct span){ padded, n }), *got = exchange_of(api, body);
    if (strcmp(got, expected) != 0) {
        fprintf(
            stderr, "-- body\n%.*s\n-- expected\n%s\n-- got\n%s\n", (int)body.n, body.data, expected, got);
        fail();
    }
    free(expected);
    free(got);
    free(padded);
    follow_free(follow);
    json_free(json);
}

#define DATA(json) "data: " json "\n\n"
#define NAMED(name, json) "event: " name "\ndata: {\"type\":\"" name "\"" json "}\n\n"

static const char chat[] = "\xef\xbb\xbf: hello\n" DATA(
    "{\"id\":\"c-1\",\"object\":\"chat.completion.chunk\",\"model\":\"m-1\",\"choices\":[{\"index\":0,"
    "\"delta\":{"
    "\"role\":\"assistant\",\"content\":\"\"},\"finish_reason\":null}],\"usage\":null,\"obfuscation\":\"x\"}")
    DATA("{\"id\":\"c-1\",\"choices\":[{\"index\":0,\"delta\":{\"reasoning_content\":\"Hm\\n\"}}]}")
        DATA("{\"id\":\"c-1\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"\\u00c4h \\ud83d\"}}]}")
            DATA("{\"id\":\"c-1\",\"choices\":[{\"delta\":{\"content\":\"\\ude00\xc3\xa9\"},\"index\":0},{"
                 "\"index\":1,"
                 "\"delta\":{\"refusal\":\"No\"}}]}")
                DATA("{\"id\":\"c-1\",\"choices\":[{\"index\":1,\"delta\":{\"tool_calls\":[{\"index\":1,"
                     "\"id\":\"k2\",\"type\":"
                     "\"custom\",\"custom\":{\"name\":\"g\",\"input\":\"x\"}},{\"index\":0,\"id\":\"k1\","
                     "\"type\":\"function\","
                     "\"function\":{\"name\":\"f\",\"arguments\":\"\"}}]}}]}")
                    DATA("{\"id\":\"c-1\",\"choices\":[{\"index\":1,\"delta\":{\"tool_calls\":[{\"index\":0,"
                         "\"function\":{"
                         "\"arguments\":\"{\\\"a\\\":\"}}]}}]}")
                        DATA("{\"id\":\"c-1\",\"choices\":[{\"index\":1,\"delta\":{\"tool_calls\":[{"
                             "\"index\":0,\"function\":{"
                             "\"arguments\":\"1}\"}}]}}]}")
                            DATA("{\"id\":\"c-1\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":"
                                 "\"length\"}]}") DATA("{\"id\":\"c-1\",\"choices\":[{\"index\":1,\"delta\":{"
                                                       "},\"finish_reason\":\"tool_calls\"}]}")
                                DATA("{\"id\":\"c-1\",\"choices\":[],\"usage\":{\"prompt_tokens\":9,"
                                     "\"completion_tokens\":4,\"total_tokens\":13,"
                                     "\"prompt_tokens_details\":{\"cached_tokens\":8},\"completion_tokens_"
                                     "details\":{\"reasoning_tokens\":1}}}") DATA("[DONE]");

static const char chat_unstreamed[] =
    "{\"id\":\"c-1\",\"object\":\"chat.completion\",\"model\":\"m-1\",\"choices\":[{\"index\":0,\"message\":{"
    "\"role\":"
    "\"assistant\",\"content\":\"\xc3\x84h \xf0\x9f\x98\x80\xc3\xa9\",\"reasoning_content\":\"Hm\\n\"},"
    "\"finish_reason\":\"length\"},{\"index\":1,\"message\":{\"role\":\"assistant\",\"content\":null,\"tool_"
    "calls\":[{"
    "\"id\":\"k1\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"{\\\"a\\\":1}\"}},{"
    "\"id\":\"k2\","
    "\"type\":\"custom\",\"custom\":{\"name\":\"g\",\"input\":\"x\"}}],\"refusal\":\"No\"},\"finish_reason\":"
    "\"tool_calls\"}],\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":4,\"total_tokens\":13,"
    "\"prompt_tokens_details\":{\"cached_tokens\":8},\"completion_tokens_details\":{\"reasoning_tokens\":1}}"
    "}";

static const char anthropic[] = NAMED("message_start",
    ",\"message\":{\"id\":\"msg_1\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"m\",\"content\":["
    "],"
    "\"stop_reason\":null,\"usage\":{\"input_tokens\":10,\"cache_creation_input_tokens\":100,"
    "\"cache_read_input_tokens\":1000,\"output_tokens\":1}}") NAMED("ping", "") NAMED("content_block_start",
    ",\"index\":0,\"content_block\":{\"type\":\"thinking\",\"thinking\":"
    "\"\",\"signature\":\"\"}") NAMED("content_block_delta",
    ",\"index\":0,\"delta\":{\"type\":\"thinking_delta\",\"thinking\":\"So \"}") NAMED("content_block_delta",
    ",\"index\":0,\"delta\":{\"type\":\"thinking_delta\",\"thinking\":\"be it.\"}")
    NAMED("content_block_delta",
        ",\"index\":0,\"delta\":{\"type\":\"signature_delta\",\"signature\":"
        "\"c2ln\"}") NAMED("content_block_stop", ",\"index\":0") NAMED("content_block_start",
        ",\"index\":1,\"content_block\":{\"type\":\"redacted_thinking\",\"data\":\"cmVk\"}")
        NAMED("content_block_stop", ",\"index\":1") NAMED("content_block_start",
            ",\"index\":2,\"content_block\":{\"type\":\"text\",\"text\":\"\"}") NAMED("content_block_delta",
            ",\"index\":2,\"delta\":{\"type\":\"text_delta\",\"text\":\"Do\\\"ne\"}") NAMED("quantum_event",
            ",\"index\":2,\"delta\":{\"text\":\"never\"}") NAMED("content_block_delta",
            ",\"index\":2,\"delta\":{\"type\":\"citations_delta\",\"citation\":{}}")
            NAMED("content_block_start",
                ",\"index\":3,\"content_block\":{\"type\":\"tool_use\",\"id\":"
                "\"toolu_1\",\"name\":\"f\",\"input\":{}}") NAMED("content_block_delta",
                ",\"index\":3,\"delta\":{\"type\":\"input_json_delta\",\"partial_json\":\"\"}")
                NAMED("content_block_delta",
                    ",\"index\":3,\"delta\":{\"type\":\"input_json_delta\",\"partial_json\":\"{\\\"q\\\":\"}")
                    NAMED("content_block_delta",
                        ",\"index\":3,\"delta\":{\"type\":\"input_json_delta\","
                        "\"partial_json\":\"\\\"\\\\u00e9\\\"}\"}") NAMED("content_block_start",
                        ",\"index\":4,\"content_block\":{\"type\":\"server_tool_use\","
                        "\"id\":\"srv_1\",\"name\":\"web_search\",\"input\":{}}") NAMED("content_block_start",
                        ",\"index\":5,\"content_block\":{\"type\":\"web_search_tool_result\",\"tool_use_"
                        "id\":\"srv_1\",\"content\":[{\"type\":\"text\",\"text\":\"found\"}]}")
                        NAMED("message_delta", ",\"delta\":{\"stop_reason\":\"tool_use\",\"stop_"
                                               "sequence\":null},\"usage\":{\"output_tokens\":15}")
                            NAMED("message_delta", ",\"delta\":{},\"usage\":{\"output_tokens\":17}")
                                NAMED("message_stop", "");

static const char anthropic_unstreamed[] =
    "{\"id\":\"msg_1\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"m\",\"content\":[{\"type\":"
    "\"thinking\","
    "\"thinking\":\"So be "
    "it.\",\"signature\":\"c2ln\"},{\"type\":\"redacted_thinking\",\"data\":\"cmVk\"},{\"type\":"
    "\"text\",\"text\":\"Do\\\"ne\"},{\"type\":\"tool_use\",\"id\":\"toolu_1\",\"name\":\"f\",\"input\":{"
    "\"q\":\"\\u00e9\"}}"
    ",{\"type\":\"server_tool_use\",\"id\":\"srv_1\",\"name\":\"web_search\",\"input\":{}},{\"type\":"
    "\"web_search_tool_result\",\"tool_use_id\":\"srv_1\",\"content\":[{\"type\":\"text\",\"text\":\"found\"}"
    "]}],"
    "\"stop_reason\":\"tool_use\",\"usage\":{\"input_tokens\":10,\"cache_creation_input_tokens\":100,"
    "\"cache_read_input_tokens\":1000,\"output_tokens\":17}}";

#define RESPONSES_OUTPUT                                                                                     \
    "[{\"id\":\"rs_1\",\"type\":\"reasoning\",\"summary\":[{\"type\":\"summary_text\",\"text\":\"Adding.\"}" \
    "],"                                                                                                     \
    "\"encrypted_content\":\"gAAA\"},{\"id\":\"msg_1\",\"type\":\"message\",\"role\":\"assistant\","         \
    "\"content\":[{"                                                                                         \
    "\"type\":\"output_text\",\"text\":\"It is "                                                             \
    "4.\"},{\"type\":\"refusal\",\"refusal\":\"No.\"}]},{\"id\":\"fc_1\","                                   \
    "\"type\":\"function_call\",\"call_id\":\"call_1\",\"name\":\"add\",\"arguments\":\"{\\\"a\\\":1}\"}]"
#define RESPONSES_USAGE                                                                                      \
    "\"usage\":{\"input_tokens\":9,\"input_tokens_details\":{\"cached_tokens\":8},\"output_tokens\":20,"     \
    "\"output_tokens_details\":{\"reasoning_tokens\":5}}"

#define RESPONSES_HEAD                                                                                       \
    NAMED("response.created", ",\"response\":{\"id\":\"resp_1\",\"status\":\"in_progress\",\"model\":\"m-"   \
                              "1\",\"instructions\":\"Be kind.\","                                           \
                              "\"tools\":[{\"name\":\"add\"}],\"output\":[],\"usage\":null}")                \
    NAMED("response.output_item.added", ",\"output_index\":0,\"item\":{\"id\":\"rs_1\",\"type\":"            \
                                        "\"reasoning\",\"summary\":[],\"encrypted_content\":\"gAAA\"}")      \
    NAMED("response.reasoning_summary_text.delta",                                                           \
        ",\"output_index\":0,\"summary_index\":0,\"delta\":\"Add\"")                                         \
    NAMED("response.reasoning_summary_text.delta",                                                           \
        ",\"output_index\":0,\"summary_index\":0,\"delta\":\"ing.\"")                                        \
    NAMED("response.output_item.added", ",\"output_index\":1,\"item\":{\"id\":\"msg_1\",\"type\":"           \
                                        "\"message\",\"role\":\"assistant\",\"content\":[]}")                \
    NAMED("response.content_part.added", ",\"output_index\":1,\"content_index\":0,\"part\":{}")              \
    NAMED("response.output_text.delta", ",\"output_index\":1,\"content_index\":0,\"delta\":\"It \"")         \
    NAMED("response.output_text.delta", ",\"output_index\":1,\"content_index\":0,\"delta\":\"is 4.\"")       \
    NAMED("response.output_text.done", ",\"output_index\":1,\"content_index\":0,\"text\":\"It is 4.\"")      \
    NAMED("response.refusal.delta", ",\"output_index\":1,\"content_index\":1,\"delta\":\"No.\"")             \
    NAMED("response.output_item.added",                                                                      \
        ",\"output_index\":2,\"item\":{\"id\":\"fc_1\",\"type\":\"function_"                                 \
        "call\",\"call_id\":\"call_1\",\"name\":\"add\",\"arguments\":\"\"}")                                \
    NAMED("response.function_call_arguments.delta", ",\"output_index\":2,\"delta\":\"{\\\"a\\\":\"")         \
    NAMED("response.function_call_arguments.delta", ",\"output_index\":2,\"delta\":\"1}\"")
#define RESPONSES_DONE                                                                                       \
    NAMED("response.output_item.done",                                                                       \
        ",\"output_index\":1,\"item\":{\"id\":\"msg_1\",\"type\":\"message\",\"role\":\"assistant\","        \
        "\"content\":[{"                                                                                     \
        "\"type\":\"output_text\",\"text\":\"It is 4.\"},{\"type\":\"refusal\",\"refusal\":\"No.\"}]}")
#define RESPONSES_END(output)                                                                                \
    NAMED("response.completed", ",\"response\":{\"id\":\"resp_1\",\"status\":\"completed\",\"model\":\"m-"   \
                                "1\",\"instructions\":\"Be kind.\","                                         \
                                "\"output\":" output "," RESPONSES_USAGE "}")

static const char responses_unstreamed[] =
    "{\"id\":\"resp_1\",\"object\":\"response\",\"status\":\"completed\",\"model\":\"m-1\","
    "\"output\":" RESPONSES_OUTPUT "," RESPONSES_USAGE "}";

static void a_stream_gives_the_exchange_of_the_unstreamed_response(void **state)
{
    (void)state;
    assert_same_exchange(API_OPENAI_CHAT, chat, chat_unstreamed);
    assert_same_exchange(API_ANTHROPIC_MESSAGES, anthropic, anthropic_unstreamed);
    assert_same_exchange(API_OPENAI_RESPONSES, RESPONSES_HEAD RESPONSES_DONE RESPONSES_END(RESPONSES_OUTPUT),
        responses_unstreamed);
}

static void token_counts_that_cannot_be_lose_no_event(void **state)
{
    (void)state;
    assert_same_exchange(API_OPENAI_CHAT,
        DATA("{\"id\":\"c\",\"model\":\"m\",\"choices\":[{\"delta\":{\"content\":\"a\"},\"finish_reason\":"
             "\"length\"}],\"usage\":{\"prompt_tokens\":-1,\"completion_tokens\":1e30}}") DATA("[DONE]"),
        "{\"id\":\"c\",\"model\":\"m\",\"choices\":[{\"message\":{\"content\":\"a\"},\"finish_reason\":"
        "\"length\"}]}");
    assert_same_exchange(API_ANTHROPIC_MESSAGES,
        NAMED("message_start",
            ",\"message\":{\"id\":\"i\",\"model\":\"m\",\"usage\":{\"input_tokens\":5,\"output_tokens\":-1}}")
            NAMED("message_delta", ",\"delta\":{\"stop_reason\":\"max_tokens\"},\"usage\":{\"input_tokens\":-"
                                   "1,\"output_tokens\":-1}") NAMED("message_stop", ""),
        "{\"id\":\"i\",\"model\":\"m\",\"stop_reason\":\"max_tokens\",\"usage\":{\"input_tokens\":5}}");
}

static void what_deltas_said_stands_in_for_an_output_that_is_missing(void **state)
{
    (void)state;
    assert_same_exchange(API_OPENAI_RESPONSES, RESPONSES_HEAD RESPONSES_END("[ ]"), responses_unstreamed);
    assert_same_exchange(
        API_OPENAI_RESPONSES, RESPONSES_HEAD RESPONSES_DONE RESPONSES_END("[]"), responses_unstreamed);
}

static void the_name_of_an_event_may_be_missing(void **state)
{
    (void)state;
    static const char *const streams[] = { anthropic, RESPONSES_HEAD RESPONSES_END(RESPONSES_OUTPUT) };
    for (int i = 0; i < 2; i++) {
        char *bare = calloc(1, strlen(streams[i]) + 1);
        assert_non_null(bare);
        for (const char *at = streams[i], *end; *at; at = end) {
            end = strchr(at, '\n') + 1;
            if (strncmp(at, "event:", 6) != 0)
                strncat(bare, at, (size_t)(end - at));
        }
        if (i == 0)
            assert_same_exchange(API_ANTHROPIC_MESSAGES, bare, anthropic_unstreamed);
        else
            assert_same_exchange(API_OPENAI_RESPONSES, bare, responses_unstreamed);
        free(bare);
    }
}

static void any_chunking_gives_the_same_body(void **state)
{
    (void)state;
    static const struct {
        enum api api;
        const char *stream;
    } streams[] = { { API_OPENAI_CHAT, chat }, { API_ANTHROPIC_MESSAGES, anthropic },
        { API_OPENAI_RESPONSES, RESPONSES_HEAD RESPONSES_DONE RESPONSES_END(RESPONSES_OUTPUT) } };
    static const struct follow_limits limits[] = { { 1 << 20, 1 << 20 }, { 150, 1 << 20 }, { 1 << 20, 220 } };
    for (int i = 0; i < 3; i++)
        for (int k = 0; k < 3; k++) {
            size_t n = strlen(streams[i].stream);
            char *whole = body_in_pieces(streams[i].api, &limits[k], streams[i].stream, n, n);
            assert_stream(streams[i].api, &limits[k], streams[i].stream, whole);
            free(whole);
        }
}

static void a_stream_that_is_cut_has_not_ended(void **state)
{
    (void)state;
    assert_stream(API_OPENAI_CHAT, &roomy,
        DATA("{\"id\":\"a\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hi\"}}]}") "data: "
                                                                                          "{\"id\":\"b\"}\n",
        "{\"id\":\"a\",\"object\":\"chat.completion\",\"choices\":[{\"index\":0,\"message\":{\"role\":"
        "\"assistant\","
        "\"content\":\"Hi\"}}]} end=0 events=1 bad=0");
    assert_stream(API_ANTHROPIC_MESSAGES, &roomy,
        NAMED("content_block_start",
            ",\"index\":0,\"content_block\":{\"type\":\"tool_use\",\"name\":\"f\",\"input\":{}}")
            NAMED("content_block_delta", ",\"index\":0,\"delta\":{\"partial_json\":\"{\\\"q\\\":\"}"),
        "{\"type\":\"message\",\"role\":\"assistant\",\"content\":[{\"type\":\"tool_use\",\"name\":\"f\","
        "\"input\":\"{"
        "\\\"q\\\":\"}]} end=0 events=2 bad=0");
    assert_stream(API_OPENAI_RESPONSES, &roomy,
        NAMED("response.output_text.delta", ",\"output_index\":0,\"content_index\":1,\"delta\":\"Hi\"")
            NAMED("response.custom_tool_call_input.delta", ",\"output_index\":1,\"delta\":\"x\""),
        "{\"object\":\"response\",\"output\":[{\"type\":\"message\",\"summary\":[],\"content\":[{\"type\":"
        "\"output_text\",\"text\":\"Hi\"}]},{\"type\":\"function_call\",\"input\":\"x\"}]} end=0 events=2 "
        "bad=0");
    assert_stream(API_OPENAI_CHAT, &roomy, ":\n",
        "{\"object\":\"chat.completion\",\"choices\":[]} end=0 events=0 bad=0");
}

static void an_error_within_the_stream_ends_it(void **state)
{
    (void)state;
    assert_stream(API_ANTHROPIC_MESSAGES, &roomy,
        NAMED("error", ",\"error\":{\"type\":\"overloaded_error\"}") NAMED("message_stop", ""),
        "{\"type\":\"message\",\"role\":\"assistant\",\"content\":[]} end=2 events=1 bad=0");
    assert_stream(API_OPENAI_CHAT, &roomy, DATA("{\"error\":{\"message\":\"x\"}}") DATA("[DONE]"),
        "{\"object\":\"chat.completion\",\"choices\":[]} end=2 events=1 bad=0");
    assert_stream(API_OPENAI_RESPONSES, &roomy,
        NAMED("response.failed", ",\"response\":{\"status\":\"failed\"}"),
        "{\"object\":\"response\",\"status\":\"failed\",\"output\":[]} end=2 events=1 bad=0");
    assert_stream(API_OPENAI_RESPONSES, &roomy, NAMED("error", ",\"code\":\"x\""),
        "{\"object\":\"response\",\"output\":[]} end=2 events=1 bad=0");
}

static void an_incomplete_response_says_why(void **state)
{
    (void)state;
    assert_stream(API_OPENAI_RESPONSES, &roomy,
        NAMED("response.incomplete", ",\"response\":{\"status\":\"incomplete\",\"incomplete_details\":{"
                                     "\"reason\":\"max_output_tokens\"}}"),
        "{\"object\":\"response\",\"status\":\"incomplete\",\"incomplete_details\":{\"reason\":\"max_output_"
        "tokens\"},"
        "\"output\":[]} end=1 events=1 bad=0");
}

static void data_that_is_no_json_does_nothing(void **state)
{
    (void)state;
    assert_stream(API_ANTHROPIC_MESSAGES, &roomy,
        "data: {\"type\":\"message_start\",\"message\":{\"id\":\"x\"}\n\ndata: no\n\n"
        "data: {\"type\":\"message_start\",\"message\":{\"id\":\"\\x\"}}\n\n"
        "data: {\"type\":\"message_start\",\"message\":{\"id\":7,\"model\":\"m\"}}\n\n"
        "data: {\"type\":\"content_block_delta\",\"index\":-1,\"delta\":{\"text\":\"x\"}}\n\n",
        "{\"type\":\"message\",\"model\":\"m\",\"role\":\"assistant\",\"content\":[]} end=0 events=5 bad=3");
}

#define USAGE_WRITTEN                                                                                        \
    "\"usage\":{\"input_tokens\":9,\"output_tokens\":20,\"input_tokens_details\":{\"cached_tokens\":8},"     \
    "\"output_tokens_details\":{\"reasoning_tokens\":5}}"

static void beyond_the_limit_text_is_cut_but_finish_and_usage_are_followed(void **state)
{
    (void)state;
    static const struct follow_limits narrow = { 8, 1 << 20 };
    assert_stream(API_OPENAI_CHAT, &narrow,
        DATA("{\"choices\":[{\"delta\":{\"content\":\"abcd\"}}]}")
            DATA("{\"choices\":[{\"delta\":{\"content\":\"ef\\u00e9\"}}]}")
                DATA("{\"choices\":[{\"delta\":{\"content\":\"g\"},\"finish_reason\":\"stop\"}],\"usage\":{"
                     "\"prompt_tokens\":3}}") DATA("[DONE]"),
        "{\"object\":\"chat.completion\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\","
        "\"content\":"
        "\"abcdef\"},\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":3}} end=1 truncated events=4 "
        "bad=0");
    assert_stream(API_OPENAI_RESPONSES, &narrow,
        NAMED("response.output_text.delta", ",\"output_index\":0,\"delta\":\"It is 4.\"")
            RESPONSES_DONE NAMED("response.output_text.delta", ",\"output_index\":0,\"delta\":\"It\"")
                RESPONSES_END(RESPONSES_OUTPUT),
        "{\"id\":\"resp_1\",\"object\":\"response\",\"model\":\"m-1\",\"status\":\"completed\",\"output\":[{"
        "\"type\":"
        "\"message\",\"summary\":[],\"content\":[{\"type\":\"output_text\",\"text\":\"It is "
        "4.\"}]}]," USAGE_WRITTEN "} end=1 truncated events=4 bad=0");
}

static void of_a_last_event_that_is_too_long_the_name_tells_the_end(void **state)
{
    (void)state;
    static const struct follow_limits narrow = { 1 << 20, 150 };
    assert_stream(API_OPENAI_RESPONSES, &narrow,
        NAMED("response.output_text.delta", ",\"output_index\":0,\"delta\":\"Hi\"")
            RESPONSES_END(RESPONSES_OUTPUT),
        "{\"object\":\"response\",\"status\":\"completed\",\"output\":[{\"type\":\"message\",\"summary\":[],"
        "\"content\":[{"
        "\"type\":\"output_text\",\"text\":\"Hi\"}]}]} end=1 truncated events=2 bad=1");
}

static void calls_without_an_index_are_told_apart_by_their_ids(void **state)
{
    (void)state;
#define CALLS(calls) DATA("{\"choices\":[{\"delta\":{\"tool_calls\":[" calls "]}}]}")
    assert_stream(API_OPENAI_CHAT, &roomy,
        CALLS("{\"id\":\"k1\",\"function\":{\"name\":\"f\",\"arguments\":\"[\"}}")
            CALLS("{\"function\":{\"arguments\":\"]\"}}")
                CALLS("{\"id\":\"k2\",\"function\":{\"name\":\"g\",\"arguments\":\"1\"}}"),
        "{\"object\":\"chat.completion\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\","
        "\"tool_calls\":[{\"id\":\"k1\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"[]"
        "\"}},"
        "{\"id\":\"k2\",\"type\":\"function\",\"function\":{\"name\":\"g\",\"arguments\":\"1\"}}]}}]} end=0 "
        "events=3 "
        "bad=0");
}

static void a_call_of_the_older_kind_is_assembled(void **state)
{
    (void)state;
    assert_stream(API_OPENAI_CHAT, &roomy,
        DATA("{\"choices\":[{\"delta\":{\"function_call\":{\"name\":\"f\",\"arguments\":\"[\"}}}]}")
            DATA("{\"choices\":[{\"delta\":{\"function_call\":{\"arguments\":\"]\"}},\"finish_reason\":"
                 "\"function_call\"}]}"),
        "{\"object\":\"chat.completion\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\","
        "\"function_call\":{\"name\":\"f\",\"arguments\":\"[]\"}},\"finish_reason\":\"function_call\"}]} "
        "end=0 events=2 "
        "bad=0");
}

static void deltas_add_to_what_a_block_began_with(void **state)
{
    (void)state;
#define BEGINS(block) NAMED("content_block_start", ",\"index\":0,\"content_block\":" block)
#define ADDS(delta) NAMED("content_block_delta", ",\"index\":0,\"delta\":" delta)
    assert_stream(API_ANTHROPIC_MESSAGES, &roomy,
        BEGINS("{\"type\":\"thinking\",\"thinking\":\"a\",\"signature\":\"b\",\"x\":null,\"y\":[1]}")
            ADDS("{\"thinking\":\"c\"}") ADDS("{\"signature\":\"d\"}"),
        "{\"type\":\"message\",\"role\":\"assistant\",\"content\":[{\"type\":\"thinking\",\"y\":[1],"
        "\"thinking\":"
        "\"ac\",\"signature\":\"bd\"}]} end=0 events=3 bad=0");
    assert_stream(API_ANTHROPIC_MESSAGES, &roomy,
        BEGINS("{\"type\":\"text\",\"text\":\"a\"}") BEGINS("{\"type\":\"text\",\"text\":\"b\"}")
            ADDS("{\"text\":\"c\"}"),
        "{\"type\":\"message\",\"role\":\"assistant\",\"content\":[{\"type\":\"text\",\"text\":\"bc\"}]} "
        "end=0 events=3 "
        "bad=0");
}

static void what_deltas_say_of_a_finished_item_is_not_added(void **state)
{
    (void)state;
    assert_stream(API_OPENAI_RESPONSES, &roomy,
        NAMED("response.output_item.done",
            ",\"output_index\":0,\"item\":{\"type\":\"message\",\"content\":\"a\"}")
            NAMED("response.output_text.delta", ",\"output_index\":0,\"delta\":\"b\"")
                NAMED("response.function_call_arguments.delta", ",\"output_index\":0,\"delta\":\"c\""),
        "{\"object\":\"response\",\"output\":[{\"type\":\"message\",\"content\":\"a\"}]} end=0 events=3 "
        "bad=0");
}

static void a_finished_item_without_room_leaves_what_deltas_said(void **state)
{
    (void)state;
    static const struct follow_limits narrow = { 20, 1 << 20 };
    assert_stream(API_OPENAI_RESPONSES, &narrow,
        NAMED("response.output_text.delta", ",\"output_index\":0,\"delta\":\"abc\"")
            NAMED("response.output_item.done",
                ",\"output_index\":0,\"item\":{\"type\":\"message\",\"content\":\"abc\"}"),
        "{\"object\":\"response\",\"output\":[{\"type\":\"message\",\"summary\":[],\"content\":[{\"type\":"
        "\"output_text\",\"text\":\"abc\"}]}]} end=0 truncated events=2 bad=0");
    static const struct follow_limits enough = { 34, 1 << 20 };
    assert_stream(API_OPENAI_RESPONSES, &enough,
        NAMED("response.output_text.delta", ",\"output_index\":0,\"delta\":\"abc\"")
            NAMED("response.output_item.done",
                ",\"output_index\":0,\"item\":{\"type\":\"message\",\"content\":\"abc\"}"),
        "{\"object\":\"response\",\"output\":[{\"type\":\"message\",\"content\":\"abc\"}]} end=0 events=2 "
        "bad=0");
}

/* What is told with the beginning is the first token's: a stream that is cut has told no output. */
static void usage_is_told_as_the_stream_tells_it(void **state)
{
    (void)state;
    struct json *json;
    assert_ok(json_new(&json));
    size_t start = (size_t)(strstr(anthropic, "event: ping") - anthropic);
    struct follow *follow = followed(API_ANTHROPIC_MESSAGES, &roomy, json, anthropic, start, start);
    assert_int_equal(follow_usage(follow).input_tok, 1110);
    assert_int_equal(follow_usage(follow).output_tok, NUMBER_ABSENT);
    assert_int_equal(follow_state(follow).end, FOLLOW_OPEN);
    assert_ok(follow_feed(follow, anthropic + start, strlen(anthropic) - start));
    assert_int_equal(follow_usage(follow).input_tok, 1110);
    assert_int_equal(follow_usage(follow).cached_tok, 1000);
    assert_int_equal(follow_usage(follow).output_tok, 17);
    assert_int_equal(follow_usage(follow).reasoning_tok, NUMBER_ABSENT);
    follow_free(follow);
    json_free(json);
}

static void one_cursor_serves_many_streams(void **state)
{
    (void)state;
    struct json *json;
    struct follow *follows[2] = { NULL, NULL };
    struct span body;
    assert_ok(json_new(&json));
    assert_ok(follow_new(API_OPENAI_CHAT, &roomy, json, &follows[0]));
    assert_ok(follow_new(API_ANTHROPIC_MESSAGES, &roomy, json, &follows[1]));
    for (size_t at = 0; at < sizeof anthropic - 1; at += 3) {
        size_t left = sizeof anthropic - 1 - at;
        assert_ok(follow_feed(follows[1], anthropic + at, left < 3 ? left : 3));
        if (at < sizeof chat - 1) {
            left = sizeof chat - 1 - at;
            assert_ok(follow_feed(follows[0], chat + at, left < 3 ? left : 3));
        }
        assert_ok(follow_body(follows[1], &body));
    }
    assert_int_equal(follow_state(follows[0]).end, FOLLOW_DONE);
    char *alone = body_in_pieces(API_OPENAI_CHAT, &roomy, chat, sizeof chat - 1, sizeof chat);
    assert_ok(follow_body(follows[0], &body));
    assert_memory_equal(body.data, alone, body.n);
    free(alone);
    follow_free(follows[0]);
    follow_free(follows[1]);
    json_free(json);
}

static void running_out_of_memory_says_so(void **state)
{
    (void)state;
    static const struct {
        enum api api;
        const char *stream;
    } streams[] = { { API_OPENAI_CHAT, chat }, { API_ANTHROPIC_MESSAGES, anthropic },
        { API_OPENAI_RESPONSES, RESPONSES_HEAD RESPONSES_DONE RESPONSES_END(RESPONSES_OUTPUT) } };
    for (int i = 0; i < 3; i++) {
        bool reached = true;
        for (long n = 0; reached; n++) {
            struct json *json = NULL;
            struct follow *follow = NULL;
            struct span body = { 0 };
            alloc_sweep_arm(n);
            enum status st = json_new(&json);
            if (st == STATUS_OK)
                st = follow_new(streams[i].api, &roomy, json, &follow);
            if (st == STATUS_OK)
                st = follow_feed(follow, streams[i].stream, strlen(streams[i].stream));
            if (st == STATUS_OK)
                st = follow_body(follow, &body);
            reached = alloc_sweep_disarm();
            assert_int_equal(st, reached ? STATUS_NOMEM : STATUS_OK);
            assert_int_equal(body.n == 0, reached);
            follow_free(follow);
            json_free(json);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_stream_gives_the_exchange_of_the_unstreamed_response),
        cmocka_unit_test(token_counts_that_cannot_be_lose_no_event),
        cmocka_unit_test(what_deltas_said_stands_in_for_an_output_that_is_missing),
        cmocka_unit_test(the_name_of_an_event_may_be_missing),
        cmocka_unit_test(any_chunking_gives_the_same_body),
        cmocka_unit_test(a_stream_that_is_cut_has_not_ended),
        cmocka_unit_test(an_error_within_the_stream_ends_it),
        cmocka_unit_test(an_incomplete_response_says_why),
        cmocka_unit_test(data_that_is_no_json_does_nothing),
        cmocka_unit_test(beyond_the_limit_text_is_cut_but_finish_and_usage_are_followed),
        cmocka_unit_test(of_a_last_event_that_is_too_long_the_name_tells_the_end),
        cmocka_unit_test(calls_without_an_index_are_told_apart_by_their_ids),
        cmocka_unit_test(a_call_of_the_older_kind_is_assembled),
        cmocka_unit_test(deltas_add_to_what_a_block_began_with),
        cmocka_unit_test(what_deltas_say_of_a_finished_item_is_not_added),
        cmocka_unit_test(a_finished_item_without_room_leaves_what_deltas_said),
        cmocka_unit_test(usage_is_told_as_the_stream_tells_it),
        cmocka_unit_test(one_cursor_serves_many_streams),
        cmocka_unit_test(running_out_of_memory_says_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
