#include "support/alloc_sweep.h"

#include <stdatomic.h>
#include <stddef.h>

static atomic_long countdown = -1;

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *old, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *old, size_t size);

static bool must_fail(void)
{
    long left = atomic_load(&countdown);
    if (left < 0)
        return false;
    return atomic_fetch_sub(&countdown, 1) == 0;
}

void alloc_sweep_arm(long nth)
{
    atomic_store(&countdown, nth);
}

bool alloc_sweep_disarm(void)
{
    return atomic_exchange(&countdown, -1) < 0;
}

void *__wrap_malloc(size_t size)
{
    return must_fail() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
    return must_fail() ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *old, size_t size)
{
    return must_fail() ? NULL : __real_realloc(old, size);
}
