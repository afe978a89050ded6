/*
 * dice.h: seeded random numbers, and random properties of things by their number.
 *
 * Model: a SplitMix64 stream. dice_of(seed, index) begins the stream that belongs to one thing, so that what a thing is
 *   like does not depend on when it was asked: renderings on several threads agree.
 * Source: Steele, Lea, Flood, "Fast splittable pseudorandom number generators", 2014.
 * Shapes: unit in [0, 1). Same seed, same numbers, on machines whose libm agrees.
 */
#ifndef LAB_DICE_H
#define LAB_DICE_H

#include <stdbool.h>
#include <stdint.h>

struct dice {
    uint64_t state;
};

static inline uint64_t dice_mix(uint64_t x)
{
    x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
    return x ^ x >> 31;
}

/* A number that belongs to the pair and to nothing else. */
static inline uint64_t dice_hash(uint64_t seed, uint64_t index)
{
    return dice_mix(dice_mix(seed + UINT64_C(0x9e3779b97f4a7c15)) ^ (index + UINT64_C(0x2545f4914f6cdd1d)));
}

static inline struct dice dice_of(uint64_t seed, uint64_t index)
{
    return (struct dice){ dice_hash(seed, index) };
}

static inline uint64_t dice_u64(struct dice *dice)
{
    return dice_mix(dice->state += UINT64_C(0x9e3779b97f4a7c15));
}

static inline double dice_unit(struct dice *dice)
{
    return (double)(dice_u64(dice) >> 11) * 0x1p-53;
}

/* Below n; n at least 1. */
static inline uint32_t dice_below(struct dice *dice, uint32_t n)
{
    return (uint32_t)((dice_u64(dice) >> 32) * n >> 32);
}

static inline bool dice_chance(struct dice *dice, double p)
{
    return dice_unit(dice) < p;
}

double dice_exponential(struct dice *dice, double mean);
double dice_normal(struct dice *dice);
/* exp(N(ln median, sigma)): mean is median * exp(sigma^2 / 2). */
double dice_lognormal(struct dice *dice, double median, double sigma);
/* Whole numbers from 1 with that mean (at least 1). */
uint32_t dice_geometric(struct dice *dice, double mean);
uint32_t dice_poisson(struct dice *dice, double mean);
/* An index by weight; weights sum to anything above 0. */
uint32_t dice_pick(struct dice *dice, const float *weights, uint32_t n);

#endif
