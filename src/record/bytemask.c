#include "record/bytemask.h"

#include <stdbool.h>
#include <string.h>

/* The portable twin and AVX2 read one block and the byte in front of it. */

static void fill_portable(const uint8_t *bytes, struct byte_masks *ret_masks)
{
    struct byte_masks masks = { 0 };
    for (unsigned i = 0; i < MASK_BLOCK; i++) {
        uint8_t c = bytes[i];
        uint64_t bit = UINT64_C(1) << i;
        bool digit = c >= '0' && c <= '9';
        bool letter = (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
        masks.word |= digit || letter || c == '_' || c > 0x7f ? bit : 0;
        masks.digit |= digit ? bit : 0;
        masks.high |= c > 0x7f ? bit : 0;
        masks.blank |= (c <= 0x20 && c != '\n') || c == 0x7f ? bit : 0;
        masks.line |= c == '\n' ? bit : 0;
        masks.point |= c == '.' || c == ',' ? bit : 0;
        masks.tick |= c == '\'' ? bit : 0;
        masks.quote |= c == '"' || c == '`' ? bit : 0;
        masks.colon |= c == ':' ? bit : 0;
        masks.slash |= c == '/' ? bit : 0;
        masks.w |= (c | 0x20) == 'w' ? bit : 0;
        masks.same |= c == bytes[(int)i - 1] ? bit : 0;
    }
    *ret_masks = masks;
}

#ifdef __x86_64__

#include <immintrin.h>

#define INLINED __attribute__((always_inline)) static inline
#define AVX2 __attribute__((target("avx2")))
#define AVX512 __attribute__((target("avx512f,avx512bw")))

/* One block. */
struct pair {
    __m256i low, high;
};

AVX2 INLINED struct pair load(const uint8_t *bytes)
{
    return (struct pair){ _mm256_loadu_si256((const __m256i *)(const void *)bytes),
        _mm256_loadu_si256((const __m256i *)(const void *)(bytes + 32)) };
}

AVX2 INLINED struct pair either(struct pair a, struct pair b)
{
    return (struct pair){ _mm256_or_si256(a.low, b.low), _mm256_or_si256(a.high, b.high) };
}

AVX2 INLINED struct pair with(struct pair a, int bits)
{
    const __m256i more = _mm256_set1_epi8((char)bits);
    return (struct pair){ _mm256_or_si256(a.low, more), _mm256_or_si256(a.high, more) };
}

AVX2 INLINED struct pair equal(struct pair a, struct pair b)
{
    return (struct pair){ _mm256_cmpeq_epi8(a.low, b.low), _mm256_cmpeq_epi8(a.high, b.high) };
}

AVX2 INLINED struct pair is(struct pair a, int c)
{
    const __m256i wanted = _mm256_set1_epi8((char)c);
    return equal(a, (struct pair){ wanted, wanted });
}

/* Of first, first + 1, ... first + count - 1, modulo 256: moved to the least of signed bytes. */
AVX2 INLINED struct pair within(struct pair a, int first, int count)
{
    const __m256i move = _mm256_set1_epi8((char)(-128 - first)), end = _mm256_set1_epi8((char)(count - 128));
    return (struct pair){ _mm256_cmpgt_epi8(end, _mm256_add_epi8(a.low, move)),
        _mm256_cmpgt_epi8(end, _mm256_add_epi8(a.high, move)) };
}

AVX2 INLINED uint64_t bits(struct pair a)
{
    return (uint32_t)_mm256_movemask_epi8(a.low) | (uint64_t)(uint32_t)_mm256_movemask_epi8(a.high) << 32;
}

AVX2 INLINED void fill_avx2(const uint8_t *bytes, enum mask_set set, struct byte_masks *ret_masks)
{
    const struct pair v = load(bytes), lower = with(v, 0x20), digit = within(v, '0', 10);
    const uint64_t high = bits(v);
    ret_masks->word = bits(either(either(within(lower, 'a', 26), digit), is(v, '_'))) | high;
    ret_masks->digit = bits(digit);
    ret_masks->high = high;
    ret_masks->point = bits(is(with(v, '.' ^ ','), '.'));
    ret_masks->tick = bits(is(v, '\''));
    if (set == MASKS_WORDS)
        return;
    const uint64_t line = bits(is(v, '\n'));
    ret_masks->blank = bits(within(v, 0x7f, 0xa2)) & ~(high | line); /* 0x7f to 0x20, around */
    ret_masks->line = line;
    ret_masks->quote = bits(either(is(v, '"'), is(v, '`')));
    ret_masks->colon = bits(is(v, ':'));
    ret_masks->slash = bits(is(v, '/'));
    ret_masks->w = bits(is(lower, 'w'));
    ret_masks->same = bits(equal(v, load(bytes - 1)));
}

AVX512 static inline uint64_t within_512(__m512i v, int first, int count)
{
    return _mm512_cmplt_epu8_mask(
        _mm512_sub_epi8(v, _mm512_set1_epi8((char)first)), _mm512_set1_epi8((char)count));
}

AVX512 static inline uint64_t is_512(__m512i v, char c)
{
    return _mm512_cmpeq_epi8_mask(v, _mm512_set1_epi8(c));
}

/* The masks of the n (1..64) bytes here, blanks behind; first: a blank is in front, else what is there. */
AVX512 INLINED void fill_avx512(
    const uint8_t *bytes, size_t n, bool first, enum mask_set set, struct byte_masks *ret_masks)
{
    const __m512i blanks = _mm512_set1_epi8(' ');
    __m512i v, before;
    if (n == MASK_BLOCK && !first) { /* masked loads are slower */
        v = _mm512_loadu_si512(bytes);
        before = _mm512_loadu_si512(bytes - 1);
    } else {
        uint64_t inside = ~UINT64_C(0) >> (MASK_BLOCK - n);
        v = _mm512_mask_loadu_epi8(blanks, inside, bytes);
        before = _mm512_mask_loadu_epi8(blanks, inside << 1 | !first, bytes - 1);
    }
    __m512i lower = _mm512_or_si512(v, _mm512_set1_epi8(0x20));
    uint64_t digit = within_512(v, '0', 10), high = _mm512_movepi8_mask(v), line = is_512(v, '\n');
    ret_masks->word = within_512(lower, 'a', 26) | digit | is_512(v, '_') | high;
    ret_masks->digit = digit;
    ret_masks->high = high;
    ret_masks->point = is_512(v, '.') | is_512(v, ',');
    ret_masks->tick = is_512(v, '\'');
    if (set == MASKS_WORDS)
        return;
    ret_masks->blank = (within_512(v, 0, 0x21) | is_512(v, 0x7f)) & ~line;
    ret_masks->line = line;
    ret_masks->quote = is_512(v, '"') | is_512(v, '`');
    ret_masks->colon = is_512(v, ':');
    ret_masks->slash = is_512(v, '/');
    ret_masks->w = is_512(lower, 'w');
    ret_masks->same = _mm512_cmpeq_epi8_mask(v, before);
}

AVX512 INLINED void fill_all_avx512(
    const uint8_t *text, size_t n, enum mask_set set, struct byte_masks *ret_masks)
{
    for (size_t at = 0; at < n; at += MASK_BLOCK, ret_masks++)
        fill_avx512(text + at, n - at < MASK_BLOCK ? n - at : MASK_BLOCK, at == 0, set, ret_masks);
}

AVX512 static void fill_words_avx512(const uint8_t *text, size_t n, struct byte_masks *ret_masks)
{
    fill_all_avx512(text, n, MASKS_WORDS, ret_masks);
}

AVX512 static void fill_any_avx512(const uint8_t *text, size_t n, struct byte_masks *ret_masks)
{
    fill_all_avx512(text, n, MASKS_ALL, ret_masks);
}

enum byte_level byte_level_best(void)
{
    if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("bmi") || !__builtin_cpu_supports("bmi2"))
        return BYTES_PORTABLE;
    return __builtin_cpu_supports("avx512bw") ? BYTES_AVX512 : BYTES_AVX2;
}

