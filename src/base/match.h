/*
 * match.h: which of four words are equal to a value, as four bits, at once.
 *
 * Model: one comparison of 128 bits where the processor has SSE2 (all of x86-64), else four; the same answer.
 * Shapes: words need no alignment. Bit i stands for word i.
 * Cost: about five operations.
 */
#ifndef BASE_MATCH_H
#define BASE_MATCH_H

#include <stdint.h>
#ifdef __SSE2__
#include <emmintrin.h>

static inline unsigned match_bits(__m128i words, uint32_t value)
{
    __m128i equal = _mm_cmpeq_epi32(words, _mm_set1_epi32((int)value));
    return (unsigned)_mm_movemask_ps(_mm_castsi128_ps(equal));
}
#endif

/* Of the words under a mask. */
static inline unsigned match_masked(const uint32_t words[static 4], uint32_t mask, uint32_t value)
{
#ifdef __SSE2__
    __m128i all = _mm_loadu_si128((const __m128i *)(const void *)words);
    return match_bits(_mm_and_si128(all, _mm_set1_epi32((int)mask)), value);
#else
    unsigned bits = 0;
    for (unsigned i = 0; i < 4; i++)
        bits |= (unsigned)((words[i] & mask) == value) << i;
    return bits;
#endif
}

static inline unsigned match_words(const uint32_t words[static 4], uint32_t value)
{
    return match_masked(words, UINT32_MAX, value);
}

/* Of the upper halves of four words of 64 bits. */
static inline unsigned match_upper(const uint64_t words[static 4], uint32_t value)
{
#ifdef __SSE2__
    __m128 low = _mm_loadu_ps((const float *)(const void *)words);
    __m128 high = _mm_loadu_ps((const float *)(const void *)(words + 2));
    return match_bits(_mm_castps_si128(_mm_shuffle_ps(low, high, _MM_SHUFFLE(3, 1, 3, 1))), value);
#else
    unsigned bits = 0;
    for (unsigned i = 0; i < 4; i++)
        bits |= (unsigned)(words[i] >> 32 == value) << i;
    return bits;
#endif
}

#endif
