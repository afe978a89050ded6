/*
 * bank.h: thousands of short phrases of one rule, ready to be copied.
 *
 * Model: long texts are chains of phrases of three to five words, so that any five neighbouring words span two phrases and
 *   hardly ever recur. A phrase is a line of 32 bytes, its length in the last: copying one is two loads and two stores.
 * Memory: 32 bytes a phrase. Cost: about 3 ns a phrase (bench_corpus).
 */
#ifndef CORPUS_BANK_H
#define CORPUS_BANK_H

#include "corpus/grammar.h"

#include <string.h>

enum { BANK_LINE = 32, BANK_TEXT = 31 };

struct bank {
    uint32_t mask;              /* phrases - 1 */
    char (*phrases)[BANK_LINE]; /* in lines of the cache, so that a phrase is in one of them */
    void *block;                /* that they lie in */
};

/* 2^bits phrases; those beyond BANK_TEXT bytes are drawn again, STATUS_BAD if the rule hardly gives another. */
MUST_CHECK enum status bank_new(
    const struct grammar *grammar, const char *rule, unsigned bits, struct bank *ret_bank);
void bank_fini(struct bank *bank);

static inline void bank_touch(const struct bank *bank, uint64_t draw)
{
    __builtin_prefetch(bank->phrases[(uint32_t)draw & bank->mask]);
}

/* to: BANK_LINE writable bytes. Returns behind the phrase. */
static inline char *bank_copy(const struct bank *bank, uint64_t draw, char *to)
{
    const char *phrase = bank->phrases[(uint32_t)draw & bank->mask];
    memcpy(to, phrase, BANK_LINE);
    return to + (unsigned char)phrase[BANK_TEXT];
}

#endif
