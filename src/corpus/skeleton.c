#include "corpus/skeleton.h"

#include "corpus/grammar_ops.h"

#include <stdlib.h>

struct skeletons {
    const struct grammar *grammar;
    struct buffer text, ops; /* ops: of struct grammar_op */
    uint32_t mask;
    uint32_t *first; /* the first op of each, and one more */
};

enum { SLOT_WORD = 8 }; /* value is the first of n ops that are the words */

struct building {
    struct skeletons *made;
    const struct grammar *grammar;
    size_t literal; /* where in the text the literal began that is being made */
};

static uint32_t n_ops(const struct skeletons *skeletons)
{
    return (uint32_t)(skeletons->ops.n / sizeof(struct grammar_op));
}

static void put_op(struct building *building, const struct grammar_op *op)
{
    struct buffer *text = &building->made->text, *ops = &building->made->ops;
    struct grammar_op literal = { (uint32_t)building->literal, (uint16_t)(text->n - building->literal),
        OP_TEXT, 0 };
    if (literal.n > 0)
        buffer_put(ops, (struct span){ (const char *)&literal, sizeof literal });
    if (op)
        buffer_put(ops, (struct span){ (const char *)op, sizeof *op });
    building->literal = text->n;
}

/* Whether all alternatives of a rule are plain words. */
static bool is_plain(const struct grammar *grammar, uint32_t rule)
{
    const struct grammar_rule *at = grammar->rules + rule;
    for (uint32_t i = at->first; i < at->first + at->n; i++) {
        const struct grammar_branch *branch = grammar->branches + i;
        if (branch->n != 1 || grammar->ops[branch->first].kind != OP_TEXT)
            return false;
    }
    return at->n >= 8; /* a choice of few words is no vocabulary: it is made beforehand */
}

/* Words whose ops lie in a row are picked at once; others (weights!) by their rule. */
static struct grammar_op slot_of(const struct grammar *grammar, const struct grammar_op *op)
{
    const struct grammar_rule *at = grammar->rules + op->value;
    const struct grammar_branch *branches = grammar->branches + at->first;
    if (op->flags & SLOT_BOUND || !is_plain(grammar, op->value))
        return *op;
    for (uint32_t i = 1; i < at->n; i++)
        if (branches[i].first != branches[0].first + i)
            return *op;
    return (
        struct grammar_op){ branches[0].first, (uint16_t)at->n, OP_RULE, (uint8_t)(op->flags | SLOT_WORD) };
}

static void put_slot(struct building *building, const struct grammar_op *op)
{
    struct grammar_op slot = slot_of(building->grammar, op);
    put_op(building, &slot);
}

static void build_rule(struct building *building, uint32_t rule, uint64_t *state);

static void to_capital(char *c)
{
    *c = (char)(*c >= 'a' && *c <= 'z' ? *c - 'a' + 'A' : *c);
}

/* What comes first in the rule's text gets the capital: a literal now, a slot when it is filled. */
static void build_capital(struct building *building, uint32_t rule, uint64_t *state)
{
    struct skeletons *made = building->made;
    put_op(building, NULL);
    size_t start = made->text.n, first = made->ops.n;
    build_rule(building, rule, state);
    put_op(building, NULL);
    if (made->text.status != STATUS_OK || made->ops.status != STATUS_OK || made->ops.n == first)
        return;
    struct grammar_op *op = (void *)(made->ops.data + first);
    if (op->kind == OP_TEXT)
        to_capital(made->text.data + start);
    else
        op->flags |= SLOT_CAPITAL;
}

