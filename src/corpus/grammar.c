#include "corpus/grammar_ops.h"

#include "base/mix.h"

#include <stdlib.h>

struct expansion {
    const struct grammar *grammar;
    struct buffer *out;
    uint64_t bound;
    unsigned keep;
};

static void put_number(struct buffer *out, uint64_t number)
{
    char digits[GRAMMAR_PAD * 2];
    unsigned at = GRAMMAR_PAD;
    do {
        digits[--at] = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    memset(digits + GRAMMAR_PAD, 0, GRAMMAR_PAD);
    grammar_put_literal(out, digits + at, GRAMMAR_PAD - at);
}

static void put_sum(struct buffer *out, uint64_t draw)
{
    uint64_t a = 11 + grammar_below(draw, 880), b = 11 + grammar_below(draw << 32, 880);
    put_number(out, a);
    buffer_put(out, SPAN(" + "));
    put_number(out, b);
    buffer_put(out, SPAN(" = "));
    put_number(out, a + b);
}

static void put_product(struct buffer *out, uint64_t draw)
{
    uint64_t a = 3 + grammar_below(draw, 990), b = 3 + grammar_below(draw << 32, 90);
    put_number(out, a);
    buffer_put(out, SPAN(" * "));
    put_number(out, b);
    buffer_put(out, SPAN(" = "));
    put_number(out, a * b);
}

static void expand_rule(const struct expansion *in, uint32_t rule, uint64_t *state);

/* "a" becomes "an" before a vowel; the capital is the article's where there is one. */
void grammar_finish_slot(const struct grammar_op *op, size_t start, struct buffer *out)
{
    if (out->status != STATUS_OK || start >= out->n)
        return;
    if (op->flags & SLOT_ARTICLE && out->n > start + 2 && strchr("aeiou", out->data[start + 2]) &&
        buffer_reserve(out, 1)) {
        memmove(out->data + start + 2, out->data + start + 1, out->n - start - 1);
        out->data[start + 1] = 'n';
        out->n++;
    }
    char *c = out->data + start;
    if (op->flags & SLOT_CAPITAL && *c >= 'a' && *c <= 'z')
        *c = (char)(*c - 'a' + 'A');
}

static void expand_slot(const struct expansion *in, const struct grammar_op *op, uint64_t *state)
{
    size_t start = in->out->n;
    grammar_begin(op, in->out);
    if (op->flags & SLOT_BOUND) {
        uint64_t own = mix_fold(in->bound ^ op->value * GRAMMAR_STEP, GRAMMAR_FOLD);
        expand_rule(in, op->value, &own);
    } else {
        expand_rule(in, op->value, state);
    }
    if (op->flags & (SLOT_CAPITAL | SLOT_ARTICLE))
        grammar_finish_slot(op, start, in->out);
}

static inline void expand_op(const struct expansion *in, const struct grammar_op *op, uint64_t *state)
{
    switch ((enum grammar_kind)op->kind) {
    case OP_TEXT:
        grammar_put_literal(in->out, in->grammar->text + op->value, op->n);
        break;
    case OP_RULE:
        expand_slot(in, op, state);
        break;
    case OP_NUMBER:
        put_number(in->out, op->value + grammar_below(grammar_draw_next(state), op->n));
        break;
    case OP_SUM:
        put_sum(in->out, grammar_draw_next(state));
        break;
    case OP_PRODUCT:
        put_product(in->out, grammar_draw_next(state));
        break;
    }
}

static void expand_branch(const struct expansion *in, const struct grammar_branch *branch, uint64_t *state)
{
    const struct grammar_op *op = in->grammar->ops + branch->first, *end = op + branch->n;
    for (; op < end; op++)
        expand_op(in, op, state);
}

void grammar_run_op(const struct grammar *grammar, const struct grammar_op *op, uint64_t bound,
    uint64_t *state, struct buffer *out)
{
    struct expansion in = { grammar, out, bound, 0 };
    expand_op(&in, op, state);
}

static void expand_rule(const struct expansion *in, uint32_t rule, uint64_t *state)
{
    const struct grammar_rule *at = in->grammar->rules + rule;
    uint64_t draw = at->n > 1 ? grammar_draw_next(state) : 0;
    if (in->keep > 0 && (draw & 255) < in->keep)
        draw = mix_fold(in->bound ^ rule * GRAMMAR_STEP, GRAMMAR_STEP);
    expand_branch(in, in->grammar->branches + at->first + grammar_below(draw, at->n), state);
}

void grammar_expand(
    const struct grammar *grammar, uint32_t rule, const struct grammar_draw *draw, struct buffer *out)
{
    struct expansion in = { grammar, out, draw->bound, draw->keep };
    uint64_t state = mix_fold(draw->free ^ GRAMMAR_STEP, draw->bound ^ GRAMMAR_FOLD);
    expand_rule(&in, rule, &state);
}

void grammar_expand_at(const struct grammar *grammar, uint32_t rule, uint32_t i,
    const struct grammar_draw *draw, struct buffer *out)
{
    struct expansion in = { grammar, out, draw->bound, draw->keep };
    uint64_t state = mix_fold(draw->free ^ GRAMMAR_STEP, draw->bound ^ GRAMMAR_FOLD);
    expand_branch(&in, grammar->branches + grammar->rules[rule].first + i, &state);
}

uint32_t grammar_alternatives(const struct grammar *grammar, uint32_t rule)
{
    return grammar->rules[rule].n;
}

static int by_name(const void *key, const void *item)
{
    const struct span *a = key, *b = &((const struct grammar_name *)item)->name;
    int order = memcmp(a->data, b->data, a->n < b->n ? a->n : b->n);
    return order ? order : (a->n > b->n) - (a->n < b->n);
}

enum status grammar_find(const struct grammar *grammar, const char *name, uint32_t *ret_rule)
{
    struct span key = span_of(name);
    if (grammar->n_names == 0)
        return STATUS_NOT_FOUND;
    const struct grammar_name *hit =
        bsearch(&key, grammar->names, grammar->n_names, sizeof *grammar->names, by_name);
    if (!hit)
        return STATUS_NOT_FOUND;
    *ret_rule = hit->rule;
    return STATUS_OK;
}

void grammar_free(struct grammar *grammar)
{
    if (!grammar)
        return;
    free(grammar->text);
    free(grammar->names_text);
    free(grammar->ops);
    free(grammar->branches);
    free(grammar->rules);
    free(grammar->names);
    free(grammar);
}
