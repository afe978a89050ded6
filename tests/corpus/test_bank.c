#include "corpus/bank.h"
#include "support/alloc_sweep.h"
#include "support/test.h"

static struct grammar *grammar_of(const char *text)
{
    struct grammar_source source = { "rules.txt", span_of(text) };
    struct grammar *grammar;
    assert_ok(grammar_new(&source, 1, &grammar, NULL));
    return grammar;
}

static void phrases_are_the_rules_texts_that_fit(void **state)
{
    (void)state;
    struct grammar *grammar =
        grammar_of("x:\n  <{#1-9000}>\n  one that is longer than a line of a bank is\n");
    struct bank bank;
    char line[BANK_LINE];
    assert_ok(bank_new(grammar, "x", 8, &bank));
    for (unsigned i = 0; i < 256; i++) {
        size_t n = (size_t)(bank_copy(&bank, i + 256 * 77, line) - line);
        assert_in_range(n, 3, 6);
        assert_int_equal(line[0], '<');
        assert_int_equal(line[n - 1], '>');
    }
    assert_int_equal((uintptr_t)bank.phrases % BANK_LINE, 0);
    bank_fini(&bank);
    grammar_free(grammar);
}

static void a_rule_that_never_fits_makes_no_bank(void **state)
{
    (void)state;
    struct grammar *grammar = grammar_of("x:\n  one that is longer than a line of a bank is\ny:\n  {|}\n");
    struct bank bank;
    assert_int_equal(bank_new(grammar, "x", 4, &bank), STATUS_BAD);
    assert_int_equal(bank_new(grammar, "y", 4, &bank), STATUS_BAD);
    assert_int_equal(bank_new(grammar, "z", 4, &bank), STATUS_NOT_FOUND);
    grammar_free(grammar);
}

static void without_memory_no_bank_is_made(void **state)
{
    (void)state;
    struct grammar *grammar = grammar_of("x:\n  a\n");
    enum status st = STATUS_NOMEM;
    for (long n = 0; st != STATUS_OK; n++) {
        struct bank bank;
        alloc_sweep_arm(n);
        st = bank_new(grammar, "x", 4, &bank);
        assert_int_equal(st, alloc_sweep_disarm() ? STATUS_NOMEM : STATUS_OK);
        if (st == STATUS_OK)
            bank_fini(&bank);
    }
    grammar_free(grammar);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(phrases_are_the_rules_texts_that_fit),
        cmocka_unit_test(a_rule_that_never_fits_makes_no_bank),
        cmocka_unit_test(without_memory_no_bank_is_made),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
