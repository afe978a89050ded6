#define _GNU_SOURCE /* memmem */

#include "record/tokens.h"

#include "record/bytemask.h"
#include "record/codepoint.h"

#include <stdbool.h>
#include <stdlib.h>

enum { BLOCKS_MAX = TOKENS_BYTES_MAX / MASK_BLOCK + 1 };

#define FOLD UINT64_C(0x2020202020202020)

static const uint64_t word_seed = 0x9e3779b97f4a7c15, symbol_seed = 0xc2b2ae3d27d4eb4f;

/* What is known of the text while it is walked. Positions count bytes from its start. */
struct walk {
    struct tokens *tokens;
    const uint8_t *text;
    size_t n;
    const struct byte_masks *masks;
    size_t region_end;
    uint8_t region;     /* TOKEN_QUOTED, TOKEN_CODE or TOKEN_URL, valid before region_end */
    bool region_masked; /* its masked token is out */
    size_t no_close[5]; /* by kind of quote: nothing closes before here */
};

static uint64_t mix(uint64_t h, uint64_t word)
{
    h = (h ^ word) * 0xff51afd7ed558ccd;
    return h ^ h >> 32;
}

static uint32_t finish(uint64_t h, size_t n)
{
    return (uint32_t)(mix(h, n) >> 13);
}

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
    uint64_t h = word_seed;
    size_t n = to - from;
    for (size_t i = from; i < to; i += 8) {
        size_t k = to - i < 8 ? to - i : 8;
        h = mix(h, load(walk->text + i, k, walk->text, walk->text + walk->n) | FOLD >> (64 - 8 * k));
    }
    return finish(h, n);
}

uint32_t token_hash_symbol(uint32_t code_point)
{
    return finish(mix(symbol_seed, code_point), 1);
}

static uint32_t region_mark(uint8_t region)
{
    return region == TOKEN_CODE ? MASKED_CODE : region == TOKEN_URL ? MASKED_URL : MASKED_QUOTE;
}

static inline void emit(struct walk *walk, size_t at, uint32_t hash, unsigned kind)
{
    struct tokens *out = walk->tokens;
    if (at < walk->region_end) {
        kind |= walk->region;
        if (!walk->region_masked)
            out->masked[out->n_masked++] = region_mark(walk->region);
        walk->region_masked = true;
    } else {
        out->masked[out->n_masked++] = kind & TOKEN_DIGITS ? MASKED_NUMBER : hash;
    }
    out->hash[out->n] = hash;
    out->kind[out->n++] = (uint8_t)kind;
}

static void open_region(struct walk *walk, uint8_t region, size_t end)
{
    walk->region = region;
    walk->region_end = end;
    walk->region_masked = false;
}

static bool starts(const struct walk *walk, size_t at, struct span with)
{
    return walk->n - at >= with.n && memcmp(walk->text + at, with.data, with.n) == 0;
}

static bool is_word(const struct walk *walk, size_t at)
{
    return at < walk->n && walk->masks[at / MASK_BLOCK].word >> at % MASK_BLOCK & 1;
}

static bool is_blank(const struct walk *walk, size_t at)
{
    return at >= walk->n || walk->text[at] == '\n' ||
           (walk->masks[at / MASK_BLOCK].blank >> at % MASK_BLOCK & 1);
}

/* URLs */

static size_t url_end(const struct walk *walk, size_t at)
{
    while (at < walk->n && walk->text[at] > 0x20 && walk->text[at] < 0x7f &&
           !strchr("\"'`<>()[]{}|", walk->text[at]))
        at++;
    while (strchr(".,;:!?", walk->text[at - 1]))
        at--;
    return at;
}

static inline void emit_word(struct walk *walk, size_t from, size_t to, uint32_t hash, unsigned kind)
{
    if (to < walk->n && from >= walk->region_end) {
        uint8_t next = walk->text[to];
        if (next == ':' && starts(walk, to, SPAN("://")) && !is_blank(walk, to + 3))
            open_region(walk, TOKEN_URL, url_end(walk, to));
        else if (next == '.' && to - from == 3 && (walk->text[from] | 0x20) == 'w' && is_word(walk, to + 1) &&
                 hash == token_hash_word(SPAN("www")))
            open_region(walk, TOKEN_URL, url_end(walk, to));
    }
    emit(walk, from, hash, kind);
}

/* Quotes */

struct quote {
    struct span open, close;
};

static const struct quote quotes[] = {
    { { "\"", 1 }, { "\"", 1 } },
    { { "`", 1 }, { "`", 1 } },
    { { "'", 1 }, { "'", 1 } },
    { { "\xe2\x80\x9c", 3 }, { "\xe2\x80\x9d", 3 } },
    { { "\xe3\x80\x8c", 3 }, { "\xe3\x80\x8d", 3 } },
};
enum { QUOTE_TICK = 2 };

static bool closes(const struct walk *walk, size_t at, size_t quote)
{
    if (!starts(walk, at, quotes[quote].close))
        return false;
    return quote != QUOTE_TICK || (!is_word(walk, at + 1) && !is_blank(walk, at - 1));
}

/* Opens a QUOTED region at a sign that may begin one. Amortised linear: what was searched in vain is not
 * again. */
static void open_quote(struct walk *walk, size_t at, size_t quote)
{
    size_t from = at + quotes[quote].open.n;
    size_t limit = from + QUOTE_BYTES_MAX < walk->n ? from + QUOTE_BYTES_MAX : walk->n;
    if (quote == QUOTE_TICK && ((at > 0 && is_word(walk, at - 1)) || is_blank(walk, from)))
        return;
    for (size_t i = from > walk->no_close[quote] ? from : walk->no_close[quote]; i < limit; i++) {
        if (closes(walk, i, quote)) {
            open_region(walk, TOKEN_QUOTED, i + quotes[quote].close.n);
            return;
        }
        walk->no_close[quote] = i;
        if (walk->text[i] == '\n')
            return;
    }
}

