/*
 * shapiro.h: do these numbers look as if drawn from one normal distribution?
 *
 * Model: W = (sum a_i x_(i))^2 / sum (x_i - mean)^2: the squared correlation of the ordered sample with approximate
 *   optimal weights a; 1 for a sample that lies on the normal quantiles, less the less it does.
 * Source: Shapiro, Wilk, "An analysis of variance test for normality (complete samples)", 1965; the weights are
 *   Royston's, "A remark on algorithm AS 181: the W-test for normality" (AS R94), 1995; normal quantiles by Wichura,
 *   "The percentage points of the normal distribution" (AS 241, PPND7: 7 digits), 1988. No significance level:
 *   callers compare W itself.
 * Shapes: 3 to SHAPIRO_MAX numbers in rising order.
 * Memory: SHAPIRO_MAX / 2 doubles of stack.
 * Cost: O(n), about 25 ns a number.
 */
#ifndef SKETCH_SHAPIRO_H
#define SKETCH_SHAPIRO_H

#include <stddef.h>

enum { SHAPIRO_MIN = 3, SHAPIRO_MAX = 5000 };

/* W in (0, 1]; 1 where all numbers are equal, for nothing then speaks against a (degenerate) normal. */
double shapiro_w(const float *sorted, size_t n);

/* The number below which a standard normal variable falls with probability p, 0 < p < 1. */
double shapiro_normal_quantile(double p);

#endif
