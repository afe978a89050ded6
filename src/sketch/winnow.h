/*
 * winnow.h: which few of a text's k-gram hashes will also be chosen wherever a long enough piece of it turns up?
 *
 * Model: the least hash of every window of w neighbouring k-grams. A common piece of at least w + k - 1 tokens
 *   shares at least one chosen hash; nothing shorter than k does. About 2 / (w + 1) of the hashes are chosen.
 * Source: Schleimer, Wilkerson, Aiken, "Winnowing: local algorithms for document fingerprinting", 2003. We give
 *   values and no positions, so the choice among equal minima does not matter; a text with fewer than w k-grams
 *   gives its least one.
 * Cost: three comparisons a hash, no branches.
 */
#ifndef SKETCH_WINNOW_H
#define SKETCH_WINNOW_H

#include <stddef.h>
#include <stdint.h>

enum { WINNOW_WINDOW = 8 };

/* Writes the chosen hashes, never the same twice in a row, over the n hashes; returns how many. */
size_t winnow(uint64_t *hashes, size_t n);

#endif
