#include "object/issued.h"

enum { NOTE_BITS = 6, NOTE_COMMON = 1 << 5, NOTE_MASK = NOTE_COMMON * 2 - 1, KEEP_MAX = 30000 };
/* From here on set and stored bits tell the whole mix, so that a set can be split. */
enum { SETS_FIRST = 1 << 16 };

enum status issued_new(size_t bytes, int64_t bucket_ms, int64_t retention_ms, struct issued *ret_issued)
{
    int64_t keep = (retention_ms + bucket_ms - 1) / bucket_ms;
    struct issued issued = { .bucket_ms = bucket_ms,
        .keep_buckets = keep > KEEP_MAX ? KEEP_MAX : (uint32_t)keep };
    void *at;
    issued.n_sets = sets_at_first(sets_in(bytes, sizeof(struct issued_set)), SETS_FIRST, &issued.n_sets_max);
    enum status st = lines_new((size_t)issued.n_sets_max * sizeof(struct issued_set), &issued.lines, &at);
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

/* The upper half of the mix that lies in set i of n: its low 16 bits are stored, the set tells the rest. */
static uint64_t upper_half(uint32_t i, uint32_t n, uint16_t low)
{
    uint64_t least = (((uint64_t)i << 32) + n - 1) / n;
    return least + (uint16_t)(low - least);
}

/* Doubles the table, from the last set on, so that none is overwritten before it was split. */
static void grow(struct issued *issued)
{
    uint32_t n = issued->n_sets;
    issued->n_sets = 2 * n;
    issued->sweep *= 2;
    for (uint32_t i = n; i-- > 0;) {
        struct issued_set old = issued->sets[i];
        unsigned used[2] = { 0, 0 };
        issued->sets[2 * (size_t)i] = issued->sets[2 * (size_t)i + 1] = (struct issued_set){ 0 };
        for (unsigned way = 0; way < ISSUED_WAYS; way++) {
            if (!old.holder[way])
                continue;
            uint64_t mixed = upper_half(i, n, old.tag_high[way]) << 32;
            uint32_t to = set_of(mixed, issued->n_sets);
            struct issued_set *set = &issued->sets[to];
            unsigned at = used[to - 2 * i]++;
            set->tag[at] = old.tag[way];
            set->tag_high[at] = old.tag_high[way];
            set->holder[at] = old.holder[way];
            set->bucket[at] = old.bucket[way];
            set_note(set, at, note(&old, way));
        }
    }
}

static bool must_grow(const struct issued *issued, const struct issued_set *set)
{
    for (unsigned way = 0; way < ISSUED_WAYS; way++)
        if (!set->holder[way])
            return false;
    return issued->n_sets < issued->n_sets_max && issued->n * 4 >= (uint64_t)issued->n_sets * ISSUED_WAYS;
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
    if (must_grow(issued, set)) {
        grow(issued);
        set = &issued->sets[set_of(mixed, issued->n_sets)];
    }
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
