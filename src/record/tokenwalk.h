/*
 * tokenwalk.h: what the parts of the tokeniser share while they walk over one text. For tokens.c, tokenregion.c and
 * tokenwide.c only.
 *
 * Order of calls: the walk goes from left to right; regions are opened before the token that begins them is emitted.
 */
#ifndef RECORD_TOKENWALK_H
#define RECORD_TOKENWALK_H

#include "record/bytemask.h"
#include "record/tokens.h"

#include <stdbool.h>

/* What is known of the text while it is walked. Positions count bytes from its start. */
struct walk {
    struct tokens *tokens;
    const uint8_t *text;
    size_t n;
    const struct byte_masks *masks;
    const struct token_bounds *bounds;
    bool words_only; /* no signs, no regions, no kinds */
    size_t region_end;
    uint8_t region;     /* TOKEN_QUOTED, TOKEN_CODE or TOKEN_URL, valid before region_end */
    bool region_masked; /* its masked token is out */
    size_t no_close[5]; /* by kind of quote: nothing closes before here */
};

/* The hash of a token: mix over words of 8 bytes, begun with the seed of its kind, then finish with its length. */
#define WORD_SEED UINT64_C(0x9e3779b97f4a7c15)
#define SYMBOL_SEED UINT64_C(0xc2b2ae3d27d4eb4f)

static inline uint64_t mix(uint64_t h, uint64_t word)
{
    h = (h ^ word) * 0xff51afd7ed558ccd;
    return h ^ h >> 32;
}

static inline uint32_t finish(uint64_t h, size_t n)
{
    return (uint32_t)(mix(h, n) >> 13);
}

static inline bool starts(const struct walk *walk, size_t at, struct span with)
{
    return walk->n - at >= with.n && memcmp(walk->text + at, with.data, with.n) == 0;
}

static inline bool is_word(const struct walk *walk, size_t at)
{
    return at < walk->n && walk->masks[at / MASK_BLOCK].word >> at % MASK_BLOCK & 1;
}

static inline bool is_blank(const struct walk *walk, size_t at)
{
    return at >= walk->n || walk->text[at] == '\n' ||
           (walk->masks[at / MASK_BLOCK].blank >> at % MASK_BLOCK & 1);
}

static inline uint32_t region_mark(uint8_t region)
{
    return region == TOKEN_CODE ? MASKED_CODE : region == TOKEN_URL ? MASKED_URL : MASKED_QUOTE;
}

static inline void emit(struct walk *walk, size_t at, uint32_t hash, unsigned kind)
{
    struct tokens *out = walk->tokens;
    if (walk->words_only) {
        out->hash[out->n] = hash;
        out->n += (kind & TOKEN_CLASS) < TOKEN_SYMBOL;
        return;
    }
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

/* tokenregion.c */
/* Opens the URL that begins with the word just read, if there is one. */
void tokenregion_url(struct walk *walk, size_t from, size_t to, uint32_t hash);
/* Opens the region that the sign here begins, if it begins one. */
void tokenregion_sign(struct walk *walk, size_t at);

static inline void emit_word(struct walk *walk, size_t from, size_t to, uint32_t hash, unsigned kind)
{
    if (to < walk->n && !walk->words_only && from >= walk->region_end &&
        (walk->text[to] == ':' || walk->text[to] == '.'))
        tokenregion_url(walk, from, to, hash);
    emit(walk, from, hash, kind);
}

static inline void emit_sign(struct walk *walk, size_t at, uint32_t value)
{
    if (!walk->words_only && at >= walk->region_end)
        tokenregion_sign(walk, at);
    emit(walk, at, token_hash_symbol(value), TOKEN_SYMBOL);
}

/* tokenwide.c: a run of word bytes some of which are beyond ASCII, code point by code point. */
void tokenwide_emit(struct walk *walk, size_t from, size_t to);

#endif
