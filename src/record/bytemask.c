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

#define AVX2 __attribute__((target("avx2")))
#define AVX512 __attribute__((target("avx512f,avx512bw")))

AVX2 static inline __m256i within(__m256i v, int first, int count)
{
    __m256i moved = _mm256_sub_epi8(v, _mm256_set1_epi8((char)first));
    return _mm256_cmpeq_epi8(moved, _mm256_min_epu8(moved, _mm256_set1_epi8((char)(count - 1))));
}

AVX2 static inline __m256i is(__m256i v, char c)
{
    return _mm256_cmpeq_epi8(v, _mm256_set1_epi8(c));
}

AVX2 static inline __m256i either(__m256i a, __m256i b)
{
    return _mm256_or_si256(a, b);
}

AVX2 static inline void put(uint64_t *mask, __m256i v, unsigned shift)
{
    *mask |= (uint64_t)(uint32_t)_mm256_movemask_epi8(v) << shift;
}

AVX2 static void fill_avx2(const uint8_t *bytes, struct byte_masks *ret_masks)
{
    struct byte_masks masks = { 0 };
    for (unsigned i = 0; i < MASK_BLOCK; i += 32) {
        __m256i v = _mm256_loadu_si256((const __m256i *)(const void *)(bytes + i));
        __m256i before = _mm256_loadu_si256((const __m256i *)(const void *)(bytes + i - 1));
        __m256i lower = either(v, _mm256_set1_epi8(0x20));
        __m256i digit = within(v, '0', 10), line = is(v, '\n');
        __m256i letter = within(lower, 'a', 26);
        put(&masks.word, either(either(letter, digit), either(is(v, '_'), v)), i);
        put(&masks.digit, digit, i);
        put(&masks.high, v, i);
        put(&masks.blank, _mm256_andnot_si256(line, either(within(v, 0, 0x21), is(v, 0x7f))), i);
        put(&masks.line, line, i);
        put(&masks.point, either(is(v, '.'), is(v, ',')), i);
        put(&masks.tick, is(v, '\''), i);
        put(&masks.quote, either(is(v, '"'), is(v, '`')), i);
        put(&masks.colon, is(v, ':'), i);
        put(&masks.slash, is(v, '/'), i);
        put(&masks.w, is(lower, 'w'), i);
        put(&masks.same, _mm256_cmpeq_epi8(v, before), i);
    }
    *ret_masks = masks;
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
AVX512 static void fill_avx512(const uint8_t *bytes, size_t n, bool first, struct byte_masks *ret_masks)
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
    *ret_masks = (struct byte_masks){
        .word = within_512(lower, 'a', 26) | digit | is_512(v, '_') | high,
        .digit = digit,
        .high = high,
        .blank = (within_512(v, 0, 0x21) | is_512(v, 0x7f)) & ~line,
        .line = line,
        .point = is_512(v, '.') | is_512(v, ','),
        .tick = is_512(v, '\''),
        .quote = is_512(v, '"') | is_512(v, '`'),
        .colon = is_512(v, ':'),
        .slash = is_512(v, '/'),
        .w = is_512(lower, 'w'),
        .same = _mm512_cmpeq_epi8_mask(v, before),
    };
}

AVX512 static size_t fill_all_avx512(const uint8_t *text, size_t n, struct byte_masks *ret_masks)
{
    size_t blocks = (n + MASK_BLOCK - 1) / MASK_BLOCK;
    for (size_t b = 0; b < blocks; b++) {
        size_t at = b * MASK_BLOCK;
        fill_avx512(text + at, n - at < MASK_BLOCK ? n - at : MASK_BLOCK, b == 0, &ret_masks[b]);
    }
    return blocks;
}

enum byte_level byte_level_best(void)
{
    if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("bmi") || !__builtin_cpu_supports("bmi2"))
        return BYTES_PORTABLE;
    return __builtin_cpu_supports("avx512bw") ? BYTES_AVX512 : BYTES_AVX2;
}

static inline void fill_block(enum byte_level level, const uint8_t *bytes, struct byte_masks *ret_masks)
{
    if (level == BYTES_AVX2)
        fill_avx2(bytes, ret_masks);
    else
        fill_portable(bytes, ret_masks);
}

#else

enum byte_level byte_level_best(void)
{
    return BYTES_PORTABLE;
}

static inline void fill_block(enum byte_level level, const uint8_t *bytes, struct byte_masks *ret_masks)
{
    (void)level;
    fill_portable(bytes, ret_masks);
}

#endif

size_t byte_masks_fill(enum byte_level level, const uint8_t *text, size_t n, struct byte_masks *ret_masks)
{
    size_t blocks = (n + MASK_BLOCK - 1) / MASK_BLOCK;
#ifdef __x86_64__
    if (level == BYTES_AVX512)
        return fill_all_avx512(text, n, ret_masks);
#endif
    for (size_t b = 0; b < blocks; b++) {
        uint8_t copy[1 + MASK_BLOCK];
        const uint8_t *bytes = text + b * MASK_BLOCK;
        size_t left = n - b * MASK_BLOCK;
        if (b == 0 || left < MASK_BLOCK) {
            memset(copy, ' ', sizeof copy);
            copy[0] = b > 0 ? bytes[-1] : ' ';
            memcpy(copy + 1, bytes, left < MASK_BLOCK ? left : MASK_BLOCK);
            bytes = copy + 1;
        }
        fill_block(level, bytes, &ret_masks[b]);
    }
    return blocks;
}
