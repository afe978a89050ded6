/*
 * pool.h: blocks of 192 << order bytes out of one fixed reservation, for lists that grow.
 *
 * Model: a binary buddy allocator. A block of order o starts at a unit that is a multiple of 2^o;
 *   freeing joins it with its buddy as long as that is free and whole.
 * Source: Knowlton, "A fast storage allocator", 1965.
 * Memory: 193 bytes a unit (one byte of state), nothing else. Deterministic: the same calls give the
 *   same blocks.
 * Errors: POOL_NONE when no block is left; nothing is evicted here.
 * Cost: O(orders).
 */
#ifndef OBJECT_POOL_H
#define OBJECT_POOL_H

#include "object/lines.h"

#define POOL_NONE UINT32_MAX

enum { POOL_UNIT_BYTES = 192, POOL_ORDERS = 20 };

struct pool {
    char *units;
    uint8_t *state; /* at the head of a free block: its order + 1; else 0 */
    uint32_t n_units, used_units;
    uint32_t free_head[POOL_ORDERS];
    struct lines lines, state_lines;
};

MUST_CHECK enum status pool_new(size_t bytes, struct pool *ret_pool);
void pool_free(struct pool *pool);

/* A block, its bytes not cleared, or POOL_NONE. */
uint32_t pool_take(struct pool *pool, unsigned order);
void pool_give(struct pool *pool, uint32_t block, unsigned order);

static inline void *pool_at(const struct pool *pool, uint32_t block)
{
    return pool->units + (size_t)block * POOL_UNIT_BYTES;
}

#endif
