/*
 * holder.h: the accounts that hold objects, by a 32-bit name.
 *
 * Model: singles and issued anchors name their account by a reference of 4 bytes instead of an id of 8,
 *   a payer of 8, a country and what else a tie needs to know about the first holder. A reference is
 *   slot << 8 | generation; a slot that passes to another account changes its generation, so that stale
 *   references give nothing, not somebody else (unless the slot changed hands a multiple of 255 times
 *   since).
 * Shapes: references are never 0. The payer is the organisation where there is one.
 * Memory: 24 bytes an account and table, 8-way sets, at most 2^24 accounts. A full set forgets the
 *   account seen longest ago: what it held alone, and what was issued to it, is then nobody's.
 * Cost: one or two cache lines a look-up.
 */
#ifndef OBJECT_HOLDER_H
#define OBJECT_HOLDER_H

#include "account/sighting.h"
#include "object/lines.h"

/* A bit of holder.adopter above those of sighting.h: the payer is an organisation. */
enum { HOLDER_ORGANIZATION = 0x80 };

struct holder {
    uint64_t payer;
    uint32_t seen_s;
    uint16_t country;
    uint8_t adopter;
    uint8_t generation; /* 0: the slot was never used */
};

enum { HOLDER_WAYS = 8 };

struct holder_set {
    uint64_t account[HOLDER_WAYS];
    struct holder facts[HOLDER_WAYS];
};
_Static_assert(sizeof(struct holder_set) == HOLDER_WAYS * 24, "24 bytes an account");

struct holders {
    struct holder_set *sets;
    uint32_t n_sets;
    uint64_t n, evicted;
    struct lines lines;
};

MUST_CHECK enum status holders_new(size_t bytes, struct holders *ret_holders);
void holders_free(struct holders *holders);

/* The reference of the sighting's account, entered or brought up to date. */
uint32_t holders_take(struct holders *holders, const struct sighting *sighting);
/* What is known of the account behind a reference; NULL if it is forgotten. */
const struct holder *holders_at(const struct holders *holders, uint32_t ref, uint64_t *ret_account);

uint64_t holder_organization(const struct holder *holder);
/* The payer of a sighting: the organisation where there is one. */
static inline uint64_t sighting_payer(const struct sighting *sighting)
{
    return sighting->organization ? sighting->organization : sighting->payer;
}

static ALWAYS_INLINE void holders_prefetch(const struct holders *holders, uint64_t account)
{
    __builtin_prefetch(&holders->sets[set_of(mix64(account), holders->n_sets)], 1);
}

/* When the set's accounts are in the cache already. */
void holders_prefetch_item(const struct holders *holders, uint64_t account);

#endif
