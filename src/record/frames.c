#include "record/frames.h"

#include "base/mix.h"
#include "record/digest.h"
#include "sketch/minhash.h"
#include "sketch/simhash.h"

_Static_assert((int)MINHASH_BINS == (int)MINHASH_SLOTS, "the record keeps the sketch as it is");

const uint8_t lead_tokens[LEAD_COUNT] = { 6, 12, 24 };
const uint8_t tail_tokens[TAIL_COUNT] = { 6, 12 };

enum { SHINGLE = 3 };

static size_t shingles(const struct key *key, const struct tokens *tokens, uint64_t *ret_hashes)
{
    const uint32_t *masked = tokens->masked;
    uint64_t seed = key->fold_seed, other = mix_fold(key->fold_seed, UINT64_C(0x9e3779b97f4a7c15));
    size_t n = tokens->n_masked;
    uint32_t few[SHINGLE] = { 0 };
    if (n < SHINGLE) {
        memcpy(few, masked, n * sizeof *few);
        masked = few;
        n = SHINGLE;
    }
    for (size_t i = 0; i + SHINGLE <= n; i++) {
        uint64_t pair = (uint64_t)masked[i] << 32 | masked[i + 1];
        ret_hashes[i] =
            mix_fold(mix_fold(pair ^ seed, masked[i + 2] ^ other), seed ^ UINT64_C(0xa0761d6478bd642f));
    }
    return n - SHINGLE + 1;
}

void frame_of(const struct key *key, const struct tokens *tokens, struct token_scratch *scratch,
    struct frame_sig *ret_frame)
{
    *ret_frame = (struct frame_sig){ 0 };
    if (tokens->n_masked == 0)
        return;
    ret_frame->id = digest(key, KEY_TEXT, tokens->masked, tokens->n_masked * sizeof *tokens->masked);
    size_t n = shingles(key, tokens, scratch->hashes);
    ret_frame->simhash = simhash_of(scratch->hashes, n);
    minhash_of(scratch->hashes, n, ret_frame->minhash);
}

/* Apart from each other, so that a tail of one text is not taken for a lead of another. */
static uint64_t end_id(const struct key *key, const uint32_t *masked, size_t n, uint64_t which)
{
    uint64_t id = mix_fold(key_fold(key, masked, n * sizeof *masked), which ^ UINT64_C(0x8ebc6af09c88c6e3));
    return id ? id : 1;
}

void frame_ends(const struct key *key, const struct tokens *tokens, uint64_t ret_lead[LEAD_COUNT],
    uint64_t ret_tail[TAIL_COUNT])
{
    for (size_t i = 0; i < LEAD_COUNT; i++) {
        size_t n = lead_tokens[i];
        ret_lead[i] = n <= tokens->n_masked ? end_id(key, tokens->masked, n, i) : 0;
    }
    for (size_t i = 0; i < TAIL_COUNT; i++) {
        size_t n = tail_tokens[i], skip = tokens->n_masked - n;
        ret_tail[i] = n <= tokens->n_masked ? end_id(key, tokens->masked + skip, n, LEAD_COUNT + i) : 0;
    }
}

uint64_t frame_slot(const struct key *key, const struct tokens *tokens, struct token_scratch *scratch)
{
    size_t n = tokens_below(tokens, TOKEN_NEWLINE, scratch->words);
    return digest(key, KEY_TEXT, scratch->words, n * sizeof *scratch->words);
}
