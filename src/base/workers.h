/*
 * workers.h: runs the same function for i = 0..n-1 on several threads.
 *
 * Model: a fixed set of threads sleeps between runs; a run hands out indices one by one; the caller works too and
 *   returns when all are done. What runs for one index must not depend on what runs for another.
 * Errors: STATUS_NOMEM, STATUS_IO (no thread could be made). The first failing status of a run is returned,
 *   of the smallest index, so that the result does not depend on the threads.
 * Cost: about 10 us a run with idle threads; with one thread a plain loop.
 */
#ifndef BASE_WORKERS_H
#define BASE_WORKERS_H

#include "base/status.h"

#include <stddef.h>

struct workers;

MUST_CHECK enum status workers_new(unsigned n_threads, struct workers **ret_workers);
void workers_free(struct workers *workers);
MUST_CHECK enum status workers_run(
    struct workers *workers, size_t n, enum status (*work)(void *context, size_t i), void *context);

#endif
