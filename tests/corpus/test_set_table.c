#define _GNU_SOURCE /* nftw, memmem */
#include "corpus/set_table.h"
#include "data_folder.h"

#include <string.h>

static struct sets *read_sets(const char *folder)
{
    struct sets *sets;
    struct diag diag = { 0 };
    if (sets_new(folder, &sets, &diag) != STATUS_OK)
        fail_msg("%s: line %u: %s", diag.file ? diag.file : "", (unsigned)diag.line, diag.reason);
    return sets;
}

static bool has_task(const struct sets *sets, enum corpus_pool pool, const char *text)
{
    for (uint64_t i = 0; i < sets_tasks(sets, pool); i++)
        if (span_is(sets_task(sets, pool, i), text))
            return true;
    return false;
}

static bool has_follow_up(const struct sets *sets, enum corpus_pool pool, const char *text)
{
    for (uint64_t i = 0; i < sets_follow_ups(sets, pool); i++)
        if (span_is(sets_follow_up(sets, pool, i), text))
            return true;
    return false;
}

static void instructions_go_where_their_first_words_fit(void **state)
{
    (void)state;
    char folder[] = "corpus_table_XXXXXX";
    data_folder_make(folder);
    data_folder_put(folder, "alpaca_52k", "alpaca_data.jsonl",
        "{\"instruction\":\"Write an ode.\",\"input\":\"\",\"output\":\"x\"}\n"
        "{\"instruction\":\"Write a function.\",\"input\":\"<noinput>\",\"output\":\"x\"}\n"
        "{\"instruction\":\"TRANSLATE this\",\"input\":\"to you\",\"output\":\"x\"}\n"
        "{\"instruction\":\"What is rain?\",\"input\":\"No input\",\"output\":\"x\"}\n"
        "{\"instruction\":\"Calculate it.\",\"input\":\"1+1\",\"output\":\"x\"}\n"
        "{\"instruction\":\"Plan a day.\",\"input\":\"\",\"output\":\"x\"}\n");
    struct sets *sets = read_sets(folder);
    assert_true(has_task(sets, POOL_WRITING, "Write an ode."));
    assert_true(has_task(sets, POOL_CODE, "Write a function."));
    assert_true(has_task(sets, POOL_TRANSLATION, "TRANSLATE this\nto you"));
    assert_true(has_task(sets, POOL_KNOWLEDGE, "What is rain?"));
    assert_true(has_task(sets, POOL_MATH, "Calculate it.\n1+1"));
    assert_true(has_task(sets, POOL_CHAT, "Plan a day."));
    assert_int_equal(sets_tasks(sets, POOL_SUPPORT), 0);
    sets_free(sets);
    data_folder_remove(folder);
}

static void dialogues_give_a_task_and_what_follows_up(void **state)
{
    (void)state;
    char folder[] = "corpus_table_XXXXXX";
    data_folder_make(folder);
    data_folder_put(folder, "hh_rlhf_harmless_test", "harmless-base_test.jsonl",
        "{\"chosen\":\"\\n\\nHuman: first?\\n\\nAssistant: no\\n\\nHuman: second\\n\\nAssistant: no\"}\n");
    data_folder_put(folder, "sgd_dialogues", "train.jsonl",
        "{\"services\":[\"x\"],\"turns\":[[\"USER\",\"a table\"],[\"SYSTEM\",\"when?\"],[\"USER\",\"at "
        "8\"]]}\n");
    data_folder_put(folder, "agentic_coding", "acr_conversations.jsonl",
        "{\"run\":1,\"messages\":[{\"role\":\"system\",\"content\":\"rules\"},{\"role\":\"user\",\"content\":"
        "\"<issue>It fails.</issue>\",\"chars\":9},{\"role\":\"assistant\",\"content\":\"ok\"},"
        "{\"role\":\"user\",\"content\":\"Result: <file>a.py</file>\"}]}\n");
    struct sets *sets = read_sets(folder);
    assert_true(has_task(sets, POOL_CHAT, "first?"));
    assert_true(has_follow_up(sets, POOL_CHAT, "second"));
    assert_true(has_task(sets, POOL_SUPPORT, "a table"));
    assert_true(has_follow_up(sets, POOL_SUPPORT, "at 8"));
    assert_true(has_task(sets, POOL_AGENT, "It fails."));
    assert_true(has_follow_up(sets, POOL_AGENT, "Result: a.py"));
    for (unsigned pool = 0; pool < POOL_COUNT; pool++)
        assert_int_equal(sets_tasks(sets, pool) + sets_follow_ups(sets, pool),
            pool == POOL_CHAT || pool == POOL_SUPPORT || pool == POOL_AGENT ? 2 : 0);
    sets_free(sets);
    data_folder_remove(folder);
}

