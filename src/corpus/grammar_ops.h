/*
 * grammar_ops.h: what rules are made into; shared by grammar_read.c, which makes it, grammar.c, which runs it, and
 *   skeleton.c.
 *
 * Shapes: a rule is a run of branches, a branch a run of ops; a weight is so many branches with the same ops.
 * Memory: literals lie in one block with GRAMMAR_PAD readable bytes behind it, so that they are copied in fixed steps.
 */
#ifndef CORPUS_GRAMMAR_OPS_H
#define CORPUS_GRAMMAR_OPS_H

#include "base/mix.h"
#include "corpus/grammar.h"

enum { GRAMMAR_PAD = 32 };

enum grammar_kind { OP_TEXT, OP_RULE, OP_NUMBER, OP_SUM, OP_PRODUCT };
enum { SLOT_BOUND = 1, SLOT_CAPITAL = 2, SLOT_ARTICLE = 4 };

struct grammar_op {
    uint32_t value; /* OP_TEXT: offset; OP_RULE: rule; OP_NUMBER: the least */
    uint16_t n;     /* OP_TEXT: bytes; OP_NUMBER: how many values */
    uint8_t kind, flags;
};

struct grammar_branch {
    uint32_t first, n;
};

struct grammar_rule {
    uint32_t first, n;
};

struct grammar_name {
    struct span name; /* in the block of names */
    uint32_t rule;
};

struct grammar {
    char *text, *names_text;
    struct grammar_op *ops;
    struct grammar_branch *branches;
    struct grammar_rule *rules;
    struct grammar_name *names; /* in order of name */
    size_t n_text, n_names_text, n_ops, n_branches, n_rules, n_names;
    size_t text_room, names_text_room, ops_room, branches_room, rules_room, names_room;
};

/* Runs one op that is no text (those of a skeleton lie elsewhere). */
void grammar_run_op(const struct grammar *grammar, const struct grammar_op *op, uint64_t bound,
    uint64_t *state, struct buffer *out);

#define GRAMMAR_STEP UINT64_C(0xa0761d6478bd642f)
#define GRAMMAR_FOLD UINT64_C(0xe7037ed1a0b428db)

/* Wang Yi's wyrand: one multiplication a draw. */
static inline uint64_t grammar_draw_next(uint64_t *state)
{
    *state += GRAMMAR_STEP;
    return mix_fold(*state, *state ^ GRAMMAR_FOLD);
}

static inline uint32_t grammar_below(uint64_t draw, uint32_t n)
{
    return (uint32_t)((draw >> 32) * n >> 32);
}

/* Copies GRAMMAR_PAD bytes whatever the length: most literals are shorter, and a length that varies costs a miss. */
static inline void grammar_put_literal(struct buffer *out, const char *text, size_t n)
{
    if (out->capacity - out->n < n + GRAMMAR_PAD && !buffer_reserve(out, n + GRAMMAR_PAD))
        return;
    char *to = out->data + out->n;
    memcpy(to, text, GRAMMAR_PAD);
    if (n > GRAMMAR_PAD)
        memcpy(to + GRAMMAR_PAD, text + GRAMMAR_PAD, n - GRAMMAR_PAD);
    out->n += n;
}

/* A slot's flags: begin before its text is put, finish afterwards; start is where begin stood. */
static inline void grammar_begin(const struct grammar_op *op, struct buffer *out)
{
    static const char article[GRAMMAR_PAD] = "a ";
    if (op->flags & SLOT_ARTICLE)
        grammar_put_literal(out, article, 2);
}

void grammar_finish_slot(const struct grammar_op *op, size_t start, struct buffer *out);

#endif
