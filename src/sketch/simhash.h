/*
 * simhash.h: one 64-bit word whose bits differ little between texts that differ little.
 *
 * Model: every item votes on every bit by the bit of its hash; the majority wins, a tie gives 0. The votes are counted
 *   for 64 bits at once in bit-sliced counters: plane p holds bit p of all 64 counts. Every fourth item has counters of
 *   its own, which are added up at the end.
 * Source: Charikar, "Similarity estimation techniques from rounding algorithms", 2002; Manku, Jain, Das Sarma,
 *   "Detecting near-duplicates for web crawling", 2007 (a distance of 3 or less is a near-duplicate of long texts).
 * Shapes: well mixed hashes, repeats count; 0 for no items; at most 2^31 items.
 * Cost: about 2 vector operations an item and 150 at the end, no branch on carries.
 */
#ifndef SKETCH_SIMHASH_H
#define SKETCH_SIMHASH_H

#include <stddef.h>
#include <stdint.h>

uint64_t simhash_of(const uint64_t *hashes, size_t n);

static inline unsigned simhash_distance(uint64_t a, uint64_t b)
{
    return (unsigned)__builtin_popcountll(a ^ b);
}

#endif
