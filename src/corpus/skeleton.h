/*
 * skeleton.h: texts of one rule in a tenth of the time: all choices but those of single words are made beforehand.
 *
 * Model: a skeleton is one text of the rule in which bound slots, numbers, and slots of plain words (rules whose alternatives
 *   hold no slot) are left open. A text is a skeleton drawn, and its slots filled. Which skeletons there are is fixed by the
 *   grammar; with thousands of them openings and shapes are as varied as the rule's own.
 * Memory: about 150 bytes a skeleton. Cost: about 6 ns a slot (bench_corpus).
 * Ownership: borrows the grammar.
 * Threads: immutable after skeletons_new.
 */
#ifndef CORPUS_SKELETON_H
#define CORPUS_SKELETON_H

#include "corpus/grammar.h"

struct skeletons;

/* 2^bits skeletons. */
MUST_CHECK enum status skeletons_new(
    const struct grammar *grammar, uint32_t rule, unsigned bits, struct skeletons **ret_skeletons);
void skeletons_free(struct skeletons *skeletons);
/* As grammar_expand; keep is not heeded. */
void skeletons_expand(const struct skeletons *skeletons, const struct grammar_draw *draw, struct buffer *out);

#endif
