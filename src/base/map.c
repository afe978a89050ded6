#include "base/map.h"

#include <assert.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { SLOTS_FIRST = 16 };

static uint64_t mixed(uint64_t x)
{
    x = (x ^ x >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    x = (x ^ x >> 27) * UINT64_C(0x94D049BB133111EB);
    return x ^ x >> 31;
}

static size_t home_of(const struct u64_map *map, uint64_t key)
{
    return (size_t)mixed(key) & (map->slots - 1);
}

/* The slot that holds the key, or the empty slot where it would go. The map has slots. */
static size_t slot_of(const struct u64_map *map, uint64_t key)
{
    size_t i = home_of(map, key);
    while (map->keys[i] != 0 && map->keys[i] != key)
        i = (i + 1) & (map->slots - 1);
    return i;
}

void map_init(struct u64_map *map, size_t n_max)
{
    *map = (struct u64_map){ .n_max = n_max < MAP_NONE ? n_max : MAP_NONE };
}

void map_fini(struct u64_map *map)
{
    free(map->keys);
    free(map->values);
    *map = (struct u64_map){ .n_max = map->n_max };
}

static bool has_room(const struct u64_map *map, size_t n)
{
    return n <= map->slots / 4 * 3;
}

static enum status resize(struct u64_map *map, size_t slots)
{
    enum status st = STATUS_OK;
    struct u64_map bigger = { .n = map->n, .slots = slots, .n_max = map->n_max };
    bigger.keys = calloc(slots, sizeof *bigger.keys);
    bigger.values = calloc(slots, sizeof *bigger.values);
    REQUIRE(bigger.keys && bigger.values, STATUS_NOMEM);
    for (size_t i = 0; i < map->slots; i++) {
        if (map->keys[i] == 0)
            continue;
        size_t to = slot_of(&bigger, map->keys[i]);
        bigger.keys[to] = map->keys[i];
        bigger.values[to] = map->values[i];
    }
    free(map->keys);
    free(map->values);
    *map = bigger;
    return STATUS_OK;
fail:
    free(bigger.keys);
    free(bigger.values);
    return st;
}

enum status map_reserve(struct u64_map *map, size_t n)
{
    if (n > map->n_max)
        n = map->n_max;
    size_t slots = map->slots ? map->slots : SLOTS_FIRST;
    while (n > slots / 4 * 3)
        slots *= 2;
    return slots > map->slots ? resize(map, slots) : STATUS_OK;
}

uint32_t map_find(const struct u64_map *map, uint64_t key)
{
    if (map->n == 0 || key == 0)
        return MAP_NONE;
    size_t i = slot_of(map, key);
    return map->keys[i] ? map->values[i] : MAP_NONE;
}

enum status map_put(struct u64_map *map, uint64_t key, uint32_t value)
{
    enum status st = STATUS_OK;
    assert(key != 0 && value != MAP_NONE);
    size_t i = map->slots ? slot_of(map, key) : 0;
    if (map->slots && map->keys[i] == key) {
        map->values[i] = value;
        return STATUS_OK;
    }
    REQUIRE(map->n < map->n_max, STATUS_FULL);
    if (!has_room(map, map->n + 1)) {
        TRY(map_reserve(map, map->n + 1));
        i = slot_of(map, key);
    }
    map->keys[i] = key;
    map->values[i] = value; // NOLINT(clang-analyzer-unix.Malloc): reserve frees the old array only
    map->n++;
fail:
    return st;
}

/* Knuth, The Art of Computer Programming 3, 6.4, algorithm R: moves back what would no longer be found. */
static void close_gap(struct u64_map *map, size_t gap)
{
    size_t mask = map->slots - 1;
    for (size_t i = (gap + 1) & mask; map->keys[i] != 0; i = (i + 1) & mask) {
        size_t home = home_of(map, map->keys[i]);
        if (((i - home) & mask) < ((i - gap) & mask))
            continue;
        map->keys[gap] = map->keys[i];
        map->values[gap] = map->values[i];
        gap = i;
    }
    map->keys[gap] = 0;
    map->values[gap] = 0;
}

uint32_t map_remove(struct u64_map *map, uint64_t key)
{
    if (map->n == 0 || key == 0)
        return MAP_NONE;
    size_t i = slot_of(map, key);
    if (map->keys[i] == 0)
        return MAP_NONE;
    uint32_t value = map->values[i];
    close_gap(map, i);
    map->n--;
    return value;
}

void map_clear(struct u64_map *map)
{
    if (map->slots) {
        memset(map->keys, 0, map->slots * sizeof *map->keys);
        memset(map->values, 0, map->slots * sizeof *map->values);
    }
    map->n = 0;
}

void map_revalue(struct u64_map *map, const uint32_t *values)
{
    for (size_t i = 0; i < map->slots; i++) {
        if (map->keys[i] == 0)
            continue;
        map->values[i] = values[map->values[i]];
        assert(map->values[i] != MAP_NONE);
    }
}

size_t map_bytes(const struct u64_map *map)
{
    return map->slots * (sizeof *map->keys + sizeof *map->values);
}
