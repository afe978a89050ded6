/*
 * hll.h: how many distinct things were seen.
 *
 * Model: the first log2_m bits of a hash choose one of m registers, which keeps the largest position of
 *   the first one bit in the rest. Estimate: alpha_m * m^2 / sum 2^-register; below 2.5 m, while a
 *   register is still empty, linear counting m * ln(m / empty). No large-range correction: hashes have 64
 *   bits.
 * Source: Flajolet, Fusy, Gandouet, Meunier, "HyperLogLog", 2007; Whang et al., "A linear-time
 *   probabilistic counting algorithm", 1990. Hashes of 64 bits after Heule, Nunkesser, Hall, "HyperLogLog
 *   in practice", 2013.
 * Shapes: log2_m 4..16; hashes must be uniform and keyed, else an attacker fills registers. Standard
 *   error 1.04 / sqrt(m): 26 % at 16 registers, 13 % at 64, 3.3 % at 1024.
 * Memory: 2^log2_m bytes of the caller's; all zero is the empty sketch.
 * Cost: add O(1), about 2 ns; estimate and merge O(m).
 */
#ifndef SKETCH_HLL_H
#define SKETCH_HLL_H

#include <stdint.h>

/* The register that hll_add will touch. */
static inline uint32_t hll_register(unsigned log2_m, uint64_t hash)
{
    return (uint32_t)(hash >> (64 - log2_m));
}
void hll_add(uint8_t *regs, unsigned log2_m, uint64_t hash);
double hll_estimate(const uint8_t *regs, unsigned log2_m);
/* Afterwards `into` is what it would be had it seen what both saw. */
void hll_merge(uint8_t *into, const uint8_t *from, unsigned log2_m);

/* The same with two registers a byte (2^log2_m / 2 bytes), for counts up to about 2^log2_m * 8192. */
void hll_nibble_add(uint8_t *nibbles, unsigned log2_m, uint64_t hash);
double hll_nibble_estimate(const uint8_t *nibbles, unsigned log2_m);

#endif
