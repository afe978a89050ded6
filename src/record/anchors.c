#include "record/anchors.h"

#include "base/mix.h"
#include "record/digest.h"
#include "sketch/winnow.h"

void anchor_key_init(struct anchor_key *anchor_key, const struct key *key)
{
    anchor_key->key = *key;
    for (uint64_t i = 0; i < 4; i++)
        anchor_key->mix[i] = key_hash_u64(key, KEY_ANCHOR, UINT64_C(0x77696e6e6f770000) + i) | 1;
}

uint64_t anchor_turn(const struct anchor_key *key, const struct tokens *tokens, struct token_scratch *scratch)
{
    size_t n = tokens_below(tokens, TOKEN_SYMBOL, scratch->words);
    return n < ANCHOR_TURN_MIN ? 0
                               : digest(&key->key, KEY_ANCHOR, scratch->words, n * sizeof *scratch->words);
}

static uint64_t gram(const uint64_t mix[4], const uint32_t *words)
{
    uint64_t first = (uint64_t)words[0] << 32 | words[1], second = (uint64_t)words[2] << 32 | words[3];
    uint64_t h = mix_fold(first ^ mix[0], second ^ mix[1]);
    return mix_fold(h ^ mix[2], words[4] ^ mix[3]);
}

static void keep_least(uint64_t value, uint64_t *least, size_t n)
{
    size_t i = n;
    while (i > 0 && value <= least[i - 1])
        i--;
    if (i == n || value == least[i])
        return;
    memmove(least + i + 1, least + i, (n - i - 1) * sizeof *least);
    least[i] = value;
}

void anchors_of(const struct anchor_key *key, const struct tokens *tokens, struct token_scratch *scratch,
    uint64_t *ret_least, size_t n)
{
    uint64_t *hashes = scratch->hashes;
    size_t n_words = tokens_below(tokens, TOKEN_SYMBOL, scratch->words);
    size_t n_grams = n_words < ANCHOR_GRAM ? 0 : n_words - ANCHOR_GRAM + 1;
    memset(ret_least, 0xff, n * sizeof *ret_least);
    for (size_t i = 0; i < n_grams; i++)
        hashes[i] = gram(key->mix, scratch->words + i);
    size_t chosen = winnow(hashes, n_grams);
    for (size_t i = 0; i < chosen; i++)
        if (hashes[i] < ret_least[n - 1])
            keep_least(hashes[i] | (hashes[i] == 0), ret_least, n);
    for (size_t i = 0; i < n; i++)
        ret_least[i] = ret_least[i] == UINT64_MAX ? 0 : ret_least[i];
}
