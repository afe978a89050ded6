/*
 * pages.h: zeroed memory for large tables.
 *
 * Model: from PAGES_LARGE_BYTES on, memory is mapped at a multiple of the size of a large page and the system is asked
 *   for large pages: random access to hundreds of megabytes otherwise costs a walk of page tables each time, twice as
 *   long in a virtual machine. Smaller blocks come from the heap.
 * Shapes: aligned to 64 bytes.
 * Memory: mapped when touched, in steps of a large page.
 * Errors: STATUS_NOMEM, STATUS_TOO_BIG. A system without large pages gives ordinary ones.
 */
#ifndef BASE_PAGES_H
#define BASE_PAGES_H

#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>

enum { PAGES_LARGE_BYTES = 4 << 20 };

struct pages {
    void *raw;
    size_t raw_bytes; /* as they were mapped or allocated */
    void *at;
    bool mapped;
};

MUST_CHECK enum status pages_new(size_t bytes, struct pages *ret_pages);
/* A zeroed struct is fine, and so is calling it twice. */
void pages_free(struct pages *pages);

#endif
