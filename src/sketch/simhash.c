#include "sketch/simhash.h"

#include <string.h>

#define INLINED __attribute__((always_inline)) static inline

enum { PLANES = 32, LANES = 4, ITEMS = 8 * LANES };

typedef uint64_t lanes __attribute__((vector_size(8 * LANES)));

/* Full adder on 64 columns of each lane: adds a and b to *sum; the carries may take the place of either. */
INLINED void add(lanes *sum, const lanes *a, const lanes *b, lanes *ret_carry)
{
    lanes either = *sum ^ *a, carry = (*sum & *a) | (either & *b);
    *sum = either ^ *b;
    *ret_carry = carry;
}

/* The number of planes is known from the number of items, when a carry ends is not: no branch on carries. */
INLINED void add_eight(lanes planes[PLANES], unsigned n_planes, const lanes h[8])
{
    lanes two[4], four[2], carry;
    for (unsigned i = 0; i < 4; i++)
        add(&planes[0], &h[2 * i], &h[2 * i + 1], &two[i]);
    for (unsigned i = 0; i < 2; i++)
        add(&planes[1], &two[2 * i], &two[2 * i + 1], &four[i]);
    add(&planes[2], &four[0], &four[1], &carry);
    for (unsigned plane = 3; plane < n_planes; plane++) {
        lanes next = planes[plane] & carry;
        planes[plane] ^= carry;
        carry = next;
    }
}

/* The counts of all lanes together. */
INLINED void add_lanes(const lanes planes[PLANES], unsigned n_planes, uint64_t ret_planes[PLANES])
{
    for (unsigned p = 0; p < n_planes; p++)
        ret_planes[p] = planes[p][0];
    for (unsigned lane = 1; lane < LANES; lane++) {
        uint64_t carry = 0;
        for (unsigned p = 0; p < n_planes; p++) {
            uint64_t sum = ret_planes[p], more = planes[p][lane], either = sum ^ more;
            ret_planes[p] = either ^ carry;
            carry = (sum & more) | (either & carry);
        }
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

INLINED uint64_t simhash_by(const uint64_t *hashes, size_t n)
{
    lanes planes[PLANES], h[8];
    uint64_t sums[PLANES];
    unsigned n_planes = 3;
    size_t i = 0;
    while (n >> n_planes != 0)
        n_planes++;
    for (unsigned p = 0; p < n_planes; p++)
        planes[p] = (lanes){ 0 };
    for (; i + ITEMS <= n; i += ITEMS) {
        memcpy(h, hashes + i, sizeof h);
        add_eight(planes, n_planes, h);
    }
    if (i < n) {
        memset(h, 0, sizeof h);
        memcpy(h, hashes + i, (n - i) * sizeof *hashes);
        add_eight(planes, n_planes, h);
    }
    add_lanes(planes, n_planes, sums);
    return majority(sums, n_planes, n);
}

static uint64_t simhash_any(const uint64_t *hashes, size_t n)
{
    return simhash_by(hashes, n);
}

#ifdef __x86_64__
__attribute__((target("avx2"))) static uint64_t simhash_avx2(const uint64_t *hashes, size_t n)
{
    return simhash_by(hashes, n);
}

uint64_t simhash_of(const uint64_t *hashes, size_t n)
{
    return (__builtin_cpu_supports("avx2") ? simhash_avx2 : simhash_any)(hashes, n);
}
#else
uint64_t simhash_of(const uint64_t *hashes, size_t n)
{
    return simhash_any(hashes, n);
}
#endif
