#include "sketch/gap_histogram.h"

#include <math.h>

enum { FIRST_LOG2 = 9 }; /* upper end of bin 0 */

static unsigned bin_of(uint64_t gap_ms)
{
    if (gap_ms < UINT64_C(1) << FIRST_LOG2)
        return 0;
    unsigned i = (unsigned)(63 - __builtin_clzll(gap_ms)) - FIRST_LOG2 + 1;
    return i < GAP_BINS ? i : GAP_BINS - 1;
}

void gap_histogram_add(uint16_t bins[static GAP_BINS], uint64_t gap_ms)
{
    unsigned bin = bin_of(gap_ms);
    if (bins[bin] == UINT16_MAX)
        for (unsigned i = 0; i < GAP_BINS; i++)
            bins[i] = (uint16_t)(bins[i] / 2);
    bins[bin]++;
}

double gap_histogram_cv(const uint16_t bins[static GAP_BINS])
{
    const double ln2 = 0.69314718055994531;
    double n = 0, sum = 0, squares = 0;
    for (unsigned i = 0; i < GAP_BINS; i++) {
        double low = ldexp(1, FIRST_LOG2 - 1 + (int)i);
        n += bins[i];
        sum += bins[i] * low / ln2;
        squares += bins[i] * low * low * 1.5 / ln2;
    }
    if (n < 2)
        return NAN;
    double mean = sum / n;
    return sqrt(fmax(0, squares / n - mean * mean)) / mean;
}
