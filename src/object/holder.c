#include "object/holder.h"

enum { SLOTS_MAX = 1 << 24, SLOTS_A_SET = 3, LOOKED_AT = 16 };

enum status holders_new(size_t bytes, struct holders *ret_holders)
{
    enum status st;
    struct holders holders = { 0 };
    size_t share = SLOTS_A_SET * sizeof(struct holder) + sizeof(struct way_set);
    uint32_t n_sets = sets_in(bytes, share);
    if (n_sets > SLOTS_MAX / SLOTS_A_SET)
        n_sets = SLOTS_MAX / SLOTS_A_SET;
    void *at;
    holders.n_max = n_sets * SLOTS_A_SET;
    TRY(ways_new(n_sets * sizeof(struct way_set), &holders.ways));
    TRY(lines_new(holders.n_max * sizeof(struct holder), &holders.lines, &at));
    holders.slots = at;
    *ret_holders = holders;
    return STATUS_OK;
fail:
    holders_free(&holders);
    return st;
}

void holders_free(struct holders *holders)
{
    ways_free(&holders->ways);
    lines_free(&holders->lines);
    *holders = (struct holders){ 0 };
}

size_t holders_bytes(const struct holders *holders)
{
    return holders->ways.lines.bytes + holders->lines.bytes;
}

/* The slot the account lies in; n_max if it is not there. */
static uint32_t find(const struct holders *holders, uint64_t account, struct way_key key)
{
    const struct way_set *set = ways_at(&holders->ways, key);
    for (unsigned hits = ways_match(set, key); hits; hits &= hits - 1) {
        uint32_t slot = set->ref[__builtin_ctz(hits)] - 1;
        if (holders->slots[slot].account == account)
            return slot;
    }
    return holders->n_max;
}

/* Of the next ones in turn. */
static uint32_t seen_longest_ago(struct holders *holders)
{
    uint32_t look = holders->n_max < LOOKED_AT ? holders->n_max : LOOKED_AT, oldest = holders->hand;
    for (uint32_t i = 1; i < look; i++) {
        uint32_t at = (holders->hand + i) % holders->n_max;
        if (holders->slots[at].seen_s < holders->slots[oldest].seen_s)
            oldest = at;
    }
    holders->hand = (holders->hand + look) % holders->n_max;
    return oldest;
}

/* Takes the account of a slot out of the ways. */
static void leave(struct holders *holders, uint32_t slot)
{
    struct way_key key = ways_key(&holders->ways, holders->slots[slot].account);
    struct way_set *set = ways_at(&holders->ways, key);
    for (unsigned hits = ways_match(set, key); hits; hits &= hits - 1)
        if (set->ref[__builtin_ctz(hits)] == slot + 1)
            ways_clear(&holders->ways, set, (unsigned)__builtin_ctz(hits));
    holders->evicted++;
}

static unsigned oldest_way(const struct holders *holders, const struct way_set *set)
{
    unsigned oldest = 0;
    for (unsigned way = 1; way < WAYS; way++)
        if (holders->slots[set->ref[way] - 1].seen_s < holders->slots[set->ref[oldest] - 1].seen_s)
            oldest = way;
    return oldest;
}

/* A slot for an account that is not there; it is in the ways afterwards. */
static uint32_t enter(struct holders *holders, uint64_t account, struct way_key key)
{
    uint32_t slot = holders->n_used;
    struct way_set *set = ways_at(&holders->ways, key);
    if (ways_make_room(&holders->ways, set))
        set = ways_at(&holders->ways, key);
    if (ways_empty(set) == WAYS) {
        slot = set->ref[oldest_way(holders, set)] - 1;
        leave(holders, slot);
    } else if (slot == holders->n_max) {
        slot = seen_longest_ago(holders);
        leave(holders, slot);
    } else {
        holders->n_used++;
    }
    ways_enter(&holders->ways, set, ways_empty(set), key, slot + 1, 0);
    struct holder *holder = &holders->slots[slot];
    holder->account = account;
    holder->country = 0;
    holder->generation = holder->generation == UINT8_MAX ? 1 : (uint8_t)(holder->generation + 1);
    return slot;
}

void holders_prefetch_item(const struct holders *holders, uint64_t account)
{
    struct way_key key = ways_key(&holders->ways, account);
    const struct way_set *set = ways_at(&holders->ways, key);
    unsigned hits = ways_match(set, key);
    if (hits)
        __builtin_prefetch(&holders->slots[set->ref[__builtin_ctz(hits)] - 1], 1);
}

uint32_t holders_take(struct holders *holders, const struct sighting *sighting)
{
    struct way_key key = ways_key(&holders->ways, sighting->account);
    uint32_t slot = find(holders, sighting->account, key);
    if (slot == holders->n_max)
        slot = enter(holders, sighting->account, key);
    struct holder *holder = &holders->slots[slot];
    holder->payer = sighting_payer(sighting);
    holder->seen_s = seconds_of(sighting->time_ms);
    if (sighting->country)
        holder->country = sighting->country;
    holder->adopter = (uint8_t)(sighting->adopter | (sighting->organization ? HOLDER_ORGANIZATION : 0));
    return slot << 8 | holder->generation;
}
