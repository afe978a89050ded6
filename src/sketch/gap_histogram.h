/*
 * gap_histogram.h: how long the gaps between events are, in log-spaced bins.
 *
 * Model: bin 0 holds gaps below 512 ms, bin i gaps of 2^(8 + i) to 2^(9 + i) ms, the last everything
 *   above. Moments take gaps as uniform in the logarithm within their bin: a coefficient of variation
 *   reads within 10 %, equal gaps as 0.2. When a bin is full all are halved: the last 65 thousand gaps
 *   count most.
 * Source: DDSketch, Masson, Rim, Lee, 2019, for fixed log buckets (byte-stable in replay); factor 2
 *   instead of a stated relative error.
 * Memory: 2 bytes a bin, of the caller's; all zero is empty.
 * Cost: O(1) a gap.
 */
#ifndef SKETCH_GAP_HISTOGRAM_H
#define SKETCH_GAP_HISTOGRAM_H

#include <stdint.h>

enum { GAP_BINS = 24 };

void gap_histogram_add(uint16_t bins[static GAP_BINS], uint64_t gap_ms);
/* Coefficient of variation; NAN below two gaps. */
double gap_histogram_cv(const uint16_t bins[static GAP_BINS]);

#endif
