#include "record/bytemask.h"

#include <stdbool.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

struct byte_masks byte_masks_portable(const uint8_t bytes[static MASK_BLOCK], uint8_t before)
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
        masks.same |= c == before ? bit : 0;
        before = c;
    }
    return masks;
}

#ifdef __SSE2__

static uint64_t bits_of(__m128i v)
{
    return (uint64_t)(uint32_t)_mm_movemask_epi8(v);
}

/* Bytes from first on, count of them; signed comparison after moving the range to the bottom. */
static __m128i within(__m128i v, int first, int count)
{
    __m128i moved = _mm_sub_epi8(v, _mm_set1_epi8((char)(first + 128)));
    return _mm_cmplt_epi8(moved, _mm_set1_epi8((char)(count - 128)));
}

static __m128i is(__m128i v, char c)
{
    return _mm_cmpeq_epi8(v, _mm_set1_epi8(c));
}

struct byte_masks byte_masks_of(const uint8_t bytes[static MASK_BLOCK], uint8_t before)
{
    struct byte_masks masks = { 0 };
    __m128i last = _mm_cvtsi32_si128(before);
    for (unsigned i = 0; i < MASK_BLOCK; i += 16) {
        __m128i v = _mm_loadu_si128((const __m128i *)(const void *)(bytes + i));
        __m128i letter = within(_mm_or_si128(v, _mm_set1_epi8(0x20)), 'a', 26);
        __m128i digit = within(v, '0', 10);
        __m128i line = is(v, '\n');
        __m128i blank = _mm_andnot_si128(line, _mm_or_si128(within(v, 0, 0x21), is(v, 0x7f)));
        __m128i word = _mm_or_si128(_mm_or_si128(letter, digit), _mm_or_si128(is(v, '_'), v));
        masks.word |= bits_of(word) << i;
        masks.digit |= bits_of(digit) << i;
        masks.high |= bits_of(v) << i;
        masks.blank |= bits_of(blank) << i;
        masks.line |= bits_of(line) << i;
        masks.point |= bits_of(_mm_or_si128(is(v, '.'), is(v, ','))) << i;
        masks.tick |= bits_of(is(v, '\'')) << i;
        masks.quote |= bits_of(_mm_or_si128(is(v, '"'), is(v, '`'))) << i;
        __m128i shifted = _mm_or_si128(_mm_slli_si128(v, 1), last);
        masks.same |= bits_of(_mm_cmpeq_epi8(v, shifted)) << i;
        last = _mm_srli_si128(v, 15);
    }
    return masks;
}

#else

struct byte_masks byte_masks_of(const uint8_t bytes[static MASK_BLOCK], uint8_t before)
{
    return byte_masks_portable(bytes, before);
}

#endif
