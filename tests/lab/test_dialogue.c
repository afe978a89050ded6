#define _GNU_SOURCE
#include "lab/dialogue.h"

#include "exchange/dialect.h"
#include "lab/dice.h"
#include "lab/same_event.h"
#include "support/alloc_sweep.h"
#include "support/random.h"
#include "support/test.h"

#include <math.h>
#include <string.h>

static struct corpus *corpus;

static int open_corpus(void **state)
{
    (void)state;
    return corpus_new(NULL, &corpus, NULL) == STATUS_OK ? 0 : -1;
}

static int close_corpus(void **state)
{
    (void)state;
    corpus_free(corpus);
    return 0;
}

static const struct style plain = { .system = STYLE_ABSENT,
    .tools = STYLE_ABSENT,
    .system_bytes = 400,
    .max_tokens = NUMBER_ABSENT,
    .temperature_milli = NUMBER_ABSENT,
    .n = NUMBER_ABSENT,
    .answer_tok = 60,
    .api = API_OPENAI_CHAT };
static const struct ask hello = {
    .talk = { .conversation = 4711, .task = 5, .turns = 1, .answer_tok = 60, .pool = POOL_CODE },
    .status = 200
};

static struct exchange spoken(struct dialogue *dialogue, const struct ask *ask, const struct style *style)
{
    struct exchange exchange = { .api = style->api };
    assert_ok(dialogue_speak(dialogue, ask, style, &exchange));
    return exchange;
}

/* Roles and kinds in order, a letter and a mark a part, "|" between messages, "->" before what is issued. */
static void shape(const struct exchange *exchange, char *ret_text)
{
    static const char roles[] = "suat", kinds[] = ".cr~$"; /* text, call, result, reasoning, signature */
    for (uint32_t i = 0; i < exchange->n_parts; i++) {
        const struct part *part = &exchange->parts[i], *before = part - 1;
        if (i > 0 && part->issued != before->issued)
            ret_text += sprintf(ret_text, "->");
        else if (i > 0 && part->message != before->message)
            *ret_text++ = '|';
        *ret_text++ = roles[part->role];
        *ret_text++ = kinds[part->kind];
    }
    *ret_text = '\0';
}

static void assert_shape(const struct ask *ask, const struct style *style, const char *want)
{
    struct dialogue dialogue;
    char got[256];
    assert_ok(dialogue_init(&dialogue, corpus));
    struct exchange exchange = spoken(&dialogue, ask, style);
    shape(&exchange, got);
    assert_string_equal(got, want);
    dialogue_fini(&dialogue);
}

static void a_question_is_asked_and_answered_in_the_shape_of_its_api(void **state)
{
    (void)state;
    struct style style = plain;
    struct ask ask = hello;
    assert_shape(&ask, &style, "u.->a.");
    style.system = 3;
    assert_shape(&ask, &style, "s.|u.->a.");
    style.flags = STYLE_REASONING; /* which only one API returns */
    assert_shape(&ask, &style, "s.|u.->a.");
    style.api = API_OPENAI_RESPONSES;
    assert_shape(&ask, &style, "s.|u.->a.");
    style.api = API_ANTHROPIC_MESSAGES;
    assert_shape(&ask, &style, "s.|u.->a~a$a.");
    ask.status = 429;
    assert_shape(&ask, &style, "s.|u.");
}

static void the_history_is_before_and_a_tool_is_called_in_every_turn_but_the_last(void **state)
{
    (void)state;
    struct style style = plain;
    struct ask ask = hello;
    ask.talk.turns = 3;
    ask.talk.turn = 2;
    assert_shape(&ask, &style, "u.|a.|u.|a.|u.->a.");
    style.tools = 2;
    assert_shape(&ask, &style, "u.|a.ac|tr|a.ac|tr->a.");
    ask.talk.turn = 1;
    assert_shape(&ask, &style, "u.|a.ac|tr->a.ac");
    style.api = API_OPENAI_RESPONSES; /* every item is a message */
    assert_shape(&ask, &style, "u.|a.|ac|tr->a.|ac");
    style.api = API_ANTHROPIC_MESSAGES;
    style.flags = STYLE_REASONING;
    assert_shape(&ask, &style, "u.|a~a$a.ac|tr->a~a$a.ac");
}

