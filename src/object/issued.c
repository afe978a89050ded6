#include "object/issued.h"

enum { NOTE_COMMON = 1 << (WAYS_NOTE_BITS - 1), KEEP_MAX = 30000 };

enum status issued_new(size_t bytes, int64_t bucket_ms, int64_t retention_ms, struct issued *ret_issued)
{
    int64_t keep = (retention_ms + bucket_ms - 1) / bucket_ms;
    struct issued issued = { .bucket_ms = bucket_ms,
        .keep_buckets = keep > KEEP_MAX ? KEEP_MAX : (uint32_t)keep };
    enum status st = ways_new(bytes, &issued.ways);
    if (st == STATUS_OK)
        *ret_issued = issued;
    return st;
}

void issued_free(struct issued *issued)
{
    ways_free(&issued->ways);
    *issued = (struct issued){ 0 };
}

static uint16_t bucket_of(const struct issued *issued, int64_t time_ms)
{
    return (uint16_t)(time_ms / issued->bucket_ms);
}

static uint32_t age_of(const struct way_set *set, unsigned way, uint16_t now)
{
    int age = (int16_t)(uint16_t)(now - set->word[way]);
    return age < 0 ? 0 : (uint32_t)age;
}

static void drop(struct issued *issued, struct way_set *set, unsigned way)
{
    ways_clear(&issued->ways, set, way);
    ways_set_note(set, way, 0);
}

static void expire(struct issued *issued, struct way_set *set, uint16_t now)
{
    for (unsigned way = 0; way < WAYS; way++)
        if (set->ref[way] && age_of(set, way, now) > issued->keep_buckets)
            drop(issued, set, way);
}

/* The set of the key, and the next one in turn, are cleared of what is past retention. */
static void sweep(struct issued *issued, struct way_set *set, int64_t time_ms)
{
    int64_t bucket = time_ms / issued->bucket_ms;
    uint16_t now = (uint16_t)bucket;
    if (!issued->aged) {
        issued->first = issued->ways.n ? issued->first : bucket;
        issued->aged = bucket - issued->first > (int64_t)issued->keep_buckets;
    }
    if (!issued->aged)
        return;
    expire(issued, set, now);
    expire(issued, &issued->ways.sets[issued->sweep], now);
    issued->sweep = issued->sweep + 1 < ways_sets(&issued->ways) ? issued->sweep + 1 : 0;
}

/* A way of a full set: that of the oldest anchor, which is evicted. */
static unsigned evict_oldest(struct issued *issued, struct way_set *set, uint16_t now)
{
    unsigned oldest = 0;
    for (unsigned way = 1; way < WAYS; way++)
        if (age_of(set, way, now) > age_of(set, oldest, now))
            oldest = way;
    drop(issued, set, oldest);
    issued->evicted++;
    return oldest;
}

/* Whether the anchor is there already for this holder or as common; a third holder makes it common. */
static bool already(
    struct issued *issued, struct way_set *set, struct way_key key, uint32_t holder, uint16_t now)
{
    unsigned others = 0, first = 0;
    for (unsigned hits = ways_match(set, key); hits; hits &= hits - 1) {
        unsigned way = (unsigned)__builtin_ctz(hits);
        if (set->ref[way] == holder || ways_note(set, way) & NOTE_COMMON) {
            if (age_of(set, way, now))
                set->word[way] = now;
            return true;
        }
        if (others++ == 0) {
            first = way;
            continue;
        }
        drop(issued, set, way);
        ways_set_note(set, first, NOTE_COMMON);
        set->word[first] = now;
        return true;
    }
    return false;
}

void issued_put(struct issued *issued, struct way_key anchor, uint32_t holder, int64_t time_ms)
{
    struct way_set *set = ways_at(&issued->ways, anchor);
    uint16_t now = bucket_of(issued, time_ms);
    sweep(issued, set, time_ms);
    if (already(issued, set, anchor, holder, now))
        return;
    unsigned way = ways_empty(set);
    if (way == WAYS && ways_make_room(&issued->ways, set)) {
        set = ways_at(&issued->ways, anchor);
        way = ways_empty(set);
    }
    if (way == WAYS)
        way = evict_oldest(issued, set, now);
    ways_enter(&issued->ways, set, way, anchor, holder, now);
}

unsigned issued_find(struct issued *issued, struct way_key anchor, uint32_t self, int64_t time_ms,
    struct issued_hit ret_hits[static ISSUED_HOLDERS])
{
    struct way_set *set = ways_at(&issued->ways, anchor);
    uint16_t now = bucket_of(issued, time_ms);
    unsigned n = 0;
    for (unsigned hits = ways_match(set, anchor); hits; hits &= hits - 1) {
        unsigned way = (unsigned)__builtin_ctz(hits);
        uint32_t age = age_of(set, way, now);
        if (age > issued->keep_buckets) {
            drop(issued, set, way);
            continue;
        }
        if (set->ref[way] == self || ways_note(set, way) & NOTE_COMMON)
            return 0;
        if (n < ISSUED_HOLDERS)
            ret_hits[n++] = (struct issued_hit){ set->ref[way], age, set, way };
    }
    return n;
}

void issued_returned(const struct issued_hit *hit)
{
    unsigned returners = ways_note(hit->set, hit->way) + 1;
    ways_set_note(hit->set, hit->way, returners > ISSUED_RETURNERS ? NOTE_COMMON : returners);
}
