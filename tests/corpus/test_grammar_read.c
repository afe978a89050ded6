#include "corpus/grammar.h"
#include "support/alloc_sweep.h"
#include "support/test.h"

#include <string.h>

static void a_fault_is_named_with_its_file_and_line(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        unsigned line;
        const char *reason;
    } cases[] = {
        { "x:\n  a {b\n", 2, "not closed" },
        { "x:\n  a {b|c\n", 2, "not closed" },
        { "x:\n  a}\n", 2, "a brace too many" },
        { "x:\n  {y}\n", 2, "no rule is called y" },
        { "x:\n  {}\n", 2, "without a rule's name" },
        { "x:\n  {=}\n", 2, "without a rule's name" },
        { "x:\n  a\\q\n", 2, "unknown escape" },
        { "x:\n  a\\", 2, "unknown escape" },
        { "x:\n  {#1-}\n", 2, "a number slot" },
        { "x:\n  {#9-1}\n", 2, "a number slot" },
        { "x:\n  {#0-99999}\n", 2, "a number slot" },
        { "x:\ny:\n  a\n", 2, "has no alternative" },
        { "x:\n", 1, "has no alternative" },
        { "x:\n  a\n\nloose words\n", 4, "neither a rule nor an alternative" },
        { "  a\n", 1, "neither a rule nor an alternative" },
        { "x:\n  a {x}\n", 2, "contains itself" },
        { "x:\n  {y}\ny:\n  b | {z}\nz:\n  {x|c}{x}\n", 6, "contains itself" },
    };
    for (unsigned i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct grammar_source source = { "some.txt", span_of(cases[i].text) };
        struct grammar *grammar = NULL;
        struct diag diag = { 0 };
        assert_int_equal(grammar_new(&source, 1, &grammar, &diag), STATUS_BAD);
        assert_null(grammar);
        assert_string_equal(diag.file, "some.txt");
        assert_int_equal(diag.line, cases[i].line);
        if (!strstr(diag.reason, cases[i].reason))
            fail_msg("case %u: %s", i, diag.reason);
    }
}

static void two_rules_of_one_name_are_refused_even_in_two_files(void **state)
{
    (void)state;
    struct grammar_source sources[2] = { { "a", SPAN("x:\n  a\n") }, { "b", SPAN("y:\n  a\nx:\n  b\n") } };
    struct grammar *grammar = NULL;
    struct diag diag = { 0 };
    assert_int_equal(grammar_new(sources, 2, &grammar, &diag), STATUS_BAD);
    assert_non_null(strstr(diag.reason, "two rules are called x"));
}

static void rules_may_refer_to_later_files_and_the_text_need_not_end_with_a_line(void **state)
{
    (void)state;
    struct grammar_source sources[2] = { { "a", SPAN("x:\n  {y}") }, { "b", SPAN("y:\n  b") } };
    struct grammar *grammar;
    struct buffer out = { 0 };
    uint32_t rule;
    assert_ok(grammar_new(sources, 2, &grammar, NULL));
    assert_ok(grammar_find(grammar, "x", &rule));
    grammar_expand(grammar, rule, &(struct grammar_draw){ 0 }, &out);
    assert_int_equal(out.n, 1);
    assert_int_equal(out.data[0], 'b');
    buffer_fini(&out);
    grammar_free(grammar);
}

static void without_memory_no_grammar_is_made(void **state)
{
    (void)state;
    struct grammar_source source = { "a", SPAN("x:\n  {y} {a|b{c|d}} | 5* e\ny:\n  {#1-4} z\n") };
    enum status st = STATUS_NOMEM;
    for (long n = 0; st != STATUS_OK; n++) {
        struct grammar *grammar = NULL;
        alloc_sweep_arm(n);
        st = grammar_new(&source, 1, &grammar, NULL);
        bool reached = alloc_sweep_disarm();
        assert_int_equal(st, reached ? STATUS_NOMEM : STATUS_OK);
        assert_int_equal(grammar != NULL, st == STATUS_OK);
        grammar_free(grammar);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_fault_is_named_with_its_file_and_line),
        cmocka_unit_test(two_rules_of_one_name_are_refused_even_in_two_files),
        cmocka_unit_test(rules_may_refer_to_later_files_and_the_text_need_not_end_with_a_line),
        cmocka_unit_test(without_memory_no_grammar_is_made),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
