/*
 * grammar_ops.h: what rules are made into; shared by grammar_read.c, which makes it, and grammar.c, which runs it.
 *
 * Shapes: a rule is a run of branches, a branch a run of ops; a weight is so many branches with the same ops.
 * Memory: literals lie in one block with GRAMMAR_PAD readable bytes behind it, so that they are copied in fixed steps.
 */
#ifndef CORPUS_GRAMMAR_OPS_H
#define CORPUS_GRAMMAR_OPS_H

#include "corpus/grammar.h"

enum { GRAMMAR_PAD = 32 };

enum grammar_kind { OP_TEXT, OP_RULE, OP_NUMBER, OP_SUM, OP_PRODUCT };
enum { SLOT_BOUND = 1, SLOT_CAPITAL = 2 };

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

#endif
