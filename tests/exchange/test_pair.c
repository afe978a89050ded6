#include "exchange/amend.h"
#include "exchange/pair.h"
#include "exchange/show.h"

#include "support/alloc_sweep.h"

#include <sys/mman.h>
#include <unistd.h>

/* Bodies as a gateway has them: with padding behind, each an allocation of its own. */
static struct span body_of(const char *text)
{
    size_t n = strlen(text);
    char *bytes = calloc(1, n + JSON_PADDING);
    assert_non_null(bytes);
    memcpy(bytes, text, n);
    return (struct span){ bytes, n };
}

static void body_free(struct span body)
{
    free((char *)(uintptr_t)body.data);
}

static void fill(struct exchange *exchange, int status)
{
    pair_start(exchange);
    exchange->id = SPAN("r1");
    exchange->account = SPAN("a1");
    exchange->key = SPAN("k1");
    exchange->client.ip = SPAN("::1");
    exchange->client.asn = 64500;
    exchange->duration_ms = 7;
    exchange->status = status;
}

/* The exchange of a pair as text, or its status and diag. Caller frees. */
static char *shown_pair(enum api api, int status, const char *request, const char *response)
{
    char *shown = NULL;
    size_t shown_n = 0;
    struct pair_reader *reader = NULL;
    struct exchange exchange;
    struct diag diag = { 0 };
    struct span asked = body_of(request), answered = body_of(response);
    assert_ok(pair_reader_new(1 << 20, &reader));
    fill(&exchange, status);
    FILE *out = open_memstream(&shown, &shown_n);
    enum status st = pair_read(reader, api, asked, answered, &exchange, &diag);
    if (st == STATUS_OK)
        show_exchange(out, &exchange);
    else
        fprintf(out, "%d [%s] %s", st, diag.field, diag.reason);
    if (status == 200 && pair_response_skipped(reader))
        fprintf(out, "\nskipped");
    fclose(out);
    pair_reader_free(reader);
    body_free(asked);
    body_free(answered);
    return shown;
}

static void assert_pair(
    enum api api, int status, const char *request, const char *response, const char *expected)
{
    char *shown = shown_pair(api, status, request, response);
    if (strcmp(shown, expected) != 0) {
        fprintf(stderr, "-- pair\n%s\n%s\n-- expected\n%s\n-- got\n%s\n", request, response, expected, shown);
        fail();
    }
    free(shown);
}

static const char *const api_names[] = { "", "openai.chat", "openai.responses", "anthropic.messages" };

/* What the log parser makes of a line with the same bodies. Caller frees. */
static char *shown_line(enum api api, int status, const char *request, const char *response)
{
    char *line = NULL;
    size_t n = 0;
    FILE *out = open_memstream(&line, &n);
    fprintf(out,
        "{\"time\":\"1970-01-01T00:00:00Z\",\"id\":\"r1\",\"account\":\"a1\",\"key\":\"k1\",\"client\":{"
        "\"ip\":"
        "\"::1\",\"asn\":64500},\"duration_ms\":7,\"status\":%d,\"api\":\"%s\",\"request\":%s%s%s}",
        status, api_names[api], request, response[0] ? ",\"response\":" : "", response);
    fclose(out);
    char *shown = parsed(line, n);
    free(line);
    static const char head[] = "exchange 1970-01-01T00:00:00.000Z ";
    assert_memory_equal(shown, head, sizeof head - 1);
    memmove(shown, shown + sizeof head - 1, strlen(shown) - sizeof head + 2);
    shown[strlen(shown) - 1] = 0; /* the line end */
    return shown;
}

struct example {
    enum api api;
    int status;
    const char *request, *response;
};

