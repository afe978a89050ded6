/*
 * shared.h: objects that accounts of at least two payers have shown: who they are, and how it is used.
 *
 * Model: members listed exactly up to members_max (members.h) with their adopter profile. Distinct
 *   slots: six exact, then HyperLogLog of 256 registers (6.5 %). An object that turns public, or
 *   outgrows its list, counts accounts and payers in such registers too; a public one gives its list
 *   back. The adopter profile then stays as it was. Which object lies where is the index's business (index.h).
 * Memory: 208 bytes an object, packed in the order of their coming; lists and registers in a pool of half of the
 *   budget. A full table looks at the next 16 objects in turn and forgets the one seen longest ago of the least
 *   durable class: content that ties nobody, other content, network, identity, then public, because a public object that is forgotten ties
 *   strangers until it is learned again. A full pool lists no further members and counts them in unlisted.
 * Evasion: a flood of pairs of accounts with made-up frames pushes out content objects; it costs two
 *   accounts each.
 * Cost: a sighting of a known member touches four to six cache lines.
 */
#ifndef OBJECT_SHARED_H
#define OBJECT_SHARED_H

#include "account/sighting.h"
#include "object/adopter.h"
#include "object/members.h"

enum { SHARED_SLOTS = 6, SHARED_LOG2 = 8, SHARED_REGS = 1 << SHARED_LOG2, SHARED_LOOKED_AT = 16 };

/* A pool block of order 2. accounts and payers stay empty while the members are listed. */
struct shared_regs {
    uint8_t accounts[SHARED_REGS], payers[SHARED_REGS], slots[SHARED_REGS];
};

struct shared {
    uint64_t object;
    int64_t first_ms, last_ms;
    int64_t crowded_ms; /* when PUBLIC_ACCOUNTS were listed; 0: never yet */
    uint32_t sightings;
    struct members members;
    struct adopters adopters;
    uint32_t slot[SHARED_SLOTS];
    uint32_t regs; /* POOL_NONE until needed */
    uint8_t kind;
    bool is_public;
    bool announced; /* its members were told as ties, and each new one is */
    bool estimated; /* accounts and payers are counted in regs */
};
_Static_assert(sizeof(struct shared) <= 256, "four cache lines an object");
_Static_assert(MEMBERS_LIMIT <= UINT16_MAX, "the counts of adopters hold every member");

struct shared_table {
    struct shared *items; /* object 0: free */
    uint32_t n_max, n_used, members_max;
    uint32_t hand; /* where the next look for room begins */
    uint64_t n, publics, evicted, unlisted;
    struct pool pool;
    struct lines lines;
};

/* What made room for another object; object 0: nothing. */
struct shared_evicted {
    uint64_t object;
    uint8_t kind;
    bool announced;
};

/* One who shows the object: from a sighting or from the holder of a single. */
struct shower {
    uint64_t account, payer;
    uint16_t country;
    uint8_t adopter;
};

enum shared_join {
    JOIN_KNOWN,       /* listed before */
    JOIN_NEW,         /* listed now */
    JOIN_ESTABLISHED, /* listed before, and now established */
    JOIN_UNLISTED,    /* the list is closed */
};

MUST_CHECK enum status shared_table_new(size_t bytes, uint32_t members_max, struct shared_table *ret_table);
void shared_table_free(struct shared_table *table);
size_t shared_table_bytes(const struct shared_table *table);

static inline struct shared *shared_at(const struct shared_table *table, uint32_t place)
{
    return &table->items[place];
}
/* Enters an object that is not there, without members, and returns its place. */
uint32_t shared_add(struct shared_table *table, uint64_t object, uint8_t kind, int64_t time_ms,
    struct shared_evicted *ret_evicted);
/* Forgets the object at this place, as if it had made room. */
struct shared_evicted shared_forget(struct shared_table *table, uint32_t place);
enum shared_join shared_join(struct shared_table *table, struct shared *shared, const struct shower *shower);
/* 32 bits of a task slot; 0 stays 0 and nothing else becomes 0. */
static inline uint32_t slot_fold(uint64_t slot)
{
    uint32_t fold = (uint32_t)(mix64(slot) >> 32);
    return slot && !fold ? 1 : fold;
}
/* Counts a task slot by its fold. */
void shared_count_slot(struct shared_table *table, struct shared *shared, uint32_t fold);
/* Gives the list back; from now on the object only counts. */
void shared_publish(struct shared_table *table, struct shared *shared);
/* A public object is none any more: it lists accounts again, from none on. */
void shared_reopen(struct shared_table *table, struct shared *shared);

double shared_accounts(const struct shared_table *table, const struct shared *shared);
double shared_payers(const struct shared_table *table, const struct shared *shared);
double shared_slots(const struct shared_table *table, const struct shared *shared);

static ALWAYS_INLINE void shared_prefetch(const struct shared *shared)
{
    const char *at = (const char *)shared;
    for (size_t i = 0; i < sizeof *shared; i += 64)
        __builtin_prefetch(at + i, 1);
}
/* When the object is in the cache already: where its lists and registers will be looked into. */
void shared_prefetch_member(
    const struct shared_table *table, const struct shared *shared, uint64_t account, uint64_t slot);

#endif
