#include "sketch/winnow.h"

static uint64_t least(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

static size_t least_of_all(uint64_t *hashes, size_t n)
{
    for (size_t i = 1; i < n; i++)
        hashes[0] = least(hashes[0], hashes[i]);
    return n > 0;
}

/* Minima over 2, 4 and then 8 neighbours; each pass reads ahead of what it writes. */
size_t winnow(uint64_t *hashes, size_t n)
{
    if (n <= WINNOW_WINDOW)
        return least_of_all(hashes, n);
    size_t windows = n - WINNOW_WINDOW + 1, chosen = 0;
    for (size_t i = 0; i < n - 1; i++)
        hashes[i] = least(hashes[i], hashes[i + 1]);
    for (size_t i = 0; i < n - 3; i++)
        hashes[i] = least(hashes[i], hashes[i + 2]);
    for (size_t i = 0; i < windows; i++) {
        uint64_t minimum = least(hashes[i], hashes[i + 4]);
        hashes[chosen] = minimum;
        chosen += i + 1 == windows || minimum != least(hashes[i + 1], hashes[i + 5]);
    }
    return chosen;
}
