#include "support/test.h"

#include "record/format.h"
#include "record/record.h"

static struct wordtable table;
static struct known known;
static struct tokens *tokens;

static int start(void **state)
{
    (void)state;
    format_words(&table);
    wordtable_build(&table);
    return tokens_new(&tokens) != STATUS_OK;
}

static int stop(void **state)
{
    (void)state;
    tokens_free(tokens);
    return 0;
}

static uint32_t format(const char *text)
{
    tokens_reset(tokens);
    tokens_add(tokens, span_of(text));
    known_find(&table, tokens, &known);
    return format_of(&known);
}

static void demanded_formats_are_seen(void **state)
{
    (void)state;
    assert_int_equal(format("Return valid JSON with two keys."), FORMAT_JSON);
    assert_int_equal(format("Put your thoughts in <scratch> and stop."), FORMAT_TAGS);
    assert_int_equal(format("Let's think step by step."), FORMAT_REASON_THEN_ANSWER);
    assert_int_equal(format("Explain your reasoning, then give the result."), FORMAT_REASON_THEN_ANSWER);
    assert_int_equal(format("Give the result as \\boxed{}."), FORMAT_BOXED);
    assert_int_equal(format("Summarise in three bullets."), FORMAT_LIST);
    assert_int_equal(format("Output only the code."), FORMAT_CODE_ONLY);
    assert_int_equal(format("Show them in a Markdown table."), FORMAT_TABLE);
    assert_int_equal(format("Reply with yes or no."), FORMAT_LABEL_ONLY);
    assert_int_equal(format("Reply with a single word."), FORMAT_LABEL_ONLY);
}

static void plain_requests_demand_nothing(void **state)
{
    (void)state;
    assert_int_equal(format("Write a poem about the sea."), 0);
    assert_int_equal(format("How do I set the table for guests?"), 0);
    assert_int_equal(format(""), 0);
}

static void two_named_answers_are_candidates(void **state)
{
    (void)state;
    assert_true(format("Response A: x\nResponse B: y\nWhich is better?") & FORMAT_CANDIDATES);
    assert_true(format("[Assistant 1] x [Assistant 2] y") & FORMAT_CANDIDATES);
    assert_false(format("Response A: x") & FORMAT_CANDIDATES);
}

static void a_demand_at_the_end_of_a_long_text_is_seen(void **state)
{
    (void)state;
    char text[8000] = "";
    for (size_t n = 0; n < 6000; n += 6)
        memcpy(text + n, "filler ", 8);
    memcpy(text + 6000, " return JSON", 13);
    assert_int_equal(format(text), FORMAT_JSON);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(demanded_formats_are_seen),
        cmocka_unit_test(plain_requests_demand_nothing),
        cmocka_unit_test(two_named_answers_are_candidates),
        cmocka_unit_test(a_demand_at_the_end_of_a_long_text_is_seen),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
