#include "object/members.h"

#include <string.h>

struct slots {
    uint64_t *account;
    uint32_t *payer;
    uint32_t n;
};

static struct slots block_slots(const struct pool *pool, uint32_t block, unsigned order)
{
    uint32_t n = (uint32_t)MEMBERS_BLOCK << order;
    char *at = pool_at(pool, block);
    return (struct slots){ (uint64_t *)(void *)at, (uint32_t *)(void *)(at + n * sizeof(uint64_t)), n };
}

static struct slots slots_of(const struct members *members, const struct pool *pool)
{
    if (members->block != POOL_NONE)
        return block_slots(pool, members->block, members->order);
    struct members *m = (struct members *)(uintptr_t)members;
    return (struct slots){ m->account, m->payer, MEMBERS_INLINE };
}

void members_init(struct members *members)
{
    *members = (struct members){ .block = POOL_NONE };
}

void members_fini(struct members *members, struct pool *pool)
{
    if (members->block != POOL_NONE)
        pool_give(pool, members->block, members->order);
    members_init(members);
}

/* Where the account is or would go, in a table with at least one empty slot. */
static uint32_t probe(struct slots slots, uint64_t account)
{
    uint32_t mask = slots.n - 1;
    uint32_t i = (uint32_t)mix64(account) & mask;
    while (slots.account[i] && slots.account[i] != account)
        i = (i + 1) & mask;
    return i;
}

uint32_t *members_find(struct members *members, const struct pool *pool, uint64_t account)
{
    struct slots slots = slots_of(members, pool);
    uint32_t i = 0;
    if (members->block != POOL_NONE)
        i = probe(slots, account);
    else
        while (i < MEMBERS_INLINE && slots.account[i] != account)
            i++;
    return i < slots.n && slots.account[i] ? &slots.payer[i] : NULL;
}

void members_prefetch(const struct members *members, const struct pool *pool, uint64_t account)
{
    if (members->block == POOL_NONE)
        return;
    struct slots slots = block_slots(pool, members->block, members->order);
    uint32_t i = (uint32_t)mix64(account) & (slots.n - 1);
    __builtin_prefetch(&slots.account[i], 1);
    __builtin_prefetch(&slots.payer[i], 1);
}

static enum status grow(struct members *members, struct pool *pool)
{
    unsigned order = members->block == POOL_NONE ? 0 : members->order + 1U;
    if (order >= POOL_ORDERS)
        return STATUS_FULL;
    uint32_t block = pool_take(pool, order);
    if (block == POOL_NONE)
        return STATUS_FULL;
    struct slots to = block_slots(pool, block, order), from = slots_of(members, pool);
    memset(to.account, 0, to.n * (sizeof *to.account + sizeof *to.payer));
    for (uint32_t i = 0; i < from.n; i++) {
        if (!from.account[i])
            continue;
        uint32_t at = probe(to, from.account[i]);
        to.account[at] = from.account[i];
        to.payer[at] = from.payer[i];
    }
    if (members->block != POOL_NONE)
        pool_give(pool, members->block, members->order);
    members->block = block;
    members->order = (uint8_t)order;
    return STATUS_OK;
}

enum status members_add(struct members *members, struct pool *pool, uint64_t account, uint32_t payer)
{
    bool in_place = members->block == POOL_NONE;
    uint32_t room = in_place ? MEMBERS_INLINE : ((uint32_t)MEMBERS_BLOCK << members->order) / 4 * 3;
    if (members->n >= room) {
        enum status st = grow(members, pool);
        if (st != STATUS_OK)
            return st;
        in_place = false;
    }
    struct slots slots = slots_of(members, pool);
    uint32_t i = in_place ? members->n : probe(slots, account);
    slots.account[i] = account;
    slots.payer[i] = payer;
    members->n++;
    return STATUS_OK;
}

uint32_t members_paid_by(
    const struct members *members, const struct pool *pool, uint32_t fold, bool established)
{
    struct slots slots = slots_of(members, pool);
    const uint32_t mask = ~(uint32_t)MEMBER_MARKED & ~(established ? 0U : (uint32_t)MEMBER_ESTABLISHED);
    uint32_t wanted = fold << MEMBER_BITS | (established ? MEMBER_ESTABLISHED : 0), n = 0;
    for (uint32_t i = 0; i < slots.n; i++)
        n += (slots.payer[i] & mask) == wanted;
    return n;
}

uint32_t members_slots(const struct members *members, const struct pool *pool, const uint64_t **ret_accounts,
    const uint32_t **ret_payers)
{
    struct slots slots = slots_of(members, pool);
    *ret_accounts = slots.account;
    *ret_payers = slots.payer;
    return slots.n;
}