static const struct example examples[] = {
    { API_OPENAI_CHAT, 200, "{}", "" },
    { API_OPENAI_CHAT, 200, "{}", "{}" },
    { API_OPENAI_CHAT, 200,
        " {\"m\\u006fdel\":\"a\\\\b\",\"messages\":[{\"role\":\"system\",\"content\":\"Be \\u00e9\\n.\"},"
        "{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"Hi\\ud83d\"},{\"type\":\"image_url\"}]"
        "},"
        "{\"role\":\"assistant\",\"tool_calls\":[{\"id\":\"c1\",\"type\":\"function\",\"function\":{\"name\":"
        "\"f\",\"arguments\":\"{\\\"a\\\":1}\"}}]},{\"role\":\"tool\",\"tool_call_id\":\"c1\",\"content\":"
        "\"4\"}"
        "],\"max_tokens\":20,\"temperature\":0.7,\"n\":2,\"user\":\"u\",\"logprobs\":true,\"tools\":[{"
        "\"type\":"
        "\"function\",\"function\":{\"name\":\"f\",\"parameters\":{\"a\":[1]}}}],\"stream\":true} \n",
        "{\"id\":\"x-1\",\"model\":\"m-1\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\","
        "\"content\":\"\\u00c4h\",\"reasoning_content\":\"hm\"},\"finish_reason\":\"length\"},{\"index\":1,"
        "\"message\":{\"role\":\"assistant\",\"content\":null,\"tool_calls\":[{\"id\":\"c2\",\"type\":"
        "\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}]},\"finish_reason\":\"tool_calls\"}"
        "],"
        "\"usage\":{\"prompt_tokens\":23,\"completion_tokens\":142,\"prompt_tokens_details\":{\"cached_"
        "tokens\":"
        "3}}}" },
    { API_OPENAI_CHAT, 400,
        "{\"model\":\"m\",\"temperature\":\"hot\",\"messages\":[{\"role\":\"user\",\"content\":7},{\"role\":"
        "\"user\",\"content\":\"Hi\"},9],\"n\":2}",
        "{\"error\":{\"message\":\"no\"}}" },
    { API_OPENAI_CHAT, 429, "{\"model\":\"m\"}", "[]" },
    { API_OPENAI_CHAT, 500, "[1]", "\"no\"" },
    { API_OPENAI_RESPONSES, 200,
        "{\"model\":\"m\",\"input\":\"Say hello.\",\"instructions\":\"Be kind.\",\"previous_response_id\":"
        "\"resp_0\",\"max_output_tokens\":64,\"safety_identifier\":\"s\",\"include\":["
        "\"reasoning.encrypted_content\"]}",
        "{\"id\":\"resp_1\",\"status\":\"completed\",\"model\":\"m-1\",\"output\":[{\"type\":\"reasoning\","
        "\"id\":\"rs_1\",\"summary\":[{\"type\":\"summary_text\",\"text\":\"Adding.\"}],\"encrypted_"
        "content\":"
        "\"gAAA\"},{\"type\":\"message\",\"role\":\"assistant\",\"content\":[{\"type\":\"output_text\","
        "\"text\":"
        "\"Hello.\"},{\"type\":\"refusal\",\"refusal\":\"No.\"}]}],\"usage\":{\"input_tokens\":9,"
        "\"output_tokens\":2,\"output_tokens_details\":{\"reasoning_tokens\":1}}}" },
    { API_OPENAI_RESPONSES, 200, "{\"input\":[{\"role\":\"user\",\"content\":\"Add.\"}]}",
        "{\"status\":\"incomplete\",\"incomplete_details\":{\"reason\":\"max_output_tokens\"}}" },
    { API_ANTHROPIC_MESSAGES, 200,
        "{\"system\":[{\"type\":\"text\",\"text\":\"You "
        "code.\",\"cache_control\":{}}],\"messages\":[{\"role\":"
        "\"user\",\"content\":\"List.\"},{\"role\":\"assistant\",\"content\":\"1.\"}],\"thinking\":{\"type\":"
        "\"enabled\",\"budget_tokens\":4096},\"metadata\":{\"user_id\":\"u9\"}}",
        "{\"id\":\"msg_1\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"m\",\"content\":[{"
        "\"type\":"
        "\"thinking\",\"thinking\":\"So.\",\"signature\":\"c2ln\"},{\"type\":\"text\",\"text\":\"Done.\"},"
        "{\"type\":\"tool_use\",\"id\":\"t1\",\"name\":\"f\",\"input\":{\"q\":\"x\"}}],\"stop_reason\":"
        "\"tool_use\",\"usage\":{\"input_tokens\":10,\"cache_read_input_tokens\":1000,\"output_tokens\":5}"
        "}" },
    { API_ANTHROPIC_MESSAGES, 529, "{\"messages\":\"none\",\"model\":\"m\"}", "" },
};

static void a_pair_reads_as_a_line_of_the_log_with_the_same_bodies(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof examples / sizeof *examples; i++) {
        const struct example *e = &examples[i];
        char *line = shown_line(e->api, e->status, e->request, e->response);
        assert_pair(e->api, e->status, e->request, e->response, line);
        free(line);
    }
}

