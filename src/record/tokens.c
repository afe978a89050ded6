#include "record/tokens.h"

#include "record/tokenwalk.h"

#include <stdlib.h>

enum { BLOCKS_MAX = TOKENS_BYTES_MAX / MASK_BLOCK + 1 };

#define FOLD UINT64_C(0x2020202020202020)

/* The k (1..8) bytes at p, the rest zero, without touching a byte at or after end or before text. */
static inline uint64_t load(const uint8_t *p, size_t k, const uint8_t *text, const uint8_t *end)
{
    uint64_t word = 0;
    if (end - p >= 8) {
        memcpy(&word, p, 8);
    } else if (end - text >= 8) {
        memcpy(&word, end - 8, 8);
        word >>= 8 * (8 - (end - p));
    } else {
        memcpy(&word, p, (size_t)(end - p));
    }
    return word & ~UINT64_C(0) >> (64 - 8 * k);
}

static inline uint32_t hash_run(const struct walk *walk, size_t from, size_t to)
{
    uint64_t h = WORD_SEED;
    size_t n = to - from;
    for (size_t i = from; i < to; i += 8) {
        size_t k = to - i < 8 ? to - i : 8;
        h = mix(h, load(walk->text + i, k, walk->text, walk->text + walk->n) | FOLD >> (64 - 8 * k));
    }
    return finish(h, n);
}

uint32_t token_hash_symbol(uint32_t code_point)
{
    return finish(mix(SYMBOL_SEED, code_point), 1);
}

static uint64_t joined(uint64_t sign, uint64_t run, uint64_t before, uint64_t after)
{
    return sign & (run << 1 | before) & (run >> 1 | after << 63);
}

/* Fills one set of masks a block and joins inner points and ticks to their words. Returns the number of
 * blocks. */
static size_t fill_masks(struct byte_masks *masks, const uint8_t *text, size_t n)
{
    size_t blocks = (n + MASK_BLOCK - 1) / MASK_BLOCK;
    uint8_t before = ' ';
    for (size_t b = 0; b < blocks; b++) {
        uint8_t last[MASK_BLOCK];
        const uint8_t *bytes = text + b * MASK_BLOCK;
        size_t left = n - b * MASK_BLOCK;
        if (left < MASK_BLOCK) {
            memset(last, ' ', sizeof last);
            memcpy(last, bytes, left);
            bytes = last;
        }
        masks[b] = byte_masks_of(bytes, before);
        before = bytes[MASK_BLOCK - 1];
    }
    masks[blocks] = (struct byte_masks){ 0 };
    uint64_t digit_before = 0, word_before = 0;
    for (size_t b = 0; b < blocks; b++) {
        uint64_t digit = masks[b].digit, word = masks[b].word;
        masks[b].word |= joined(masks[b].point, digit, digit_before, masks[b + 1].digit & 1) |
                         joined(masks[b].tick, word, word_before, masks[b + 1].word & 1);
        digit_before = digit >> 63;
        word_before = word >> 63;
    }
    return blocks;
}

/* End of the run that holds bit `at`, and the digit and high bits seen in it. */
static inline size_t run_end(const struct walk *walk, size_t at, uint64_t *ret_digit, uint64_t *ret_high)
{
    size_t b = at / MASK_BLOCK, shift = at % MASK_BLOCK;
    const struct byte_masks *block = &walk->masks[b];
    uint64_t stop = ~block->word >> shift;
    uint64_t inside = stop ? (stop & -stop) - 1 : ~UINT64_C(0);
    *ret_digit = block->digit >> shift & inside;
    *ret_high = block->high >> shift & inside;
    if (__builtin_expect(stop != 0, 1))
        return at + (size_t)__builtin_ctzll(stop);
    do {
        block = &walk->masks[++b];
        stop = ~block->word;
        inside = stop ? (stop & -stop) - 1 : ~UINT64_C(0);
        *ret_digit |= block->digit & inside;
        *ret_high |= block->high & inside;
    } while (stop == 0);
    size_t end = b * MASK_BLOCK + (size_t)__builtin_ctzll(stop);
    return end < walk->n ? end : walk->n;
}

