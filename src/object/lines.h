/*
 * lines.h: what the tables of this folder share: zeroed memory on cache lines, mixing, choice of a
 * set.
 *
 * Model: every table is set-associative: a key picks one set, a set is a few cache lines. The set comes
 *   from the upper 32 bits of the mixed key by multiplication, so any number of sets serves and none is
 *   wasted. mix64 is a bijection (the finaliser of SplitMix64): keys with the same set and the same
 *   lower 48 bits of the mix are equal once there are 65,536 sets, with 2^k sets 48 + k bits are
 *   compared.
 * Source: Steele, Lea, Flood, "Fast splittable pseudorandom number generators", 2014.
 * Memory: zeroed and lazily mapped, bytes + 64.
 */
#ifndef OBJECT_LINES_H
#define OBJECT_LINES_H

#include "base/pages.h"

#include <stddef.h>
#include <stdint.h>

/* For functions that only prefetch: GCC takes them for pure and drops calls that it has not inlined early. */
#define ALWAYS_INLINE inline __attribute__((always_inline))

struct lines {
    struct pages pages;
    size_t bytes; /* reserved */
};

/* ret_at is aligned to 64 bytes and lives as long as ret_lines. */
MUST_CHECK enum status lines_new(size_t bytes, struct lines *ret_lines, void **ret_at);
void lines_free(struct lines *lines);

static inline uint64_t mix64(uint64_t x)
{
    x ^= x >> 30;
    x *= 0xbf58476d1ce4e5b9U;
    x ^= x >> 27;
    x *= 0x94d049bb133111ebU;
    return x ^ x >> 31;
}

static inline uint32_t set_of(uint64_t mixed, uint32_t n_sets)
{
    return (uint32_t)((mixed >> 32) * n_sets >> 32);
}

/* How many sets of set_bytes fit into bytes: at least 1, at most 2^32 - 1. */
static inline uint32_t sets_in(size_t bytes, size_t set_bytes)
{
    size_t n = bytes / set_bytes;
    return n < 1 ? 1 : n > UINT32_MAX ? UINT32_MAX : (uint32_t)n;
}

/*
 * A table that grows starts with n_max / 2^k sets, at least `least` where n_max allows it, and doubles as it fills, so
 * that only as much memory is touched as is of use: set i is split into sets 2i and 2i + 1. ret_max: what it ends at.
 */
static inline uint32_t sets_at_first(uint32_t n_max, uint32_t least, uint32_t *ret_max)
{
    unsigned doublings = 0;
    while (n_max >> doublings >= 2 * least)
        doublings++;
    *ret_max = n_max >> doublings << doublings;
    return n_max >> doublings;
}

/* Seconds since 1970, saturating: 32 bits last until 2106. */
static inline uint32_t seconds_of(int64_t time_ms)
{
    int64_t s = time_ms / 1000;
    return s < 0 ? 0 : s > UINT32_MAX ? UINT32_MAX : (uint32_t)s;
}

#endif
