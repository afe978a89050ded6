/*
 * grammar.h: which text does a rule give under a seed?
 *
 * Model: a rule has alternatives; an alternative is text with slots, and a slot is another rule, a choice written in place,
 *   or a number. Every choice is drawn from one of two seeds: `bound` says what the text is about, `free` how it is
 *   worded. A slot marked as bound is the same text wherever it stands, in every text with the same bound seed; all
 *   others are drawn anew each time. `keep` of 256 free choices are made by the bound seed too: texts of one bound seed
 *   and different free seeds then are paraphrases of each other, the closer the larger keep is.
 * Shapes: one file of rules:
 *     # a line that begins so is a comment
 *     rule.name:
 *       alternatives | on one line | or on several, indented by two spaces
 *       3* one that is drawn three times as often
 *       a slot {rule}, a bound one {=rule}, with a capital {^rule}, with its article, a or an {@rule}; also {^@=rule}
 *       a choice in place {this|that {other.rule}|}, a number {#10-99}, {#sum} "12 + 30 = 42", {#product} "6 * 7 = 42"
 *     Escapes: \n line end, \s space, \t tab, \{ \} \| \\ \# themselves.
 * Memory: the text once, 8 bytes an op. Ownership: grammar_new copies; nothing is borrowed.
 * Errors: STATUS_BAD with file and line: unknown or empty rule, unclosed slot, a rule that contains itself.
 * Cost: about 4 ns a choice; literals are copied (bench_corpus).
 * Threads: immutable after grammar_new.
 */
#ifndef CORPUS_GRAMMAR_H
#define CORPUS_GRAMMAR_H

#include "base/buffer.h"
#include "base/diag.h"

#include <stdint.h>

struct grammar;

struct grammar_source {
    const char *name; /* for people, in a diag */
    struct span text;
};

struct grammar_draw {
    uint64_t bound, free;
    unsigned keep; /* 0..256 */
};

MUST_CHECK enum status grammar_new(
    const struct grammar_source *sources, size_t n, struct grammar **ret_grammar, struct diag *diag);
void grammar_free(struct grammar *grammar);
/* The number of a rule; STATUS_NOT_FOUND. */
MUST_CHECK enum status grammar_find(const struct grammar *grammar, const char *name, uint32_t *ret_rule);
/* How many alternatives a rule has, weights counted. */
uint32_t grammar_alternatives(const struct grammar *grammar, uint32_t rule);
/* Appends the rule's text. */
void grammar_expand(
    const struct grammar *grammar, uint32_t rule, const struct grammar_draw *draw, struct buffer *out);
/* The same of one alternative, i below grammar_alternatives. */
void grammar_expand_at(const struct grammar *grammar, uint32_t rule, uint32_t i,
    const struct grammar_draw *draw, struct buffer *out);

#endif
