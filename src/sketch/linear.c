#include "sketch/linear.h"

#include <math.h>
#include <stdbool.h>

/* 65536 * exp(-i / 8) */
static const uint32_t exp_table[65] = {
    65536,
    57835,
    51039,
    45042,
    39750,
    35079,
    30957,
    27319,
    24109,
    21276,
    18776,
    16570,
    14623,
    12905,
    11388,
    10050,
    8869,
    7827,
    6907,
    6096,
    5380,
    4747,
    4190,
    3697,
    3263,
    2879,
    2541,
    2243,
    1979,
    1746,
    1541,
    1360,
    1200,
    1059,
    935,
    825,
    728,
    642,
    567,
    500,
    442,
    390,
    344,
    303,
    268,
    236,
    209,
    184,
    162,
    143,
    127,
    112,
    99,
    87,
    77,
    68,
    60,
    53,
    47,
    41,
    36,
    32,
    28,
    25,
    22,
};

typedef int8_t row __attribute__((vector_size(16)));
typedef int16_t wide __attribute__((vector_size(32)));

/* A 16-bit lane holds the sum of this many rows. */
enum { ROWS_MAX = INT16_MAX / 128 };

#define INLINED __attribute__((always_inline)) static inline

static void flush(const wide *lanes, int32_t weight, struct linear_sum *sum)
{
    for (unsigned c = 0; c < LINEAR_CLASSES; c++)
        sum->classes[c] += weight * (*lanes)[c];
}

static inline void add_row(const struct linear_model *model, uint32_t at, wide *lanes)
{
    *lanes += __builtin_convertvector(*(const row *)model->rows[at], wide);
}

static void add_any(const struct linear_model *model, const uint32_t *tokens, size_t n, int32_t weight,
    struct linear_sum *sum)
{
    const unsigned log2_rows = model->log2_rows;
    wide lanes = { 0 };
    add_row(model, linear_row_1(tokens[0], log2_rows), &lanes);
    for (size_t i = 1; i < n;) {
        size_t end = n - i > ROWS_MAX / 2 - 1 ? i + ROWS_MAX / 2 - 1 : n;
        for (; i < end; i++) {
            add_row(model, linear_row_1(tokens[i], log2_rows), &lanes);
            add_row(model, linear_row_2(tokens[i - 1], tokens[i], log2_rows), &lanes);
        }
        flush(&lanes, weight, sum);
        lanes = (wide){ 0 };
    }
    flush(&lanes, weight, sum);
}

#ifdef __x86_64__

#include <immintrin.h>

#define AVX2 __attribute__((target("avx2,bmi2")))

enum { STEP = 8, STEPS_MAX = (ROWS_MAX - 1) / (2 * STEP) };

AVX2 INLINED __m256i row_at(const struct linear_model *model, uint32_t at)
{
    return _mm256_cvtepi8_epi16(_mm_load_si128((const __m128i *)(const void *)model->rows[at]));
}

/* The rows of STEP tokens and of each with the one before it: their places eight at a time, as in linear.h. */
AVX2 INLINED __m256i add_step(const struct linear_model *model, const uint32_t *tokens, __m256i lanes)
{
    const __m128i shift = _mm_cvtsi32_si128((int)(32 - model->log2_rows));
    __m256i token = _mm256_loadu_si256((const __m256i *)(const void *)tokens);
    __m256i before = _mm256_loadu_si256((const __m256i *)(const void *)(tokens - 1));
    __m256i both = _mm256_add_epi32(_mm256_mullo_epi32(before, _mm256_set1_epi32((int)0x85ebca6b)), token);
    __m256i one = _mm256_mullo_epi32(token, _mm256_set1_epi32((int)0x9e3779b1));
    __m256i two = _mm256_mullo_epi32(both, _mm256_set1_epi32((int)0xc2b2ae35));
    uint32_t at[2 * STEP];
    _mm256_storeu_si256((__m256i *)(void *)at, _mm256_srl_epi32(one, shift));
    _mm256_storeu_si256((__m256i *)(void *)(at + STEP), _mm256_srl_epi32(two, shift));
    for (unsigned i = 0; i < 2 * STEP; i++)
        lanes = _mm256_add_epi16(lanes, row_at(model, at[i]));
    return lanes;
}

