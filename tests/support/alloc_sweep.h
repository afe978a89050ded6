/*
 * alloc_sweep.h: fails the n-th allocation, so that every out-of-memory path is walked.
 *
 * Model: malloc, calloc and realloc of the project's objects are wrapped at link time (--wrap). A sweep runs an
 *   operation with the allocation n = 0, 1, 2, ... failing until the operation succeeds.
 * Order of calls: alloc_sweep_arm(n); run; alloc_sweep_disarm() tells whether the failure was reached.
 * Source: the countdown of SQLite's test_malloc.c.
 */
#ifndef TESTS_SUPPORT_ALLOC_SWEEP_H
#define TESTS_SUPPORT_ALLOC_SWEEP_H

#include <stdbool.h>

void alloc_sweep_arm(long nth);
bool alloc_sweep_disarm(void);
/* Blocks allocated and not freed are found by LeakSanitizer in the sanitizer build. */

#endif
