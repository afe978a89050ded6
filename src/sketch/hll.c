#include "sketch/hll.h"

#include <assert.h>
#include <math.h>
#include <stddef.h>

enum { LOG2_M_MIN = 4, LOG2_M_MAX = 16, RANKS = 65 };

void hll_add(uint8_t *regs, unsigned log2_m, uint64_t hash)
{
    assert(log2_m >= LOG2_M_MIN && log2_m <= LOG2_M_MAX);
    size_t i = (size_t)(hash >> (64 - log2_m));
    /* The guard bit bounds the rank when all remaining bits are zero. */
    uint64_t rest = hash << log2_m | UINT64_C(1) << (log2_m - 1);
    uint8_t rank = (uint8_t)(__builtin_clzll(rest) + 1);
    if (rank > regs[i])
        regs[i] = rank;
}

static double alpha(unsigned log2_m)
{
    static const double small[] = { 0.673, 0.697, 0.709 };
    if (log2_m < LOG2_M_MIN + 3)
        return small[log2_m - LOG2_M_MIN];
    return 0.7213 / (1 + 1.079 / (double)(UINT32_C(1) << log2_m));
}

double hll_estimate(const uint8_t *regs, unsigned log2_m)
{
    assert(log2_m >= LOG2_M_MIN && log2_m <= LOG2_M_MAX);
    uint32_t count[RANKS] = { 0 };
    size_t n = (size_t)1 << log2_m;
    for (size_t i = 0; i < n; i++)
        count[regs[i] < RANKS ? regs[i] : RANKS - 1]++;
    double sum = 0;
    for (int rank = RANKS - 1; rank >= 0; rank--)
        sum += ldexp(count[rank], -rank);
    double m = (double)n;
    double raw = alpha(log2_m) * m * m / sum;
    if (raw <= 2.5 * m && count[0] > 0)
        return m * log(m / count[0]);
    return raw;
}

void hll_merge(uint8_t *into, const uint8_t *from, unsigned log2_m)
{
    size_t n = (size_t)1 << log2_m;
    for (size_t i = 0; i < n; i++)
        if (from[i] > into[i])
            into[i] = from[i];
}
