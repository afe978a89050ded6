#include "object/holder.h"

#include "base/match.h"

#include <assert.h>
#include <string.h>

enum { SLOT_BITS = 24, LOOKED_AT = 16, SETS_FIRST = 64, FULL_NUM = 2, FULL_DEN = 3 };
#define TAG_BITS (UINT32_MAX << SLOT_BITS)

/* Room for the slots of two thirds of the index's ways, and for the index. */
enum status holders_new(size_t bytes, struct holders *ret_holders)
{
    enum status st;
    struct holders holders = { 0 };
    const uint32_t slots_a_set = HOLDER_WAYS * FULL_NUM / FULL_DEN;
    void *at;
    uint32_t n_sets = sets_in(bytes, sizeof(struct holder_set) + slots_a_set * sizeof(struct holder));
    if (n_sets > (1U << SLOT_BITS) / slots_a_set - 1)
        n_sets = (1U << SLOT_BITS) / slots_a_set - 1;
    holders.n_max = n_sets * slots_a_set;
    holders.n_sets = sets_at_first(n_sets, SETS_FIRST, &holders.n_sets_max);
    TRY(lines_new(holders.n_max * sizeof(struct holder), &holders.slot_lines, &at));
    holders.slots = at;
    TRY(lines_new((size_t)holders.n_sets_max * sizeof(struct holder_set), &holders.set_lines, &at));
    holders.sets = at;
    *ret_holders = holders;
    return STATUS_OK;
fail:
    holders_free(&holders);
    return st;
}

void holders_free(struct holders *holders)
{
    lines_free(&holders->slot_lines);
    lines_free(&holders->set_lines);
    *holders = (struct holders){ 0 };
}

size_t holders_bytes(const struct holders *holders)
{
    return holders->slot_lines.bytes + holders->set_lines.bytes;
}

static uint32_t tag_of(uint64_t mixed)
{
    return (uint32_t)mixed << SLOT_BITS;
}

static struct holder_set *set_at(const struct holders *holders, uint64_t mixed)
{
    return &holders->sets[set_of(mixed, holders->n_sets)];
}

static uint32_t slot_of(uint32_t way)
{
    return (way & ~TAG_BITS) - 1;
}

/* The way that names the account; HOLDER_WAYS if none does. */
static unsigned way_of(
    const struct holders *holders, const struct holder_set *set, uint32_t tag, uint64_t account)
{
    for (unsigned from = 0; from < HOLDER_WAYS; from += 4)
        for (unsigned hits = match_masked(&set->way[from], TAG_BITS, tag); hits; hits &= hits - 1) {
            unsigned way = from + (unsigned)__builtin_ctz(hits);
            if (set->way[way] && holders->slots[slot_of(set->way[way])].account == account)
                return way;
        }
    return HOLDER_WAYS;
}

static unsigned empty_way(const struct holder_set *set)
{
    unsigned way = 0;
    while (way < HOLDER_WAYS && set->way[way])
        way++;
    return way;
}

static unsigned oldest_way(const struct holders *holders, const struct holder_set *set)
{
    unsigned oldest = 0;
    for (unsigned way = 1; way < HOLDER_WAYS; way++)
        if (holders->slots[slot_of(set->way[way])].seen_s < holders->slots[slot_of(set->way[oldest])].seen_s)
            oldest = way;
    return oldest;
}

/* Of the next ones in turn. */
static uint32_t seen_longest_ago(struct holders *holders)
{
    assert(holders->n_max > 0);
    uint32_t look = holders->n_max < LOOKED_AT ? holders->n_max : LOOKED_AT, oldest = holders->hand;
    for (uint32_t i = 1; i < look; i++) {
        uint32_t at = (holders->hand + i) % holders->n_max;
        if (holders->slots[at].seen_s < holders->slots[oldest].seen_s)
            oldest = at;
    }
    holders->hand = (holders->hand + look) % holders->n_max;
    return oldest;
}

/* The slot is nobody's from now on, and not yet anybody else's: a new generation, and no way that names it. */
static void vacate(struct holders *holders, uint32_t slot)
{
    struct holder *holder = &holders->slots[slot];
    uint64_t mixed = mix64(holder->account);
    struct holder_set *set = set_at(holders, mixed);
    unsigned way = way_of(holders, set, tag_of(mixed), holder->account);
    if (way < HOLDER_WAYS)
        set->way[way] = 0;
    holders->evicted++;
}

/*
 * Twice as many sets, filled anew from the slots. One that finds its set full, rarely, is not found any more: its account
 * gets another slot, and both name it.
 */
static void grow(struct holders *holders)
{
    holders->n_sets *= 2;
    memset(holders->sets, 0, holders->n_sets * sizeof *holders->sets);
    for (uint32_t slot = 0; slot < holders->n_used; slot++) {
        uint64_t mixed = mix64(holders->slots[slot].account);
        struct holder_set *set = set_at(holders, mixed);
        unsigned way = empty_way(set);
        if (way < HOLDER_WAYS)
            set->way[way] = tag_of(mixed) | (slot + 1);
    }
}

static bool is_full(const struct holders *holders)
{
    return holders->n_sets < holders->n_sets_max &&
           (uint64_t)holders->n_used * FULL_DEN >= (uint64_t)holders->n_sets * HOLDER_WAYS * FULL_NUM;
}

/* A slot for an account that is not there; the index names it afterwards. */
static uint32_t enter(struct holders *holders, uint64_t account, uint64_t mixed)
{
    if (is_full(holders))
        grow(holders);
    struct holder_set *set = set_at(holders, mixed);
    uint32_t slot = holders->n_used;
    if (empty_way(set) == HOLDER_WAYS) {
        slot = slot_of(set->way[oldest_way(holders, set)]);
        vacate(holders, slot);
    } else if (slot == holders->n_max) {
        slot = seen_longest_ago(holders);
        vacate(holders, slot);
    } else {
        holders->n_used++;
    }
    set->way[empty_way(set)] = tag_of(mixed) | (slot + 1);
    struct holder *holder = &holders->slots[slot];
    holder->account = account;
    holder->country = 0;
    holder->generation = holder->generation == UINT8_MAX ? 1 : (uint8_t)(holder->generation + 1);
    return slot;
}

void holders_prefetch_item(const struct holders *holders, uint64_t account)
{
    uint64_t mixed = mix64(account);
    const struct holder_set *set = set_at(holders, mixed);
    for (unsigned from = 0; from < HOLDER_WAYS; from += 4) {
        unsigned hits = match_masked(&set->way[from], TAG_BITS, tag_of(mixed));
        if (!hits)
            continue;
        __builtin_prefetch(&holders->slots[slot_of(set->way[from + (unsigned)__builtin_ctz(hits)])], 1);
        return;
    }
}

uint32_t holders_take(struct holders *holders, const struct sighting *sighting)
{
    uint64_t mixed = mix64(sighting->account);
    const struct holder_set *set = set_at(holders, mixed);
    unsigned way = way_of(holders, set, tag_of(mixed), sighting->account);
    uint32_t slot = way < HOLDER_WAYS ? slot_of(set->way[way]) : enter(holders, sighting->account, mixed);
    struct holder *holder = &holders->slots[slot];
    holder->payer = sighting_payer(sighting);
    holder->seen_s = seconds_of(sighting->time_ms);
    if (sighting->country)
        holder->country = sighting->country;
    holder->adopter = (uint8_t)(sighting->adopter | (sighting->organization ? HOLDER_ORGANIZATION : 0));
    return slot << 8 | holder->generation;
}
