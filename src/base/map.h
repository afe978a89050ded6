/*
 * map.h: a bounded map from 64-bit keys to 32-bit values, such as the index of an item in an array.
 *
 * Model: open addressing with linear probing, at most three quarters full; removal shifts back, so that no
 *   tombstones pile up. Grows by doubling until it holds n_max keys. Keys are mixed by SplitMix64's
 *   finaliser.
 * Shapes: key 0 means "absent" and is never stored; the value MAP_NONE is never stored.
 * Memory: 12 bytes a slot; 16 to 32 bytes a key while growing, 16 at least.
 * Ownership: the caller's struct, the map's arrays. A zeroed map is empty and may be given to map_fini.
 * Errors: STATUS_FULL beyond n_max, STATUS_NOMEM; either leaves the map as it was.
 * Cost: O(1) expected.
 */
#ifndef BASE_MAP_H
#define BASE_MAP_H

#include "base/status.h"

#include <stddef.h>
#include <stdint.h>

#define MAP_NONE UINT32_MAX

struct u64_map {
    uint64_t *keys; /* 0: empty slot */
    uint32_t *values;
    size_t n, slots, n_max;
};

/* n_max: keys it may ever hold. Allocates nothing until the first put. */
void map_init(struct u64_map *map, size_t n_max);
void map_fini(struct u64_map *map);
/* Allocates for n keys at once (at most n_max), so that puts up to there cannot fail. */
MUST_CHECK enum status map_reserve(struct u64_map *map, size_t n);

/* MAP_NONE where the key is not there, or is 0. */
uint32_t map_find(const struct u64_map *map, uint64_t key);
/* Adds the key, or replaces its value. The key must not be 0. */
MUST_CHECK enum status map_put(struct u64_map *map, uint64_t key, uint32_t value);
/* Returns the value that it had, MAP_NONE where it was not there. */
uint32_t map_remove(struct u64_map *map, uint64_t key);
void map_clear(struct u64_map *map);
/* Replaces every value v by values[v], which must not be MAP_NONE. */
void map_revalue(struct u64_map *map, const uint32_t *values);
size_t map_bytes(const struct u64_map *map);

#endif
