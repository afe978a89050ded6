#include "sketch/mmd.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define INLINED __attribute__((always_inline)) static inline

static const double turn = 6.283185307179586;

/* SplitMix64 */
static double next_uniform(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return ((double)((z ^ z >> 31) >> 11) + 0.5) * 0x1p-53;
}

/* By Box and Muller. Directions are kept in turns, not radians: mmd_add reduces its angles by rounding. */
void mmd_init(struct mmd *mmd, double bandwidth, uint64_t seed)
{
    for (size_t i = 0; i < MMD_DIMS; i++)
        for (size_t j = 0; j < MMD_FREQUENCIES; j++) {
            double radius = sqrt(-2 * log(next_uniform(&seed)));
            double normal = radius * cos(turn * next_uniform(&seed));
            mmd->directions[i][j] = (float)(normal / bandwidth / turn);
        }
}

/* Sine of so many turns, |turns| <= 1/4 (Taylor to the 9th power, error below 4e-6). */
INLINED float sine(float turns)
{
    float x = turns * (float)6.283185307179586, y = x * x;
    return x * (1 + y * (-1.f / 6 + y * (1.f / 120 + y * (-1.f / 5040 + y * (1.f / 362880)))));
}

/* Turns to within a half by the constant that pushes the fraction out of a float; then the half is folded to a quarter. */
INLINED float folded(float turns)
{
    const float push = 12582912; /* 1.5 x 2^23 */
    float rest = turns - ((turns + push) - push);
    float over = rest > 0.25f ? 0.5f - rest : rest;
    return rest < -0.25f ? -0.5f - rest : over;
}

INLINED void add_by(const struct mmd *mmd, const int8_t *x, float *sum)
{
    float angles[MMD_FREQUENCIES] = { 0 };
    for (size_t i = 0; i < MMD_DIMS; i++) {
        float value = x[i];
        for (size_t j = 0; j < MMD_FREQUENCIES; j++)
            angles[j] += value * mmd->directions[i][j];
    }
    for (size_t j = 0; j < MMD_FREQUENCIES; j++) {
        sum[j] += sine(folded(angles[j]));
        sum[MMD_FREQUENCIES + j] += sine(folded(angles[j] + 0.25f));
    }
}

static void add_any(const struct mmd *mmd, const int8_t *x, float *sum)
{
    add_by(mmd, x, sum);
}

#ifdef __x86_64__
__attribute__((target("avx2"))) static void add_avx2(const struct mmd *mmd, const int8_t *x, float *sum)
{
    add_by(mmd, x, sum);
}

void mmd_add(const struct mmd *mmd, const int8_t x[static MMD_DIMS], float sum[static MMD_FEATURES])
{
    (__builtin_cpu_supports("avx2") ? add_avx2 : add_any)(mmd, x, sum);
}
#else
void mmd_add(const struct mmd *mmd, const int8_t x[static MMD_DIMS], float sum[static MMD_FEATURES])
{
    add_any(mmd, x, sum);
}
#endif

double mmd_between(
    const float a[static MMD_FEATURES], size_t n_a, const float b[static MMD_FEATURES], size_t n_b)
{
    double squares = 0;
    for (size_t i = 0; i < MMD_FEATURES; i++) {
        double difference = (double)a[i] / (double)n_a - (double)b[i] / (double)n_b;
        squares += difference * difference;
    }
    return squares / MMD_FREQUENCIES;
}

static int by_value(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

double mmd_bandwidth(uint32_t *squared_distances, size_t n)
{
    if (n == 0)
        return 1;
    qsort(squared_distances, n, sizeof *squared_distances, by_value);
    uint32_t median = squared_distances[n / 2];
    return median > 0 ? sqrt(median / 2.0) : 1;
}
