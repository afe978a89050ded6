/*
 * holder.h: the accounts that hold objects, by a 32-bit name.
 *
 * Model: singles and issued anchors name their account by a reference of 4 bytes instead of an id of 8,
 *   a payer of 8, a country and what else a tie needs to know about the first holder. A reference is
 *   slot << 8 | generation; a slot that passes to another account changes its generation, so that stale
 *   references give nothing, not somebody else (unless the slot changed hands a multiple of 255 times
 *   since).
 * Shapes: references are never 0. The payer is the organisation where there is one.
 * Memory: 24 bytes an account and table, packed in the order of their coming, and 6 to find it by, which grow as
 *   accounts come; fewer than 2^24 accounts. A full table forgets, of the next 16 accounts in turn, the one seen longest
 *   ago; a full set of the index, its own: what that account held alone, and what was issued to it, is then nobody's.
 *   The index is two thirds full at most, so that one account in a hundred shares a full set.
 * Cost: two cache lines a look-up.
 */
#ifndef OBJECT_HOLDER_H
#define OBJECT_HOLDER_H

#include "account/sighting.h"
#include "object/lines.h"

#include <stdbool.h>

/* A bit of holder.adopter above those of sighting.h: the payer is an organisation. */
enum { HOLDER_ORGANIZATION = 0x80 };

struct holder {
    uint64_t account, payer;
    uint32_t seen_s;
    uint16_t country;
    uint8_t adopter;
    uint8_t generation; /* 0: the slot was never used */
};
_Static_assert(sizeof(struct holder) == 24, "24 bytes an account");

enum { HOLDER_WAYS = 16 };

/* Of accounts, by their mix: eight bits of it, then the slot + 1; 0: empty. */
struct holder_set {
    uint32_t way[HOLDER_WAYS];
};
_Static_assert(sizeof(struct holder_set) == 64, "a set is a cache line");

struct holders {
    struct holder *slots;
    struct holder_set *sets;
    uint32_t n_max, n_used, hand; /* slots */
    uint32_t n_sets, n_sets_max;
    uint64_t evicted;
    struct lines slot_lines, set_lines;
};

MUST_CHECK enum status holders_new(size_t bytes, struct holders *ret_holders);
void holders_free(struct holders *holders);
size_t holders_bytes(const struct holders *holders);

/* The reference of the sighting's account, entered or brought up to date. */
uint32_t holders_take(struct holders *holders, const struct sighting *sighting);
/* What is known of the account behind a reference; NULL if it is forgotten. */
static inline const struct holder *holders_at(const struct holders *holders, uint32_t ref)
{
    const struct holder *holder = &holders->slots[ref >> 8];
    return holder->generation == (ref & 0xff) ? holder : NULL;
}

static inline uint64_t holder_organization(const struct holder *holder)
{
    return holder->adopter & HOLDER_ORGANIZATION ? holder->payer : 0;
}
/* The payer of a sighting: the organisation where there is one. */
static inline uint64_t sighting_payer(const struct sighting *sighting)
{
    return sighting->organization ? sighting->organization : sighting->payer;
}

static ALWAYS_INLINE void holders_prefetch(const struct holders *holders, uint64_t account)
{
    __builtin_prefetch(&holders->sets[set_of(mix64(account), holders->n_sets)]);
}

/* When the set is in the cache already. */
void holders_prefetch_item(const struct holders *holders, uint64_t account);

#endif