AVX2 INLINED void flush_avx2(__m256i lanes, int32_t weight, struct linear_sum *sum)
{
    const __m256i times = _mm256_set1_epi32(weight);
    __m256i *classes = (__m256i *)(void *)sum->classes;
    __m256i low = _mm256_cvtepi16_epi32(_mm256_castsi256_si128(lanes)),
            high = _mm256_cvtepi16_epi32(_mm256_extracti128_si256(lanes, 1));
    low = _mm256_add_epi32(_mm256_loadu_si256(classes), _mm256_mullo_epi32(low, times));
    high = _mm256_add_epi32(_mm256_loadu_si256(classes + 1), _mm256_mullo_epi32(high, times));
    _mm256_storeu_si256(classes, low);
    _mm256_storeu_si256(classes + 1, high);
}

AVX2 static void add_avx2(const struct linear_model *model, const uint32_t *tokens, size_t n, int32_t weight,
    struct linear_sum *sum)
{
    const unsigned log2_rows = model->log2_rows;
    __m256i lanes = row_at(model, linear_row_1(tokens[0], log2_rows));
    size_t i = 1;
    for (unsigned steps = 1; i + STEP <= n; i += STEP, steps++) {
        lanes = add_step(model, tokens + i, lanes);
        if (steps % STEPS_MAX == 0) {
            flush_avx2(lanes, weight, sum);
            lanes = _mm256_setzero_si256();
        }
    }
    flush_avx2(lanes, weight, sum);
    lanes = _mm256_setzero_si256();
    for (; i < n; i++) {
        lanes = _mm256_add_epi16(lanes, row_at(model, linear_row_1(tokens[i], log2_rows)));
        lanes = _mm256_add_epi16(lanes, row_at(model, linear_row_2(tokens[i - 1], tokens[i], log2_rows)));
    }
    flush_avx2(lanes, weight, sum);
}

static bool has_avx2(void)
{
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2");
}
#else
#define add_avx2 add_any

static bool has_avx2(void)
{
    return false;
}
#endif

void linear_add(const struct linear_model *model, const uint32_t *tokens, size_t n, int32_t weight,
    struct linear_sum *sum)
{
    if (n == 0)
        return;
    (has_avx2() ? add_avx2 : add_any)(model, tokens, n, weight, sum);
    sum->squares += (uint32_t)(weight * weight) * (uint32_t)(2 * n - 1);
}

/* Square root of value, rounded down: a double holds it exactly enough. */
static uint32_t root(uint32_t value)
{
    return (uint32_t)sqrt(value);
}

void linear_scores(
    const struct linear_model *model, const struct linear_sum *sum, int32_t ret_scores[LINEAR_CLASSES])
{
    /* In sixteenths, so that the root of a short text is not coarse. */
    const double divisor = sum->squares > 0 ? root(sum->squares << 8) : 16;
    for (unsigned c = 0; c < LINEAR_CLASSES; c++) {
        /* Floating point divides faster, and as whole numbers do below 2^53; what is above is cut off all the same. */
        int64_t weighted = (int64_t)((double)((int64_t)sum->classes[c] * model->scale[c] * 16) / divisor);
        int64_t score = model->bias[c] + weighted / (65536 / LINEAR_ONE);
        ret_scores[c] = (int32_t)(score > INT16_MAX ? INT16_MAX : score < INT16_MIN ? INT16_MIN : score);
    }
}

/* 65536 * exp(-x), x >= 0 in 1/256. */
static uint32_t exp_minus(uint32_t x)
{
    uint32_t i = x / 32, rest = x % 32;
    if (i >= 64)
        return 0;
    return exp_table[i] - (exp_table[i] - exp_table[i + 1]) * rest / 32;
}

void linear_softmax(const int32_t *scores, unsigned n, uint8_t *ret_shares)
{
    int32_t top = scores[0];
    for (unsigned c = 1; c < n; c++)
        top = scores[c] > top ? scores[c] : top;
    uint32_t weights[LINEAR_CLASSES], total = 0;
    for (unsigned c = 0; c < n; c++)
        total += weights[c] = exp_minus((uint32_t)(top - scores[c]));
    for (unsigned c = 0; c < n; c++)
        ret_shares[c] = (uint8_t)((weights[c] * 255 + total / 2) / total);
}

uint8_t linear_logistic(int32_t score)
{
    uint32_t tail = exp_minus((uint32_t)(score < 0 ? -score : score));
    uint32_t low = (tail * 255 + 65536 / 2) / (65536 + tail);
    return (uint8_t)(score < 0 ? low : 255 - low);
}
