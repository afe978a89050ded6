#include "record/tokenbounds.h"

#include <stdlib.h>
#include <string.h>

#define INLINED __attribute__((always_inline)) static inline

enum status token_bounds_init(struct token_bounds *bounds, size_t most)
{
    enum status st = STATUS_OK;
    *bounds = (struct token_bounds){ 0 };
    bounds->first = malloc((most + MASK_BLOCK) * sizeof *bounds->first);
    bounds->second = malloc((most + MASK_BLOCK) * sizeof *bounds->second);
    bounds->special = malloc((most + MASK_BLOCK) * sizeof *bounds->special);
    bounds->digits = malloc((most / MASK_BLOCK + 3) * sizeof *bounds->digits);
    REQUIRE(bounds->first && bounds->second && bounds->special && bounds->digits, STATUS_NOMEM);
    for (unsigned byte = 0; byte < 256; byte++)
        for (unsigned bit = 8; bit-- > 0;)
            if (byte >> bit & 1)
                bounds->places.of[byte] = bounds->places.of[byte] << 8 | bit;
    return st;
fail:
    token_bounds_fini(bounds);
    return st;
}

void token_bounds_fini(struct token_bounds *bounds)
{
    free(bounds->first);
    free(bounds->second);
    free(bounds->special);
    free(bounds->digits);
    *bounds = (struct token_bounds){ 0 };
}

/* Writes base + the place of each bit, and up to 8 words of no meaning behind. Returns how many bits there are. */
typedef uint32_t put_bits(const struct bit_places *places, uint32_t *out, uint64_t bits, uint32_t base);

static inline uint32_t put_any(const struct bit_places *places, uint32_t *out, uint64_t bits, uint32_t base)
{
    uint32_t n = 0;
    (void)places;
    for (; bits; bits &= bits - 1)
        out[n++] = base + (uint32_t)__builtin_ctzll(bits);
    return n;
}

/* What one block hands to the next, each 0 or 1 but for w. */
struct carry {
    uint64_t word, digits, high, sign, careful, line, after_line;
    uint64_t letter, digit; /* before points and ticks are joined */
    uint64_t w;             /* its mask */
};

/* a + b + carry; the carry out of it is left in carry. */
INLINED uint64_t add(uint64_t a, uint64_t b, uint64_t *carry)
{
    unsigned long long half, sum;
    bool over = __builtin_add_overflow(a, b, &half);
    over |= __builtin_add_overflow(half, *carry, &sum);
    *carry = over;
    return sum;
}

/* Line feeds before which nothing but white space stands since the last one. */
INLINED uint64_t repeated_lines(const struct byte_masks *block, struct carry *carry)
{
    uint64_t behind = block->line << 1 | carry->line;
    uint64_t reached = add(block->blank, behind & block->blank, &carry->after_line) & ~block->blank;
    carry->line = block->line >> 63;
    return block->line & (behind | reached);
}

/* Ends of words that begin a URL: before "://", or "www" before a point. */
INLINED uint64_t url_ends(const struct byte_masks *block, const struct byte_masks *next, struct carry *carry)
{
    uint64_t w = carry->w;
    carry->w = block->w;
    uint64_t scheme = block->colon & (block->slash >> 1 | next->slash << 63);
    uint64_t www = (block->w << 1 | w >> 63) & (block->w << 2 | w >> 62) & (block->w << 3 | w >> 61);
    return scheme | (www & block->point);
}

INLINED uint64_t joined(uint64_t sign, uint64_t run, uint64_t before, uint64_t after)
{
    return sign & (run << 1 | before) & (run >> 1 | after << 63);
}

/* Word bytes, and the points and ticks between two of their kind. */
INLINED uint64_t words(const struct byte_masks *block, const struct byte_masks *next, struct carry *carry)
{
    uint64_t points = joined(block->point, block->digit, carry->digit, next->digit);
    uint64_t ticks = joined(block->tick, block->word, carry->letter, next->word);
    carry->digit = block->digit >> 63;
    carry->letter = block->word >> 63;
    return block->word | points | ticks;
}

