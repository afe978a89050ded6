#include "rival/sets.h"

#include <stdlib.h>

enum status sets_init(struct sets *sets, size_t n)
{
    enum status st = STATUS_OK;
    *sets = (struct sets){ .parent = calloc(n + 1, sizeof(uint32_t)), .n = n };
    REQUIRE(sets->parent, STATUS_NOMEM);
    for (size_t i = 0; i < n; i++)
        sets->parent[i] = (uint32_t)i;
fail:
    return st;
}

void sets_fini(struct sets *sets)
{
    free(sets->parent);
    *sets = (struct sets){ 0 };
}

uint32_t sets_find(struct sets *sets, uint32_t i)
{
    while (sets->parent[i] != i) {
        sets->parent[i] = sets->parent[sets->parent[i]];
        i = sets->parent[i];
    }
    return i;
}

void sets_join(struct sets *sets, uint32_t a, uint32_t b)
{
    a = sets_find(sets, a);
    b = sets_find(sets, b);
    if (a < b)
        sets->parent[b] = a;
    else
        sets->parent[a] = b;
}

enum status sets_list(struct sets *sets, size_t least, void *context,
    enum status (*each)(void *context, const uint32_t *numbers, size_t n))
{
    enum status st = STATUS_OK;
    uint32_t *start = calloc(sets->n + 2, sizeof *start);
    uint32_t *member = calloc(sets->n + 1, sizeof *member);
    REQUIRE(start && member, STATUS_NOMEM);
    for (size_t i = 0; i < sets->n; i++)
        start[sets_find(sets, (uint32_t)i) + 2]++;
    for (size_t root = 2; root < sets->n + 2; root++)
        start[root] += start[root - 1];
    for (size_t i = 0; i < sets->n; i++)
        member[start[sets_find(sets, (uint32_t)i) + 1]++] = (uint32_t)i;
    for (size_t root = 0; root < sets->n; root++)
        if (start[root + 1] - start[root] >= least && start[root + 1] > start[root])
            TRY(each(context, member + start[root], start[root + 1] - start[root]));
fail:
    free(start);
    free(member);
    return st;
}
