#include "sketch/simhash.h"

enum { PLANES = 32 };

/* Full adder on 64 columns: adds a and b to *sum, returns the carries. */
static inline uint64_t add(uint64_t *sum, uint64_t a, uint64_t b)
{
    uint64_t either = *sum ^ a;
    uint64_t carry = (*sum & a) | (either & b);
    *sum = either ^ b;
    return carry;
}

static void carry_up(uint64_t planes[PLANES], unsigned plane, uint64_t carry)
{
    for (; carry; plane++) {
        uint64_t next = planes[plane] & carry;
        planes[plane] ^= carry;
        carry = next;
    }
}

/* Bits whose count exceeds half of n. */
static uint64_t majority(const uint64_t planes[PLANES], size_t n)
{
    uint64_t above = 0, level = ~UINT64_C(0), half = n / 2;
    for (unsigned p = PLANES; p-- > 0;) {
        uint64_t bit = half >> p & 1 ? ~UINT64_C(0) : 0;
        above |= level & planes[p] & ~bit;
        level &= ~(planes[p] ^ bit);
    }
    return above;
}

uint64_t simhash_of(const uint64_t *hashes, size_t n)
{
    uint64_t planes[PLANES] = { 0 };
    size_t i = 0;
    for (; i + 8 <= n; i += 8) {
        const uint64_t *h = hashes + i;
        uint64_t two_a = add(&planes[0], h[0], h[1]), two_b = add(&planes[0], h[2], h[3]);
        uint64_t two_c = add(&planes[0], h[4], h[5]), two_d = add(&planes[0], h[6], h[7]);
        uint64_t four_a = add(&planes[1], two_a, two_b), four_b = add(&planes[1], two_c, two_d);
        carry_up(planes, 3, add(&planes[2], four_a, four_b));
    }
    for (; i < n; i++)
        carry_up(planes, 0, hashes[i]);
    return majority(planes, n);
}