static inline void walk_word(struct walk *walk, size_t at)
{
    uint64_t digit, high;
    size_t end = run_end(walk, at, &digit, &high);
    if (__builtin_expect(high != 0, 0)) {
        tokenwide_emit(walk, at, end);
        return;
    }
    unsigned kind = (digit & 1 ? TOKEN_NUMBER : TOKEN_WORD) | (digit ? TOKEN_DIGITS : 0);
    emit_word(walk, at, end, hash_run(walk, at, end), kind);
}

static void emit_line(struct walk *walk, size_t at)
{
    const struct tokens *out = walk->tokens;
    if (out->n == 0 || (out->kind[out->n - 1] & TOKEN_CLASS) == TOKEN_NEWLINE)
        return;
    emit(walk, at, token_hash_symbol('\n'), TOKEN_NEWLINE);
}

static void walk_sign(struct walk *walk, size_t at)
{
    if (walk->text[at] == '\n')
        emit_line(walk, at);
    else
        emit_sign(walk, at, walk->text[at]);
}

/* The 64 bits from bit i on of two masks that follow each other. */
static inline uint64_t from_bit(uint64_t mask, uint64_t next, unsigned i)
{
    return mask >> i | next << 1 << (63 - i);
}

/* Hash of k <= 16 bytes, 16 of them readable; fold is 0 for signs. */
static inline uint32_t hash_short(const uint8_t *bytes, unsigned k, uint64_t seed, uint64_t fold)
{
    uint64_t head, tail;
    memcpy(&head, bytes, 8);
    if (k <= 8)
        return finish(mix(seed, (head | fold) & ~UINT64_C(0) >> (64 - 8 * k)), k);
    memcpy(&tail, bytes + 8, 8);
    return finish(mix(mix(seed, head | fold), (tail | fold) & ~UINT64_C(0) >> (128 - 8 * k)), k);
}

enum { LOOKAHEAD = 24 }; /* bytes behind a block that are looked at */

/* The block's bytes and those behind it: the text itself, or near its end a copy with blanks behind. */
static const uint8_t *block_text(const struct walk *walk, size_t here, uint8_t copy[MASK_BLOCK + LOOKAHEAD])
{
    size_t left = walk->n - here;
    if (left >= MASK_BLOCK + LOOKAHEAD)
        return walk->text + here;
    memset(copy, ' ', MASK_BLOCK + LOOKAHEAD);
    memcpy(copy, walk->text + here, left);
    return copy;
}

/* True if the word that ends before these bytes may begin a URL. */
static inline bool url_follows(const uint8_t *after, unsigned k)
{
    return (after[0] == ':' && after[1] == '/') || (k == 3 && after[0] == '.');
}

/*
 * One block. The usual token, a run of at most 16 ASCII bytes or a sign that opens nothing, is done here without
 * asking which of the two it is; the rest goes to walk_word and walk_sign.
 */
static void walk_block(struct walk *walk, size_t b, uint64_t before)
{
    const struct byte_masks *block = &walk->masks[b], next = walk->masks[b + 1];
    const size_t here = b * MASK_BLOCK;
    uint8_t copy[MASK_BLOCK + LOOKAHEAD];
    const uint8_t *text = block_text(walk, here, copy);
    const uint64_t word = block->word, digits = block->digit, high = block->high;
    const uint64_t careful = (block->line | block->tick | block->quote) & ~word;
    const bool any_high = (high | next.high) != 0, any_digits = (digits | next.digit) != 0;
    struct tokens *out = walk->tokens;
    uint32_t *restrict hashes = out->hash, *restrict masked = out->masked;
    uint8_t *restrict kinds = out->kind;
    uint32_t n = out->n, n_masked = out->n_masked;
    size_t region_end = walk->region_end;
    uint64_t marks = (word & ~(word << 1 | before)) | (~(word | block->blank) & ~block->same);
    for (; marks; marks &= marks - 1) {
        unsigned i = (unsigned)__builtin_ctzll(marks);
        uint64_t stop = from_bit(~word, ~next.word, i), inside = (stop & -stop) - 1;
        unsigned sign = stop & 1, k = (unsigned)__builtin_ctzll(stop | UINT64_C(1) << 63) + sign;
        bool in_region = here + i < region_end;
        bool careless = k <= 16 && !(careful >> i & 1) &&
                        !(any_high && from_bit(high, next.high, i) & inside) &&
                        (in_region || !url_follows(text + i + k, k));
        if (__builtin_expect(!careless, 0)) {
            out->n = n, out->n_masked = n_masked;
            if (sign)
                walk_sign(walk, here + i);
            else
                walk_word(walk, here + i);
            n = out->n, n_masked = out->n_masked, region_end = walk->region_end;
            continue;
        }
        uint64_t digit = any_digits ? from_bit(digits, next.digit, i) & inside : 0;
        uint32_t hash = hash_short(text + i, k, sign ? SYMBOL_SEED : WORD_SEED, sign ? 0 : FOLD);
        unsigned kind = sign << 1 | (unsigned)(digit & 1) | (digit ? TOKEN_DIGITS : 0);
        masked[n_masked] = in_region ? region_mark(walk->region) : digit ? MASKED_NUMBER : hash;
        n_masked += !(in_region && walk->region_masked);
        if (in_region) {
            kind |= walk->region;
            walk->region_masked = true;
        }
        hashes[n] = hash;
        kinds[n++] = (uint8_t)kind;
    }
    out->n = n, out->n_masked = n_masked;
}

