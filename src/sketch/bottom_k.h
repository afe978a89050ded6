/*
 * bottom_k.h: a sample of a set that can be merged and compared: its k least hashes.
 *
 * Model: of two samples the k least hashes of the union are known, and for each of them whether both sets have it; that
 *   share estimates the Jaccard similarity J without bias, with standard error sqrt(J (1 - J) / k). Sets of no more than k
 *   elements are kept whole and compared exactly.
 * Source: Broder, "On the resemblance and containment of documents", 1997.
 * Shapes: well mixed 32-bit hashes, distinct, ascending.
 * Memory: 4 k bytes, the caller's.
 * Cost: O(k) an addition below the greatest, O(log k) others; O(k) a comparison.
 */
#ifndef SKETCH_BOTTOM_K_H
#define SKETCH_BOTTOM_K_H

#include <stddef.h>
#include <stdint.h>

/* Adds a hash to the n kept ones, of which there is room for k; returns how many there are now. */
size_t bottom_k_add(uint32_t *kept, size_t n, size_t k, uint32_t hash);
/* 0 where both are empty. Neither has more than k. */
double bottom_k_jaccard(const uint32_t *a, size_t n_a, const uint32_t *b, size_t n_b, size_t k);

#endif
