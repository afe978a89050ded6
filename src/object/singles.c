#include "object/singles.h"

enum { HOUR_S = 3600, SETS_FIRST = 2048 };

enum status singles_new(size_t bytes, struct singles *ret_singles)
{
    struct singles singles = { 0 };
    void *at;
    singles.n_sets =
        sets_at_first(sets_in(bytes, sizeof(struct single_set)), SETS_FIRST, &singles.n_sets_max);
    enum status st = lines_new((size_t)singles.n_sets_max * sizeof(struct single_set), &singles.lines, &at);
    if (st != STATUS_OK)
        return st;
    singles.sets = at;
    *ret_singles = singles;
    return STATUS_OK;
}

void singles_free(struct singles *singles)
{
    lines_free(&singles->lines);
    *singles = (struct singles){ 0 };
}

unsigned kind_durability(uint8_t kind)
{
    return kind <= OBJECT_END_USER ? 2 : kind <= OBJECT_CLIENT ? 1 : 0;
}

static struct single_set *set_at(const struct singles *singles, uint64_t object)
{
    return &singles->sets[set_of(mix64(object), singles->n_sets)];
}

static unsigned find_way(const struct single_set *set, uint64_t object)
{
    unsigned way = 0;
    while (way < SINGLE_WAYS && set->object[way] != object)
        way++;
    return way;
}

struct single *singles_find(const struct singles *singles, uint64_t object)
{
    struct single_set *set = set_at(singles, object);
    unsigned way = find_way(set, object);
    return way < SINGLE_WAYS ? &set->item[way] : NULL;
}

static bool forget_before(const struct single *a, const struct single *b)
{
    unsigned rank_a = kind_durability(a->kind), rank_b = kind_durability(b->kind);
    return rank_a != rank_b ? rank_a < rank_b : a->last_s < b->last_s;
}

static unsigned victim_way(const struct single_set *set)
{
    unsigned victim = 0;
    for (unsigned way = 0; way < SINGLE_WAYS; way++) {
        if (!set->object[way])
            return way;
        if (forget_before(&set->item[way], &set->item[victim]))
            victim = way;
    }
    return victim;
}

/* Doubles the table, from the last set on, so that none is overwritten before it was split. */
static void grow(struct singles *singles)
{
    uint32_t n = singles->n_sets;
    singles->n_sets = 2 * n;
    for (uint32_t i = n; i-- > 0;) {
        struct single_set old = singles->sets[i];
        unsigned used[2] = { 0, 0 };
        singles->sets[2 * (size_t)i] = singles->sets[2 * (size_t)i + 1] = (struct single_set){ 0 };
        for (unsigned way = 0; way < SINGLE_WAYS; way++) {
            if (!old.object[way])
                continue;
            uint32_t to = set_of(mix64(old.object[way]), singles->n_sets);
            unsigned at = used[to - 2 * i]++;
            singles->sets[to].object[at] = old.object[way];
            singles->sets[to].item[at] = old.item[way];
        }
    }
}

static bool may_grow(const struct singles *singles)
{
    return singles->n_sets < singles->n_sets_max && singles->n * 4 >= (uint64_t)singles->n_sets * SINGLE_WAYS;
}

struct single *singles_add(struct singles *singles, const struct sighting *sighting, uint32_t holder)
{
    struct single_set *set = set_at(singles, sighting->object);
    unsigned way = victim_way(set);
    if (set->object[way] && may_grow(singles)) {
        grow(singles);
        set = set_at(singles, sighting->object);
        way = victim_way(set);
    }
    if (set->object[way])
        singles->evicted++;
    else
        singles->n++;
    set->object[way] = sighting->object;
    set->item[way] = (struct single){
        .holder = holder,
        .last_s = seconds_of(sighting->time_ms),
        .slot = slot_fold(sighting->slot),
        .kind = sighting->kind,
        .sightings = 1,
        .follow_ups = sighting->follow_up,
    };
    return &set->item[way];
}

void single_touch(struct single *single, const struct sighting *sighting)
{
    if (single->sightings == UINT8_MAX) {
        single->sightings /= 2;
        single->follow_ups /= 2;
    }
    single->sightings++;
    single->follow_ups = (uint8_t)(single->follow_ups + sighting->follow_up);
    if (sighting->slot)
        single->slot = slot_fold(sighting->slot);
    uint32_t now_s = seconds_of(sighting->time_ms);
    if (now_s <= single->last_s)
        return;
    uint32_t span_h = single->span_h + (now_s - single->last_s + HOUR_S / 2) / HOUR_S;
    single->span_h = span_h > UINT8_MAX ? UINT8_MAX : (uint8_t)span_h;
    single->last_s = now_s;
}

void singles_prefetch_item(const struct singles *singles, uint64_t object)
{
    const struct single_set *set = set_at(singles, object);
    unsigned way = find_way(set, object);
    __builtin_prefetch(&set->item[way % SINGLE_WAYS], 1);
    if (way == SINGLE_WAYS)
        __builtin_prefetch(&set->item[SINGLE_WAYS / 2], 1);
}

void singles_remove(struct singles *singles, uint64_t object)
{
    struct single_set *set = set_at(singles, object);
    unsigned way = find_way(set, object);
    if (way == SINGLE_WAYS)
        return;
    set->object[way] = 0;
    singles->n--;
}
