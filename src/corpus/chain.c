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

/* Sentences that are drawn ahead of the one being written, so that their phrases are on their way. */
enum { AHEAD = 8 };

static inline uint64_t draw_ahead(const struct chain *chain, uint64_t *seed)
{
    *seed += UINT64_C(0x8ebc6af09c88c6e3);
    uint64_t draw = mix_fold(*seed, *seed ^ UINT64_C(0x589965cc75374cc3));
    bank_touch(&chain->parts[0], draw);
    bank_touch(&chain->parts[1], draw >> 16);
    bank_touch(&chain->parts[2], draw >> 32);
    return draw;
}

static inline char *put_sentence(const struct chain *chain, uint64_t draw, char *to)
{
    to = bank_copy(&chain->parts[0], draw, to);
    to = bank_copy(&chain->parts[1], draw >> 16, to);
    return bank_copy(&chain->parts[2], draw >> 32, to);
}

void chain_put(const struct chain *chain, uint64_t seed, size_t n_bytes, struct buffer *out)
{
    uint64_t draws[AHEAD];
    if (!buffer_reserve(out, n_bytes + (CHAIN_PARTS + 1) * BANK_LINE))
        return;
    char *start = out->data + out->n, *to = start, *end = start + n_bytes;
    for (unsigned i = 0; i < AHEAD; i++)
        draws[i] = draw_ahead(chain, &seed);
    for (unsigned i = 0; to == start || to < end; i = (i + 1) % AHEAD) {
        to = put_sentence(chain, draws[i], to);
        draws[i] = draw_ahead(chain, &seed);
    }
    while (chain->prose && to > start && (to[-1] == ' ' || to[-1] == '\n'))
        to--;
    out->n += (size_t)(to - start);
}
