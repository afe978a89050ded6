/*
 * object.h: who shows what: membership with bounded memory, rarity learned from the traffic, issued things.
 *
 * Model: three bounded tables. *Singles*: objects shown by one account so far, 24 bytes each, set-associative,
 *   the oldest of the least durable kind evicted (identity outlives content). *Shared*: objects of two or more
 *   accounts: members by bottom-k keyed sample, distinct accounts, payers and slots by HyperLogLog, adopter
 *   profile (established, verified, education, countries), sightings, follow-ups. *Issued*: (anchor, account,
 *   time bucket) in 16 bytes, set-associative, oldest evicted, under a cap of its own; an anchor issued to three
 *   accounts or more is common and weighs nothing.
 *   Public: many established payers, as diverse as the population's: see object_public.
 * Source: HyperLogLog, Flajolet et al. 2007; bottom-k sketches, Cohen, Kaplan 2007; adopter profile: our own.
 * Memory: config bytes, fixed at start; every eviction is counted by table.
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
    uint32_t members_max; /* members listed for one object; 0: 4096. Beyond it the object keeps counting */
    int64_t issued_bucket_ms; /* 0: 1 h */
    int64_t refused_window_ms; /* a refused task sent again within this is a hand-off; 0: 10 min */
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
    double accounts, payers, slots; /* distinct, estimated */
    uint64_t sightings, follow_ups;
    double established, verified, education, reseller; /* shares of adopters, 0..1 */
    double countries; /* entropy in bits */
    int64_t first_ms, last_ms;
};

struct object_stats {
    uint64_t singles, shared, issued, publics;
    uint64_t singles_evicted, shared_evicted, issued_evicted;
    uint64_t state_bytes, issued_bytes;
};

MUST_CHECK enum status object_table_new(const struct object_config *config, struct object_table **ret_table);
void object_table_free(struct object_table *table);

/* Applies sightings in their order, appends ties. */
MUST_CHECK enum status object_apply(struct object_table *table, const struct sighting *sightings, size_t n,
    const struct population *population, struct tie_list *ties);

MUST_CHECK enum status object_profile(
    const struct object_table *table, uint64_t object, struct object_profile *ret_profile);
void object_stats(const struct object_table *table, struct object_stats *ret_stats);

#endif
