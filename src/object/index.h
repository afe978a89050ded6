/*
 * index.h: every object that accounts show, in one table: its only holder, or where it lies among the shared ones.
 *
 * Model: a *single* is an object that one account (or one payer) alone has shown so far: most objects, for ever. Its entry
 *   names the holder (holder.h). When strangers share it the entry names its place among the shared objects (shared.h)
 *   instead, so that a sighting finds either by one cache line. A full set forgets the least durable class first: content,
 *   network, identity, then what is shared; within a class what was not shown again since the set last forgot, then what
 *   came first. The newcomer always gets in.
 * Memory: 12.8 bytes an object (ways.h), 5-way sets.
 * Evasion: a flood of fresh objects pushes out other content singles, so that sharing them later starts anew; it costs
 *   the flood's exchanges, and identity outlives it.
 * Cost: one cache line to look up or to enter.
 */
#ifndef OBJECT_INDEX_H
#define OBJECT_INDEX_H

#include "account/sighting.h"
#include "object/ways.h"

enum { INDEX_SIGHTINGS_MAX = 511 };

struct object_index {
    struct ways ways;
    uint64_t evicted; /* singles */
};

/* An entry, until the next index_add or index_remove. set NULL: the object is not there. */
struct index_entry {
    struct way_set *set;
    unsigned way;
};

/* What made room for another object. */
struct index_evicted {
    uint32_t shared; /* place among the shared objects + 1; 0: a single or nothing */
};

MUST_CHECK enum status index_new(size_t bytes, struct object_index *ret_index);
void index_free(struct object_index *index);

static inline struct way_key index_key(const struct object_index *index, uint64_t object)
{
    return ways_key(&index->ways, object);
}
static inline struct index_entry index_find(const struct object_index *index, struct way_key key)
{
    struct way_set *set = ways_at(&index->ways, key);
    unsigned hits = ways_match(set, key);
    return hits ? (struct index_entry){ set, (unsigned)__builtin_ctz(hits) }
                : (struct index_entry){ NULL, 0 };
}
/* Enters an object that is not there as its holder's alone. */
void index_add(struct object_index *index, struct way_key key, uint8_t kind, uint32_t holder,
    struct index_evicted *ret_evicted);
void index_remove(struct object_index *index, struct way_key key);

/* From now on the entry names this place among the shared objects. */
void index_share(struct index_entry entry, uint32_t place);
/* The same holder shows a single again, or another one takes it over. */
void index_touch(struct index_entry entry, uint32_t holder);

bool index_is_shared(struct index_entry entry);
static inline uint32_t index_place(struct index_entry entry)
{
    return entry.set->ref[entry.way] - 1;
}
static inline uint32_t index_holder(struct index_entry entry)
{
    return entry.set->ref[entry.way];
}
uint8_t index_kind(struct index_entry entry);
/* How often a single was shown; INDEX_SIGHTINGS_MAX for more. */
unsigned index_sightings(struct index_entry entry);

/* 0 content, 1 network, 2 identity: the order in which tables forget. */
static inline unsigned kind_durability(uint8_t kind)
{
    return kind <= OBJECT_END_USER ? 2 : kind <= OBJECT_CLIENT ? 1 : 0;
}

#endif
