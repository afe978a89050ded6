#include "corpus/corpus.h"
#include "measure.h"
#include "support/test.h"

#include <string.h>

enum { ANSWERS = 3000, RUN = 12, RUNS_MAX = 1500000 };

static struct corpus *corpus;

static int set_up(void **state)
{
    (void)state;
    return corpus_new(NULL, &corpus, NULL) != STATUS_OK;
}

static int tear_down(void **state)
{
    (void)state;
    corpus_free(corpus);
    return 0;
}

/* How many runs of words that occur in one answer occur in another; every answer has its runs once. */
static size_t shared_runs(enum corpus_pool pool, bool same_task, size_t *ret_all)
{
    static uint64_t words[WORDS_MAX], runs[RUNS_MAX], own[WORDS_MAX];
    struct buffer out = { 0 };
    size_t n_runs = 0;
    for (uint64_t i = 0; i < ANSWERS; i++) {
        buffer_reset(&out);
        assert_ok(corpus_answer(corpus, pool, same_task ? 5 : i, i * 7 + 1, 300, &out));
        size_t n = measure_words(buffer_span(&out), words), n_own = 0;
        for (size_t k = 0; k + RUN <= n; k++)
            own[n_own++] = measure_run(words + k, RUN);
        n_own = measure_distinct(own, n_own);
        for (size_t k = 0; k < n_own && n_runs < RUNS_MAX; k++)
            runs[n_runs++] = own[k];
    }
    buffer_fini(&out);
    *ret_all = n_runs;
    return n_runs - measure_distinct(runs, n_runs);
}

static void answers_share_hardly_a_run_of_twelve_words(void **state)
{
    (void)state;
    for (unsigned pool = 0; pool < POOL_COUNT; pool++)
        for (unsigned same = 0; same < 2; same++) {
            size_t all, shared = shared_runs(pool, same, &all);
            assert_in_range(all, 100000, RUNS_MAX - 1);
            if (shared > all / 20000)
                fail_msg("%s: %zu of %zu", corpus_pool_name(pool), shared, all);
        }
}

static void answers_are_about_as_long_as_asked(void **state)
{
    (void)state;
    struct buffer out = { 0 };
    for (unsigned pool = 0; pool < POOL_COUNT; pool++)
        for (unsigned n_tok = 1; n_tok < 5000; n_tok = n_tok * 2 + 1) {
            size_t total = 0;
            for (uint64_t i = 0; i < 50; i++) {
                buffer_reset(&out);
                assert_ok(corpus_answer(corpus, pool, i, i + n_tok, n_tok, &out));
                assert_true(out.n > 0);
                total += out.n;
            }
            double mean = (double)total / 50, asked = 4.0 * n_tok;
            if (mean < asked * 0.9 || mean > asked * 1.15 + 260)
                fail_msg("%s: %.0f bytes for %u tokens", corpus_pool_name(pool), mean, n_tok);
        }
    buffer_fini(&out);
}

static unsigned count(struct span text, const char *what)
{
    unsigned n = 0;
    size_t length = strlen(what);
    for (size_t i = 0; i + length <= text.n; i++)
        n += memcmp(text.data + i, what, length) == 0;
    return n;
}

static void code_is_in_fences_and_engineering_looks_like_it(void **state)
{
    (void)state;
    struct buffer out = { 0 };
    unsigned diffs = 0, tests = 0;
    for (uint64_t i = 0; i < 300; i++) {
        buffer_reset(&out);
        assert_ok(corpus_answer(corpus, POOL_CODE, i, i, 250, &out));
        assert_int_equal(count(buffer_span(&out), "```"), 2);
        assert_true(
            count(buffer_span(&out), "```python\n") + count(buffer_span(&out), "```javascript\n") == 1);
        buffer_reset(&out);
        assert_ok(corpus_answer(corpus, POOL_AGENT, i, i, 400, &out));
        assert_int_equal(count(buffer_span(&out), "```") % 2, 0);
        diffs += count(buffer_span(&out), "```diff\n") == 1;
        tests += count(buffer_span(&out), "\n$ ") == 1;
        buffer_reset(&out);
        assert_ok(corpus_answer(corpus, POOL_CHAT, i, i, 250, &out));
        assert_int_equal(count(buffer_span(&out), "```"), 0);
    }
    assert_int_equal(diffs, 300);
    assert_in_range(tests, 250, 300);
    buffer_fini(&out);
}

/* Words of six letters and more: few short ones are about anything. */
static size_t long_words(struct span text, uint64_t *ret_words)
{
    size_t n = 0, start = 0;
    for (size_t i = 0; i <= text.n; i++)
        if (i == text.n || !isalpha((unsigned char)text.data[i])) {
            if (i - start >= 6)
                measure_words((struct span){ text.data + start, i - start }, &ret_words[n++]);
            start = i + 1;
        }
    return measure_distinct(ret_words, n);
}

static unsigned common(uint64_t *a, size_t n_a, uint64_t *b, size_t n_b)
{
    unsigned n = 0;
    for (size_t i = 0; i < n_a; i++)
        n += bsearch(&a[i], b, n_b, sizeof *b, measure_by_value) != NULL;
    return n;
}

static void an_answer_takes_up_more_words_of_its_task_than_of_another(void **state)
{
    (void)state;
    static uint64_t task[WORDS_MAX], other[WORDS_MAX], answer[WORDS_MAX];
    struct buffer out = { 0 };
    unsigned own_hits = 0, other_hits = 0;
    for (uint64_t i = 0; i < 600; i++) {
        enum corpus_pool pool = i % 2 ? POOL_KNOWLEDGE : POOL_WRITING;
        buffer_reset(&out);
        assert_ok(corpus_task(corpus, pool, i, &out));
        size_t n_task = long_words(buffer_span(&out), task);
        buffer_reset(&out);
        assert_ok(corpus_task(corpus, pool, i + 1000, &out));
        size_t n_other = long_words(buffer_span(&out), other);
        buffer_reset(&out);
        assert_ok(corpus_answer(corpus, pool, i, i, 60, &out));
        size_t n = long_words(buffer_span(&out), answer);
        own_hits += common(task, n_task, answer, n);
        other_hits += common(other, n_other, answer, n);
    }
    assert_true(own_hits > 2 * other_hits);
    buffer_fini(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(answers_share_hardly_a_run_of_twelve_words),
        cmocka_unit_test(answers_are_about_as_long_as_asked),
        cmocka_unit_test(code_is_in_fences_and_engineering_looks_like_it),
        cmocka_unit_test(an_answer_takes_up_more_words_of_its_task_than_of_another),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
