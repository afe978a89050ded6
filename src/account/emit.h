/*
 * emit.h: from a record and its account to sightings.
 *
 * Model: lists of {kind, verb, offset of the hash in the record}. What an account shows is passed on once
 *   an hour by a Bloom filter over the hour's objects, which forgets at the hour: of wholly new exchanges it
 *   loses 1 % of the objects at 2 an hour and 10 % at 8, others each hour. Content of at most
 *   content_per_hour exchanges an hour, direct facts of at most PROVENANCE_PER_HOUR. Facts of account events
 *   are passed on when they are new or changed. The longer openings and endings wait until the shorter recur; of the
 *   MinHash bands one in four is passed on, of anchors those in the lowest quarter, as issued ones are.
 * Source: Bloom, "Space/time trade-offs in hash coding with allowable errors", 1970.
 * Errors: none; what does not fit into the list is left out, so reserve EMIT_MAX first.
 */
#ifndef ACCOUNT_EMIT_H
#define ACCOUNT_EMIT_H

#include "account/measures.h"

enum { EMIT_MAX = 64 }; /* sightings of one record */

struct emission {
    struct account_table *table;
    struct account *account;
    struct sighting_list *list;
    struct sighting base; /* what all sightings of the record have in common */
};

uint8_t account_adopter(const struct account *account, int64_t now_ms);
uint64_t account_payer(const struct account *account, uint64_t id);

struct emission emission_of(struct account_table *table, struct account *account, const struct record *record,
    struct sighting_list *list);
void emit_facts(struct emission *emission, const struct account_record *facts);
/* The hash of a band of a user text's MinHash; bands differ by their position, too. 0 where it is not shown: one in four
 * is, chosen by its value, so that all who share it agree; a frame that varies makes new bands with each task. */
uint64_t emit_band(const uint16_t rows[static MINHASH_ROWS], unsigned band);
void emit_exchange(
    struct emission *emission, const struct moment *moment, const struct exchange_record *exchange);

#endif
