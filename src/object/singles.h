/*
 * singles.h: objects that one account (or one payer) alone has shown so far: most of them, for ever.
 *
 * Model: a set-associative table by object key. Slot, sightings and follow-ups are kept so that nothing
 *   of the first holder's use is lost when a second account turns the object into a shared one.
 * Memory: 24 bytes an object, 8-way sets of three cache lines. A full set makes the table double, from a
 *   quarter full on; at its full size it evicts the oldest object of its least durable class, content before
 *   network before identity; the newcomer always gets in.
 * Evasion: a flood of fresh objects pushes out other content singles, so that sharing them later starts
 *   anew; it costs the flood's exchanges, and identity outlives it.
 * Cost: one cache line to look up, two to find, three to enter into a full set.
 */
#ifndef OBJECT_SINGLES_H
#define OBJECT_SINGLES_H

#include "account/sighting.h"
#include "object/lines.h"

struct single {
    uint32_t holder; /* holder.h */
    uint32_t last_s;
    uint32_t slot; /* fold of the last task slot; 0 none */
    uint8_t kind;
    uint8_t sightings, follow_ups; /* both halved when full */
    uint8_t span_h;                /* hours from first to last, saturating */
};

enum { SINGLE_WAYS = 8 };

struct single_set {
    uint64_t object[SINGLE_WAYS];
    struct single item[SINGLE_WAYS];
};
_Static_assert(sizeof(struct single_set) == SINGLE_WAYS * 24, "24 bytes a single");

struct singles {
    struct single_set *sets;
    uint32_t n_sets, n_sets_max;
    uint64_t n, evicted;
    struct lines lines;
};

MUST_CHECK enum status singles_new(size_t bytes, struct singles *ret_singles);
void singles_free(struct singles *singles);

/* NULL if the object is not there. */
struct single *singles_find(const struct singles *singles, uint64_t object);
/* Enters an object that is not there. */
struct single *singles_add(struct singles *singles, const struct sighting *sighting, uint32_t holder);
/* The same holder shows it again. */
void single_touch(struct single *single, const struct sighting *sighting);
void singles_remove(struct singles *singles, uint64_t object);

/* 0 content, 1 network, 2 identity: the order in which tables forget. */
unsigned kind_durability(uint8_t kind);
/* 32 bits of a task slot; 0 stays 0 and nothing else becomes 0. */
static inline uint32_t slot_fold(uint64_t slot)
{
    uint32_t fold = (uint32_t)(mix64(slot) >> 32);
    return slot && !fold ? 1 : fold;
}

static ALWAYS_INLINE void singles_prefetch(const struct singles *singles, uint64_t object)
{
    __builtin_prefetch(&singles->sets[set_of(mix64(object), singles->n_sets)], 1);
}

/* When the set's keys are in the cache already. */
void singles_prefetch_item(const struct singles *singles, uint64_t object);

#endif
