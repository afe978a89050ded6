/*
 * minhash.h: how alike are two sets, from 32 bytes of each?
 *
 * Model: one-permutation MinHash. An item's hash picks one of MINHASH_SLOTS bins by its top bits; a bin keeps the
 *   least hash it saw, of which 16 low bits are stored. An empty bin borrows from the first full bin in a fixed
 *   random order of its own (densification). The share of equal bins estimates the Jaccard similarity J with
 *   standard error sqrt(J (1 - J) / 16), plus (1 - J) / 65536 for the bits that are cut off.
 * Source: Li, Owen, Zhang, "One permutation hashing", 2012; Shrivastava, "Optimal densification for fast and
 *   accurate minwise hashing", 2017. We draw the order without replacement, so that it ends after 16 steps.
 * Shapes: hashes are well mixed 64-bit values, repeats allowed; all slots are 0 for an empty set.
 * Cost: O(items); see bench_extract.
 * Evasion: whoever can choose items needs the key of their hashes to steer a bin.
 */
#ifndef SKETCH_MINHASH_H
#define SKETCH_MINHASH_H

#include <stddef.h>
#include <stdint.h>

enum { MINHASH_SLOTS = 16 };

void minhash_of(const uint64_t *hashes, size_t n, uint16_t ret_slots[static MINHASH_SLOTS]);
/* Number of equal slots, 0..MINHASH_SLOTS. */
unsigned minhash_equal(const uint16_t a[static MINHASH_SLOTS], const uint16_t b[static MINHASH_SLOTS]);

#endif