static void open_code(struct walk *walk, size_t at)
{
    const uint8_t *from = walk->text + at + 3;
    const uint8_t *close = memmem(from, walk->n - at - 3, "```", 3);
    open_region(walk, TOKEN_CODE, close ? (size_t)(close - walk->text) + 3 : walk->n);
}

static void open_at_sign(struct walk *walk, size_t at)
{
    uint8_t c = walk->text[at];
    if (c == '`' && starts(walk, at, SPAN("```"))) {
        open_code(walk, at);
        return;
    }
    for (size_t i = 0; i < sizeof quotes / sizeof quotes[0]; i++)
        if (c == (uint8_t)quotes[i].open.data[0] && starts(walk, at, quotes[i].open)) {
            open_quote(walk, at, i);
            return;
        }
}

/* Runs with bytes beyond ASCII: code point by code point. */

struct word {
    uint64_t h, pending;
    size_t n, from;
    bool digits, number;
};

static void word_push(struct word *word, uint8_t byte)
{
    word->pending |= (uint64_t)byte << 8 * (word->n % 8);
    if (++word->n % 8 == 0) {
        word->h = mix(word->h, word->pending);
        word->pending = 0;
    }
}

static void word_add(struct word *word, uint32_t value, size_t at)
{
    bool digit = value >= '0' && value <= '9';
    if (word->n == 0) {
        *word = (struct word){ .h = word_seed, .from = at, .number = digit };
    }
    word->digits |= digit;
    if (value < 0x80) {
        word_push(word, (uint8_t)(value | 0x20));
    } else if (value >= CODEPOINT_RAW) {
        word_push(word, (uint8_t)(value - CODEPOINT_RAW));
    } else {
        if (value >= 0x10000)
            word_push(word, (uint8_t)(0xf0 | value >> 18));
        if (value >= 0x800)
            word_push(word, (uint8_t)(value >= 0x10000 ? 0x80 | (value >> 12 & 0x3f) : 0xe0 | value >> 12));
        word_push(word, (uint8_t)(value >= 0x800 ? 0x80 | (value >> 6 & 0x3f) : 0xc0 | value >> 6));
        word_push(word, (uint8_t)(0x80 | (value & 0x3f)));
    }
}

static void word_end(struct walk *walk, struct word *word, size_t to)
{
    if (word->n == 0)
        return;
    uint64_t h = word->n % 8 ? mix(word->h, word->pending) : word->h;
    unsigned kind = (word->number ? TOKEN_NUMBER : TOKEN_WORD) | (word->digits ? TOKEN_DIGITS : 0);
    emit_word(walk, word->from, to, finish(h, word->n), kind);
    word->n = 0;
}

static void emit_sign(struct walk *walk, size_t at, uint32_t value)
{
    if (at >= walk->region_end)
        open_at_sign(walk, at);
    emit(walk, at, token_hash_symbol(value), TOKEN_SYMBOL);
}

static bool letter_at(const struct walk *walk, size_t at, size_t to)
{
    uint32_t value;
    if (at >= to)
        return false;
    (void)codepoint_read(walk->text + at, to - at, &value);
    return value < 0x80 ? value != '\'' : codepoint_class(value) == CODEPOINT_LETTER;
}

static enum codepoint_class class_at(
    const struct walk *walk, const struct word *word, uint32_t value, uint32_t folded, size_t next, size_t to)
{
    enum codepoint_class kind = value < 0x80 ? CODEPOINT_LETTER : codepoint_class(value);
    if (folded == '\'')
        kind = word->n > 0 && letter_at(walk, next, to) ? CODEPOINT_LETTER : CODEPOINT_SIGN;
    return kind;
}

static __attribute__((noinline)) void emit_wide(struct walk *walk, size_t from, size_t to)
{
    struct word word = { 0 };
    uint32_t value, last_sign = 0;
    for (size_t at = from, next; at < to; at = next) {
        next = at + codepoint_read(walk->text + at, to - at, &value);
        uint32_t folded = codepoint_fold(value);
        enum codepoint_class kind = class_at(walk, &word, value, folded, next, to);
        if (kind == CODEPOINT_LETTER)
            word_add(&word, folded, at);
        else if (kind != CODEPOINT_NOTHING)
            word_end(walk, &word, at);
        if (kind == CODEPOINT_ALONE) {
            word_add(&word, folded, at);
            word_end(walk, &word, next);
        } else if (kind == CODEPOINT_SIGN && folded != last_sign) {
            emit_sign(walk, at, folded);
        }
        last_sign = kind == CODEPOINT_SIGN ? folded : 0;
    }
    word_end(walk, &word, to);
}

/* Whole text */

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
        emit_wide(walk, at, end);
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
        uint32_t hash = hash_short(text + i, k, sign ? symbol_seed : word_seed, sign ? 0 : FOLD);
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

uint32_t token_hash_word(struct span word)
{
    struct word state = { .h = word_seed };
    uint32_t value;
    for (size_t at = 0; at < word.n;) {
        const uint8_t *bytes = (const uint8_t *)word.data + at;
        at += codepoint_read(bytes, word.n - at, &value);
        word_add(&state, codepoint_fold(value), 0);
    }
    return finish(state.n % 8 ? mix(state.h, state.pending) : state.h, state.n);
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
