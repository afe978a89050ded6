/*
 * pool_asan.h: included before each file of the module by scripts/test-edge-asan. What the module allocates in nginx's pools
 * comes from malloc, freed with the pool, so that AddressSanitizer sees where each allocation ends and when it is gone.
 */
#if !defined EDGE_POOL_ASAN_H &&                                                                             \
    __has_include(<ngx_config.h>) /* not so in the programs that nginx's configure tries */
#define EDGE_POOL_ASAN_H

#include <ngx_config.h>
#include <ngx_core.h>

#include <stdlib.h>
#include <string.h>

static inline void *pool_asan_take(ngx_pool_t *pool, size_t n)
{
    ngx_pool_cleanup_t *cleanup = ngx_pool_cleanup_add(pool, 0);
    if (!cleanup || !(cleanup->data = malloc(n)))
        return NULL;
    cleanup->handler = free;
    return cleanup->data;
}

static inline void *pool_asan_zeroed(ngx_pool_t *pool, size_t n)
{
    void *memory = pool_asan_take(pool, n);
    return memory ? memset(memory, 0, n) : NULL;
}

static inline ngx_int_t pool_asan_free(ngx_pool_t *pool, void *memory)
{
    for (ngx_pool_cleanup_t *cleanup = pool->cleanup; cleanup; cleanup = cleanup->next)
        if (cleanup->data == memory && cleanup->handler == free) {
            cleanup->handler = NULL;
            free(memory);
            return NGX_OK;
        }
    return NGX_DECLINED;
}

#define ngx_palloc pool_asan_take
#define ngx_pnalloc pool_asan_take
#define ngx_pcalloc pool_asan_zeroed
#define ngx_pfree pool_asan_free

#endif