static void a_result_answers_the_call_before_it(void **state)
{
    (void)state;
    struct dialogue dialogue;
    struct style style = plain;
    struct ask ask = hello;
    style.tools = 1;
    ask.talk.turns = 4;
    ask.talk.turn = 3;
    assert_ok(dialogue_init(&dialogue, corpus));
    struct exchange exchange = spoken(&dialogue, &ask, &style);
    unsigned results = 0;
    for (uint32_t i = 1; i < exchange.n_parts; i++) {
        const struct part *part = &exchange.parts[i];
        if (part->kind != PART_TOOL_RESULT)
            continue;
        assert_int_equal(part[-1].kind, PART_TOOL_CALL);
        assert_true(span_eq(part->id, part[-1].id) && part->id.n > 10);
        for (uint32_t k = i + 1; k < exchange.n_parts; k++)
            assert_true(exchange.parts[k].kind != PART_TOOL_CALL || !span_eq(exchange.parts[k].id, part->id));
        bool found = false;
        for (uint32_t k = 0; k < exchange.n_tools; k++)
            found |= span_eq(exchange.tools[k].name, part[-1].name);
        assert_true(found);
        results++;
    }
    assert_int_equal(results, 3);
    dialogue_fini(&dialogue);
}

static void a_refusal_and_a_restricted_answer_have_nothing_of_value(void **state)
{
    (void)state;
    struct dialogue dialogue;
    struct ask ask = hello;
    assert_ok(dialogue_init(&dialogue, corpus));
    struct exchange exchange = spoken(&dialogue, &ask, &plain);
    assert_int_equal(exchange.finish, FINISH_STOP);
    static const uint8_t flags[] = { ASK_REFUSED, ASK_RESTRICTED, ASK_REFUSED | ASK_RESTRICTED };
    for (size_t i = 0; i < sizeof flags; i++) {
        ask.talk.flags = flags[i];
        exchange = spoken(&dialogue, &ask, &plain);
        assert_int_equal(exchange.finish, FINISH_REFUSAL);
        assert_true(exchange.parts[exchange.n_parts - 1].text.n < 60);
    }
    dialogue_fini(&dialogue);
}

static bool contains(struct span text, struct span what)
{
    return what.n > 0 && memmem(text.data, text.n, what.data, what.n) != NULL;
}

/* What was answered in one conversation, and signed there, comes back in another, word for word. */
static void quotes_and_replays_carry_what_was_issued_elsewhere(void **state)
{
    (void)state;
    struct dialogue first, second;
    struct style style = plain;
    style.api = API_ANTHROPIC_MESSAGES;
    style.flags = STYLE_REASONING;
    struct ask source = hello, quoting = hello;
    source.talk.turns = 5;
    source.talk.turn = 3;
    quoting.talk.conversation = 99;
    quoting.talk.quoted = (struct said){ .conversation = source.talk.conversation,
        .task = source.talk.task,
        .turn = 3,
        .answer_tok = source.talk.answer_tok,
        .pool = source.talk.pool };
    assert_ok(dialogue_init(&first, corpus));
    assert_ok(dialogue_init(&second, corpus));
    struct exchange said = spoken(&first, &source, &style);
    struct span signature = said.parts[said.n_parts - 2].text, answer = said.parts[said.n_parts - 1].text;
    quoting.talk.flags = ASK_QUOTES;
    struct exchange exchange = spoken(&second, &quoting, &style);
    assert_true(contains(exchange.parts[0].text, answer));
    quoting.talk.flags = ASK_REPLAYS;
    exchange = spoken(&second, &quoting, &style);
    assert_int_equal(exchange.parts[1].kind, PART_SIGNATURE);
    assert_true(span_eq(exchange.parts[1].text, signature));
    assert_false(contains(exchange.parts[2].text, answer));
    dialogue_fini(&first);
    dialogue_fini(&second);
}

