#include "base/utf8.h"
#include "corpus/builtin.h"
#include "corpus/chain.h"
#include "support/test.h"

static struct grammar *grammar;
static struct chain chains[CHAIN_COUNT];

static int set_up(void **state)
{
    (void)state;
    int failed = grammar_new(builtin_rules, builtin_n_rules, &grammar, NULL) != STATUS_OK;
    for (unsigned i = 0; i < CHAIN_COUNT && !failed; i++)
        failed = chain_new(grammar, (enum chain_kind)i, &chains[i]) != STATUS_OK;
    return failed;
}

static int tear_down(void **state)
{
    (void)state;
    for (unsigned i = 0; i < CHAIN_COUNT; i++)
        chain_fini(&chains[i]);
    grammar_free(grammar);
    return 0;
}

static void a_chain_ends_with_the_sentence_that_reaches_the_length(void **state)
{
    (void)state;
    struct buffer out = { 0 };
    for (unsigned kind = 0; kind < CHAIN_COUNT; kind++)
        for (size_t n = 0; n < 3000; n = n * 3 + 1) {
            buffer_reset(&out);
            buffer_put_text(&out, "before");
            chain_put(&chains[kind], n + kind, n, &out);
            assert_int_equal(out.status, STATUS_OK);
            assert_memory_equal(out.data, "before", 6);
            assert_in_range(out.n - 6, n > 2 ? n - 2 : 1, n + CHAIN_PARTS * BANK_TEXT);
            assert_false(chains[kind].prose && (out.data[out.n - 1] == ' ' || out.data[out.n - 1] == '\n'));
        }
    buffer_fini(&out);
}

static void chains_are_utf8_and_only_some_are_beyond_ascii(void **state)
{
    (void)state;
    struct buffer out = { 0 };
    for (unsigned kind = 0; kind < CHAIN_COUNT; kind++) {
        buffer_reset(&out);
        chain_put(&chains[kind], kind, 200000, &out);
        size_t wide = 0;
        for (size_t i = 0, n; i < out.n; i += n) {
            n = utf8_length(out.data + i, out.n - i);
            assert_int_not_equal(n, 0);
            wide += n > 1;
        }
        assert_int_equal(wide > 0, kind >= CHAIN_DE);
    }
    buffer_fini(&out);
}

static void another_seed_is_another_text(void **state)
{
    (void)state;
    struct buffer a = { 0 }, b = { 0 };
    chain_put(&chains[CHAIN_PROSE], 1, 500, &a);
    chain_put(&chains[CHAIN_PROSE], 2, 500, &b);
    assert_memory_not_equal(a.data, b.data, 100);
    assert_true(a.data[0] >= 'A' && a.data[0] <= 'Z');
    buffer_reset(&b);
    chain_put(&chains[CHAIN_PROSE], 1, 500, &b);
    assert_int_equal(a.n, b.n);
    assert_memory_equal(a.data, b.data, a.n);
    buffer_fini(&a);
    buffer_fini(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_chain_ends_with_the_sentence_that_reaches_the_length),
        cmocka_unit_test(chains_are_utf8_and_only_some_are_beyond_ascii),
        cmocka_unit_test(another_seed_is_another_text),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
