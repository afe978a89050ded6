/*
 * members.h: the accounts of one shared object, with who pays for them: exact, up to a limit.
 *
 * Model: four members in place, beyond that an open-addressing table in a pool block of 16 << order
 *   slots that doubles when three quarters full. With each member 29 bits of its payer, whether it is
 *   established and whether a campaign holds it: distinct payers are counted exactly, apart from folds that collide
 *   (one in 2^29 a pair).
 * Memory: 12 bytes a slot, 48 bytes in place.
 * Cost: finding a member O(1), one or two cache lines. Entering one compares its payer with all others,
 *   O(n), once a membership: 0.4 us at 1,000 members, so some 20 us at the limit.
 */
#ifndef OBJECT_MEMBERS_H
#define OBJECT_MEMBERS_H

#include "object/pool.h"

#include <stdbool.h>

/* Of a payer word, below the fold. */
enum { MEMBER_ESTABLISHED = 1, MEMBER_MARKED = 2, MEMBER_BITS = 2 };

/* The limit: three quarters of 2^16 slots. */
enum { MEMBERS_INLINE = 4, MEMBERS_BLOCK = 16, MEMBERS_LIMIT = 3 << 14 };

struct members {
    uint64_t account[MEMBERS_INLINE];
    uint32_t payer[MEMBERS_INLINE]; /* fold << MEMBER_BITS | MEMBER_ bits; 0: empty */
    uint32_t n;
    uint32_t block; /* POOL_NONE: in place */
    uint8_t order;
};

/* 30 bits, the highest set, so that no payer looks like an empty slot. */
static inline uint32_t payer_fold(uint64_t payer)
{
    return (uint32_t)(mix64(payer) >> 35) | 1U << 29;
}

void members_init(struct members *members);
void members_fini(struct members *members, struct pool *pool);

/* The member's payer word, NULL if it is none. Accounts are never 0. */
uint32_t *members_find(struct members *members, const struct pool *pool, uint64_t account);
/* Where the member is, or would be, when the struct itself is in the cache already. */
void members_prefetch(const struct members *members, const struct pool *pool, uint64_t account);
/* Adds an account that is no member; STATUS_FULL if the pool has no block. */
MUST_CHECK enum status members_add(
    struct members *members, struct pool *pool, uint64_t account, uint32_t payer);
/* How many members have this payer fold; of established ones only, if asked. */
uint32_t members_paid_by(
    const struct members *members, const struct pool *pool, uint32_t fold, bool established);
/* Slots to visit; an account of 0 is an empty one. */
uint32_t members_slots(const struct members *members, const struct pool *pool, const uint64_t **ret_accounts,
    const uint32_t **ret_payers);

#endif