static void build_rule(struct building *building, uint32_t rule, uint64_t *state)
{
    const struct grammar *grammar = building->grammar;
    const struct grammar_rule *at = grammar->rules + rule;
    uint64_t draw = at->n > 1 ? grammar_draw_next(state) : 0;
    const struct grammar_branch *branch = grammar->branches + at->first + grammar_below(draw, at->n);
    for (uint32_t i = 0; i < branch->n; i++) {
        const struct grammar_op *op = grammar->ops + branch->first + i;
        if (op->kind == OP_TEXT)
            buffer_put(&building->made->text, (struct span){ grammar->text + op->value, op->n });
        else if (op->kind != OP_RULE)
            put_op(building, op);
        else if (op->flags & (SLOT_BOUND | SLOT_ARTICLE) || is_plain(grammar, op->value))
            put_slot(building, op);
        else if (op->flags & SLOT_CAPITAL)
            build_capital(building, op->value, state);
        else
            build_rule(building, op->value, state);
    }
}

static enum status build_all(struct skeletons *skeletons, uint32_t rule)
{
    static const char pad[GRAMMAR_PAD];
    struct building building = { skeletons, skeletons->grammar, 0 };
    for (uint32_t i = 0; i <= skeletons->mask; i++) {
        uint64_t state = mix_fold(i ^ GRAMMAR_FOLD, GRAMMAR_STEP);
        skeletons->first[i] = n_ops(skeletons);
        build_rule(&building, rule, &state);
        put_op(&building, NULL);
    }
    skeletons->first[skeletons->mask + 1] = n_ops(skeletons);
    buffer_put(&skeletons->text, (struct span){ pad, sizeof pad });
    return skeletons->text.status != STATUS_OK ? skeletons->text.status : skeletons->ops.status;
}

enum status skeletons_new(
    const struct grammar *grammar, uint32_t rule, unsigned bits, struct skeletons **ret_skeletons)
{
    size_t n = (size_t)1 << bits;
    struct skeletons *skeletons = calloc(1, sizeof *skeletons);
    enum status st;
    REQUIRE(skeletons, STATUS_NOMEM);
    skeletons->grammar = grammar;
    skeletons->mask = (uint32_t)(n - 1);
    skeletons->first = calloc(n + 1, sizeof *skeletons->first);
    REQUIRE(skeletons->first, STATUS_NOMEM);
    TRY(build_all(skeletons, rule));
    *ret_skeletons = skeletons;
    return STATUS_OK;
fail:
    skeletons_free(skeletons);
    return st;
}

void skeletons_free(struct skeletons *skeletons)
{
    if (!skeletons)
        return;
    buffer_fini(&skeletons->text);
    buffer_fini(&skeletons->ops);
    free(skeletons->first);
    free(skeletons);
}

static inline void put_word(
    const struct grammar *grammar, const struct grammar_op *slot, uint64_t *state, struct buffer *out)
{
    uint32_t pick = grammar_below(grammar_draw_next(state), slot->n);
    const struct grammar_op *word = grammar->ops + slot->value + pick;
    size_t start = out->n;
    grammar_begin(slot, out);
    grammar_put_literal(out, grammar->text + word->value, word->n);
    if (slot->flags & (SLOT_CAPITAL | SLOT_ARTICLE))
        grammar_finish_slot(slot, start, out);
}

void skeletons_expand(const struct skeletons *skeletons, const struct grammar_draw *draw, struct buffer *out)
{
    const struct grammar *grammar = skeletons->grammar;
    uint64_t state = mix_fold(draw->free ^ GRAMMAR_STEP, draw->bound ^ GRAMMAR_FOLD);
    uint32_t i = (uint32_t)(grammar_draw_next(&state) >> 40) & skeletons->mask;
    const struct grammar_op *ops = (const void *)skeletons->ops.data;
    for (uint32_t at = skeletons->first[i]; at < skeletons->first[i + 1]; at++)
        if (ops[at].kind == OP_TEXT)
            grammar_put_literal(out, skeletons->text.data + ops[at].value, ops[at].n);
        else if (ops[at].flags & SLOT_WORD)
            put_word(grammar, &ops[at], &state, out);
        else
            grammar_run_op(grammar, &ops[at], draw->bound, &state, out);
}
