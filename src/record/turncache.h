/*
 * turncache.h: ids of turns that were read before, as a client sends its whole history with every request.
 *
 * Model: direct mapped by a 64-bit keyed XXH3 over the texts of the turn and their lengths; a newcomer replaces whoever
 *   is there. Equal hash counts as equal text: with 2^32 distinct turns one in 2^32 look-ups may be wrong.
 * Memory: TURN_SLOTS entries of 16 bytes. Cost: one hash of the bytes, 0.05 ns a byte, where reading takes 0.4.
 * Privacy: keyed hashes only; lives in the reader's memory and is never written.
 */
#ifndef RECORD_TURNCACHE_H
#define RECORD_TURNCACHE_H

#include <stdbool.h>
#include <stdint.h>

enum { TURN_SLOTS = 8192 };

struct turn_entry {
    uint64_t hash; /* 0: free */
    uint64_t turn; /* 0: too short for an id */
};

struct turn_cache {
    struct turn_entry slots[TURN_SLOTS];
};

/* The entry that a turn belongs in; true if it is there already, else the caller fills in its id. */
static inline bool turn_cache_at(struct turn_cache *cache, uint64_t hash, struct turn_entry **ret_entry)
{
    struct turn_entry *entry = &cache->slots[hash % TURN_SLOTS];
    bool hit = entry->hash == hash && hash != 0;
    entry->hash = hash;
    *ret_entry = entry;
    return hit;
}

#endif
