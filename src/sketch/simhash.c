#include "sketch/simhash.h"

#include <string.h>

enum { PLANES = 32 };

/* Full adder on 64 columns: adds a and b to *sum, returns the carries. */
static inline uint64_t add(uint64_t *sum, uint64_t a, uint64_t b)
{
    uint64_t either = *sum ^ a;
    uint64_t carry = (*sum & a) | (either & b);
    *sum = either ^ b;
    return carry;
}

/* The number of planes is known from the number of items, when a carry ends is not: no branch on carries. */
static inline void add_eight(uint64_t planes[PLANES], unsigned n_planes, const uint64_t h[8])
{
    uint64_t two_a = add(&planes[0], h[0], h[1]), two_b = add(&planes[0], h[2], h[3]);
    uint64_t two_c = add(&planes[0], h[4], h[5]), two_d = add(&planes[0], h[6], h[7]);
    uint64_t four_a = add(&planes[1], two_a, two_b), four_b = add(&planes[1], two_c, two_d);
    uint64_t carry = add(&planes[2], four_a, four_b);
    for (unsigned plane = 3; plane < n_planes; plane++) {
        uint64_t next = planes[plane] & carry;
        planes[plane] ^= carry;
        carry = next;
    }
}

/* Bits whose count exceeds half of n. */
static uint64_t majority(const uint64_t planes[PLANES], unsigned n_planes, size_t n)
{
    uint64_t above = 0, level = ~UINT64_C(0), half = n / 2;
    for (unsigned p = n_planes; p-- > 0;) {
        uint64_t bit = half >> p & 1 ? ~UINT64_C(0) : 0;
        above |= level & planes[p] & ~bit;
        level &= ~(planes[p] ^ bit);
    }
    return above;
}

uint64_t simhash_of(const uint64_t *hashes, size_t n)
{
    uint64_t planes[PLANES] = { 0 }, rest[8] = { 0 };
    unsigned n_planes = 3;
    while (n >> n_planes != 0)
        n_planes++;
    size_t i = 0;
    for (; i + 8 <= n; i += 8)
        add_eight(planes, n_planes, hashes + i);
    if (i < n) {
        memcpy(rest, hashes + i, (n - i) * sizeof *rest);
        add_eight(planes, n_planes, rest);
    }
    return majority(planes, n_planes, n);
}
