#include "object/holder.h"

enum { SLOTS_MAX = 1 << 24 };

enum status holders_new(size_t bytes, struct holders *ret_holders)
{
    struct holders holders = { .n_sets = sets_in(bytes, sizeof(struct holder_set)) };
    if (holders.n_sets > SLOTS_MAX / HOLDER_WAYS)
        holders.n_sets = SLOTS_MAX / HOLDER_WAYS;
    void *at;
    enum status st = lines_new(holders.n_sets * sizeof(struct holder_set), &holders.lines, &at);
    if (st != STATUS_OK)
        return st;
    holders.sets = at;
    *ret_holders = holders;
    return STATUS_OK;
}

void holders_free(struct holders *holders)
{
    lines_free(&holders->lines);
    *holders = (struct holders){ 0 };
}

/* A free way, else the one seen longest ago. */
static unsigned victim_way(const struct holder_set *set)
{
    unsigned victim = 0;
    for (unsigned way = 0; way < HOLDER_WAYS; way++) {
        if (!set->account[way])
            return way;
        if (set->facts[way].seen_s < set->facts[victim].seen_s)
            victim = way;
    }
    return victim;
}

static unsigned enter(struct holders *holders, struct holder_set *set, uint64_t account)
{
    unsigned way = victim_way(set);
    if (set->account[way])
        holders->evicted++;
    else
        holders->n++;
    set->account[way] = account;
    uint8_t *generation = &set->facts[way].generation;
    *generation = *generation == UINT8_MAX ? 1 : (uint8_t)(*generation + 1);
    return way;
}

static unsigned find_way(const struct holder_set *set, uint64_t account)
{
    unsigned way = 0;
    while (way < HOLDER_WAYS && set->account[way] != account)
        way++;
    return way;
}

void holders_prefetch_item(const struct holders *holders, uint64_t account)
{
    const struct holder_set *set = &holders->sets[set_of(mix64(account), holders->n_sets)];
    __builtin_prefetch(&set->facts[find_way(set, account) % HOLDER_WAYS], 1);
}

uint32_t holders_take(struct holders *holders, const struct sighting *sighting)
{
    uint32_t i_set = set_of(mix64(sighting->account), holders->n_sets);
    struct holder_set *set = &holders->sets[i_set];
    unsigned way = find_way(set, sighting->account);
    if (way == HOLDER_WAYS)
        way = enter(holders, set, sighting->account);
    struct holder *holder = &set->facts[way];
    holder->payer = sighting_payer(sighting);
    holder->seen_s = seconds_of(sighting->time_ms);
    if (sighting->country)
        holder->country = sighting->country;
    holder->adopter = (uint8_t)(sighting->adopter | (sighting->organization ? HOLDER_ORGANIZATION : 0));
    return (i_set * HOLDER_WAYS + way) << 8 | holder->generation;
}

const struct holder *holders_at(const struct holders *holders, uint32_t ref, uint64_t *ret_account)
{
    const struct holder_set *set = &holders->sets[(ref >> 8) / HOLDER_WAYS];
    unsigned way = (ref >> 8) % HOLDER_WAYS;
    const struct holder *holder = &set->facts[way];
    if (holder->generation != (ref & 0xff))
        return NULL;
    *ret_account = set->account[way];
    return holder;
}

uint64_t holder_organization(const struct holder *holder)
{
    return holder->adopter & HOLDER_ORGANIZATION ? holder->payer : 0;
}