INLINED void find(struct token_bounds *bounds, struct byte_masks *masks, size_t blocks, enum mask_set set,
    bool after_line, put_bits *put)
{
    struct carry carry = { .line = after_line };
    uint32_t n_first = 0, n_end = 0, n_special = 0;
    for (size_t b = 0; b <= blocks; b++) {
        struct byte_masks *block = &masks[b];
        uint32_t base = (uint32_t)(b * MASK_BLOCK);
        if (b == blocks && !(carry.word | carry.sign | carry.careful))
            break; /* no token ends at the end of the last block */
        uint64_t word = words(block, block + 1, &carry), follows = word << 1 | carry.word;
        uint64_t begins = word & ~follows, ends = ~word & follows;
        uint64_t special = add(word, block->high, &carry.high) & ends;
        bounds->digits[b] = add(word, block->digit, &carry.digits) & ends;
        carry.word = word >> 63;
        if (set == MASKS_ALL) {
            uint64_t signs = ~(word | block->blank | block->same | block->line);
            uint64_t careful = signs & (block->tick | block->quote);
            block->word = word;
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
        if (set == MASKS_WORDS) {
            n_first += put(&bounds->places, bounds->first + n_first, word ^ follows, base);
            n_end = n_first / 2;
        } else {
            n_first += put(&bounds->places, bounds->first + n_first, begins, base);
            n_end += put(&bounds->places, bounds->second + n_end, ends, base);
        }
    }
    bounds->begin = bounds->first;
    bounds->end = set == MASKS_WORDS ? bounds->first + 1 : bounds->second;
    bounds->step = set == MASKS_WORDS ? 2 : 1;
    bounds->n = n_end;
    bounds->n_special = n_special;
}

#ifdef __x86_64__

#include <immintrin.h>

#define AVX2 __attribute__((target("avx2,bmi,bmi2,popcnt,lzcnt")))

/* Eight bits at a time, by table: how many there are cannot be foreseen, so nothing branches on it. */
AVX2 static inline uint32_t put_avx2(
    const struct bit_places *places, uint32_t *out, uint64_t bits, uint32_t base)
{
    const uint32_t *begin = out;
    __m256i bases = _mm256_set1_epi32((int)base);
    for (unsigned byte = 0; byte < sizeof bits; byte++, bits >>= 8) {
        __m128i eight = _mm_loadl_epi64((const __m128i *)(const void *)&places->of[bits & 0xff]);
        __m256i at = _mm256_add_epi32(_mm256_cvtepu8_epi32(eight), bases);
        _mm256_storeu_si256((__m256i *)(void *)out, at);
        bases = _mm256_add_epi32(bases, _mm256_set1_epi32(8));
        out += __builtin_popcountll(bits & 0xff);
    }
    return (uint32_t)(out - begin);
}

AVX2 static void find_words_avx2(struct token_bounds *bounds, struct byte_masks *masks, size_t blocks)
{
    find(bounds, masks, blocks, MASKS_WORDS, false, put_avx2);
}

AVX2 static void find_all_avx2(
    struct token_bounds *bounds, struct byte_masks *masks, size_t blocks, bool after_line)
{
    find(bounds, masks, blocks, MASKS_ALL, after_line, put_avx2);
}

#endif

void token_bounds_find(struct token_bounds *bounds, enum byte_level level, struct byte_masks *masks,
    size_t blocks, enum mask_set set, bool after_line)
{
    /* Two blocks of nothing behind, as a block looks at the next. */
    masks[blocks] = masks[blocks + 1] = (struct byte_masks){ .blank = ~UINT64_C(0) };
#ifdef __x86_64__
    if (level >= BYTES_AVX2 && set == MASKS_WORDS)
        find_words_avx2(bounds, masks, blocks);
    else if (level >= BYTES_AVX2)
        find_all_avx2(bounds, masks, blocks, after_line);
    else
#endif
        find(bounds, masks, blocks, set, after_line, put_any);
    (void)level;
}
