#include "engine/names.h"

#include <stdlib.h>

/* A slot is the stamp, one length byte and the id. */
enum { SLOT_HEAD = 9 };

static size_t slot_bytes(size_t class)
{
    static const size_t bytes[NAME_CLASSES] = { 32, 64, 128, 264 };
    return bytes[class];
}

static char *slot_of(const struct names *names, uint32_t found)
{
    size_t class = found % NAME_CLASSES;
    return names->slabs[class].slots + found / NAME_CLASSES * slot_bytes(class);
}

void names_init(struct names *names, size_t n_max)
{
    *names = (struct names){ 0 };
    map_init(&names->index, n_max);
}

void names_fini(struct names *names)
{
    map_fini(&names->index);
    for (size_t i = 0; i < NAME_CLASSES; i++) {
        free(names->slabs[i].slots);
        free(names->slabs[i].free);
    }
    *names = (struct names){ 0 };
}

static enum status slab_grow(struct name_slab *slab, size_t class)
{
    enum status st = STATUS_OK;
    size_t wider = slab->capacity ? slab->capacity * 2 : 64;
    char *slots = realloc(slab->slots, wider * slot_bytes(class));
    REQUIRE(slots, STATUS_NOMEM);
    slab->slots = slots;
    uint32_t *freed = realloc(slab->free, wider * sizeof *freed);
    REQUIRE(freed, STATUS_NOMEM);
    slab->free = freed;
    slab->capacity = wider;
fail:
    return st;
}

enum status names_add(struct names *names, uint64_t account, struct span name, uint64_t stamp)
{
    enum status st = STATUS_OK;
    size_t class = 0;
    uint32_t found = map_find(&names->index, account);
    if (found != MAP_NONE) {
        memcpy(slot_of(names, found), &stamp, sizeof stamp);
        return STATUS_OK;
    }
    REQUIRE(name.n <= 255, STATUS_TOO_BIG);
    while (name.n + SLOT_HEAD > slot_bytes(class))
        class ++;
    struct name_slab *slab = &names->slabs[class];
    if (slab->n_free == 0 && slab->n == slab->capacity)
        TRY(slab_grow(slab, class));
    uint32_t slot = slab->n_free ? slab->free[slab->n_free - 1] : (uint32_t)slab->n;
    TRY(map_put(&names->index, account, slot * NAME_CLASSES + (uint32_t) class));
    if (slab->n_free)
        slab->n_free--;
    else
        slab->n++;
    char *out = slab->slots + slot * slot_bytes(class);
    memcpy(out, &stamp, sizeof stamp);
    out[8] = (char)(unsigned char)name.n;
    memcpy(out + SLOT_HEAD, name.data, name.n);
fail:
    return st;
}

struct span names_find(const struct names *names, uint64_t account)
{
    uint32_t found = map_find(&names->index, account);
    if (found == MAP_NONE)
        return (struct span){ NULL, 0 };
    const char *slot = slot_of(names, found);
    return (struct span){ slot + SLOT_HEAD, (unsigned char)slot[8] };
}

uint64_t names_stamp(const struct names *names, uint64_t account)
{
    uint64_t stamp = 0;
    uint32_t found = map_find(&names->index, account);
    if (found != MAP_NONE)
        memcpy(&stamp, slot_of(names, found), sizeof stamp);
    return stamp;
}

void names_drop(struct names *names, uint64_t account)
{
    uint32_t found = map_remove(&names->index, account);
    if (found == MAP_NONE)
        return;
    struct name_slab *slab = &names->slabs[found % NAME_CLASSES];
    slab->free[slab->n_free++] = found / NAME_CLASSES;
}

size_t names_bytes(const struct names *names)
{
    size_t bytes = map_bytes(&names->index);
    for (size_t i = 0; i < NAME_CLASSES; i++)
        bytes += names->slabs[i].capacity * (slot_bytes(i) + sizeof(uint32_t));
    return bytes;
}