static void parameters_are_those_of_the_style_and_named_as_the_api_names_them(void **state)
{
    (void)state;
    struct dialogue dialogue;
    struct style style = plain;
    style.max_tokens = 512;
    style.temperature_milli = 700;
    style.n = 3;
    style.flags = STYLE_STREAM | STYLE_REASONING;
    assert_ok(dialogue_init(&dialogue, corpus));
    struct exchange_params chat = spoken(&dialogue, &hello, &style).params;
    style.api = API_OPENAI_RESPONSES;
    struct exchange_params responses = spoken(&dialogue, &hello, &style).params;
    style.api = API_ANTHROPIC_MESSAGES;
    style.max_tokens = NUMBER_ABSENT;
    struct exchange_params messages = spoken(&dialogue, &hello, &style).params;
    assert_true(chat.max_tokens == 512 && chat.temperature_milli == 700 && chat.n == 3);
    assert_true(chat.flags == PARAM_STREAM && chat.names >> NAME_MAX_TOKENS & 1 && chat.names >> NAME_N & 1);
    assert_true(responses.n == NUMBER_ABSENT && !(responses.names >> NAME_N & 1));
    assert_true(responses.names >> NAME_MAX_OUTPUT_TOKENS & 1 && responses.names >> NAME_INPUT & 1);
    assert_true(messages.max_tokens == 4096 && messages.flags == (PARAM_STREAM | PARAM_REASONING));
    assert_true(messages.names >> NAME_THINKING & 1 && messages.reasoning_budget_tok == 4096);
    dialogue_fini(&dialogue);
}

static void token_counts_are_a_quarter_of_the_bytes(void **state)
{
    (void)state;
    struct dialogue dialogue;
    struct ask ask = hello;
    assert_ok(dialogue_init(&dialogue, corpus));
    struct exchange exchange = spoken(&dialogue, &ask, &plain);
    assert_int_equal(exchange.usage.input_tok, (exchange.parts[0].text.n + 3) / 4);
    assert_int_equal(exchange.usage.output_tok, (exchange.parts[1].text.n + 3) / 4);
    ask.status = 500;
    exchange = spoken(&dialogue, &ask, &plain);
    assert_int_equal(exchange.usage.input_tok, NUMBER_ABSENT);
    assert_int_equal(exchange.usage.output_tok, NUMBER_ABSENT);
    assert_int_equal(exchange.finish, FINISH_NONE);
    dialogue_fini(&dialogue);
}

static void answers_have_the_median_length_of_their_talk_and_an_end(void **state)
{
    (void)state;
    enum { N = 20000 };
    unsigned below = 0;
    for (uint64_t i = 0; i < N; i++) {
        unsigned tokens = talk_tokens(dice_hash(20260504, i), 0, 180);
        assert_in_range(tokens, 4, 1500);
        below += tokens < 180;
    }
    assert_in_range(below, N / 2 - 300, N / 2 + 300);
    assert_int_equal(talk_tokens(1, 0, 0), 4);
    assert_int_equal(talk_tokens(1, 0, 65535), 1500);
}

/* The length of an answer is the talk's: an account with other habits says the history as it was. */
static void whoever_goes_on_repeats_answers_in_their_length(void **state)
{
    (void)state;
    struct dialogue first, second;
    struct style mine = plain, yours = plain;
    struct ask ask = hello;
    mine.answer_tok = 300;
    yours.answer_tok = 20;
    ask.talk.turns = 4;
    ask.talk.turn = 2;
    assert_ok(dialogue_init(&first, corpus));
    assert_ok(dialogue_init(&second, corpus));
    struct exchange a = spoken(&first, &ask, &mine), b = spoken(&second, &ask, &yours);
    assert_null(exchange_difference(&a, &b));
    dialogue_fini(&first);
    dialogue_fini(&second);
}

static struct ask random_ask(struct test_random *random)
{
    struct ask ask = { .status = test_random_below(random, 9) ? 200 : 429 };
    struct talk *talk = &ask.talk;
    /* Few conversations, so that they are met again in any turn. */
    talk->conversation = 1 + test_random_below(random, 40);
    struct test_random own = { talk->conversation };
    talk->task = test_random_below(&own, 1000);
    talk->pool = (uint8_t)test_random_below(&own, POOL_COUNT);
    talk->frame_kind = (uint8_t)test_random_below(&own, FRAME_KIND_COUNT);
    talk->frame = test_random_u64(&own);
    talk->variant = test_random_below(&own, 300);
    talk->turns = (uint16_t)(1 + test_random_below(&own, 6));
    talk->answer_tok = (uint16_t)(20 + test_random_below(&own, 200));
    talk->flags = (uint8_t)(test_random_below(&own, 2) ? ASK_QUOTES : ASK_REPLAYS);
    talk->quoted =
        (struct said){ .conversation = 5, .task = 6, .answer_tok = 50, .turn = 1, .pool = POOL_CHAT };
    talk->turn = (uint16_t)test_random_below(random, talk->turns);
    return ask;
}

