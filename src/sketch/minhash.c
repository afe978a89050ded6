#include "sketch/minhash.h"

#include <string.h>

/* The bins that empty bin i asks, first the one in the lowest four bits: a random order for each i, fixed for ever. */
static const uint64_t probes[MINHASH_SLOTS] = {
    0xbe64d85071cfa293,
    0x95e24ca80316f7db,
    0xd8256ce34b1a70f9,
    0xa28f3de07c46159b,
    0x2c6ab1f4095e8d37,
    0x627d31fcab48e905,
    0x506ab91f2d3ec478,
    0xa513eb7c8d90f426,
    0x9e157f03ac6b4d82,
    0xa4df15b9e62307c8,
    0x879c1a2eb36d45f0,
    0xe15d76c39bfa4280,
    0x628f159ca307eb4d,
    0x2cab0d7e69f51348,
    0x952d1e3bc6a4807f,
    0x7b893251d6ac0f4e,
};

static uint16_t borrowed(const uint64_t least[static MINHASH_SLOTS], unsigned i)
{
    for (unsigned k = 0; k < MINHASH_SLOTS; k++) {
        unsigned from = probes[i] >> 4 * k & 0xf;
        if (least[from] != UINT64_MAX)
            return (uint16_t)least[from];
    }
    return 0;
}

void minhash_of(const uint64_t *hashes, size_t n, uint16_t ret_slots[static MINHASH_SLOTS])
{
    uint64_t least[MINHASH_SLOTS];
    memset(least, 0xff, sizeof least);
    for (size_t i = 0; i < n; i++) {
        uint64_t *bin = &least[hashes[i] >> 60];
        *bin = hashes[i] < *bin ? hashes[i] : *bin;
    }
    for (unsigned i = 0; i < MINHASH_SLOTS; i++)
        ret_slots[i] = least[i] != UINT64_MAX ? (uint16_t)least[i] : borrowed(least, i);
}

unsigned minhash_equal(const uint16_t a[static MINHASH_SLOTS], const uint16_t b[static MINHASH_SLOTS])
{
    unsigned equal = 0;
    for (unsigned i = 0; i < MINHASH_SLOTS; i++)
        equal += a[i] == b[i];
    return equal;
}
