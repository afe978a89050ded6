#include "corpus/skeleton.h"
#include "support/alloc_sweep.h"
#include "support/test.h"

#include <string.h>

static const char rules[] = "x:\n  {^w} of {=w} {in|at} {y}{#3-5} | {^y}, {=y}\n"
                            "w:\n  a|b|c|d|e|f|g|h\n"
                            "y:\n  {v}{1|2}\n"
                            "v:\n  2* p|q|r|s|t|u|v|w|x\n";

static struct grammar *make_grammar(void)
{
    struct grammar_source source = { "rules.txt", SPAN(rules) };
    struct grammar *grammar;
    assert_ok(grammar_new(&source, 1, &grammar, NULL));
    return grammar;
}

/* Whether the text is one that the rule can give, read by hand. */
static bool is_text(struct span text, struct span bound_w, struct span bound_y)
{
    static const char words[] = "abcdefgh", others[] = "pqrstuvwx";
    const char *at = text.data;
    if (text.n == 6 && at[2] == ',')
        return strchr("PQRSTUVWX", at[0]) && strchr("12", at[1]) && at[3] == ' ' &&
               memcmp(at + 4, bound_y.data, 2) == 0;
    return text.n == 13 && strchr("ABCDEFGH", at[0]) && memcmp(at + 1, " of ", 4) == 0 &&
           strchr(words, at[5]) && at[5] == *bound_w.data && at[6] == ' ' &&
           (memcmp(at + 7, "in ", 3) == 0 || memcmp(at + 7, "at ", 3) == 0) && strchr(others, at[10]) &&
           strchr("12", at[11]) && strchr("345", at[12]);
}

static void texts_are_those_of_the_rule_and_bound_slots_those_of_the_grammar(void **state)
{
    (void)state;
    struct grammar *grammar = make_grammar();
    struct skeletons *skeletons;
    struct buffer out = { 0 }, w = { 0 }, y = { 0 };
    uint32_t rule;
    assert_ok(grammar_find(grammar, "x", &rule));
    assert_ok(skeletons_new(grammar, rule, 6, &skeletons));
    unsigned forms[2] = { 0 };
    for (uint64_t i = 0; i < 2000; i++) {
        struct grammar_draw draw = { .bound = i / 4, .free = i };
        /* What the bound slots give: the rule's own text holds them, of the same bound seed. */
        for (uint64_t seed = 0; w.n == 0 || y.n == 0; seed++) {
            buffer_reset(&out);
            grammar_expand(grammar, rule, &(struct grammar_draw){ .bound = draw.bound, .free = seed }, &out);
            if (out.n == 6 && y.n == 0)
                buffer_put(&y, (struct span){ out.data + 4, 2 });
            else if (out.n == 13 && w.n == 0)
                buffer_put(&w, (struct span){ out.data + 5, 1 });
        }
        buffer_reset(&out);
        skeletons_expand(skeletons, &draw, &out);
        assert_int_equal(out.status, STATUS_OK);
        if (!is_text(buffer_span(&out), buffer_span(&w), buffer_span(&y)))
            fail_msg("no text of the rule: %.*s", (int)out.n, out.data);
        forms[out.n == 6]++;
        buffer_reset(&w);
        buffer_reset(&y);
    }
    assert_in_range(forms[0], 500, 1500);
    buffer_fini(&out);
    buffer_fini(&w);
    buffer_fini(&y);
    skeletons_free(skeletons);
    grammar_free(grammar);
}

/* Words that are picked at once get their article and capital as others do. */
static void an_article_fits_the_word_that_was_drawn(void **state)
{
    (void)state;
    struct grammar_source source = { "rules.txt",
        SPAN("x:\n  {^@w} {@v}\nw:\n  e|o|u|i|p|q|r|s|t\nv:\n  {an|or|up}{1|2} | do{#1-3}\n") };
    struct grammar *grammar;
    struct skeletons *skeletons;
    struct buffer out = { 0 };
    uint32_t rule;
    assert_ok(grammar_new(&source, 1, &grammar, NULL));
    assert_ok(grammar_find(grammar, "x", &rule));
    assert_ok(skeletons_new(grammar, rule, 5, &skeletons));
    for (uint64_t i = 0; i < 500; i++) {
        buffer_reset(&out);
        skeletons_expand(skeletons, &(struct grammar_draw){ .bound = i, .free = i }, &out);
        buffer_put_char(&out, '\0');
        bool first = strchr("eoui", out.data[out.data[1] == 'n' ? 3 : 2]) != NULL;
        assert_memory_equal(out.data, first ? "An " : "A ", first ? 3 : 2);
        const char *second = out.data + (first ? 5 : 4);
        assert_true(memcmp(second, "a do", 4) == 0 || (memcmp(second, "an ", 3) == 0 && second[3] != 'd'));
    }
    buffer_fini(&out);
    skeletons_free(skeletons);
    grammar_free(grammar);
}

static void without_memory_no_skeletons_are_made(void **state)
{
    (void)state;
    struct grammar *grammar = make_grammar();
    enum status st = STATUS_NOMEM;
    uint32_t rule;
    assert_ok(grammar_find(grammar, "x", &rule));
    for (long n = 0; st != STATUS_OK; n++) {
        struct skeletons *skeletons = NULL;
        alloc_sweep_arm(n);
        st = skeletons_new(grammar, rule, 6, &skeletons);
        assert_int_equal(st, alloc_sweep_disarm() ? STATUS_NOMEM : STATUS_OK);
        assert_int_equal(skeletons != NULL, st == STATUS_OK);
        skeletons_free(skeletons);
    }
    grammar_free(grammar);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_are_those_of_the_rule_and_bound_slots_those_of_the_grammar),
        cmocka_unit_test(an_article_fits_the_word_that_was_drawn),
        cmocka_unit_test(without_memory_no_skeletons_are_made),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
