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

/*
 * Plain tokens: their first 8 bytes are hashed without a branch, as lengths cannot be foreseen, and those that are longer
 * are noted and hashed again.
 */
enum { SHORT_BYTES = 8, READABLE_BYTES = 16, CHUNK_TOKENS = 64 };

/* By length, which counts modulo 64: the bits of its first 8 bytes. */
static const uint64_t short_bits[64] = {
#define FIRST(k) ~UINT64_C(0) >> (64 - 8 * (k))
    0,
    FIRST(1),
    FIRST(2),
    FIRST(3),
    FIRST(4),
    FIRST(5),
    FIRST(6),
    FIRST(7),
    FIRST(8),
#undef FIRST
};

/* By class: the seed, and what folds the case. */
static const uint64_t kind_words[4][2] = { { WORD_SEED, FOLD }, { WORD_SEED, FOLD }, { SYMBOL_SEED, 0 },
    { SYMBOL_SEED, 0 } };

/* Where plain tokens stand: READABLE_BYTES of the text are readable at the begin of each, or not. */
enum place { INSIDE, NEAR_END };

/* Of no meaning for more than SHORT_BYTES. */
INLINED uint32_t hash_short(struct span text, size_t from, size_t k, unsigned class, enum place place)
{
    uint64_t head;
    const uint8_t *bytes = (const uint8_t *)text.data;
    if (place == NEAR_END)
        head = load(bytes + from, k < 8 ? k : 8, bytes, bytes + text.n);
    else
        memcpy(&head, bytes + from, 8);
    return finish(mix(kind_words[class][0], (head | kind_words[class][1]) & short_bits[k % 64]), k);
}

/* More than SHORT_BYTES, all of a word. */
INLINED uint32_t hash_long(const struct walk *walk, size_t from, size_t to, enum place place)
{
    uint64_t head, tail;
    size_t k = to - from;
    if (place == NEAR_END || __builtin_expect(k > READABLE_BYTES, 0))
        return hash_run(walk, from, to);
    memcpy(&head, walk->text + from, 8);
    memcpy(&tail, walk->text + from + 8, 8);
    return finish(mix(mix(WORD_SEED, head | FOLD), (tail | FOLD) & short_bits[k - 8]), k);
}

/* Tokens t.. before end, at most CHUNK_TOKENS, outside of any region or all inside of the open one. */
INLINED size_t walk_chunk(const struct walk *walk, size_t t, size_t end, bool in_region, enum place place)
{
    struct tokens *out = walk->tokens;
    const uint32_t *begins = walk->bounds->begin + t, *ends = walk->bounds->end + t;
    const uint64_t *digits = walk->bounds->digits;
    const struct span text = { (const char *)walk->text, walk->n };
    const uint8_t *first_kind = out->first_kind;
    const size_t region_end = walk->region_end;
    uint32_t *restrict hashes = out->hash + out->n, *restrict masked = out->masked + out->n_masked;
    uint8_t *restrict kinds = out->kind + out->n;
    const unsigned region = in_region ? walk->region : 0;
    uint8_t longs[CHUNK_TOKENS];
    size_t i = 0, n_long = 0;
    for (; i < end - t; i++) {
        size_t from = begins[i], to = ends[i];
        if (in_region && from >= region_end)
            break;
        unsigned kind = first_kind[(uint8_t)text.data[from]],
                 digit = digits[to / MASK_BLOCK] >> to % MASK_BLOCK & 1;
        uint32_t hash = hash_short(text, from, to - from, kind, place);
        if (!in_region)
            masked[i] = digit ? MASKED_NUMBER : hash;
        hashes[i] = hash;
        kinds[i] = (uint8_t)(kind | digit * TOKEN_DIGITS | region);
        longs[n_long] = (uint8_t)i;
        n_long += to - from > SHORT_BYTES;
    }
    for (size_t l = 0; l < n_long; l++) {
        size_t at = longs[l];
        hashes[at] = hash_long(walk, begins[at], ends[at], place);
        if (!in_region)
            masked[at] = kinds[at] & TOKEN_DIGITS ? MASKED_NUMBER : hashes[at];
    }
    out->n += (uint32_t)i;
    out->n_masked += in_region ? 0 : (uint32_t)i;
    return t + i;
}

