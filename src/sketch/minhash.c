#include "sketch/minhash.h"

#include <string.h>

/* The bin that empty bin i asks at its k-th step: a random order for each i, fixed for ever. */
static unsigned probe(unsigned i, unsigned k)
{
    uint64_t state = (i + 1) * UINT64_C(0x9e3779b97f4a7c15);
    uint8_t order[MINHASH_SLOTS];
    for (unsigned j = 0; j < MINHASH_SLOTS; j++)
        order[j] = (uint8_t)j;
    for (unsigned j = MINHASH_SLOTS - 1; j > 0; j--) {
        state = (state ^ state >> 29) * UINT64_C(0xbf58476d1ce4e5b9);
        unsigned other = (unsigned)((state >> 33) % (j + 1));
        uint8_t moved = order[j];
        order[j] = order[other];
        order[other] = moved;
    }
    return order[k];
}

static uint16_t borrowed(const uint64_t least[static MINHASH_SLOTS], unsigned i)
{
    for (unsigned k = 0; k < MINHASH_SLOTS; k++) {
        unsigned from = probe(i, k);
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
