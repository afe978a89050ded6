#include "base/pages.h"

#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>

enum { LINE_BYTES = 64, LARGE_PAGE_BYTES = 2 << 20 };

static void *align_up(void *raw, size_t to)
{
    size_t over = (uintptr_t)raw % to;
    return (char *)raw + (over ? to - over : 0);
}

static enum status map_large(size_t bytes, struct pages *ret_pages)
{
    size_t raw_bytes = bytes + LARGE_PAGE_BYTES;
    void *raw =
        mmap(NULL, raw_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (raw == MAP_FAILED)
        return STATUS_NOMEM;
    void *at = align_up(raw, LARGE_PAGE_BYTES);
    (void)madvise(at, bytes, MADV_HUGEPAGE); /* a wish: without it the table is slower, not wrong */
    *ret_pages = (struct pages){ raw, raw_bytes, at, true };
    return STATUS_OK;
}

enum status pages_new(size_t bytes, struct pages *ret_pages)
{
    if (bytes > SIZE_MAX - LARGE_PAGE_BYTES)
        return STATUS_TOO_BIG;
    if (bytes >= PAGES_LARGE_BYTES)
        return map_large(bytes, ret_pages);
    void *raw = calloc(1, bytes + LINE_BYTES);
    if (!raw)
        return STATUS_NOMEM;
    *ret_pages = (struct pages){ raw, bytes + LINE_BYTES, align_up(raw, LINE_BYTES), false };
    return STATUS_OK;
}

void pages_free(struct pages *pages)
{
    if (pages->mapped)
        munmap(pages->raw, pages->raw_bytes);
    else
        free(pages->raw);
    *pages = (struct pages){ 0 };
}
