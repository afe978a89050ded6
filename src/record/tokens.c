#include "record/tokens.h"

#include "record/tokenwalk.h"

#include <stdlib.h>

enum { BLOCKS_MAX = TOKENS_BYTES_MAX / MASK_BLOCK + 1 };

#define INLINED __attribute__((always_inline)) static inline
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

static bool has_high(const struct walk *walk, size_t from, size_t to)
{
    while (from < to && walk->text[from] < 0x80)
        from++;
    return from < to;
}

static void walk_word(struct walk *walk, size_t from, size_t to)
{
    if (has_high(walk, from, to)) {
        tokenwide_emit(walk, from, to);
        return;
    }
    bool digits = walk->bounds->digits[to / MASK_BLOCK] >> to % MASK_BLOCK & 1;
    unsigned kind = walk->tokens->first_kind[walk->text[from]] | (digits ? TOKEN_DIGITS : 0);
    emit_word(walk, from, to, hash_run(walk, from, to), kind);
}

static bool after_line(const struct tokens *tokens)
{
    return tokens->n == 0 || (tokens->kind[tokens->n - 1] & TOKEN_CLASS) == TOKEN_NEWLINE;
}

static void emit_line(struct walk *walk, size_t at)
{
    if (!walk->words_only && !after_line(walk->tokens))
        emit(walk, at, token_hash_symbol('\n'), TOKEN_NEWLINE);
}

/* Any token, one at a time. */
static void walk_token(struct walk *walk, size_t t)
{
    const struct token_bounds *bounds = walk->bounds;
    size_t from = bounds->begin[t * bounds->step];
    if (is_word(walk, from))
        walk_word(walk, from, bounds->end[t * bounds->step]);
    else if (walk->text[from] == '\n')
        emit_line(walk, from); /* what stood since the last one may have vanished */
    else
        emit_sign(walk, from, walk->text[from]);
}

enum { QUICK_BYTES = 16 };

/* By length: the bits of its first 8 bytes, of the next 8, and all bits if there are such. */
static const uint64_t quick_bits[QUICK_BYTES + 1][4] = {
#define FIRST(k)                                                                                             \
    {                                                                                                        \
        ~UINT64_C(0) >> (64 - 8 * (k))                                                                       \
    }
#define SECOND(k)                                                                                            \
    {                                                                                                        \
        ~UINT64_C(0), ~UINT64_C(0) >> (64 - 8 * (k)), ~UINT64_C(0)                                           \
    }
    { 0 },
    FIRST(1),
    FIRST(2),
    FIRST(3),
    FIRST(4),
    FIRST(5),
    FIRST(6),
    FIRST(7),
    FIRST(8),
    SECOND(1),
    SECOND(2),
    SECOND(3),
    SECOND(4),
    SECOND(5),
    SECOND(6),
    SECOND(7),
    SECOND(8),
#undef FIRST
#undef SECOND
};

/* By class: the seed, and what folds the case. */
static const uint64_t quick_kinds[4][2] = { { WORD_SEED, FOLD }, { WORD_SEED, FOLD }, { SYMBOL_SEED, 0 },
    { SYMBOL_SEED, 0 } };

/* Hash of k ASCII bytes, QUICK_BYTES of which are readable and count; no branch, as lengths cannot be foreseen. */
INLINED uint32_t hash_quick(const uint8_t *bytes, size_t k, unsigned class)
{
    const uint64_t *bits = quick_bits[k], *kind = quick_kinds[class];
    uint64_t head, tail;
    memcpy(&head, bytes, 8);
    memcpy(&tail, bytes + 8, 8);
    uint64_t once = mix(kind[0], (head | kind[1]) & bits[0]);
    uint64_t twice = mix(once, (tail | FOLD) & bits[1]);
    return finish(once ^ ((once ^ twice) & bits[2]), k);
}

/* Tokens t.. before end that are not special, outside of any region or all inside of the open one. */
INLINED size_t walk_run(const struct walk *walk, size_t t, size_t end, bool in_region)
{
    struct tokens *out = walk->tokens;
    const uint32_t *begins = walk->bounds->begin, *ends = walk->bounds->end;
    const uint64_t *digits = walk->bounds->digits;
    const uint8_t *text = walk->text, *first_kind = out->first_kind;
    const size_t region_end = walk->region_end;
    uint32_t *restrict hashes = out->hash, *restrict masked = out->masked;
    uint8_t *restrict kinds = out->kind;
    size_t n = out->n, n_masked = out->n_masked;
    const unsigned region = in_region ? walk->region : 0;
    for (; t < end; t++) {
        size_t from = begins[t], to = ends[t];
        if (in_region && from >= region_end)
            break;
        unsigned kind = first_kind[text[from]], digit = digits[to / MASK_BLOCK] >> to % MASK_BLOCK & 1;
        uint32_t hash = __builtin_expect(to - from <= QUICK_BYTES, 1)
                            ? hash_quick(text + from, to - from, kind)
                            : hash_run(walk, from, to);
        if (!in_region)
            masked[n_masked++] = hash ^ ((hash ^ MASKED_NUMBER) & (0u - digit));
        hashes[n] = hash;
        kinds[n++] = (uint8_t)(kind | digit * TOKEN_DIGITS | region);
    }
    out->n = (uint32_t)n, out->n_masked = (uint32_t)n_masked;
    return t;
}

