/*
 * chain.h: long texts: sentences or lines of three phrases each, from banks.
 *
 * Model: a sentence is a phrase of each of the three banks; its number gives all three, so that one draw makes one sentence.
 * Shapes: sentences with their capitals, stops and ends of paragraphs, or lines of code, logs and diffs: as the phrases are.
 * Memory: three banks a chain, about 4 MiB in all. Cost: about 110 ns a kB (bench_corpus).
 */
#ifndef CORPUS_CHAIN_H
#define CORPUS_CHAIN_H

#include "corpus/bank.h"

enum chain_kind {
    CHAIN_PROSE,
    CHAIN_DOCUMENT,
    CHAIN_MATH,
    CHAIN_CODE,
    CHAIN_SCRIPT,
    CHAIN_LOG,
    CHAIN_DIFF,
    CHAIN_SUPPORT,
    CHAIN_DE,
    CHAIN_ES,
    CHAIN_PT,
    CHAIN_ZH,
    CHAIN_JA,
    CHAIN_COUNT
};

enum { CHAIN_PARTS = 3 };

struct chain {
    struct bank parts[CHAIN_PARTS];
    bool prose;
};

MUST_CHECK enum status chain_new(
    const struct grammar *grammar, enum chain_kind kind, struct chain *ret_chain);
void chain_fini(struct chain *chain);
/* Appends whole sentences until n_bytes are reached; at least one. Prose loses the space behind the last. */
void chain_put(const struct chain *chain, uint64_t seed, size_t n_bytes, struct buffer *out);

#endif
