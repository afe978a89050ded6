#include "object/pool.h"

/* Lies in the first bytes of every free block. */
struct link {
    uint32_t prev, next;
};

static struct link *link_at(const struct pool *pool, uint32_t block)
{
    return pool_at(pool, block);
}

static void push(struct pool *pool, uint32_t block, unsigned order)
{
    uint32_t head = pool->free_head[order];
    *link_at(pool, block) = (struct link){ POOL_NONE, head };
    if (head != POOL_NONE)
        link_at(pool, head)->prev = block;
    pool->free_head[order] = block;
    pool->state[block] = (uint8_t)(order + 1);
}

static void unlink_block(struct pool *pool, uint32_t block, unsigned order)
{
    struct link link = *link_at(pool, block);
    if (link.prev == POOL_NONE)
        pool->free_head[order] = link.next;
    else
        link_at(pool, link.prev)->next = link.next;
    if (link.next != POOL_NONE)
        link_at(pool, link.next)->prev = link.prev;
    pool->state[block] = 0;
}

/* Cuts the reservation into the largest aligned blocks. */
static void fill(struct pool *pool)
{
    for (unsigned order = 0; order < POOL_ORDERS; order++)
        pool->free_head[order] = POOL_NONE;
    for (uint32_t at = 0; at < pool->n_units;) {
        unsigned order = POOL_ORDERS - 1;
        while (at % (1U << order) || (1U << order) > pool->n_units - at)
            order--;
        push(pool, at, order);
        at += 1U << order;
    }
}

enum status pool_new(size_t bytes, struct pool *ret_pool)
{
    enum status st;
    struct pool pool = { .n_units = sets_in(bytes, POOL_UNIT_BYTES + 1) };
    void *at;
    TRY(lines_new((size_t)pool.n_units * POOL_UNIT_BYTES, &pool.lines, &at));
    pool.units = at;
    TRY(lines_new(pool.n_units, &pool.state_lines, &at));
    pool.state = at;
    fill(&pool);
    *ret_pool = pool;
    return STATUS_OK;
fail:
    pool_free(&pool);
    return st;
}

void pool_free(struct pool *pool)
{
    lines_free(&pool->lines);
    lines_free(&pool->state_lines);
    *pool = (struct pool){ 0 };
}

uint32_t pool_take(struct pool *pool, unsigned order)
{
    unsigned from = order;
    while (from < POOL_ORDERS && pool->free_head[from] == POOL_NONE)
        from++;
    if (from >= POOL_ORDERS)
        return POOL_NONE;
    uint32_t block = pool->free_head[from];
    unlink_block(pool, block, from);
    while (from > order) {
        from--;
        push(pool, block + (1U << from), from);
    }
    pool->used_units += 1U << order;
    return block;
}

void pool_give(struct pool *pool, uint32_t block, unsigned order)
{
    pool->used_units -= 1U << order;
    for (; order + 1 < POOL_ORDERS; order++) {
        uint32_t buddy = block ^ 1U << order;
        if (buddy >= pool->n_units || pool->state[buddy] != order + 1)
            break;
        unlink_block(pool, buddy, order);
        block &= ~(1U << order);
    }
    push(pool, block, order);
}
