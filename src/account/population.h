/*
 * population.h: what the whole population of accounts looks like, to compare the adopters of an object
 * with.
 *
 * Model: counts over accounts, in a sketch that partitions merge by addition (payers by HyperLogLog
 *   union). An account whose payer is nobody but itself is counted exactly, known payers are estimated:
 *   payers = own + known. Each account counts from its first record on; one that was evicted and comes
 *   back counts twice.
 * Source: HyperLogLog, see sketch/hll.h.
 * Shapes: countries are two capital letters, high byte first, as in records; others are not counted.
 * Memory: 3.8 kB a sketch.
 * Cost: estimate and merge about 2 us; per record nothing unless an account changed.
 */
#ifndef ACCOUNT_POPULATION_H
#define ACCOUNT_POPULATION_H

#include <stdint.h>

struct account_table;

struct population {
    double accounts;          /* active accounts so far */
    double payer_ratio;       /* distinct payers over accounts, 0..1 */
    double established_share; /* accounts that were established (sighting.h) when last active */
    double country_entropy;   /* bits */
};

enum { POPULATION_LOG2_PAYERS = 10, POPULATION_COUNTRIES = 26 * 26 };

struct population_sketch {
    uint64_t accounts, established;
    uint64_t own_payers; /* accounts whose payer is the account itself */
    uint8_t payers[1 << POPULATION_LOG2_PAYERS];
    uint32_t countries[POPULATION_COUNTRIES];
};

/* Index into countries, -1 if it is not two capital letters. */
int population_country(uint16_t country);
void population_merge(struct population_sketch *into, const struct population_sketch *from);
/* Merges what the table has seen into `into`. */
void account_population(const struct account_table *table, struct population_sketch *into);
/* An empty sketch gives zeros. */
void population_estimate(const struct population_sketch *sketch, struct population *ret_population);

#endif
