/*
 * adopter.h: what the accounts that show an object are, as a group.
 *
 * Model: counts over distinct accounts, each counted as it was when it became a member, but for
 *   `established`, which follows the account. Countries: the first 12 are told apart, the rest is one;
 *   entropy over these is exact up to 12 countries and a lower bound beyond. Payers are distinct; an
 *   established payer pays for an established member.
 * Shapes: the sample is the listed members, so counts end at members_max.
 * Memory: 80 bytes an object.
 */
#ifndef OBJECT_ADOPTER_H
#define OBJECT_ADOPTER_H

#include <stdint.h>

enum { ADOPTER_COUNTRIES = 12 };

struct adopters {
    uint32_t accounts, payers;
    uint32_t established, established_payers;
    uint32_t marked; /* held by a campaign when last seen here */
    uint16_t verified, education, reseller;
    uint16_t other_countries; /* accounts of countries that found no place */
    uint16_t country[ADOPTER_COUNTRIES], in_country[ADOPTER_COUNTRIES];
};

/* Counts a new member: ADOPTER_ bits, country (0 unknown). Payers and established are counted by the caller.
 */
void adopters_add(struct adopters *adopters, uint8_t adopter, uint16_t country);
/* Accounts whose country is known. */
uint32_t adopters_located(const struct adopters *adopters);
/* Bits; 0 if no country is known. */
double adopters_entropy(const struct adopters *adopters);

#endif
