#include "link/radix.h"

#include <stdlib.h>
#include <string.h>

enum { DIGITS = 256 };

/* From one array into the other by the byte at shift; false where all items have the same one and nothing was moved. */
static int pass(const uint64_t *from, uint64_t *to, size_t n, unsigned shift)
{
    size_t start[DIGITS + 1] = { 0 };
    for (size_t i = 0; i < n; i++)
        start[(from[i] >> shift & (DIGITS - 1)) + 1]++;
    if (start[(from[0] >> shift & (DIGITS - 1)) + 1] == n)
        return 0;
    for (size_t digit = 1; digit < DIGITS; digit++)
        start[digit] += start[digit - 1];
    for (size_t i = 0; i < n; i++)
        to[start[from[i] >> shift & (DIGITS - 1)]++] = from[i];
    return 1;
}

enum status radix_sort(uint64_t *items, size_t n)
{
    enum status st = STATUS_OK;
    uint64_t *other = NULL;
    if (n < 2)
        return STATUS_OK;
    other = calloc(n, sizeof *other);
    REQUIRE(other, STATUS_NOMEM);
    uint64_t *from = items;
    uint64_t *to = other;
    for (unsigned shift = 0; shift < 64; shift += 8) {
        if (!pass(from, to, n, shift))
            continue;
        uint64_t *swapped = from;
        from = to;
        to = swapped;
    }
    if (from != items)
        memcpy(items, from, n * sizeof *items);
fail:
    free(other);
    return st;
}
