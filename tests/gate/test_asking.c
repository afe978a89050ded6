#include "gate/asking.h"

#include "support/test.h"

#include <stdlib.h>

static struct asking asking;

static int set_up(void **state)
{
    (void)state;
    if (amend_new(1 << 16, &asking.amend) != STATUS_OK ||
        pair_reader_new(1 << 16, &asking.reader) != STATUS_OK)
        return -1;
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    amend_free(asking.amend);
    pair_reader_free(asking.reader);
    return 0;
}

/* With the padding that the readers want, until the next call. */
static struct span padded(const char *text)
{
    static char bytes[4096];
    size_t n = strlen(text);
    assert_true(n + JSON_PADDING <= sizeof bytes);
    memset(bytes, 0, sizeof bytes);
    memcpy(bytes, text, n);
    return (struct span){ bytes, n };
}

static struct ask asked(enum api api, const char *body)
{
    struct ask ask;
    asking_start(&ask);
    if (asking_body(&asking, api, padded(body), &ask) != STATUS_OK)
        fail_msg("%s", body);
    return ask;
}

static void each_parameter_is_read_whichever_api_is_called(void **state)
{
    (void)state;
    static const struct {
        const char *body;
        uint32_t uses;
        int64_t choices, output_tok;
    } rows[] = {
        { "{\"model\":\"m\"}", 0, 1, -1 },
        { "{\"n\":3}", USE_CHOICES, 3, -1 },
        { "{\"n\":1}", 0, 1, -1 },
        { "{\"best_of\":4}", USE_CHOICES, 4, -1 },
        { "{\"n_probs\":5}", USE_LOGPROBS, 1, -1 },
        { "{\"n_probs\":0}", 0, 1, -1 },
        { "{\"enable_thinking\":true}", USE_REASONING, 1, -1 },
        { "{\"enable_thinking\":false}", 0, 1, -1 },
        { "{\"n_predict\":70,\"max_output_tokens\":20}", 0, 1, 70 },
    };
    for (int api = API_NONE; api < API_COUNT; api++)
        for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
            struct ask ask = asked((enum api)api, rows[i].body);
            if (ask.uses != rows[i].uses || ask.choices != rows[i].choices ||
                ask.output_tok != rows[i].output_tok || ask.output_open)
                fail_msg("%s: %u %d %d", rows[i].body, ask.uses, (int)ask.choices, (int)ask.output_tok);
        }
}

static void a_number_counts_in_whichever_form_it_is_written(void **state)
{
    (void)state;
    assert_int_equal(asked(API_OPENAI_CHAT, "{\"max_tokens\":10,\"n_predict\":1e6}").output_tok, 1000000);
    assert_int_equal(asked(API_OPENAI_CHAT, "{\"max_tokens\":10,\"n_predict\":99.5}").output_tok, 100);
    assert_true(asked(API_OPENAI_CHAT, "{\"max_tokens\":10,\"n_predict\":1e99}").output_tok > 1000000000);
    assert_int_equal(asked(API_OPENAI_CHAT, "{\"best_of\":1e1}").choices, 10);
    assert_true(asked(API_OPENAI_CHAT, "{\"best_of\":\"7\"}").choices > 7);
    assert_int_equal(asked(API_OPENAI_CHAT, "{\"best_of\":-1}").choices, 1);
}

static void a_size_that_may_be_any_is_told(void **state)
{
    (void)state;
    assert_true(asked(API_OPENAI_CHAT, "{\"max_tokens\":10,\"n_predict\":-1}").output_open);
    assert_true(asked(API_OPENAI_CHAT, "{\"max_tokens\":10,\"n_predict\":\"9999\"}").output_open);
    assert_false(asked(API_OPENAI_CHAT, "{\"max_tokens\":10,\"n_predict\":null}").output_open);
}

static void prompts_are_those_of_a_text_completion(void **state)
{
    (void)state;
    assert_int_equal(asked(API_NONE, "{\"max_tokens\":5,\"prompt\":[\"a\",\"b\"]}").prompts, 2);
    assert_int_equal(asked(API_NONE, "{\"messages\":[]}").prompts, 1);
    assert_int_equal(asked(API_OPENAI_RESPONSES, "{\"prompt\":[\"a\",\"b\"]}").prompts, 1);
}

