/*
 * space_saving.h: the commonest keys of a stream, in k entries.
 *
 * Model: a key that is not kept takes the place of the least counted one and inherits its count as its
 *   error. Entries stay sorted by count, falling; among equals the one that got there first comes first.
 *   A key that makes up more than 1 / k of the stream is kept; count - error is a lower bound of its
 *   occurrences, count an upper one. When a count would pass 65,535 all counts and errors are halved
 *   first: the stream before then counts less.
 * Source: Metwally, Agrawal, El Abbadi, "Efficient computation of frequent and top-k elements in data
 *   streams", 2005. Deviation: counts halve instead of growing; keys are 32 bits of a keyed hash.
 * Memory: 8 bytes an entry, of the caller's; all zero is empty. Key 0 is not a key.
 * Cost: O(k), about 5 ns at k = 8.
 */
#ifndef SKETCH_SPACE_SAVING_H
#define SKETCH_SPACE_SAVING_H

#include <stdbool.h>
#include <stdint.h>

struct space_saving {
    uint32_t *keys;
    uint16_t *counts, *errors;
    unsigned k;
};

/* True when counts were halved: halve what is compared with them. Afterwards ret_i is the key's entry. */
bool space_saving_add(const struct space_saving *sketch, uint32_t key, unsigned *ret_i);
void space_saving_halve(const struct space_saving *sketch);
/* The entry with the largest lower bound; 0 when empty. */
unsigned space_saving_top(const struct space_saving *sketch);

#endif
