#include "corpus/corpus.h"
#include "measure.h"
#include "record/classify.h"
#include "record/tokens.h"
#include "support/alloc_sweep.h"
#include "support/test.h"

#include <string.h>

enum { PROMPTS = 2000, MANY = 100000 };

static struct corpus *corpus;

static int set_up(void **state)
{
    (void)state;
    struct diag diag = { 0 };
    return corpus_new(NULL, &corpus, &diag) != STATUS_OK;
}

static int tear_down(void **state)
{
    (void)state;
    corpus_free(corpus);
    return 0;
}

static void the_same_index_gives_the_same_text(void **state)
{
    (void)state;
    struct corpus *again;
    struct buffer a = { 0 }, b = { 0 };
    assert_ok(corpus_new(NULL, &again, NULL));
    for (unsigned pool = 0; pool < POOL_COUNT; pool++)
        for (uint64_t i = 0; i < 200; i++) {
            buffer_reset(&a);
            buffer_reset(&b);
            assert_ok(corpus_task(corpus, pool, i * i, &a));
            assert_ok(corpus_follow_up(corpus, pool, i, 3, &a));
            assert_ok(corpus_answer(corpus, pool, i, i + 1, 200, &a));
            assert_ok(corpus_task(again, pool, i * i, &b));
            assert_ok(corpus_follow_up(again, pool, i, 3, &b));
            assert_ok(corpus_answer(again, pool, i, i + 1, 200, &b));
            assert_int_equal(a.n, b.n);
            assert_memory_equal(a.data, b.data, a.n);
        }
    buffer_fini(&a);
    buffer_fini(&b);
    corpus_free(again);
}

static uint64_t hash_of(struct span text)
{
    uint64_t hash = text.n;
    for (size_t i = 0; i < text.n; i++)
        hash = mix_fold(hash ^ (unsigned char)text.data[i], UINT64_C(0xa0761d6478bd642f)) + i;
    return hash;
}

/* The range that real sets of prompts span: 0.75 for a templated one, 0.95 for people. */
static void openings_are_as_varied_as_those_of_people_and_programs(void **state)
{
    (void)state;
    static uint64_t openings[PROMPTS];
    struct buffer out = { 0 };
    for (unsigned pool = 0; pool < POOL_COUNT; pool++) {
        for (uint64_t i = 0; i < PROMPTS; i++) {
            buffer_reset(&out);
            assert_ok(corpus_task(corpus, pool, i + 77 * PROMPTS, &out));
            openings[i] = measure_opening(buffer_span(&out));
        }
        double entropy = measure_entropy(openings, PROMPTS);
        if (entropy < 0.75 || entropy > 0.95)
            fail_msg("%s: %.3f", corpus_pool_name(pool), entropy);
    }
    buffer_fini(&out);
}

static void lengths_have_the_medians_and_tails_of_real_sets(void **state)
{
    (void)state;
    static const struct {
        uint64_t least, most; /* of the median, bytes */
        double tail;          /* the 99th percentile is at least so many medians */
    } ranges[POOL_COUNT] = {
        [POOL_CHAT] = { 45, 75, 4 },
        [POOL_KNOWLEDGE] = { 40, 90, 3 },
        [POOL_WRITING] = { 60, 140, 6 },
        [POOL_CODE] = { 75, 130, 6 },
        [POOL_MATH] = { 160, 260, 1.4 },
        [POOL_AGENT] = { 300, 1500, 4 },
        [POOL_SUPPORT] = { 35, 60, 3 },
        [POOL_DOCUMENT] = { 500, 2000, 6 },
        [POOL_TRANSLATION] = { 60, 180, 4 },
        [POOL_EVALUATION] = { 80, 240, 1.4 },
    };
    static uint64_t lengths[PROMPTS];
    struct buffer out = { 0 };
    for (unsigned pool = 0; pool < POOL_COUNT; pool++) {
        for (uint64_t i = 0; i < PROMPTS; i++) {
            buffer_reset(&out);
            assert_ok(corpus_task(corpus, pool, i * 3, &out));
            lengths[i] = out.n;
        }
        qsort(lengths, PROMPTS, sizeof *lengths, measure_by_value);
        uint64_t median = lengths[PROMPTS / 2], high = lengths[PROMPTS - PROMPTS / 100];
        if (median < ranges[pool].least || median > ranges[pool].most ||
            (double)high < ranges[pool].tail * (double)median)
            fail_msg("%s: median %u, p99 %u", corpus_pool_name(pool), (unsigned)median, (unsigned)high);
    }
    buffer_fini(&out);
}

static void tasks_hardly_repeat_and_public_questions_are_finite(void **state)
{
    (void)state;
    static uint64_t texts[MANY];
    struct buffer out = { 0 };
    for (unsigned pool = 0; pool < POOL_COUNT; pool++) {
        uint64_t n = corpus_tasks(corpus, pool);
        assert_true(pool == POOL_EVALUATION ? n == CORPUS_EVALUATION_TASKS : n == UINT64_MAX);
        for (uint64_t i = 0; i < MANY; i++) {
            buffer_reset(&out);
            assert_ok(corpus_task(corpus, pool, i, &out));
            texts[i] = hash_of(buffer_span(&out));
        }
        size_t distinct = measure_distinct(texts, MANY);
        if (pool == POOL_EVALUATION)
            assert_in_range(distinct, CORPUS_EVALUATION_TASKS * 99 / 100, CORPUS_EVALUATION_TASKS);
        else if (distinct < MANY * 9 / 10)
            fail_msg("%s: %zu of %d", corpus_pool_name(pool), distinct, MANY);
    }
    buffer_fini(&out);
}