static void the_usage_alone_is_that_of_the_whole(void **state)
{
    (void)state;
    struct pair_reader *reader = NULL;
    assert_ok(pair_reader_new(1 << 20, &reader));
    for (size_t i = 0; i < sizeof examples / sizeof *examples; i++) {
        const struct example *e = &examples[i];
        struct exchange whole, alone;
        struct diag diag;
        struct span asked = body_of(e->request), answered = body_of(e->response);
        fill(&whole, e->status);
        fill(&alone, e->status);
        assert_ok(pair_read(reader, e->api, asked, answered, &whole, &diag));
        assert_ok(pair_read_usage(reader, e->api, answered, &alone));
        assert_memory_equal(&alone.usage, &whole.usage, sizeof whole.usage);
        assert_int_equal(alone.n_parts, 0);
        body_free(asked);
        body_free(answered);
    }
    pair_reader_free(reader);
}

/* Far before the end, and behind one that does not belong to the response. */
static void usage_is_found_wherever_it_stands(void **state)
{
    (void)state;
    enum { FAR = 9000 };
    struct pair_reader *reader = NULL;
    struct exchange exchange;
    char *text = NULL;
    size_t n = 0;
    FILE *out = open_memstream(&text, &n);
    fprintf(out,
        "{\"usage\":{\"prompt_tokens\":7},\"choices\":[{\"usage\":{\"prompt_tokens\":9}}],\"x\":\"%*s\"}",
        FAR, "");
    fclose(out);
    struct span body = body_of(text);
    assert_ok(pair_reader_new(1 << 20, &reader));
    fill(&exchange, 200);
    assert_ok(pair_read_usage(reader, API_OPENAI_CHAT, body, &exchange));
    assert_int_equal(exchange.usage.input_tok, 7);
    body_free(body);
    free(text);
    pair_reader_free(reader);
}

static void assert_same_params(const struct exchange_params *a, const struct exchange_params *b)
{
    assert_true(span_eq(a->model, b->model));
    assert_true(a->max_tokens == b->max_tokens && a->temperature_milli == b->temperature_milli);
    assert_true(a->top_p_milli == b->top_p_milli && a->top_k == b->top_k && a->n == b->n);
    assert_true(a->top_logprobs == b->top_logprobs && a->reasoning_budget_tok == b->reasoning_budget_tok);
    assert_true(a->reasoning_effort == b->reasoning_effort && a->flags == b->flags && a->names == b->names);
}

static void a_scanned_request_asks_for_what_the_whole_one_does(void **state)
{
    (void)state;
    struct pair_reader *reader = NULL, *whole = NULL;
    struct amend *amend = NULL;
    size_t n_read = 0;
    assert_ok(pair_reader_new(1 << 20, &reader));
    assert_ok(pair_reader_new(1 << 20, &whole));
    assert_ok(amend_new(1 << 20, &amend));
    for (size_t i = 0; i < sizeof examples / sizeof *examples; i++) {
        const struct example *e = &examples[i];
        struct span asked = body_of(e->request);
        struct exchange exchange;
        struct exchange_params params;
        struct diag diag;
        fill(&exchange, 200);
        if (amend_scan(amend, asked, &diag) == STATUS_OK) {
            enum status st =
                pair_read_params(reader, e->api, false, asked, amend_cursor(amend), &params, &diag);
            assert_int_equal(pair_read(whole, e->api, asked, (struct span){ 0 }, &exchange, &diag), st);
            if (st == STATUS_OK)
                assert_same_params(&params, &exchange.params);
            n_read += st == STATUS_OK;
        }
        body_free(asked);
    }
    assert_true(n_read > 3);
    amend_free(amend);
    pair_reader_free(whole);
    pair_reader_free(reader);
}

static void the_request_alone_gives_its_parameters(void **state)
{
    (void)state;
    assert_pair(API_ANTHROPIC_MESSAGES, NUMBER_ABSENT, "{\"model\":\"m\",\"max_tokens\":5}", "",
        "api=3 status=-1 id=r1 account=a1 key=k1 ip=::1 asn=64500 duration=7 model=m max=5");
}

static void without_an_api_no_body_is_read(void **state)
{
    (void)state;
    assert_pair(
        API_NONE, 200, "no", "no", "api=0 status=200 id=r1 account=a1 key=k1 ip=::1 asn=64500 duration=7");
}

