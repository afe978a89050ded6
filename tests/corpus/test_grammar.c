#include "corpus/grammar.h"
#include "support/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct grammar *grammar_of(const char *text)
{
    struct grammar_source source = { "rules.txt", span_of(text) };
    struct grammar *grammar;
    struct diag diag = { 0 };
    if (grammar_new(&source, 1, &grammar, &diag) != STATUS_OK)
        fail_msg("line %u: %s", (unsigned)diag.line, diag.reason);
    return grammar;
}

/* The text of a rule, NUL-terminated. */
static const char *text_of(
    const struct grammar *grammar, const char *rule, uint64_t bound, uint64_t free_seed, unsigned keep)
{
    static struct buffer out;
    uint32_t number;
    struct grammar_draw draw = { bound, free_seed, keep };
    assert_ok(grammar_find(grammar, rule, &number));
    buffer_reset(&out);
    grammar_expand(grammar, number, &draw, &out);
    buffer_put_char(&out, '\0');
    assert_int_equal(out.status, STATUS_OK);
    return out.data;
}

static void every_alternative_comes_up_as_often_as_its_weight_says(void **state)
{
    (void)state;
    struct grammar *grammar = grammar_of("x:\n  a | b\n  2* c\n  {d|e}{f|}\n");
    unsigned seen[128] = { 0 };
    for (uint64_t i = 0; i < 10000; i++)
        seen[(unsigned char)*text_of(grammar, "x", 7, i, 0)]++;
    assert_in_range(seen['a'], 1800, 2200);
    assert_in_range(seen['b'], 1800, 2200);
    assert_in_range(seen['c'], 3700, 4300);
    assert_in_range(seen['d'] + seen['e'], 1800, 2200);
    assert_in_range(seen['d'], 850, 1150);
    grammar_free(grammar);
}

static void a_bound_slot_is_the_same_text_wherever_it_stands(void **state)
{
    (void)state;
    struct grammar *grammar = grammar_of("x:\n  {=w}-{=w}\ny:\n  {w}{=w}\nw:\n  {#1000-9000}{a|b|c}\n");
    unsigned differ = 0;
    for (uint64_t i = 0; i < 500; i++) {
        char first[64], again[64];
        snprintf(first, sizeof first, "%s", text_of(grammar, "x", i, i * 3, 0));
        assert_memory_equal(first, first + 6, 5);
        snprintf(again, sizeof again, "%s", text_of(grammar, "y", i, i + 9, 0));
        assert_memory_equal(first, again + 5, 5);
        differ += memcmp(again, again + 5, 5) != 0;
    }
    assert_in_range(differ, 490, 500);
    grammar_free(grammar);
}

/* The next number of "12 + 30 = 42;6 * 7 = 42"; at stands behind it then. */
static long next_number(char **at)
{
    *at += strspn(*at, " +=*;");
    return strtol(*at, at, 10);
}

static void slots_escapes_and_numbers_are_as_written(void **state)
{
    (void)state;
    struct grammar *grammar =
        grammar_of("# comment\n"
                   "x:\n  {^w} {w}\\n\\{\\}\\|\\\\\\#\\s  | {^w} {w}\\n\\{\\}\\|\\\\\\#\\s\n"
                   "w:\n  word\n"
                   "n:\n  {#7-9}\n"
                   "s:\n  {#sum};{#product}\n");
    assert_string_equal(text_of(grammar, "x", 1, 2, 0), "Word word\n{}|\\# ");
    for (uint64_t i = 0; i < 300; i++) {
        assert_in_range(strtol(text_of(grammar, "n", i, 0, 0), NULL, 10), 7, 9);
        char *at = (char *)text_of(grammar, "s", i, 1, 0);
        long sum = next_number(&at);
        sum += next_number(&at);
        assert_int_equal(sum, next_number(&at));
        long product = next_number(&at);
        product *= next_number(&at);
        assert_int_equal(product, next_number(&at));
        assert_int_equal(*at, '\0');
    }
    grammar_free(grammar);
}

static void an_article_fits_the_word_that_was_drawn(void **state)
{
    (void)state;
    struct grammar *grammar =
        grammar_of("x:\n  {@w}, {^@w}, {@=w}\nw:\n  apple | pear | orange | {quince|egg}\n");
    for (uint64_t i = 0; i < 300; i++) {
        const char *text = text_of(grammar, "x", i, i, 0);
        for (unsigned k = 0; k < 3; k++) {
            bool vowel = text[1] == 'n';
            assert_int_equal(text[0], k == 1 ? 'A' : 'a');
            assert_int_equal(text[vowel ? 2 : 1], ' ');
            assert_true((strchr("aoe", text[vowel ? 3 : 2]) != NULL) == vowel);
            text = k < 2 ? strchr(text, ',') + 2 : text;
        }
    }
    grammar_free(grammar);
}

static void the_more_is_kept_the_closer_are_two_wordings(void **state)
{
    (void)state;
    struct grammar *grammar = grammar_of("x:\n  {w}{w2}{w3}{w4}\nw:\n  a|b|c|d|e|f|g|h\nw2:\n  {w}\nw3:\n  "
                                         "{A|B|C|D|E|F|G|H}\nw4:\n  {i|j|k|l|m|n|o|p}\n");
    unsigned same[3] = { 0 };
    static const unsigned keeps[3] = { 0, 160, 256 };
    for (unsigned k = 0; k < 3; k++)
        for (uint64_t i = 0; i < 500; i++) {
            char one[8];
            snprintf(one, sizeof one, "%s", text_of(grammar, "x", i, 1, keeps[k]));
            const char *other = text_of(grammar, "x", i, 2, keeps[k]);
            for (unsigned at = 0; at < 4; at++)
                same[k] += one[at] == other[at];
        }
    assert_in_range(same[0], 180, 330);
    assert_in_range(same[1], 700, 1200);
    assert_int_equal(same[2], 2000);
    grammar_free(grammar);
}

static void a_long_literal_is_whole(void **state)
{
    (void)state;
    char text[4000] = "x:\n  ";
    memset(text + 5, 'y', 3000);
    struct grammar *grammar = grammar_of(text);
    assert_int_equal(strlen(text_of(grammar, "x", 1, 1, 0)), 3000);
    grammar_free(grammar);
}

static void an_unknown_rule_is_not_found(void **state)
{
    (void)state;
    struct grammar *grammar = grammar_of("x:\n  a\nxy:\n  b\n");
    uint32_t rule;
    assert_int_equal(grammar_find(grammar, "", &rule), STATUS_NOT_FOUND);
    assert_int_equal(grammar_find(grammar, "xyz", &rule), STATUS_NOT_FOUND);
    assert_ok(grammar_find(grammar, "xy", &rule));
    assert_int_equal(grammar_alternatives(grammar, rule), 1);
    grammar_free(grammar);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_alternative_comes_up_as_often_as_its_weight_says),
        cmocka_unit_test(a_bound_slot_is_the_same_text_wherever_it_stands),
        cmocka_unit_test(slots_escapes_and_numbers_are_as_written),
        cmocka_unit_test(an_article_fits_the_word_that_was_drawn),
        cmocka_unit_test(the_more_is_kept_the_closer_are_two_wordings),
        cmocka_unit_test(a_long_literal_is_whole),
        cmocka_unit_test(an_unknown_rule_is_not_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
