/*
 * mix.h: two 64-bit words → one, as well mixed as a good hash, without a call.
 *
 * Model: the 128-bit product of the words, its halves folded together. A caller keys it by exclusive-or of secret
 *   words into both sides.
 * Source: Wang Yi, "wyhash", 2019 (the folded product).
 * Cost: one multiplication, 3 to 4 cycles.
 */
#ifndef BASE_MIX_H
#define BASE_MIX_H

#include <stdint.h>

__extension__ typedef unsigned __int128 mix_wide;

static inline uint64_t mix_fold(uint64_t a, uint64_t b)
{
    union {
        mix_wide product;
        uint64_t halves[2];
    } of = { .product = (mix_wide)a * b }; /* gcc takes a shifted product by way of memory */
    return of.halves[0] ^ of.halves[1];
}

#endif