static void a_request_that_is_not_json_is_bad(void **state)
{
    (void)state;
    static const char *const requests[] = { "hello", " ", "7", "{", "{\"a\":1", "{\"a\":1}x", "{}}",
        "{\"model\":tru}", "{\"model\":\"\xff\"}", "{\"temperature\":1.2.3}", "{\"model\":5,\"b\"" };
    for (size_t i = 0; i < sizeof requests / sizeof *requests; i++) {
        char *shown = shown_pair(API_OPENAI_CHAT, 200, requests[i], "{}");
        char expected[64];
        snprintf(expected, sizeof expected, "%d [%s] ", STATUS_BAD, "");
        assert_memory_equal(shown, expected, strlen(expected));
        free(shown);
    }
}

static void a_wrong_type_in_the_request_is_named_by_its_path(void **state)
{
    (void)state;
    char expected[128];
    snprintf(expected, sizeof expected, "%d [request.messages[1].content] has the wrong type", STATUS_BAD);
    assert_pair(API_OPENAI_CHAT, 200, "{\"messages\":[{},{\"content\":5}]}", "{}", expected);
    snprintf(expected, sizeof expected, "%d [] not a JSON object", STATUS_BAD);
    assert_pair(API_OPENAI_CHAT, NUMBER_ABSENT, "[]", "", expected);
}

static void a_refused_request_that_is_not_json_counts_as_absent(void **state)
{
    (void)state;
    assert_pair(API_OPENAI_CHAT, 400,
        "{\"model\":\"m\",\"user\":\"u\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}", "",
        "api=1 status=400 id=r1 account=a1 key=k1 ip=::1 asn=64500 duration=7");
}

static void a_response_that_cannot_be_read_leaves_the_request(void **state)
{
    (void)state;
#define ASKED "api=1 status=200 id=r1 account=a1 key=k1 ip=::1 asn=64500 duration=7 model=m"
    static const char request[] = "{\"model\":\"m\"}";
    assert_pair(API_OPENAI_CHAT, 200, request, "<html>", ASKED "\nskipped");
    assert_pair(API_OPENAI_CHAT, 200, request,
        "{\"id\":\"x\",\"model\":\"y\",\"usage\":{\"prompt_tokens\":1},\"choices\":[{\"finish_reason\":"
        "\"stop\","
        "\"message\":{\"content\":\"a\"}}]",
        ASKED "\nskipped");
    assert_pair(API_OPENAI_CHAT, 200, request,
        "{\"id\":7,\"choices\":[{\"message\":[]},{\"message\":{\"content\":\"a\"}}]}",
        ASKED "\n0 assistant text issued: a");
    assert_pair(API_OPENAI_CHAT, 200, request,
        "{\"choices\":[{\"message\":{\"content\":\"a\"}}],\"usage\":{\"prompt_tokens\":-1}}",
        ASKED "\n0 assistant text issued: a");
}

static void a_body_beyond_the_limit_is_too_big(void **state)
{
    (void)state;
    struct pair_reader *reader = NULL;
    struct span request = body_of("{\"model\":\"m\"}"), longer = body_of("{\"model\":\"m\"} ");
    struct exchange exchange;
    struct diag diag = { 0 };
    assert_ok(pair_reader_new(request.n, &reader));
    fill(&exchange, 200);
    assert_ok(pair_read(reader, API_OPENAI_CHAT, request, request, &exchange, &diag));
    assert_false(pair_response_skipped(reader));
    assert_int_equal(pair_read(reader, API_OPENAI_CHAT, longer, request, &exchange, &diag), STATUS_TOO_BIG);
    assert_string_equal(diag.reason, "longer than 13 bytes");
    assert_ok(pair_read(reader, API_OPENAI_CHAT, request, longer, &exchange, &diag));
    assert_true(pair_response_skipped(reader));
    pair_reader_free(reader);
    body_free(request);
    body_free(longer);
}

static void the_end_user_that_the_gateway_knows_goes_before_that_of_the_body(void **state)
{
    (void)state;
    struct pair_reader *reader = NULL;
    struct span request = body_of("{\"user\":\"body\"}");
    struct exchange exchange;
    assert_ok(pair_reader_new(1 << 20, &reader));
    fill(&exchange, 200);
    exchange.end_user = SPAN("line");
    assert_ok(pair_read(reader, API_OPENAI_CHAT, request, (struct span){ 0 }, &exchange, NULL));
    assert_true(span_is(exchange.end_user, "line"));
    pair_reader_free(reader);
    body_free(request);
}

