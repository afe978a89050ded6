#define _GNU_SOURCE /* nftw */
#include "base/utf8.h"
#include "corpus/set_store.h"
#include "corpus/sets.h"
#include "data_folder.h"
#include "measure.h"
#include "support/alloc_sweep.h"

#include <string.h>

enum { SAMPLE = 2000 };

static void texts_are_trimmed_cut_at_a_character_kept_once_and_in_a_fixed_order(void **state)
{
    (void)state;
    struct sets *sets = calloc(1, sizeof *sets);
    struct buffer text = { 0 };
    assert_non_null(sets);
    for (unsigned i = 0; i < SETS_TEXT_MAX; i++)
        buffer_put_text(&text, "\xc3\xa9");
    buffer_put_text(&text, "x");
    assert_ok(set_store_add(sets, 0, SPAN("  a\n")));
    assert_ok(set_store_add(sets, 0, SPAN("b")));
    assert_ok(set_store_add(sets, 0, SPAN("a")));
    assert_ok(set_store_add(sets, 0, SPAN(" \n\t")));
    assert_ok(set_store_add(sets, 1, (struct span){ text.data + 1, text.n - 1 }));
    assert_ok(set_store_add(sets, 1, buffer_span(&text)));
    set_store_sort(sets);
    assert_int_equal(sets_tasks(sets, 0), 2);
    assert_true(span_is(sets_task(sets, 0, 0), "a") != span_is(sets_task(sets, 0, 1), "a"));
    assert_int_equal(sets_tasks(sets, 1), 2);
    for (uint64_t i = 0; i < 2; i++) {
        struct span kept = sets_task(sets, 1, i);
        assert_in_range(kept.n, SETS_TEXT_MAX - 1, SETS_TEXT_MAX);
        assert_int_equal(utf8_length(kept.data + kept.n - 2, 2), 2);
    }
    buffer_fini(&text);
    sets_free(sets);
}

static void no_sets_hold_nothing(void **state)
{
    (void)state;
    assert_int_equal(sets_tasks(NULL, POOL_CHAT), 0);
    assert_int_equal(sets_follow_ups(NULL, POOL_CHAT), 0);
    assert_int_equal(sets_systems(NULL), 0);
    sets_free(NULL);
}

static void a_corpus_takes_tasks_from_the_folder_and_the_rest_from_the_grammar(void **state)
{
    (void)state;
    char folder[] = "corpus_sets_XXXXXX";
    struct corpus *corpus;
    struct buffer out = { 0 };
    data_folder_make(folder);
    data_folder_put(folder, "polyai_banking77", "train.csv", "text,category\none,x\ntwo,x\n");
    data_folder_put(folder, "system_prompts", "a.md", "You are a lamp.\nBe bright.\nBe brief.\n");
    assert_ok(corpus_new(folder, &corpus, NULL));
    assert_int_equal(corpus_tasks(corpus, POOL_SUPPORT), 2);
    assert_true(corpus_tasks(corpus, POOL_CHAT) == UINT64_MAX);
    assert_ok(corpus_task(corpus, POOL_SUPPORT, 0, &out));
    assert_ok(corpus_task(corpus, POOL_SUPPORT, 1, &out));
    assert_true(span_is(buffer_span(&out), "onetwo") || span_is(buffer_span(&out), "twoone"));
    assert_ok(corpus_task(corpus, POOL_SUPPORT, 2, &out));
    assert_memory_equal(out.data, out.data + 6, 3);
    buffer_reset(&out);
    assert_ok(corpus_system(corpus, 5, 20, &out));
    assert_true(span_is(buffer_span(&out), "You are a lamp.\nBe bright."));
    buffer_reset(&out);
    assert_ok(corpus_answer(corpus, POOL_SUPPORT, 1, 1, 100, &out));
    assert_true(out.n > 300);
    corpus_free(corpus);
    buffer_fini(&out);
    data_folder_remove(folder);
}

static void without_memory_no_sets_are_made(void **state)
{
    (void)state;
    char folder[] = "corpus_sets_XXXXXX";
    enum status st = STATUS_NOMEM;
    data_folder_make(folder);
    data_folder_put(folder, "polyai_banking77", "train.csv", "text,category\none,x\n");
    data_folder_put(
        folder, "alpaca_52k", "alpaca_data.jsonl", "{\"instruction\":\"a\\tb\",\"input\":\"b\"}\n");
    for (long n = 0; st != STATUS_OK; n++) {
        struct sets *sets = NULL;
        alloc_sweep_arm(n);
        st = sets_new(folder, &sets, NULL);
        assert_int_equal(st, alloc_sweep_disarm() ? STATUS_NOMEM : STATUS_OK);
        assert_int_equal(sets != NULL, st == STATUS_OK);
        sets_free(sets);
    }
    data_folder_remove(folder);
}

