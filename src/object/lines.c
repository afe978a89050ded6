#include "object/lines.h"

enum { LINE_BYTES = 64 };

enum status lines_new(size_t bytes, struct lines *ret_lines, void **ret_at)
{
    struct pages pages;
    enum status st = pages_new(bytes, &pages);
    if (st != STATUS_OK)
        return st;
    *ret_lines = (struct lines){ pages, bytes + LINE_BYTES };
    *ret_at = pages.at;
    return STATUS_OK;
}

void lines_free(struct lines *lines)
{
    pages_free(&lines->pages);
    *lines = (struct lines){ 0 };
}
