#include "object/issued.h"

enum { NOTE_BITS = 6, NOTE_COMMON = 1 << 5, NOTE_MASK = NOTE_COMMON * 2 - 1, KEEP_MAX = 30000 };

enum status issued_new(size_t bytes, int64_t bucket_ms, int64_t retention_ms, struct issued *ret_issued)
{
    int64_t keep = (retention_ms + bucket_ms - 1) / bucket_ms;
    struct issued issued = { .n_sets = sets_in(bytes, sizeof(struct issued_set)),
        .bucket_ms = bucket_ms,
        .keep_buckets = keep > KEEP_MAX ? KEEP_MAX : (uint32_t)keep };
    void *at;
    enum status st = lines_new(issued.n_sets * sizeof(struct issued_set), &issued.lines, &at);
    if (st != STATUS_OK)
        return st;
    issued.sets = at;
    *ret_issued = issued;
    return STATUS_OK;
}

void issued_free(struct issued *issued)
{
    lines_free(&issued->lines);
    *issued = (struct issued){ 0 };
}

static uint16_t bucket_of(const struct issued *issued, int64_t time_ms)
{
    return (uint16_t)(time_ms / issued->bucket_ms);
}

static uint32_t age_of(const struct issued_set *set, unsigned way, uint16_t now)
{
    int age = (int16_t)(uint16_t)(now - set->bucket[way]);
    return age < 0 ? 0 : (uint32_t)age;
}

static unsigned note(const struct issued_set *set, unsigned way)
{
    return set->notes >> way * NOTE_BITS & NOTE_MASK;
}

static void set_note(struct issued_set *set, unsigned way, unsigned value)
{
    set->notes &= ~((uint32_t)NOTE_MASK << way * NOTE_BITS);
    set->notes |= value << way * NOTE_BITS;
}

static void drop(struct issued *issued, struct issued_set *set, unsigned way)
{
    set->holder[way] = 0;
    set_note(set, way, 0);
    issued->n--;
}

static void expire(struct issued *issued, struct issued_set *set, uint16_t now)
{
    for (unsigned way = 0; way < ISSUED_WAYS; way++)
        if (set->holder[way] && age_of(set, way, now) > issued->keep_buckets)
            drop(issued, set, way);
}

static bool matches(const struct issued_set *set, unsigned way, uint64_t mixed)
{
    return set->holder[way] && set->tag[way] == (uint32_t)mixed &&
           set->tag_high[way] == (uint16_t)(mixed >> 32);
}

/* An empty way, else the oldest, which is evicted. */
static unsigned make_room(struct issued *issued, struct issued_set *set, uint16_t now)
{
    unsigned victim = 0;
    for (unsigned way = 0; way < ISSUED_WAYS; way++) {
        if (!set->holder[way])
            return way;
        if (age_of(set, way, now) > age_of(set, victim, now))
            victim = way;
    }
    drop(issued, set, victim);
    issued->evicted++;
    return victim;
}

/* Whether the anchor is there already for this holder or as common; a third holder makes it common. */
static bool already(
    struct issued *issued, struct issued_set *set, uint64_t mixed, uint32_t holder, uint16_t now)
{
    unsigned others = 0, first = 0;
    for (unsigned way = 0; way < ISSUED_WAYS; way++) {
        if (!matches(set, way, mixed))
            continue;
        if (set->holder[way] == holder || note(set, way) & NOTE_COMMON) {
            if (age_of(set, way, now))
                set->bucket[way] = now;
            return true;
        }
        if (others++ == 0) {
            first = way;
            continue;
        }
        drop(issued, set, way);
        set_note(set, first, NOTE_COMMON);
        set->bucket[first] = now;
        return true;
    }
    return false;
}

void issued_put(struct issued *issued, uint64_t anchor, uint32_t holder, int64_t time_ms)
{
    uint64_t mixed = mix64(anchor);
    struct issued_set *set = &issued->sets[set_of(mixed, issued->n_sets)];
    uint16_t now = bucket_of(issued, time_ms);
    expire(issued, set, now);
    expire(issued, &issued->sets[issued->sweep], now);
    issued->sweep = (issued->sweep + 1) % issued->n_sets;
    if (already(issued, set, mixed, holder, now))
        return;
    unsigned way = make_room(issued, set, now);
    set->tag[way] = (uint32_t)mixed;
    set->tag_high[way] = (uint16_t)(mixed >> 32);
    set->holder[way] = holder;
    set->bucket[way] = now;
    issued->n++;
}

unsigned issued_find(struct issued *issued, uint64_t anchor, uint32_t self, int64_t time_ms,
    struct issued_hit ret_hits[static ISSUED_HOLDERS])
{
    uint64_t mixed = mix64(anchor);
    struct issued_set *set = &issued->sets[set_of(mixed, issued->n_sets)];
    uint16_t now = bucket_of(issued, time_ms);
    unsigned n = 0;
    expire(issued, set, now);
    for (unsigned way = 0; way < ISSUED_WAYS; way++) {
        if (!matches(set, way, mixed))
            continue;
        if (set->holder[way] == self || note(set, way) & NOTE_COMMON)
            return 0;
        if (n < ISSUED_HOLDERS)
            ret_hits[n++] = (struct issued_hit){ set->holder[way], age_of(set, way, now), set, way };
    }
    return n;
}

void issued_returned(const struct issued_hit *hit)
{
    unsigned returners = note(hit->set, hit->way) + 1;
    set_note(hit->set, hit->way, returners > ISSUED_RETURNERS ? NOTE_COMMON : returners);
}