/* The folder that holds unpack.sh, as tests/real/sources.py looks for it; false where there is none. */
static bool find_shared(char *path, size_t n)
{
    const char *shared = getenv("STILLWATCH_SHARED"), *source = getenv("STILLWATCH_SOURCE");
    static const char *const below[2] = { "", "/data" };
    for (unsigned i = 0; i < 2; i++) {
        char script[600];
        if (shared && *shared == '/')
            snprintf(path, n, "%s%s", shared, below[i]);
        else
            snprintf(path, n, "%s/%s%s", source ? source : ".", shared ? shared : "../shared", below[i]);
        snprintf(script, sizeof script, "%s/unpack.sh", path);
        if (access(script, X_OK) == 0)
            return true;
    }
    return false;
}

static void check_pool(const struct sets *sets, enum corpus_pool pool, uint64_t least)
{
    static uint64_t openings[SAMPLE];
    uint64_t n = sets_tasks(sets, pool);
    if (n < least)
        fail_msg("%s: %u texts", corpus_pool_name(pool), (unsigned)n);
    for (uint64_t i = 0; i < n; i++) {
        struct span text = sets_task(sets, pool, i);
        static const char *const marks[] = { "###Instruction", "<noinput>", "<|endoftext|>", "<issue>" };
        assert_in_range(text.n, 1, SETS_TEXT_MAX);
        for (unsigned k = 0; k < sizeof marks / sizeof *marks; k++)
            assert_null(memmem(text.data, text.n, marks[k], strlen(marks[k])));
        if (i < SAMPLE)
            openings[i] = measure_opening(text);
    }
    double entropy = measure_entropy(openings, n < SAMPLE ? n : SAMPLE);
    if (entropy < 0.4)
        fail_msg("%s: %.2f", corpus_pool_name(pool), entropy);
}

static void the_public_sets_fill_every_pool(void **state)
{
    (void)state;
    static const uint64_t least[POOL_COUNT] = { [POOL_CHAT] = 10000,
        [POOL_KNOWLEDGE] = 10000,
        [POOL_WRITING] = 9000,
        [POOL_CODE] = 3000,
        [POOL_MATH] = 2000,
        [POOL_AGENT] = 290,
        [POOL_SUPPORT] = 20000,
        [POOL_DOCUMENT] = 40000,
        [POOL_TRANSLATION] = 200,
        [POOL_EVALUATION] = 6000 };
    char shared[500], folder[] = "corpus_sets_XXXXXX", command[1200];
    struct sets *sets;
    struct diag diag = { 0 };
    if (!find_shared(shared, sizeof shared)) {
        print_message("the public sets are absent\n");
        skip();
    }
    data_folder_make(folder);
    snprintf(command, sizeof command,
        "'%s/unpack.sh' %s alpaca_52k codealpaca gorilla_apibench arena_hard hh_rlhf_harmless_test "
        "sgd_dialogues "
        "polyai_banking77 t0_templates bfcl_v4 reasoning_eval_sets agentic_coding self_instruct_seed "
        "system_prompts >%s/log",
        shared, folder, folder);
    assert_int_equal(system(command), 0);
    enum status st = sets_new(folder, &sets, &diag);
    data_folder_remove(folder);
    if (st != STATUS_OK)
        fail_msg("%s, line %u: %s", status_text(st), (unsigned)diag.line, diag.reason);
    for (unsigned pool = 0; pool < POOL_COUNT; pool++) {
        print_message("%s: %u tasks, %u follow-ups\n", corpus_pool_name(pool),
            (unsigned)sets_tasks(sets, pool), (unsigned)sets_follow_ups(sets, pool));
        check_pool(sets, pool, least[pool]);
    }
    assert_in_range(sets_systems(sets), 100, 1000);
    sets_free(sets);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_are_trimmed_cut_at_a_character_kept_once_and_in_a_fixed_order),
        cmocka_unit_test(no_sets_hold_nothing),
        cmocka_unit_test(a_corpus_takes_tasks_from_the_folder_and_the_rest_from_the_grammar),
        cmocka_unit_test(without_memory_no_sets_are_made),
        cmocka_unit_test(the_public_sets_fill_every_pool),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