static struct style random_style(struct test_random *random)
{
    struct style style = plain;
    style.api = (uint8_t)(API_OPENAI_CHAT + test_random_below(random, 3));
    style.flags = (uint8_t)test_random_below(random, 4);
    style.system = test_random_below(random, 2) ? STYLE_ABSENT : test_random_below(random, 400);
    style.tools = test_random_below(random, 2) ? STYLE_ABSENT : test_random_below(random, 400);
    return style;
}

/* What a dialogue remembers shows in nothing that it says. */
static void whoever_says_it_says_the_same(void **state)
{
    (void)state;
    struct dialogue old;
    struct test_random random = { 20260504 };
    assert_ok(dialogue_init(&old, corpus));
    for (int i = 0; i < 1500; i++) {
        struct dialogue fresh;
        struct ask ask = random_ask(&random);
        struct style style = random_style(&random);
        assert_ok(dialogue_init(&fresh, corpus));
        struct exchange a = spoken(&old, &ask, &style), b = spoken(&fresh, &ask, &style);
        const char *at = exchange_difference(&a, &b);
        if (at)
            fail_msg("exchange %d differs in %s", i, at);
        dialogue_fini(&fresh);
    }
    dialogue_fini(&old);
}

static void without_memory_it_says_so_and_then_says_it_all(void **state)
{
    (void)state;
    struct style style = plain;
    struct ask ask = hello;
    style.system = 7;
    style.tools = 9;
    style.api = API_ANTHROPIC_MESSAGES;
    style.flags = STYLE_REASONING;
    ask.talk.turns = 3;
    ask.talk.turn = 2;
    ask.talk.frame_kind = FRAME_RUBRIC;
    struct dialogue sound;
    assert_ok(dialogue_init(&sound, corpus));
    struct exchange want = spoken(&sound, &ask, &style);
    bool failed = true;
    for (long nth = 0; failed; nth++) {
        struct dialogue dialogue = { 0 };
        struct exchange exchange = { .api = style.api };
        alloc_sweep_arm(nth);
        enum status st = dialogue_init(&dialogue, corpus);
        bool made = st == STATUS_OK;
        if (made)
            st = dialogue_speak(&dialogue, &ask, &style, &exchange);
        failed = alloc_sweep_disarm();
        assert_true(st == STATUS_OK || (failed && st == STATUS_NOMEM));
        if (!made)
            continue;
        exchange = spoken(&dialogue, &ask, &style);
        assert_null(exchange_difference(&exchange, &want));
        dialogue_fini(&dialogue);
    }
    dialogue_fini(&sound);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_question_is_asked_and_answered_in_the_shape_of_its_api),
        cmocka_unit_test(the_history_is_before_and_a_tool_is_called_in_every_turn_but_the_last),
        cmocka_unit_test(a_result_answers_the_call_before_it),
        cmocka_unit_test(a_refusal_and_a_restricted_answer_have_nothing_of_value),
        cmocka_unit_test(quotes_and_replays_carry_what_was_issued_elsewhere),
        cmocka_unit_test(parameters_are_those_of_the_style_and_named_as_the_api_names_them),
        cmocka_unit_test(token_counts_are_a_quarter_of_the_bytes),
        cmocka_unit_test(answers_have_the_median_length_of_their_talk_and_an_end),
        cmocka_unit_test(whoever_goes_on_repeats_answers_in_their_length),
        cmocka_unit_test(whoever_says_it_says_the_same),
        cmocka_unit_test(without_memory_it_says_so_and_then_says_it_all),
    };
    return cmocka_run_group_tests(tests, open_corpus, close_corpus);
}
