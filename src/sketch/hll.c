#include "sketch/hll.h"

#include <assert.h>
#include <math.h>
#include <stddef.h>

enum { LOG2_M_MIN = 4, LOG2_M_MAX = 16, RANKS = 65 };

/* Position of the first one bit after the register's index; the guard bit bounds it when there is none. */
static uint8_t rank_of(unsigned log2_m, uint64_t hash)
{
    uint64_t rest = hash << log2_m | UINT64_C(1) << (log2_m - 1);
    return (uint8_t)(__builtin_clzll(rest) + 1);
}

void hll_add(uint8_t *regs, unsigned log2_m, uint64_t hash)
{
    assert(log2_m >= LOG2_M_MIN && log2_m <= LOG2_M_MAX);
    size_t i = (size_t)(hash >> (64 - log2_m));
    uint8_t rank = rank_of(log2_m, hash);
    if (rank > regs[i])
        regs[i] = rank;
}

void hll_nibble_add(uint8_t *nibbles, unsigned log2_m, uint64_t hash)
{
    assert(log2_m >= LOG2_M_MIN && log2_m <= LOG2_M_MAX);
    size_t i = (size_t)(hash >> (64 - log2_m));
    uint8_t rank = rank_of(log2_m, hash);
    unsigned shift = i % 2 ? 4 : 0;
    if (rank > 15)
        rank = 15;
    if (rank > (nibbles[i / 2] >> shift & 15))
        nibbles[i / 2] = (uint8_t)((nibbles[i / 2] & 0xf0 >> shift) | rank << shift);
}

static double alpha(unsigned log2_m)
{
    static const double small[] = { 0.673, 0.697, 0.709 };
    if (log2_m < LOG2_M_MIN + 3)
        return small[log2_m - LOG2_M_MIN];
    return 0.7213 / (1 + 1.079 / (double)(UINT32_C(1) << log2_m));
}

static double estimate_of_counts(const uint32_t count[static RANKS], unsigned log2_m)
{
    double sum = 0;
    for (int rank = RANKS - 1; rank >= 0;
         rank--) /* Horner: the same as the sum of count * 2^-rank, smallest first */
        sum = sum / 2 + count[rank];
    double m = (double)(UINT32_C(1) << log2_m);
    double raw = alpha(log2_m) * m * m / sum;
    if (raw <= 2.5 * m && count[0] > 0)
        return m * log(m / count[0]);
    return raw;
}

double hll_estimate(const uint8_t *regs, unsigned log2_m)
{
    assert(log2_m >= LOG2_M_MIN && log2_m <= LOG2_M_MAX);
    uint32_t count[RANKS] = { 0 };
    for (size_t i = 0; i < (size_t)1 << log2_m; i++)
        count[regs[i] < RANKS ? regs[i] : RANKS - 1]++;
    return estimate_of_counts(count, log2_m);
}

double hll_nibble_estimate(const uint8_t *nibbles, unsigned log2_m)
{
    assert(log2_m >= LOG2_M_MIN && log2_m <= LOG2_M_MAX);
    uint32_t count[RANKS] = { 0 };
    for (size_t i = 0; i < (size_t)1 << (log2_m - 1); i++) {
        count[nibbles[i] & 15]++;
        count[nibbles[i] >> 4]++;
    }
    return estimate_of_counts(count, log2_m);
}

void hll_merge(uint8_t *into, const uint8_t *from, unsigned log2_m)
{
    size_t n = (size_t)1 << log2_m;
    for (size_t i = 0; i < n; i++)
        if (from[i] > into[i])
            into[i] = from[i];
}
