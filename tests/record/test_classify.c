#include "record/classify.h"
#include "record/tokens.h"
#include "support/test.h"

#include <stdlib.h>
#include <string.h>

struct result {
    uint8_t capability[CAP_COUNT], elicitation[ELICIT_COUNT];
};

static struct tokens *user_tokens, *system_tokens;

static int set_up(void **state)
{
    (void)state;
    return tokens_new(&user_tokens) != STATUS_OK || tokens_new(&system_tokens) != STATUS_OK;
}

static int tear_down(void **state)
{
    (void)state;
    tokens_free(user_tokens);
    tokens_free(system_tokens);
    return 0;
}

static struct result classified(const char *system, const char *user)
{
    struct result out;
    tokens_reset(user_tokens);
    tokens_reset(system_tokens);
    tokens_add(user_tokens, span_of(user));
    tokens_add(system_tokens, span_of(system));
    classify_tokens(&(struct classifier_input){ user_tokens->hash, user_tokens->n, system_tokens->hash,
                        system_tokens->n },
        out.capability, out.elicitation);
    return out;
}

static unsigned largest(const uint8_t *shares, unsigned n)
{
    unsigned best = 0;
    for (unsigned c = 1; c < n; c++)
        best = shares[c] > shares[best] ? c : best;
    return best;
}

static void plain_requests_get_their_capability(void **state)
{
    (void)state;
    static const struct {
        const char *system, *user;
        enum capability capability;
    } cases[] = {
        { "", "Write a Python function that reverses a linked list.", CAP_CODING },
        { "", "Tom has 12 apples, gives 5 to Ann and buys 7 more. How many apples does Tom have now?",
            CAP_MATH },
        { "", "What is the capital of Australia?", CAP_KNOWLEDGE },
        { "", "Write a short story about a lighthouse keeper and his cat.", CAP_WRITING },
        { "", "Summarize the following article in three sentences.", CAP_SUMMARY },
        { "", "Classify the sentiment of the following review as positive or negative.", CAP_EXTRACTION },
        { "", "Translate the following sentence into French: The train leaves at noon.", CAP_TRANSLATION },
        { "You are an impartial judge.",
            "Rate the response on a scale from 1 to 10 and output only the score.", CAP_JUDGING },
        { "", "Generate ten new training questions about geometry with answers.", CAP_SYNTHESIS },
        { "", "My card has not arrived yet, when will I get it?", CAP_SUPPORT },
    };
    for (unsigned i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct result result = classified(cases[i].system, cases[i].user);
        assert_int_equal(largest(result.capability, CAP_COUNT), cases[i].capability);
    }
}

static void each_kind_of_elicitation_stands_out_from_its_benign_twin(void **state)
{
    (void)state;
    static const struct {
        const char *yes, *no;
        enum elicitation kind;
    } cases[] = {
        { "Show your full internal reasoning inside <thinking> tags before the final answer. What is 7 times "
          "8?",
            "What is 7 times 8?", ELICIT_REASONING },
        { "Grade the response by the rubric on a scale from 1 to 5 and output the score.",
            "Write a report about the weather on a sheet of paper.", ELICIT_RUBRIC },
        { "Clean the following model output: remove repetitions and self-references, keep the reasoning "
          "trace.",
            "Clean the kitchen and remove the dishes: what is a good plan?", ELICIT_CLEANING },
        { "Generate 20 diverse instructions for training a language model, with answers.",
            "Give me three recipes with tomatoes.", ELICIT_TASKS },
    };
    for (unsigned i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_in_range(classified("", cases[i].yes).elicitation[cases[i].kind], 128, 255);
        assert_in_range(classified("", cases[i].no).elicitation[cases[i].kind], 0, 127);
    }
}

static void no_tokens_give_no_scores(void **state)
{
    (void)state;
    const struct result none = { 0 };
    struct result result = classified("", "");
    assert_memory_equal(&result, &none, sizeof none);
    classify_tokens(&(struct classifier_input){ 0 }, result.capability, result.elicitation);
    assert_memory_equal(&result, &none, sizeof none);
}

static void a_system_prompt_alone_is_scored(void **state)
{
    (void)state;
    struct result result = classified("You are a translator. Translate everything into German.", "");
    assert_int_equal(largest(result.capability, CAP_COUNT), CAP_TRANSLATION);
    assert_int_equal(result.capability[CAP_VISION], 0);
}

/* Runs cover the text in order, never a token twice, and no token beyond the stated ones. */
static void runs_take_head_middle_and_tail(void **state)
{
    (void)state;
    static uint32_t text[2000];
    for (size_t n = 0; n < 2000; n++) {
        struct classifier_input in = { text, n, text, n };
        struct token_run runs[CLASSIFY_RUNS];
        classifier_runs(&in, runs);
        size_t user = runs[0].n + runs[1].n + runs[2].n, system = runs[3].n + runs[4].n;
        assert_int_equal(
            user, n < CLASSIFY_USER_HEAD + CLASSIFY_USER_TAIL ? n : CLASSIFY_USER_HEAD + CLASSIFY_USER_TAIL);
        assert_int_equal(system, n < CLASSIFY_SYSTEM ? n : CLASSIFY_SYSTEM);
        if (runs[2].n > 0)
            assert_ptr_equal(runs[2].tokens + runs[2].n, text + n);
        if (runs[1].n > 0)
            assert_true(runs[1].tokens == text + runs[0].n && runs[1].tokens + runs[1].n <= runs[2].tokens);
        if (runs[4].n > 0)
            assert_ptr_equal(runs[4].tokens, text + runs[3].n);
    }
}

static void nothing_beyond_the_tokens_that_count_matters(void **state)
{
    (void)state;
    static uint32_t text[2000];
    for (unsigned i = 0; i < 2000; i++)
        text[i] = (i + 1) * 2654435761u;
    struct result before, after;
    struct classifier_input in = { text, 2000, text, 2000 };
    classify_tokens(&in, before.capability, before.elicitation);
    for (unsigned i = CLASSIFY_USER_HEAD; i < 2000 - CLASSIFY_USER_TAIL; i++)
        text[i] = 42;
    classify_tokens(&in, after.capability, after.elicitation);
    assert_memory_equal(&before, &after, sizeof before);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plain_requests_get_their_capability),
        cmocka_unit_test(each_kind_of_elicitation_stands_out_from_its_benign_twin),
        cmocka_unit_test(no_tokens_give_no_scores),
        cmocka_unit_test(a_system_prompt_alone_is_scored),
        cmocka_unit_test(runs_take_head_middle_and_tail),
        cmocka_unit_test(nothing_beyond_the_tokens_that_count_matters),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
