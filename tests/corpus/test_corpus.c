#include "corpus/corpus.h"
#include "support/alloc_sweep.h"
#include "support/test.h"

#include <string.h>

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

static void without_memory_nothing_is_made(void **state)
{
    (void)state;
    enum status st = STATUS_NOMEM;
    for (long n = 0; st != STATUS_OK; n += n < 60 ? 1 : 17) {
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
        cmocka_unit_test(without_memory_nothing_is_made),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