/* As many of the tokens t.. before end as are outside of any region, or inside of the open one. */
INLINED size_t walk_run(const struct walk *walk, size_t t, size_t end, bool in_region, enum place place)
{
    size_t stop = t;
    while (t < end && t == stop) {
        stop = end - t < CHUNK_TOKENS ? end : t + CHUNK_TOKENS;
        t = walk_chunk(walk, t, stop, in_region, place);
    }
    return t;
}

INLINED size_t walk_words(const struct walk *walk, size_t t, size_t end, enum place place)
{
    const struct span text = { (const char *)walk->text, walk->n };
    uint32_t *restrict hashes = walk->tokens->hash + walk->tokens->n;
    walk->tokens->n += (uint32_t)(end - t);
    while (t < end) {
        const uint32_t *edges = walk->bounds->begin + 2 * t;
        size_t n = end - t < CHUNK_TOKENS ? end - t : CHUNK_TOKENS, n_long = 0;
        uint8_t longs[CHUNK_TOKENS];
        for (size_t i = 0; i < n; i++) {
            size_t from = edges[2 * i], to = edges[2 * i + 1];
            hashes[i] = hash_short(text, from, to - from, TOKEN_WORD, place);
            longs[n_long] = (uint8_t)i;
            n_long += to - from > SHORT_BYTES;
        }
        for (size_t l = 0; l < n_long; l++)
            hashes[longs[l]] = hash_long(walk, edges[2 * longs[l]], edges[2 * longs[l] + 1], place);
        hashes += n;
        t += n;
    }
    return end;
}

INLINED size_t walk_plain(struct walk *walk, size_t t, size_t end, bool words_only, enum place place)
{
    if (t >= end)
        return t;
    if (words_only)
        return walk_words(walk, t, end, place);
    if (walk->bounds->begin[t] < walk->region_end)
        t = walk_run(walk, t, end, true, place);
    return walk_run(walk, t, end, false, place);
}

/* All tokens: runs of plain ones quickly, those that are special one by one. */
INLINED void walk_all(struct walk *walk, bool words_only)
{
    const struct token_bounds *bounds = walk->bounds;
    size_t t = 0, near_end = bounds->n;
    while (near_end > 0 && bounds->begin[(near_end - 1) * bounds->step] + READABLE_BYTES > walk->n)
        near_end--;
    for (size_t s = 0; t < bounds->n; s++) {
        size_t special = s < bounds->n_special ? bounds->special[s] : bounds->n;
        t = walk_plain(walk, t, special < near_end ? special : near_end, words_only, INSIDE);
        t = walk_plain(walk, t, special, words_only, NEAR_END);
        if (t < bounds->n)
            walk_token(walk, t++);
        /* A line end after another one and characters that are as if they were not there. */
        if (!words_only && t < bounds->n && walk->text[bounds->begin[t]] == '\n' && after_line(walk->tokens))
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

#ifdef __x86_64__
#include <immintrin.h>

/* Writes the hashes of the class before `end` among the first tokens, eight at a time; returns how many it looked at. */
__attribute__((target("avx2,popcnt"))) static size_t below_avx2(
    const struct tokens *tokens, enum token_class end, uint32_t *hashes, size_t *ret_n)
{
    const __m128i class = _mm_set1_epi8(TOKEN_CLASS), least = _mm_set1_epi8((char)end);
    size_t i = 0, n = 0;
    for (; i + 8 <= tokens->n; i += 8) {
        __m128i kinds = _mm_loadl_epi64((const __m128i *)(const void *)(tokens->kind + i));
        unsigned taken = _mm_movemask_epi8(_mm_cmplt_epi8(_mm_and_si128(kinds, class), least)) & 0xff;
        __m128i places = _mm_loadl_epi64((const __m128i *)(const void *)&tokens->bounds.places.of[taken]);
        __m256i eight = _mm256_loadu_si256((const __m256i *)(const void *)(tokens->hash + i));
        _mm256_storeu_si256((__m256i *)(void *)(hashes + n),
            _mm256_permutevar8x32_epi32(eight, _mm256_cvtepu8_epi32(places)));
        n += (unsigned)__builtin_popcount(taken);
    }
    *ret_n = n;
    return i;
}
#endif

size_t tokens_below(const struct tokens *tokens, enum token_class end, uint32_t *ret_hashes)
{
    size_t n = 0, i = 0;
#ifdef __x86_64__
    if (tokens->level >= BYTES_AVX2)
        i = below_avx2(tokens, end, ret_hashes, &n);
#endif
    for (; i < tokens->n; i++) {
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
