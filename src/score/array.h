/*
 * array.h: an array that grows by half, for what is read from files of unknown length.
 *
 * Errors: STATUS_NOMEM leaves the array as it was.
 */
#ifndef SCORE_ARRAY_H
#define SCORE_ARRAY_H

#include "base/status.h"

#include <stddef.h>
#include <stdlib.h>

/* Room for one item more than n; returns the items, moved or not, or NULL. */
static inline void *array_grown(void *items, size_t n, size_t *capacity, size_t item_bytes)
{
    if (n < *capacity)
        return items;
    size_t wanted = *capacity + *capacity / 2 + 64;
    void *grown = wanted < SIZE_MAX / item_bytes ? realloc(items, wanted * item_bytes) : NULL;
    if (grown)
        *capacity = wanted;
    return grown;
}

#endif
