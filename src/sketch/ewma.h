/*
 * ewma.h: exponential decay of an integer, the same on every machine.
 *
 * Model: value * 2^(-steps / 64): a half-life is 64 steps of a fixed time grid, so a sum decays only when
 *   time crosses a grid line and many updates close together lose nothing to rounding.
 * Shapes: value up to EWMA_MAX; rounded to nearest, so that values of 46 units or less may stay where
 *   they are under steps of one: keep 8 fraction bits.
 * Cost: O(1), a multiplication and a shift.
 */
#ifndef SKETCH_EWMA_H
#define SKETCH_EWMA_H

#include <stdint.h>

enum { EWMA_STEPS = 64 }; /* steps in one half-life */

#define EWMA_MAX (UINT64_C(1) << 38)

uint64_t ewma_decay(uint64_t value, uint64_t steps);

#endif
