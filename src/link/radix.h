/*
 * radix.h: 64-bit numbers in ascending order.
 *
 * Source: Knuth, The Art of Computer Programming 3, 5.2.5 (from the lowest digit), bytes as digits; a byte that all share is passed over.
 * Memory: as much again, for the call.
 * Errors: STATUS_NOMEM leaves them as they were.
 * Cost: O(n), at most eight passes.
 */
#ifndef LINK_RADIX_H
#define LINK_RADIX_H

#include "base/status.h"

#include <stddef.h>
#include <stdint.h>

MUST_CHECK enum status radix_sort(uint64_t *items, size_t n);

#endif