INLINED size_t walk_words(const struct walk *walk, size_t t, size_t end)
{
    const uint32_t *edges = walk->bounds->begin;
    const uint8_t *text = walk->text;
    uint32_t *restrict hashes = walk->tokens->hash + walk->tokens->n;
    walk->tokens->n += (uint32_t)(end - t);
    for (; t < end; t++) {
        size_t from = edges[2 * t], to = edges[2 * t + 1];
        *hashes++ = __builtin_expect(to - from <= QUICK_BYTES, 1)
                        ? hash_quick(text + from, to - from, TOKEN_WORD)
                        : hash_run(walk, from, to);
    }
    return end;
}

/* All tokens: runs of plain ones quickly, those that are special or too near the end of the text one by one. */
INLINED void walk_all(struct walk *walk, bool words_only)
{
    const struct token_bounds *bounds = walk->bounds;
    size_t t = 0, near_end = bounds->n;
    while (near_end > 0 && bounds->begin[(near_end - 1) * bounds->step] + QUICK_BYTES > walk->n)
        near_end--;
    for (size_t s = 0; t < bounds->n; t++) {
        size_t special = s < bounds->n_special ? bounds->special[s] : bounds->n;
        size_t end = special < near_end ? special : near_end;
        if (words_only && t < end) {
            t = walk_words(walk, t, end);
        } else if (t < end) {
            if (bounds->begin[t] < walk->region_end)
                t = walk_run(walk, t, end, true);
            t = walk_run(walk, t, end, false);
        }
        s += t == special;
        if (t < bounds->n)
            walk_token(walk, t);
        /* A line end after another one and characters that are as if they were not there. */
        if (!words_only && t + 1 < near_end && walk->text[bounds->begin[t + 1]] == '\n' &&
            after_line(walk->tokens))
            t++;
    }
}

static void walk_any(struct walk *walk)
{
    walk_all(walk, walk->words_only);
}

#ifdef __x86_64__
__attribute__((target("bmi,bmi2"))) static void walk_bmi(struct walk *walk)
{
    if (walk->words_only)
        walk_all(walk, true);
    else
        walk_all(walk, false);
}
#else
#define walk_bmi walk_any
#endif

/* A NEWLINE at the very end stands before nothing. */
static void drop_last_line(struct tokens *out)
{
    if (out->n == 0 || (out->kind[out->n - 1] & TOKEN_CLASS) != TOKEN_NEWLINE)
        return;
    out->n--;
    if (!(out->kind[out->n] & TOKEN_REGION))
        out->n_masked--;
}

static void add(struct tokens *tokens, struct span text, bool words_only)
{
    size_t room = TOKENS_BYTES_MAX - tokens->bytes;
    size_t separator = tokens->n > 0;
    if (text.n == 0 || room <= separator)
        return;
    size_t n = text.n < room - separator ? text.n : room - separator;
    struct walk walk = { .tokens = tokens,
        .text = (const uint8_t *)text.data,
        .n = n,
        .masks = tokens->masks,
        .bounds = &tokens->bounds,
        .words_only = words_only };
    tokens->bytes += (uint32_t)(n + separator);
    if (separator)
        emit_line(&walk, n);
    enum mask_set set = words_only ? MASKS_WORDS : MASKS_ALL;
    size_t blocks = byte_masks_fill(tokens->level, set, walk.text, n, tokens->masks);
    for (size_t b = 0; b < blocks; b++)
        if (tokens->masks[b].high)
            tokens->high_bytes += (uint32_t)__builtin_popcountll(tokens->masks[b].high);
    token_bounds_find(
        &tokens->bounds, tokens->level, tokens->masks, blocks, set, !words_only && after_line(tokens));
    if (tokens->level >= BYTES_AVX2)
        walk_bmi(&walk);
    else
        walk_any(&walk);
    if (!words_only)
        drop_last_line(tokens);
}

void tokens_add(struct tokens *tokens, struct span text)
{
    add(tokens, text, false);
}

void tokens_add_words(struct tokens *tokens, struct span text)
{
    add(tokens, text, true);
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

/* The class of the token that this byte of ASCII begins. */
static uint8_t first_kind(uint8_t c)
{
    if (c == '\n')
        return TOKEN_NEWLINE;
    if (c >= '0' && c <= '9')
        return TOKEN_NUMBER;
    return (c | 0x20) >= 'a' && (c | 0x20) <= 'z' ? TOKEN_WORD : c == '_' ? TOKEN_WORD : TOKEN_SYMBOL;
}

enum status tokens_new(struct tokens **ret_tokens)
{
    enum status st = STATUS_OK;
    struct tokens *tokens = calloc(1, sizeof *tokens);
    REQUIRE(tokens, STATUS_NOMEM);
    tokens->hash = malloc(TOKENS_BYTES_MAX * sizeof *tokens->hash);
    tokens->masked = malloc(TOKENS_BYTES_MAX * sizeof *tokens->masked);
    tokens->kind = malloc(TOKENS_BYTES_MAX * sizeof *tokens->kind);
    tokens->masks = malloc((BLOCKS_MAX + 2) * sizeof *tokens->masks);
    TRY(token_bounds_init(&tokens->bounds, TOKENS_BYTES_MAX));
    REQUIRE(tokens->hash && tokens->masked && tokens->kind && tokens->masks, STATUS_NOMEM);
    tokens->level = byte_level_best();
    for (unsigned c = 0; c < 256; c++)
        tokens->first_kind[c] = first_kind((uint8_t)c);
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
    token_bounds_fini(&tokens->bounds);
    free(tokens);
}
