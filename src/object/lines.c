#include "object/lines.h"

#include <stdlib.h>

enum { LINE_BYTES = 64 };

enum status lines_new(size_t bytes, struct lines *ret_lines, void **ret_at)
{
    if (bytes > SIZE_MAX - LINE_BYTES)
        return STATUS_TOO_BIG;
    void *raw = calloc(1, bytes + LINE_BYTES);
    if (!raw)
        return STATUS_NOMEM;
    uintptr_t at = ((uintptr_t)raw + LINE_BYTES - 1) / LINE_BYTES * LINE_BYTES;
    *ret_lines = (struct lines){ raw, bytes + LINE_BYTES };
    *ret_at = (char *)raw + (at - (uintptr_t)raw);
    return STATUS_OK;
}

void lines_free(struct lines *lines)
{
    free(lines->raw);
    *lines = (struct lines){ 0 };
}