/* A NEWLINE at the very end stands before nothing. */
static void drop_last_line(struct tokens *out)
{
    if (out->n == 0 || (out->kind[out->n - 1] & TOKEN_CLASS) != TOKEN_NEWLINE)
        return;
    out->n--;
    if (!(out->kind[out->n] & TOKEN_REGION))
        out->n_masked--;
}

void tokens_add(struct tokens *tokens, struct span text)
{
    size_t room = TOKENS_BYTES_MAX - tokens->bytes;
    size_t separator = tokens->n > 0;
    if (text.n == 0 || room <= separator)
        return;
    size_t n = text.n < room - separator ? text.n : room - separator;
    struct walk walk = { tokens, (const uint8_t *)text.data, n, tokens->masks, 0, 0, false, { 0 } };
    tokens->bytes += (uint32_t)(n + separator);
    if (separator)
        emit_line(&walk, n);
    size_t blocks = fill_masks(tokens->masks, walk.text, n);
    for (size_t b = 0; b < blocks; b++) {
        if (tokens->masks[b].high)
            tokens->high_bytes += (uint32_t)__builtin_popcountll(tokens->masks[b].high);
        walk_block(&walk, b, b > 0 ? tokens->masks[b - 1].word >> 63 : 0);
    }
    drop_last_line(tokens);
}

size_t tokens_below(const struct tokens *tokens, enum token_class end, uint32_t *ret_hashes)
{
    size_t n = 0;
    for (size_t i = 0; i < tokens->n; i++) {
        ret_hashes[n] = tokens->hash[i];
        n += (tokens->kind[i] & TOKEN_CLASS) < end;
    }
    return n;
}

enum status token_scratch_init(struct token_scratch *scratch)
{
    enum status st = STATUS_OK;
    scratch->words = malloc(TOKENS_BYTES_MAX * sizeof *scratch->words);
    scratch->hashes = malloc(TOKENS_BYTES_MAX * sizeof *scratch->hashes);
    REQUIRE(scratch->words && scratch->hashes, STATUS_NOMEM);
    return st;
fail:
    token_scratch_fini(scratch);
    return st;
}

void token_scratch_fini(struct token_scratch *scratch)
{
    free(scratch->words);
    free(scratch->hashes);
    *scratch = (struct token_scratch){ 0 };
}

enum status tokens_new(struct tokens **ret_tokens)
{
    enum status st = STATUS_OK;
    struct tokens *tokens = calloc(1, sizeof *tokens);
    REQUIRE(tokens, STATUS_NOMEM);
    tokens->hash = malloc(TOKENS_BYTES_MAX * sizeof *tokens->hash);
    tokens->masked = malloc(TOKENS_BYTES_MAX * sizeof *tokens->masked);
    tokens->kind = malloc(TOKENS_BYTES_MAX * sizeof *tokens->kind);
    tokens->masks = malloc((BLOCKS_MAX + 1) * sizeof *tokens->masks);
    REQUIRE(tokens->hash && tokens->masked && tokens->kind && tokens->masks, STATUS_NOMEM);
    *ret_tokens = tokens;
    return st;
fail:
    tokens_free(tokens);
    return st;
}

void tokens_free(struct tokens *tokens)
{
    if (!tokens)
        return;
    free(tokens->hash);
    free(tokens->masked);
    free(tokens->kind);
    free(tokens->masks);
    free(tokens);
}
