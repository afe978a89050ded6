/*
 * ways.h: a map from 64-bit keys to a reference and 16 bits more, in sets of one cache line that fill and double.
 *
 * Model: set-associative, five ways a set. The mixed key's upper half times the number of sets at first gives a fixed-
 *   point place: its whole part is the set, the 16 bits behind it are stored, and each doubling moves one of them into
 *   the number of the set; so an entry can be split off without its key. With the lower half, stored whole, 48 bits and
 *   the first set are compared. A set that is full makes the table double, once 3 in 8 ways are taken; from then on,
 *   and at the full size, the caller says who makes room. What the word and the notes mean is the caller's.
 * Source: mixing as in lines.h.
 * Shapes: a key may have several entries (an anchor issued to two accounts). Reference 0 is an empty way.
 * Memory: 12.8 bytes a way; starts with WAYS_SETS_FIRST sets or more and touches only what it has doubled to.
 * Errors: STATUS_NOMEM at start only.
 * Cost: one cache line a look-up.
 */
#ifndef OBJECT_WAYS_H
#define OBJECT_WAYS_H

#include "base/match.h"
#include "object/lines.h"

#include <stdbool.h>

enum { WAYS = 5, WAYS_SETS_FIRST = 2048, WAYS_DOUBLINGS_MAX = 16, WAYS_NOTE_BITS = 6 };

struct way_set {
    uint32_t tag[WAYS], ref[WAYS];
    uint16_t high[WAYS], word[WAYS];
    uint32_t notes; /* WAYS_NOTE_BITS a way */
};
_Static_assert(sizeof(struct way_set) == 64, "a set is a cache line");

struct ways {
    struct way_set *sets;
    uint32_t n_first, doublings, doublings_max;
    uint64_t n; /* ways taken */
    struct lines lines;
};

/* Where a key is looked for: the same before and after a doubling. */
struct way_key {
    uint64_t place;
    uint32_t tag;
};

MUST_CHECK enum status ways_new(size_t bytes, struct ways *ret_ways);
void ways_free(struct ways *ways);
/* Doubles the table if this set is full and enough of the table is taken; sets move. */
bool ways_make_room(struct ways *ways, const struct way_set *set);

static inline uint32_t ways_sets(const struct ways *ways)
{
    return ways->n_first << ways->doublings;
}

static inline struct way_key ways_key(const struct ways *ways, uint64_t key)
{
    uint64_t mixed = mix64(key);
    return (struct way_key){ (mixed >> 32) * ways->n_first, (uint32_t)mixed };
}

static inline struct way_set *ways_at(const struct ways *ways, struct way_key key)
{
    return &ways->sets[key.place >> (32 - ways->doublings)];
}

static ALWAYS_INLINE void ways_prefetch(const struct ways *ways, struct way_key key)
{
    __builtin_prefetch(ways_at(ways, key), 1);
}

/* A bit for each way of the set that holds the key. Most look-ups find no tag alike. */
static inline unsigned ways_match(const struct way_set *set, struct way_key key)
{
    unsigned alike = match_words(set->tag, key.tag) | (unsigned)(set->tag[4] == key.tag) << 4, hits = 0;
    _Static_assert(WAYS == 5, "four tags and one");
    for (; alike; alike &= alike - 1) {
        unsigned way = (unsigned)__builtin_ctz(alike);
        if (set->high[way] == (uint16_t)(key.place >> 16) && set->ref[way])
            hits |= 1U << way;
    }
    return hits;
}

static inline unsigned ways_empty(const struct way_set *set)
{
    unsigned way = 0;
    while (way < WAYS && set->ref[way])
        way++;
    return way;
}

/* Enters the key into a way that is empty or whose entry goes. */
static inline void ways_enter(
    struct ways *ways, struct way_set *set, unsigned way, struct way_key key, uint32_t ref, uint16_t word)
{
    ways->n += set->ref[way] == 0;
    set->tag[way] = key.tag;
    set->high[way] = (uint16_t)(key.place >> 16);
    set->ref[way] = ref;
    set->word[way] = word;
}

static inline void ways_clear(struct ways *ways, struct way_set *set, unsigned way)
{
    set->ref[way] = 0;
    ways->n--;
}

static inline unsigned ways_note(const struct way_set *set, unsigned way)
{
    return set->notes >> way * WAYS_NOTE_BITS & ((1U << WAYS_NOTE_BITS) - 1);
}

static inline void ways_set_note(struct way_set *set, unsigned way, unsigned note)
{
    set->notes &= ~(((1U << WAYS_NOTE_BITS) - 1) << way * WAYS_NOTE_BITS);
    set->notes |= note << way * WAYS_NOTE_BITS;
}

#endif