static void a_size_is_due_by_the_name_that_the_api_has(void **state)
{
    (void)state;
    static const struct {
        const char *body;
        enum api api;
        unsigned due;
    } rows[] = {
        { "{\"max_tokens\":5}", API_OPENAI_CHAT, 0 },
        { "{\"max_completion_tokens\":5}", API_OPENAI_CHAT, 0 },
        { "{\"max_tokens\":null,\"n_predict\":5}", API_OPENAI_CHAT, BODY_CHAT },
        { "{\"max_output_tokens\":5}", API_OPENAI_CHAT, BODY_CHAT },
        { "{\"max_tokens\":5}", API_OPENAI_RESPONSES, BODY_RESPONSES },
        { "{\"max_output_tokens\":5}", API_OPENAI_RESPONSES, 0 },
        { "{\"max_completion_tokens\":5}", API_ANTHROPIC_MESSAGES, BODY_MESSAGES },
        { "{\"messages\":[],\"n_predict\":5}", API_NONE, BODY_CHAT },
        { "{\"messages\":[],\"prompt\":\"\",\"max_completion_tokens\":5}", API_NONE, BODY_COMPLETION },
        { "{\"prompt\":\"\",\"max_tokens\":5}", API_NONE, 0 },
        { "{\"input\":\"x\"}", API_NONE, 0 },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (asked(rows[i].api, rows[i].body).sizes_due != rows[i].due)
            fail_msg("%s", rows[i].body);
}

static void what_cannot_be_told_is_refused(void **state)
{
    (void)state;
    static const char *const bodies[] = { "", "[1]", "{\"n\":1", "{\"n\":1,\"n\":2}", "{\"N\":2}",
        "{\"n\":1,\"mod\xc3\xa9l\":1}", "{\"model\":\"other\"}" };
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
        struct ask ask;
        asking_start(&ask);
        path_ask(SPAN("/openai/deployments/gpt-x/chat/completions"), SPAN(""), false, &ask);
        if (asking_body(&asking, API_OPENAI_CHAT, padded(bodies[i]), &ask) != STATUS_BAD)
            fail_msg("%s", bodies[i]);
    }
}

static void assert_rewritten(const char *body, bool restricted, int64_t most, const char *want)
{
    const struct ruling ruling = { .restricted = restricted, .output_cap = most };
    struct buffer out = { 0 };
    struct ask ask = asked(API_OPENAI_CHAT, body);
    assert_ok(asking_rewrite(&asking, padded(body), &ask, &ruling, &out));
    if (!span_is(buffer_span(&out), want))
        fail_msg("%.*s", (int)out.n, out.data);
    buffer_fini(&out);
}

static void a_restricted_body_asks_for_nothing_that_is_taken_out(void **state)
{
    (void)state;
    assert_rewritten("{\"model\":\"m\",\"n\":2,\"logprobs\":true,\"user\":\"u\"}", true, 512,
        "{\"model\":\"m\",\"user\":\"u\",\"max_completion_tokens\":512}");
    assert_rewritten(
        "{\"max_tokens\":10,\"n_predict\":-1}", false, 512, "{\"max_tokens\":10,\"n_predict\":10}");
    assert_rewritten("{\"max_tokens\":1000}", true, 512, "{\"max_tokens\":512}");
    assert_rewritten("{\"n_predict\":5}", true, 512, "{\"n_predict\":5,\"max_completion_tokens\":512}");
    assert_rewritten("{\"n\":2}", false, 0, "{\"n\":2}");
}

static void json_is_known_by_how_it_begins(void **state)
{
    (void)state;
    assert_true(asking_looks_like_json(SPAN(" \n{")));
    assert_true(asking_looks_like_json(SPAN("\xef\xbb\xbf{")));
    assert_false(asking_looks_like_json(SPAN("n=2")));
    assert_false(asking_looks_like_json(SPAN("  ")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_parameter_is_read_whichever_api_is_called),
        cmocka_unit_test(a_number_counts_in_whichever_form_it_is_written),
        cmocka_unit_test(a_size_that_may_be_any_is_told),
        cmocka_unit_test(prompts_are_those_of_a_text_completion),
        cmocka_unit_test(a_size_is_due_by_the_name_that_the_api_has),
        cmocka_unit_test(what_cannot_be_told_is_refused),
        cmocka_unit_test(a_restricted_body_asks_for_nothing_that_is_taken_out),
        cmocka_unit_test(json_is_known_by_how_it_begins),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
