/*
 * tokenbounds.h: masks of a text → where each token begins and ends, and which tokens need more than a hash.
 *
 * Model: 64 bytes at a time with carries from block to block. A run of word bytes is a token, so is the first of a
 *   run of one and the same sign, so is the first line feed of white space. Whether a run holds a byte of some class
 *   is told by an addition: class bits added to the run's bits carry into the bit behind the run.
 * Shapes: special tokens may open a region or hold bytes beyond ASCII; their indices ascend. Bit e of digits is set
 *   if the run that ends before byte e has a digit in it.
 * Memory: 12 bytes a token, at most one token a byte of TOKENS_BYTES_MAX; pages that no text needed stay untouched.
 * Cost: with AVX2 about 300 operations a block, 170 for words only, whatever stands in it.
 */
#ifndef RECORD_TOKENBOUNDS_H
#define RECORD_TOKENBOUNDS_H

#include "base/status.h"
#include "record/bytemask.h"

#include <stdbool.h>

/* Eight numbers of a byte each, for each byte: the places of its bits. */
struct bit_places {
    uint64_t of[256];
};

struct token_bounds {
    /* Of token t: begin[t * step] and end[t * step]. Words only stand in one array, the end of each behind its begin. */
    const uint32_t *begin, *end;
    size_t step;
    uint32_t *first, *second; /* where begin and end lie */
    uint32_t *special;        /* n_special indices of tokens */
    uint64_t *digits;         /* a word for each block and one more */
    uint32_t n, n_special;
    struct bit_places places;
};

/* For texts of at most `most` bytes. */
MUST_CHECK enum status token_bounds_init(struct token_bounds *bounds, size_t most);
void token_bounds_fini(struct token_bounds *bounds);

/*
 * Joins inner points and ticks to their words (1,000.5, don't), of MASKS_ALL in the masks too, and finds the bounds.
 * The masks have room for two blocks more, which are filled in. after_line: white space at the beginning stands behind a line end.
 */
void token_bounds_find(struct token_bounds *bounds, enum byte_level level, struct byte_masks *masks,
    size_t blocks, enum mask_set set, bool after_line);

#endif