static void about_one_in_seven_of_chat_and_translation_is_in_another_language(void **state)
{
    (void)state;
    struct buffer out = { 0 };
    for (unsigned pool = 0; pool < POOL_COUNT; pool++) {
        unsigned foreign = 0;
        for (uint64_t i = 0; i < PROMPTS; i++) {
            buffer_reset(&out);
            assert_ok(corpus_task(corpus, pool, i, &out));
            for (size_t k = 0, wide = 0; k < out.n; k++)
                if (out.data[k] & 0x80 && ++wide == 1)
                    foreign++;
        }
        if (pool == POOL_CHAT || pool == POOL_TRANSLATION)
            assert_in_range(foreign, PROMPTS / 12, PROMPTS / 5);
        else
            assert_in_range(foreign, 0, PROMPTS / 20);
    }
    buffer_fini(&out);
}

/* The share of a pool's tasks that the product's classifier takes for one of two capabilities. */
static double share_of(enum corpus_pool pool, enum capability one, enum capability other)
{
    struct tokens *tokens;
    struct buffer out = { 0 };
    unsigned hits = 0;
    assert_ok(tokens_new(&tokens));
    for (uint64_t i = 0; i < PROMPTS; i++) {
        uint8_t shares[CAP_COUNT], elicited[ELICIT_COUNT];
        unsigned best = 0;
        buffer_reset(&out);
        assert_ok(corpus_task(corpus, pool, i, &out));
        tokens_reset(tokens);
        tokens_add(tokens, buffer_span(&out));
        classify_tokens(
            &(struct classifier_input){ .user = tokens->hash, .n_user = tokens->n }, shares, elicited);
        for (unsigned c = 1; c < CAP_COUNT; c++)
            best = shares[c] > shares[best] ? c : best;
        hits += best == one || best == other;
    }
    tokens_free(tokens);
    buffer_fini(&out);
    return (double)hits / PROMPTS;
}

static void most_tasks_are_taken_for_what_they_are(void **state)
{
    (void)state;
    static const struct {
        enum corpus_pool pool;
        enum capability one, other;
        double least;
    } cases[] = {
        { POOL_KNOWLEDGE, CAP_KNOWLEDGE, CAP_KNOWLEDGE, 0.7 },
        { POOL_WRITING, CAP_WRITING, CAP_WRITING, 0.5 },
        { POOL_CODE, CAP_CODING, CAP_AGENTIC, 0.6 },
        { POOL_MATH, CAP_MATH, CAP_MATH, 0.75 },
        { POOL_AGENT, CAP_AGENTIC, CAP_CODING, 0.85 },
        { POOL_SUPPORT, CAP_SUPPORT, CAP_SUPPORT, 0.6 },
        { POOL_TRANSLATION, CAP_TRANSLATION, CAP_TRANSLATION, 0.45 },
    };
    for (unsigned i = 0; i < sizeof cases / sizeof *cases; i++) {
        double share = share_of(cases[i].pool, cases[i].one, cases[i].other);
        if (share < cases[i].least)
            fail_msg("%s: %.2f", corpus_pool_name(cases[i].pool), share);
    }
}

static void what_follows_up_differs_by_turn_and_conversation(void **state)
{
    (void)state;
    static uint64_t texts[PROMPTS];
    struct buffer out = { 0 };
    for (unsigned pool = 0; pool < POOL_COUNT; pool++) {
        for (uint64_t i = 0; i < PROMPTS; i++) {
            buffer_reset(&out);
            assert_ok(corpus_follow_up(corpus, pool, i / 10, (unsigned)(i % 10) + 1, &out));
            assert_true(out.n > 0);
            texts[i] = hash_of(buffer_span(&out));
        }
        size_t distinct = measure_distinct(texts, PROMPTS);
        if (distinct < PROMPTS * 6 / 10)
            fail_msg("%s: %zu of %d", corpus_pool_name(pool), distinct, PROMPTS);
    }
    buffer_fini(&out);
}

static void without_memory_nothing_is_made(void **state)
{
    (void)state;
    enum status st = STATUS_NOMEM;
    for (long n = 0; st != STATUS_OK; n += n < 40 ? 1 : n / 4) {
        struct corpus *made = NULL;
        alloc_sweep_arm(n);
        st = corpus_new(NULL, &made, NULL);
        bool reached = alloc_sweep_disarm();
        assert_int_equal(st, reached ? STATUS_NOMEM : STATUS_OK);
        assert_int_equal(made != NULL, st == STATUS_OK);
        corpus_free(made);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_index_gives_the_same_text),
        cmocka_unit_test(openings_are_as_varied_as_those_of_people_and_programs),
        cmocka_unit_test(lengths_have_the_medians_and_tails_of_real_sets),
        cmocka_unit_test(tasks_hardly_repeat_and_public_questions_are_finite),
        cmocka_unit_test(about_one_in_seven_of_chat_and_translation_is_in_another_language),
        cmocka_unit_test(most_tasks_are_taken_for_what_they_are),
        cmocka_unit_test(what_follows_up_differs_by_turn_and_conversation),
        cmocka_unit_test(without_memory_nothing_is_made),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
