/*
 * mmd.h: do two sets of vectors come from one distribution? Maximum mean discrepancy by random features.
 *
 * Model: MMD^2 = mean k(x, x') - 2 mean k(x, y) + mean k(y, y') with the Gaussian kernel k(x, y) =
 *   exp(-|x - y|^2 / (2 bandwidth^2)) is the squared distance of the means of phi(x) and phi(y), where phi has a cosine
 *   and a sine of each of MMD_FREQUENCIES random directions: E phi(x).phi(y) = k(x, y). A mean is a sum that is kept
 *   up in O(1) a vector, where the kernel form takes all pairs.
 * Source: Gretton et al., "A kernel two-sample test", JMLR 2012 (MMD, its biased estimate, the median heuristic); Rahimi,
 *   Recht, "Random features for large-scale kernel machines", NIPS 2007; error: Sutherland, Schneider, "On the error of
 *   random Fourier features", UAI 2015.
 * Shapes: vectors of MMD_DIMS signed bytes; the caller's bandwidth is in their unit. Standard errors: of an
 *   estimate of k 1 / sqrt(2 MMD_FREQUENCIES) = 0.06, of MMD^2 about 1 / sqrt(MMD_FREQUENCIES) = 9 % of itself, most
 *   of which is common to all estimates by one struct mmd.
 * Memory: struct mmd 33 KiB; 1 KiB a mean.
 * Errors: none. Cost: MMD_DIMS x MMD_FREQUENCIES multiplications a vector, about 2 us.
 * Threads: a struct mmd is constant after mmd_init. The same seed gives the same features.
 */
#ifndef SKETCH_MMD_H
#define SKETCH_MMD_H

#include <stddef.h>
#include <stdint.h>

enum { MMD_DIMS = 64, MMD_FREQUENCIES = 128, MMD_FEATURES = 2 * MMD_FREQUENCIES };

struct mmd {
    float directions[MMD_DIMS][MMD_FREQUENCIES]; /* so that the inner loop runs along memory */
};

/* bandwidth > 0 */
void mmd_init(struct mmd *mmd, double bandwidth, uint64_t seed);
/* Adds phi(x) to the sum. */
void mmd_add(const struct mmd *mmd, const int8_t x[static MMD_DIMS], float sum[static MMD_FEATURES]);
/* Squared distance of the means of two sums of so many vectors each, none of them 0. */
double mmd_between(
    const float a[static MMD_FEATURES], size_t n_a, const float b[static MMD_FEATURES], size_t n_b);

/* The median heuristic: a bandwidth such that 2 bandwidth^2 is the median of these squared distances, which it sorts. */
double mmd_bandwidth(uint32_t *squared_distances, size_t n);

#endif
