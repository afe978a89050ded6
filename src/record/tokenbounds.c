#include "record/tokenbounds.h"

#include <stdlib.h>
#include <string.h>

#define TOP (UINT64_C(1) << 63)

enum { PUT_STEP = 8 };

enum status token_bounds_init(struct token_bounds *bounds, size_t most)
{
    enum status st = STATUS_OK;
    *bounds = (struct token_bounds){ 0 };
    bounds->begin = malloc((most + MASK_BLOCK) * sizeof *bounds->begin);
    bounds->end = malloc((most + MASK_BLOCK) * sizeof *bounds->end);
    bounds->special = malloc((most + MASK_BLOCK) * sizeof *bounds->special);
    bounds->digits = malloc((most / MASK_BLOCK + 3) * sizeof *bounds->digits);
    REQUIRE(bounds->begin && bounds->end && bounds->special && bounds->digits, STATUS_NOMEM);
    return st;
fail:
    token_bounds_fini(bounds);
    return st;
}

void token_bounds_fini(struct token_bounds *bounds)
{
    free(bounds->begin);
    free(bounds->end);
    free(bounds->special);
    free(bounds->digits);
    *bounds = (struct token_bounds){ 0 };
}

static inline uint64_t joined(uint64_t sign, uint64_t run, uint64_t before, uint64_t after)
{
    return sign & (run << 1 | before) & (run >> 1 | after << 63);
}

static void join_words(struct byte_masks *masks, size_t blocks)
{
    uint64_t digit_before = 0, word_before = 0;
    for (size_t b = 0; b < blocks; b++) {
        uint64_t digit = masks[b].digit, word = masks[b].word;
        masks[b].word |= joined(masks[b].point, digit, digit_before, masks[b + 1].digit & 1) |
                         joined(masks[b].tick, word, word_before, masks[b + 1].word & 1);
        digit_before = digit >> 63;
        word_before = word >> 63;
    }
}

/* Writes the places of the bits, and a few words of no meaning behind. Returns how many bits there are. */
__attribute__((always_inline)) static inline uint32_t put(uint32_t *out, uint64_t bits, uint32_t base)
{
    unsigned n = (unsigned)__builtin_popcountll(bits);
    for (unsigned at = 0; at < n; at += PUT_STEP)
        for (unsigned i = 0; i < PUT_STEP; i++) {
            out[at + i] = base + (uint32_t)__builtin_ctzll(bits | TOP);
            bits &= bits - 1;
        }
    return n;
}

/* What one block hands to the next, each 0 or 1 but for w. */
struct carry {
    uint64_t word, digits, high, sign, careful, line, after_line;
    uint64_t w; /* its mask */
};

/* a + b + carry; the carry out of it is left in carry. */
__attribute__((always_inline)) static inline uint64_t add(uint64_t a, uint64_t b, uint64_t *carry)
{
    unsigned long long half, sum;
    bool over = __builtin_add_overflow(a, b, &half);
    over |= __builtin_add_overflow(half, *carry, &sum);
    *carry = over;
    return sum;
}

/* Line feeds before which nothing but white space stands since the last one. */
__attribute__((always_inline)) static inline uint64_t repeated_lines(
    const struct byte_masks *block, struct carry *carry)
{
    uint64_t behind = block->line << 1 | carry->line;
    uint64_t reached = add(block->blank, behind & block->blank, &carry->after_line) & ~block->blank;
    carry->line = block->line >> 63;
    return block->line & (behind | reached);
}

/* Ends of words that begin a URL: before "://", or "www" before a point. */
__attribute__((always_inline)) static inline uint64_t url_ends(
    const struct byte_masks *block, const struct byte_masks *next, struct carry *carry)
{
    uint64_t w = carry->w;
    carry->w = block->w;
    uint64_t scheme = block->colon & (block->slash >> 1 | next->slash << 63);
    uint64_t www = (block->w << 1 | w >> 63) & (block->w << 2 | w >> 62) & (block->w << 3 | w >> 61);
    return scheme | (www & block->point);
}

__attribute__((always_inline)) static inline void find(struct token_bounds *bounds,
    const struct byte_masks *masks, size_t blocks, enum bounds_of of, bool after_line)
{
    struct carry carry = { .line = after_line };
    uint32_t n_begin = 0, n_end = 0, n_special = 0;
    for (size_t b = 0; b <= blocks; b++) {
        const struct byte_masks *block = &masks[b];
        uint32_t base = (uint32_t)(b * MASK_BLOCK);
        uint64_t word = block->word, follows = word << 1 | carry.word;
        uint64_t begins = word & ~follows, ends = ~word & follows;
        uint64_t special = add(word, block->high, &carry.high) & ends;
        bounds->digits[b] = add(word, block->digit, &carry.digits) & ends;
        carry.word = word >> 63;
        if (of == BOUNDS_ALL) {
            uint64_t signs = ~(word | block->blank | block->same | block->line);
            uint64_t careful = signs & (block->tick | block->quote);
            signs |= block->line & ~repeated_lines(block, &carry);
            special |= (ends & url_ends(block, block + 1, &carry)) | careful << 1 | carry.careful;
            begins |= signs;
            ends |= signs << 1 | carry.sign;
            carry.careful = careful >> 63;
            carry.sign = signs >> 63;
        }
        for (; special; special &= special - 1)
            bounds->special[n_special++] =
                n_end + (uint32_t)__builtin_popcountll(ends & ((special & -special) - 1));
        n_begin += put(bounds->begin + n_begin, begins, base);
        n_end += put(bounds->end + n_end, ends, base);
    }
    bounds->n = n_end;
    bounds->n_special = n_special;
}

#ifdef __x86_64__

#define BMI __attribute__((target("bmi,bmi2,popcnt,lzcnt")))

BMI static void find_words_bmi(struct token_bounds *bounds, const struct byte_masks *masks, size_t blocks)
{
    find(bounds, masks, blocks, BOUNDS_WORDS, false);
}

BMI static void find_all_bmi(
    struct token_bounds *bounds, const struct byte_masks *masks, size_t blocks, bool after_line)
{
    find(bounds, masks, blocks, BOUNDS_ALL, after_line);
}

#endif

void token_bounds_find(struct token_bounds *bounds, enum byte_level level, struct byte_masks *masks,
    size_t blocks, enum bounds_of of, bool after_line)
{
    /* Two blocks of nothing behind, as a block looks at the next. */
    masks[blocks] = masks[blocks + 1] = (struct byte_masks){ .blank = ~UINT64_C(0) };
    join_words(masks, blocks);
#ifdef __x86_64__
    if (level >= BYTES_AVX2 && of == BOUNDS_WORDS)
        find_words_bmi(bounds, masks, blocks);
    else if (level >= BYTES_AVX2)
        find_all_bmi(bounds, masks, blocks, after_line);
    else
#endif
        find(bounds, masks, blocks, of, after_line);
    (void)level;
}
