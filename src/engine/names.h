/*
 * names.h: account hash → the provider's account id, for what is written out.
 *
 * Model: each name carries the stamp of its last use, so that the engine can tell whether a record that still waits
 *   may need it.
 * Memory: 20 to 40 bytes of index and the id in a slot of 32, 64, 128 or 264 bytes; freed slots are used again.
 *   Bounded by n_max names (STATUS_FULL).
 * Ownership: names_find borrows until the name is dropped or another is added.
 * Privacy: the only place below app/ where an account id stands in clear.
 */
#ifndef ENGINE_NAMES_H
#define ENGINE_NAMES_H

#include "base/map.h"
#include "base/span.h"

enum { NAME_CLASSES = 4 };

struct name_slab {
    char *slots;
    uint32_t *free;
    size_t n, capacity, n_free;
};

struct names {
    struct u64_map index; /* hash → slot * NAME_CLASSES + class */
    struct name_slab slabs[NAME_CLASSES];
};

void names_init(struct names *names, size_t n_max);
void names_fini(struct names *names);
/* Ids over 255 bytes are STATUS_TOO_BIG. A name that is there already stays, with the new stamp. */
MUST_CHECK enum status names_add(struct names *names, uint64_t account, struct span name, uint64_t stamp);
struct span names_find(const struct names *names, uint64_t account); /* empty if unknown */
uint64_t names_stamp(const struct names *names, uint64_t account);   /* 0 if unknown */
void names_drop(struct names *names, uint64_t account);
size_t names_bytes(const struct names *names);

#endif
