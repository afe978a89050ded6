/*
 * roll.h: names → small numbers in order of first appearance, and back.
 *
 * Model: a hash index over names that are kept, so that two names of one hash stay two.
 * Memory: the name, 8 bytes of place and 16 to 32 of index; at most n_max names. A full roll leaves newcomers out and counts
 *   every time that one comes.
 * Ownership: the caller's struct; roll_name borrows until the next name is added.
 * Errors: STATUS_NOMEM leaves the roll as it was.
 * Cost: O(1) expected.
 */
#ifndef LINK_ROLL_H
#define LINK_ROLL_H

#include "base/map.h"
#include "base/span.h"

struct roll {
    struct u64_map index;
    char *text;
    size_t n_text, text_capacity;
    size_t *ends; /* of each name in the text */
    size_t n, capacity;
    uint64_t left_out;
};

void roll_init(struct roll *roll, size_t n_max);
void roll_fini(struct roll *roll);
/* The number it has, or gets now; MAP_NONE where the roll is full. Names that differ in the mark are two. */
MUST_CHECK enum status roll_add(struct roll *roll, struct span name, struct span mark, uint32_t *ret_number);
struct span roll_name(const struct roll *roll, uint32_t number); /* with its mark: "name" or "mark:name" */

#endif
