/*
 * object.h: who shows what: membership with bounded memory, rarity learned from the traffic, issued
 * things.
 *
 * Model: one index (index.h) of all objects shown: *singles*, of one account so far, and *shared* (shared.h): objects
 *   of accounts of two payers or more: members, distinct payers and slots, adopter profile. *Issued* (issued.h,
 *   refused.h): what was issued or refused to whom. *Holders* (holder.h): the accounts behind these.
 *   *Public* (public.h): shared by many established payers as diverse as the population's: weighs nothing.
 *   An object becomes shared when a second account shows it, unless both are of one organisation, or of
 *   one payer and the object is no identity: accounts of one payer are one customer, and what it shows
 *   with itself ties nobody. Once strangers share it, every account of it is a member; whoever reads the
 *   ties knows organisations.
 * Source: HyperLogLog, see sketch/hll.h; adopter profile: our own.
 * Memory: config bytes, fixed at start and lazily mapped; every eviction is counted by table.
 * Errors: object_apply checks room for ties before each sighting: on STATUS_NOMEM all sightings before it
 *   are applied and their ties listed, none after it. Where only the announcement of a long list finds no room, it waits
 *   for the object's next sighting.
 * Cost: 0.7 us an exchange of 9 sightings with 500,000 accounts (bench/object_bench.c). Sets, objects and list
 *   slots are fetched ahead of the sighting that needs them.
 * Threads: one table a partition, no sharing. No clock: time comes with the sightings.
 * Benign look-alikes: families share cards, classes share frames and networks, friends share few-shots.
 * Evasion: one card, device, frame and client per account; cleaning outputs elsewhere before they return.
 */
#ifndef OBJECT_OBJECT_H
#define OBJECT_OBJECT_H

#include "account/population.h"
#include "base/status.h"
#include "object/tie.h"

#include <stddef.h>

struct object_table;

struct object_config {
    size_t singles_bytes, shared_bytes, issued_bytes;
    uint32_t
        members_max; /* members listed for one object; 0: 49,152, which is also the most. Beyond it the object keeps counting */
    int64_t issued_bucket_ms;    /* 0: 1 h */
    int64_t refused_window_ms;   /* a refused task sent again within this is a hand-off; 0: 10 min */
    int64_t issued_retention_ms; /* 0: 7 d, also when there is room for longer */
    size_t holders_bytes;        /* taken from singles_bytes; 0: three fifths of them */
};

struct tie_list {
    struct tie *items;
    size_t n, capacity;
};
void tie_list_fini(struct tie_list *list);

struct object_profile {
    uint64_t object;
    uint8_t kind;
    bool shared, is_public;
    double accounts, payers,
        slots; /* distinct; exact while members are listed and slots few, else estimated */
    uint64_t sightings;
    double established, verified, education, reseller; /* shares of adopters, 0..1 */
    double countries;                                  /* entropy in bits */
    int64_t first_ms, last_ms;                         /* first: since when strangers share it, -1 not yet */
};

struct object_stats {
    uint64_t singles, shared, issued, publics; /* now */
    uint64_t holders;
    uint64_t singles_evicted, shared_evicted, issued_evicted, holders_evicted;
    uint64_t unlisted;                  /* sightings by accounts that found no room in their object's list */
    uint64_t state_bytes, issued_bytes; /* reserved */
};

/* Budgets too small for one set of a table are rounded up to it. */
MUST_CHECK enum status object_table_new(const struct object_config *config, struct object_table **ret_table);
void object_table_free(struct object_table *table);

/*
 * Applies sightings in their order, appends ties, ordered by object, then time, then as they were made.
 * Sightings of account or object 0 say nothing. population may be NULL: unknown.
 */
MUST_CHECK enum status object_apply(struct object_table *table, const struct sighting *sightings, size_t n,
    const struct population *population, struct tie_list *ties);

/*
 * The same for several ticks at once: tick i is the sightings before ends[i] that no tick before it has. Its ties come
 * after those of the ticks before, up to ret_tie_ends[i]; all that differs from n_ticks calls is what they cost.
 */
MUST_CHECK enum status object_apply_ticks(struct object_table *table, const struct sighting *sightings,
    const size_t *ends, size_t n_ticks, const struct population *population, struct tie_list *ties,
    size_t *ret_tie_ends);

/* STATUS_NOT_FOUND for what no table knows, and for direct kinds. */
MUST_CHECK enum status object_profile(
    const struct object_table *table, uint64_t object, struct object_profile *ret_profile);
/* The first max listed members in ascending order; ret_n is how many there are. A public object lists none.
 */
MUST_CHECK enum status object_members(
    const struct object_table *table, uint64_t object, uint64_t *accounts, size_t max, size_t *ret_n);
/*
 * An announced content object of a day and more that its accounts do not repeat (recur.h) is announced no longer until they
 * do: then with all its members. True if so: the caller drops its ties.
 */
bool object_retract(struct object_table *table, uint64_t object, int64_t now_ms);
void object_stats(const struct object_table *table, struct object_stats *ret_stats);

#endif
