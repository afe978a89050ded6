#include "object/index.h"

/* The word of a way: kind, whether it is shared, then how often a single was shown. The note: shown again. */
enum { KIND = 0x3f, SHARED = 0x40, SIGHTINGS_AT = 7, SEEN = 1 };
_Static_assert(OBJECT_KINDS <= KIND + 1, "a kind fits");
_Static_assert(INDEX_SIGHTINGS_MAX << SIGHTINGS_AT <= UINT16_MAX, "the count fits");

enum status index_new(size_t bytes, struct object_index *ret_index)
{
    struct object_index index = { 0 };
    enum status st = ways_new(bytes, &index.ways);
    if (st == STATUS_OK)
        *ret_index = index;
    return st;
}

void index_free(struct object_index *index)
{
    ways_free(&index->ways);
    *index = (struct object_index){ 0 };
}

/* Of a way that is taken: the higher, the later it goes. */
static unsigned rank(const struct way_set *set, unsigned way)
{
    unsigned durability = set->word[way] & SHARED ? 3 : kind_durability((uint8_t)(set->word[way] & KIND));
    return durability * 2 + (ways_note(set, way) & SEEN);
}

static unsigned victim_way(const struct way_set *set)
{
    unsigned victim = 0;
    for (unsigned way = 1; way < WAYS; way++)
        if (rank(set, way) < rank(set, victim))
            victim = way;
    return victim;
}

/* Takes the way out of a full set: the others close up, in their order, and the last way is the newcomer's. */
static void close_up(struct way_set *set, unsigned victim)
{
    for (unsigned way = victim; way + 1 < WAYS; way++) {
        set->tag[way] = set->tag[way + 1];
        set->ref[way] = set->ref[way + 1];
        set->high[way] = set->high[way + 1];
        set->word[way] = set->word[way + 1];
    }
    set->notes = 0;
}

void index_add(struct object_index *index, struct way_key key, uint8_t kind, uint32_t holder,
    struct index_evicted *ret_evicted)
{
    struct way_set *set = ways_at(&index->ways, key);
    unsigned way = ways_empty(set);
    *ret_evicted = (struct index_evicted){ 0 };
    if (way == WAYS && ways_make_room(&index->ways, set)) {
        set = ways_at(&index->ways, key);
        way = ways_empty(set);
    }
    if (way == WAYS) {
        unsigned victim = victim_way(set);
        bool shared = set->word[victim] & SHARED;
        ret_evicted->shared = shared ? set->ref[victim] : 0;
        index->evicted += !shared;
        close_up(set, victim);
        way = WAYS - 1;
    }
    ways_set_note(set, way, 0);
    ways_enter(&index->ways, set, way, key, holder, (uint16_t)(kind | 1U << SIGHTINGS_AT));
}

void index_remove(struct object_index *index, struct way_key key)
{
    struct index_entry entry = index_find(index, key);
    if (entry.set)
        ways_clear(&index->ways, entry.set, entry.way);
}

void index_share(struct index_entry entry, uint32_t place)
{
    entry.set->ref[entry.way] = place + 1;
    entry.set->word[entry.way] |= SHARED;
}

void index_touch(struct index_entry entry, uint32_t holder)
{
    uint16_t *word = &entry.set->word[entry.way];
    entry.set->ref[entry.way] = holder;
    if (*word >> SIGHTINGS_AT < INDEX_SIGHTINGS_MAX)
        *word = (uint16_t)(*word + (1U << SIGHTINGS_AT));
    ways_set_note(entry.set, entry.way, SEEN);
}

bool index_is_shared(struct index_entry entry)
{
    return entry.set->word[entry.way] & SHARED;
}

uint8_t index_kind(struct index_entry entry)
{
    return entry.set->word[entry.way] & KIND;
}

unsigned index_sightings(struct index_entry entry)
{
    return entry.set->word[entry.way] >> SIGHTINGS_AT;
}
