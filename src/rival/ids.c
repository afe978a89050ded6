#include "rival/ids.h"

#include <stdlib.h>
#include <string.h>

void ids_init(struct ids *ids, size_t n_max)
{
    *ids = (struct ids){ 0 };
    map_init(&ids->index, n_max);
}

void ids_fini(struct ids *ids)
{
    map_fini(&ids->index);
    free(ids->hashes);
    ids->hashes = NULL;
    ids->n = ids->capacity = 0;
}

void ids_clear(struct ids *ids)
{
    map_clear(&ids->index);
    ids->n = 0;
}

enum status ids_widen(void **items, size_t *capacity, size_t n, size_t item_bytes)
{
    enum status st = STATUS_OK;
    if (n <= *capacity)
        return STATUS_OK;
    size_t wider = *capacity ? *capacity : 64;
    while (wider < n)
        wider *= 2;
    char *grown = realloc(*items, wider * item_bytes);
    REQUIRE(grown, STATUS_NOMEM);
    memset(grown + *capacity * item_bytes, 0, (wider - *capacity) * item_bytes);
    *items = grown;
    *capacity = wider;
fail:
    return st;
}

enum status ids_add(struct ids *ids, uint64_t hash, uint32_t *ret_index)
{
    enum status st = STATUS_OK;
    uint32_t index = map_find(&ids->index, hash);
    if (index == MAP_NONE && hash != 0 && ids->n >= ids->index.n_max)
        ids->left_out++;
    else if (index == MAP_NONE && hash != 0) {
        TRY(ids_widen((void **)&ids->hashes, &ids->capacity, ids->n + 1, sizeof *ids->hashes));
        TRY(map_put(&ids->index, hash, (uint32_t)ids->n));
        index = (uint32_t)ids->n;
        ids->hashes[ids->n++] = hash;
    }
    *ret_index = index;
fail:
    return st;
}

size_t ids_bytes(const struct ids *ids)
{
    return map_bytes(&ids->index) + ids->capacity * sizeof *ids->hashes;
}
