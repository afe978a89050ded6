#include "support/test.h"

#include "record/extract.h"

#include <stdio.h>

static struct key key;
static struct extractor *extractor;

static int start(void **state)
{
    (void)state;
    key_init(&key, key_default_secret);
    return extractor_new(&key, &extractor) != STATUS_OK;
}

static int stop(void **state)
{
    (void)state;
    extractor_free(extractor);
    return 0;
}

#define ANSWER                                                                                               \
    "To merge two sorted lists walk both of them at once, always take the smaller head, and then append "    \
    "whatever is left over at the end of the longer one."

static struct part text_part(uint8_t role, uint32_t message, const char *text)
{
    return (struct part){ .role = role, .kind = PART_TEXT, .message = message, .text = span_of(text) };
}

static struct part issued_part(const char *text)
{
    struct part part = text_part(ROLE_ASSISTANT, 0, text);
    part.issued = 1;
    return part;
}

static struct record record_of(struct extractor *with, const struct part *parts, uint32_t n)
{
    struct event event = { .kind = EVENT_EXCHANGE, .time_ms = 1000 };
    struct record record;
    event.exchange = (struct exchange){
        .id = SPAN("req_1"),
        .account = SPAN("acct_1"),
        .api = API_OPENAI_CHAT,
        .status = 200,
        .usage = { -1, -1, -1, -1 },
        .duration_ms = -1,
        .params = { .max_tokens = -1,
            .temperature_milli = -1,
            .top_p_milli = -1,
            .n = -1,
            .top_logprobs = -1 },
        .n_parts = n,
        .parts = parts,
    };
    extract_record(with, &event, &record);
    return record;
}

static void an_issued_turn_that_comes_back_matches(void **state)
{
    (void)state;
    const struct part first[] = { text_part(ROLE_USER, 0, "How do I merge lists?"), issued_part(ANSWER) };
    const struct part second[] = { text_part(ROLE_USER, 0, "How do I merge lists?"),
        text_part(ROLE_ASSISTANT, 1, ANSWER), text_part(ROLE_USER, 2, "And three of them?") };
    const struct part third[] = { text_part(
        ROLE_USER, 0, "Grade this answer from 1 to 10:\n\n\"" ANSWER "\"") };
    struct record issued = record_of(extractor, first, 2), returned = record_of(extractor, second, 3),
                  echoed = record_of(extractor, third, 1);
    assert_true(issued.exchange.anchors.issued_turn != 0);
    assert_true(returned.exchange.anchors.turns[0] == issued.exchange.anchors.issued_turn);
    assert_true(returned.exchange.anchors.turns[1] == 0);
    bool met = false;
    for (size_t i = 0; i < ISSUED_MAX; i++)
        for (size_t j = 0; j < ECHO_MAX; j++)
            met |= issued.exchange.anchors.issued[i] &&
                   issued.exchange.anchors.issued[i] == echoed.exchange.anchors.echo[j];
    assert_true(met);
}

static void turns_of_the_history_come_newest_first(void **state)
{
    (void)state;
    struct part parts[41];
    char texts[41][200];
    for (uint32_t i = 0; i < 41; i++) {
        snprintf(texts[i], sizeof texts[i], "%s turn %u of many", ANSWER, i);
        parts[i] = text_part(i % 2 ? ROLE_ASSISTANT : ROLE_USER, i, texts[i]);
    }
    struct record record = record_of(extractor, parts, 41);
    const struct part newest[] = { text_part(ROLE_USER, 0, "x"), issued_part(texts[39]) };
    const struct part eighth[] = { text_part(ROLE_USER, 0, "x"), issued_part(texts[25]) };
    assert_true(
        record.exchange.anchors.turns[0] == record_of(extractor, newest, 2).exchange.anchors.issued_turn);
    assert_true(
        record.exchange.anchors.turns[7] == record_of(extractor, eighth, 2).exchange.anchors.issued_turn);
    assert_int_equal(record.exchange.n_assistant_turns, 20);
}

static void signatures_and_call_ids_that_come_back_match(void **state)
{
    (void)state;
    struct part signature = { .role = ROLE_ASSISTANT, .kind = PART_SIGNATURE, .text = SPAN("c2lnbmF0dXJl") };
    struct part call = { .role = ROLE_ASSISTANT,
        .kind = PART_TOOL_CALL,
        .text = SPAN("{}"),
        .id = SPAN("call_aBcDeFgH0123456789") };
    struct part counter = {
        .role = ROLE_ASSISTANT, .kind = PART_TOOL_CALL, .text = SPAN("{}"), .id = SPAN("call_0")
    };
    const struct part returned[] = { text_part(ROLE_USER, 0, "x"), signature, call, counter };
    signature.issued = call.issued = counter.issued = 1;
    const struct part issued[] = { text_part(ROLE_USER, 0, "x"), signature, call, counter };
    struct record out = record_of(extractor, issued, 4), in = record_of(extractor, returned, 4);
    assert_true(out.exchange.anchors.issued_signature[0] && out.exchange.anchors.issued_signature[1]);
    assert_true(in.exchange.anchors.signature[0] == out.exchange.anchors.issued_signature[0]);
    assert_true(in.exchange.anchors.signature[1] == out.exchange.anchors.issued_signature[1]);
    assert_true(in.exchange.anchors.signature[2] == 0);
    assert_true(in.exchange.capability[CAP_AGENTIC] >= 128);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_issued_turn_that_comes_back_matches),
        cmocka_unit_test(turns_of_the_history_come_newest_first),
        cmocka_unit_test(signatures_and_call_ids_that_come_back_match),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
