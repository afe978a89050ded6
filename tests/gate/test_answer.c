#include "gate/answer.h"

#include "support/test.h"

#include <stdlib.h>

static char text[4096];

static const char *body_of(const struct answer_facts *facts)
{
    struct buffer out = { 0 };
    answer_body(facts, &out);
    assert_ok(out.status);
    assert_true(out.n < sizeof text);
    memcpy(text, out.data, out.n);
    text[out.n] = '\0';
    buffer_fini(&out);
    return text;
}

static void each_api_gets_its_own_envelope(void **state)
{
    (void)state;
    const struct ruling ruling = { .kind = RULING_KEY_UNKNOWN };
    struct answer_facts facts = { .ruling = &ruling, .api = API_OPENAI_CHAT, .case_id = 0xab };
    assert_non_null(strstr(
        body_of(&facts), "{\"error\":{\"message\":\"The API key is not valid. Case 00000000000000ab.\""));
    assert_non_null(strstr(text, "\"code\":\"invalid_api_key\""));
    assert_non_null(strstr(text, "\"status\":401"));
    facts.api = API_ANTHROPIC_MESSAGES;
    assert_non_null(strstr(body_of(&facts), "{\"type\":\"error\",\"error\":{\"message\":"));
    assert_non_null(strstr(text, "\"type\":\"authentication_error\""));
    facts.api = API_NONE;
    assert_non_null(strstr(body_of(&facts), "{\"type\":\"urn:stillwatch:problem:key-invalid\",\"title\":"));
    assert_string_equal(answer_type(API_NONE), "application/problem+json");
    assert_string_equal(answer_type(API_OPENAI_RESPONSES), "application/json");
}

static void every_ruling_has_words_in_every_envelope(void **state)
{
    (void)state;
    for (unsigned kind = RULING_PASS + 1; kind < RULING_KINDS; kind++)
        for (unsigned api = 0; api < API_COUNT; api++) {
            const struct ruling ruling = { .kind = kind };
            const struct answer_facts facts = { .ruling = &ruling, .api = api };
            assert_null(strstr(body_of(&facts), "\"type\":null"));
            assert_null(strstr(text, "\"title\":null"));
            assert_true(ruling_status(kind) >= 400);
        }
}

static void a_step_up_says_what_is_enough_and_where(void **state)
{
    (void)state;
    const struct ruling ruling = {
        .kind = RULING_VERIFY, .use = USE_REASONING, .verify = VERIFIED_CARD | VERIFIED_BUSINESS
    };
    const struct answer_facts facts = {
        .ruling = &ruling, .api = API_OPENAI_CHAT, .step_up_url = "https://example.com/v"
    };
    assert_non_null(strstr(
        body_of(&facts), "It concerns: reasoning. Enough is the verification of a card or a business."));
    assert_non_null(strstr(text, "\"step_up_url\":\"https://example.com/v\""));
}

static void an_unknown_and_a_revoked_key_read_alike(void **state)
{
    (void)state;
    assert_string_equal(answer_problem(RULING_KEY_UNKNOWN), "urn:stillwatch:problem:key-invalid");
    assert_string_equal(answer_problem(RULING_PASS), "about:blank");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_api_gets_its_own_envelope),
        cmocka_unit_test(every_ruling_has_words_in_every_envelope),
        cmocka_unit_test(a_step_up_says_what_is_enough_and_where),
        cmocka_unit_test(an_unknown_and_a_revoked_key_read_alike),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