static void nothing_is_left_of_the_pair_before(void **state)
{
    (void)state;
    struct pair_reader *reader = NULL;
    assert_ok(pair_reader_new(1 << 20, &reader));
    for (int round = 0; round < 2; round++)
        for (size_t i = 0; i < sizeof examples / sizeof *examples; i++) {
            const struct example *e = &examples[i];
            struct span request = body_of(e->request), response = body_of(e->response);
            struct exchange exchange;
            fill(&exchange, e->status);
            assert_ok(pair_read(reader, e->api, request, response, &exchange, NULL));
            char *shown = NULL, *alone = shown_pair(e->api, e->status, e->request, e->response);
            size_t shown_n = 0;
            FILE *out = open_memstream(&shown, &shown_n);
            show_exchange(out, &exchange);
            fclose(out);
            assert_string_equal(shown, alone);
            free(shown);
            free(alone);
            body_free(request);
            body_free(response);
        }
    pair_reader_free(reader);
}

static void nothing_is_read_beyond_the_padding(void **state)
{
    (void)state;
    static const char text[] = "{\"messages\":[{\"role\":\"user\",\"content\":\"ab\\n\"}],\"n\":2}";
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    char *pages = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    assert_ptr_not_equal(pages, MAP_FAILED);
    assert_int_equal(mprotect(pages + page, page, PROT_NONE), 0);
    struct pair_reader *reader;
    assert_ok(pair_reader_new(1 << 20, &reader));
    for (size_t n = 1; n < sizeof text; n++) {
        char *body = pages + page - JSON_PADDING - n;
        struct exchange exchange;
        memset(body, '}', n + JSON_PADDING);
        memcpy(body, text, n);
        fill(&exchange, 200);
        struct span request = { body, n };
        enum status st = pair_read(reader, API_OPENAI_CHAT, request, (struct span){ 0 }, &exchange, NULL);
        assert_int_equal(st, n == sizeof text - 1 ? STATUS_OK : STATUS_BAD);
    }
    pair_reader_free(reader);
    munmap(pages, 2 * page);
}

static void running_out_of_memory_leaves_the_exchange_alone(void **state)
{
    (void)state;
    struct span request = body_of("{\"tools\":[{\"name\":\"t\"}],\"messages\":[{\"content\":\"\\ud800\"}]}");
    struct span response = body_of("{\"choices\":[{\"message\":{\"content\":\"\\n\"}}]}");
    bool reached = true;
    for (long n = 0; reached; n++) {
        struct pair_reader *reader = NULL;
        struct exchange exchange;
        fill(&exchange, 200);
        alloc_sweep_arm(n);
        enum status st = pair_reader_new(1 << 20, &reader);
        if (st == STATUS_OK)
            st = pair_read(reader, API_OPENAI_CHAT, request, response, &exchange, NULL);
        reached = alloc_sweep_disarm();
        assert_int_equal(st, reached ? STATUS_NOMEM : STATUS_OK);
        assert_int_equal(exchange.n_parts, reached ? 0 : 2);
        assert_int_equal(exchange.api, reached ? API_NONE : API_OPENAI_CHAT);
        if (reached && reader) { /* and the reader usable */
            assert_ok(pair_read(reader, API_OPENAI_CHAT, request, response, &exchange, NULL));
            assert_int_equal(exchange.n_parts, 2);
        }
        pair_reader_free(reader);
    }
    body_free(request);
    body_free(response);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_pair_reads_as_a_line_of_the_log_with_the_same_bodies),
        cmocka_unit_test(the_usage_alone_is_that_of_the_whole),
        cmocka_unit_test(usage_is_found_wherever_it_stands),
        cmocka_unit_test(a_scanned_request_asks_for_what_the_whole_one_does),
        cmocka_unit_test(the_request_alone_gives_its_parameters),
        cmocka_unit_test(without_an_api_no_body_is_read),
        cmocka_unit_test(a_request_that_is_not_json_is_bad),
        cmocka_unit_test(a_wrong_type_in_the_request_is_named_by_its_path),
        cmocka_unit_test(a_refused_request_that_is_not_json_counts_as_absent),
        cmocka_unit_test(a_response_that_cannot_be_read_leaves_the_request),
        cmocka_unit_test(a_body_beyond_the_limit_is_too_big),
        cmocka_unit_test(the_end_user_that_the_gateway_knows_goes_before_that_of_the_body),
        cmocka_unit_test(nothing_is_left_of_the_pair_before),
        cmocka_unit_test(nothing_is_read_beyond_the_padding),
        cmocka_unit_test(running_out_of_memory_leaves_the_exchange_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
