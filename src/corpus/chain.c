#include "corpus/chain.h"

#include "base/mix.h"

#include <stdio.h>

static const struct {
    const char *name;
    unsigned bits;
    bool prose;
} chains[CHAIN_COUNT] = {
    [CHAIN_PROSE] = { "prose", 12, true },
    [CHAIN_DOCUMENT] = { "document", 12, true },
    [CHAIN_MATH] = { "math", 12, false },
    [CHAIN_CODE] = { "code", 12, false },
    [CHAIN_SCRIPT] = { "script", 12, false },
    [CHAIN_LOG] = { "log", 12, false },
    [CHAIN_DIFF] = { "diff", 12, false },
    [CHAIN_SUPPORT] = { "support", 12, true },
    [CHAIN_DE] = { "de", 10, true },
    [CHAIN_ES] = { "es", 10, true },
    [CHAIN_PT] = { "pt", 10, true },
    [CHAIN_ZH] = { "zh", 10, false },
    [CHAIN_JA] = { "ja", 10, false },
};

enum status chain_new(const struct grammar *grammar, enum chain_kind kind, struct chain *ret_chain)
{
    struct chain chain = { .prose = chains[kind].prose };
    enum status st;
    for (unsigned i = 0; i < CHAIN_PARTS; i++) {
        char rule[48];
        snprintf(rule, sizeof rule, "chain.%s.%u", chains[kind].name, i + 1);
        TRY(bank_new(grammar, rule, chains[kind].bits, &chain.parts[i]));
    }
    *ret_chain = chain;
    return STATUS_OK;
fail:
    chain_fini(&chain);
    return st;
}

void chain_fini(struct chain *chain)
{
    for (unsigned i = 0; i < CHAIN_PARTS; i++)
        bank_fini(&chain->parts[i]);
}

/* Without a branch that depends on the draw: one that cannot be foreseen costs as much as a phrase. */
static inline char *put_sentence(const struct chain *chain, uint64_t draw, char *to)
{
    char *start = to;
    for (unsigned i = 0; i < CHAIN_PARTS; i++)
        to = bank_copy(&chain->parts[i], draw >> 16 * i, to);
    if (chain->prose) {
        unsigned ends = draw >> 62 == 0; /* one sentence in four ends a paragraph */
        unsigned small = (unsigned char)(*start - 'a') < 26;
        *start = (char)(*start - (char)(small << 5));
        to[-1] = (char)(' ' - (char)(ends * (' ' - '\n')));
        *to = '\n';
        to += ends;
    }
    return to;
}

void chain_put(const struct chain *chain, uint64_t seed, size_t n_bytes, struct buffer *out)
{
    const uint64_t step = UINT64_C(0x8ebc6af09c88c6e3), fold = UINT64_C(0x589965cc75374cc3);
    if (!buffer_reserve(out, n_bytes + (CHAIN_PARTS + 1) * BANK_LINE))
        return;
    char *start = out->data + out->n, *to = start, *end = start + n_bytes;
    do {
        seed += step;
        to = put_sentence(chain, mix_fold(seed, seed ^ fold), to);
    } while (to < end);
    while (chain->prose && to > start && (to[-1] == ' ' || to[-1] == '\n'))
        to--;
    out->n += (size_t)(to - start);
}