static void marks_of_a_corpus_are_taken_off(void **state)
{
    (void)state;
    char folder[] = "corpus_table_XXXXXX";
    data_folder_make(folder);
    data_folder_put(folder, "gorilla_apibench", "a.json",
        "{\"code\":\"###Instruction: Find an API.\\n###Output: <<<domain>>>: x\"}\n"
        "{\"code\":\"{'Instruction': 'Count cats.', 'Output': {'domain': 'x'}}\"}\n"
        "{\"code\":\"neither form\"}\n");
    data_folder_put(folder, "t0_templates", "b.jsonl",
        "{\"prompt\":\"Passage: Rain fell.\\nQuestion: Why?\\nA Question: mark "
        "stays<|endoftext|>\",\"completion\":\"x\"}\n");
    data_folder_put(folder, "polyai_banking77", "test.csv", "text,category\n\"Card, where?\",x\n");
    data_folder_put(folder, "reasoning_eval_sets", "CommonsenseQA__train_rand_split.jsonl",
        "{\"question\":{\"question_concept\":\"no\",\"choices\":[{\"label\":\"A\",\"text\":\"b\"},{\"label\":"
        "\"B\","
        "\"text\":\"c\"}],\"stem\":\"Q: What?\"}}\n");
    struct sets *sets = read_sets(folder);
    assert_true(has_task(sets, POOL_CODE, "Find an API."));
    assert_true(has_task(sets, POOL_CODE, "Count cats."));
    assert_int_equal(sets_tasks(sets, POOL_CODE), 2);
    assert_true(has_task(sets, POOL_DOCUMENT, "Rain fell.\nWhy?\nA Question: mark stays"));
    assert_true(has_task(sets, POOL_SUPPORT, "Card, where?"));
    assert_true(has_task(sets, POOL_EVALUATION, "What?\nb\nc"));
    sets_free(sets);
    data_folder_remove(folder);
}

static void a_set_in_another_format_and_an_empty_folder_are_refused_in_words(void **state)
{
    (void)state;
    char folder[] = "corpus_table_XXXXXX";
    struct sets *sets = NULL;
    struct diag diag = { 0 };
    data_folder_make(folder);
    assert_int_equal(sets_new(folder, &sets, &diag), STATUS_NOT_FOUND);
    assert_non_null(strstr(diag.reason, "none of the known sets"));
    data_folder_put(folder, "alpaca_52k", "alpaca_data.jsonl", "{\"instruction\":\"a\"}\nnot JSON\n");
    assert_int_equal(sets_new(folder, &sets, &diag), STATUS_BAD);
    assert_non_null(strstr(diag.reason, "alpaca_52k/alpaca_data.jsonl"));
    assert_int_equal(diag.line, 2);
    assert_null(sets);
    data_folder_remove(folder);
    assert_int_equal(sets_new(folder, &sets, &diag), STATUS_NOT_FOUND);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(instructions_go_where_their_first_words_fit),
        cmocka_unit_test(dialogues_give_a_task_and_what_follows_up),
        cmocka_unit_test(marks_of_a_corpus_are_taken_off),
        cmocka_unit_test(a_set_in_another_format_and_an_empty_folder_are_refused_in_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
