/*
 * robust.h: how far is a number from what is usual, where some of the sample may not be usual?
 *
 * Model: z = (x - median) / (1.4826 MAD), MAD being the median of |x - median|; 1.4826 makes it the standard deviation for
 *   normal samples. Up to half of the sample may be anything without the estimate going anywhere.
 * Source: Hampel, "The influence curve and its role in robust estimation", 1974.
 * Cost: O(n log n) to fit.
 */
#ifndef SKETCH_ROBUST_H
#define SKETCH_ROBUST_H

#include <stddef.h>

struct robust {
    double centre, scale;
};

/* Destroys the values. The scale is at least the floor, which must be above 0; without values the centre is 0. */
struct robust robust_fit(double *values, size_t n, double floor);

static inline double robust_z(const struct robust *robust, double x)
{
    return (x - robust->centre) / robust->scale;
}

#endif