/* One loop a set, so that the constants stay in registers. */
AVX2 static void fill_run_avx2(
    enum mask_set set, const uint8_t *bytes, size_t blocks, struct byte_masks *ret_masks)
{
    if (set == MASKS_WORDS)
        for (size_t b = 0; b < blocks; b++)
            fill_avx2(bytes + b * MASK_BLOCK, MASKS_WORDS, &ret_masks[b]);
    else
        for (size_t b = 0; b < blocks; b++)
            fill_avx2(bytes + b * MASK_BLOCK, MASKS_ALL, &ret_masks[b]);
}

static void fill_run(enum byte_level level, enum mask_set set, const uint8_t *bytes, size_t blocks,
    struct byte_masks *ret_masks)
{
    if (level == BYTES_AVX2)
        fill_run_avx2(set, bytes, blocks, ret_masks);
    else
        for (size_t b = 0; b < blocks; b++)
            fill_portable(bytes + b * MASK_BLOCK, &ret_masks[b]);
}

#else

enum byte_level byte_level_best(void)
{
    return BYTES_PORTABLE;
}

static void fill_run(enum byte_level level, enum mask_set set, const uint8_t *bytes, size_t blocks,
    struct byte_masks *ret_masks)
{
    (void)level, (void)set;
    for (size_t b = 0; b < blocks; b++)
        fill_portable(bytes + b * MASK_BLOCK, &ret_masks[b]);
}

#endif

/* A block that the text does not fill, or begins: as if it stood between blanks. */
static void fill_edge(enum byte_level level, enum mask_set set, const uint8_t *bytes, size_t n, char before,
    struct byte_masks *ret_masks)
{
    uint8_t copy[1 + MASK_BLOCK];
    memset(copy, ' ', sizeof copy);
    copy[0] = (uint8_t)before;
    memcpy(copy + 1, bytes, n);
    fill_run(level, set, copy + 1, 1, ret_masks);
}

size_t byte_masks_fill(
    enum byte_level level, enum mask_set set, const uint8_t *text, size_t n, struct byte_masks *ret_masks)
{
    size_t whole = n / MASK_BLOCK, left = n % MASK_BLOCK, begin = 0;
#ifdef __x86_64__
    if (level == BYTES_AVX512) {
        (set == MASKS_WORDS ? fill_words_avx512 : fill_any_avx512)(text, n, ret_masks);
        return whole + (left > 0);
    }
#endif
    if (whole > 0 && (level == BYTES_PORTABLE || set == MASKS_ALL)) {
        fill_edge(level, set, text, MASK_BLOCK, ' ', ret_masks);
        begin = 1;
    }
    if (begin < whole)
        fill_run(level, set, text + begin * MASK_BLOCK, whole - begin, ret_masks + begin);
    if (left == 0)
        return whole;
    const uint8_t *rest = text + whole * MASK_BLOCK;
    fill_edge(level, set, rest, left, (char)(whole > 0 ? rest[-1] : ' '), ret_masks + whole);
    return whole + 1;
}
