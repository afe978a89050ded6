/*
 * public.h: is an object something that everybody shares, so that sharing it says nothing?
 *
 * Model: learned, never listed. Of n adopters (the members listed) p are distinct payers; the population has
 *   payer ratio r, established share s, country entropy h. Adopters are *as diverse as the population* if
 *     payers:    z = (p - n r) / sqrt(n r (1 - r)) > -3, no significant lack, and Wilson's lower bound of p/n
 *                at 3 sigma is at least r - 0.1, a lack of a tenth would have shown;
 *     countries: entropy >= h / 2, once the countries of 20 adopters are known;
 *     age:       share of established adopters >= s / 2.
 *   An object is public if its adopters are that diverse and it is
 *     old:       12 or more distinct payers pay for established adopters, or
 *     common:    40 or more accounts, more than 5 % of the population's, show it. In a young log s is 0,
 *                so that age asks nothing.
 *   Content that 60 accounts have shown for less than 12 hours is young, and public only with 2,000 accounts or
 *   more: in a few hours a large campaign of old accounts brings hundreds of adopters, of whom each has a card of
 *   its own, where what people have in common comes slowly or comes to many.
 *   Whoever shows it, a network object of more than 64 accounts is public (carrier NAT, VPN exit, client).
 *   Cases, r = 0.96: a prompt of 60 unrelated payers is public (bound 0.870 >= 0.86). 200 accounts of which a
 *   third share payments, p/n = 0.8, are not (z = -11.5), and hardly on the way there: the bound asks for 56
 *   accounts even if no payment repeats. Until then nothing is significant: a weak tie, not public.
 * Source: Wilson, "Probable inference, the law of succession, and statistical inference", 1927.
 * Errors: without a population (NULL, or no accounts in it) only the network rule speaks.
 * Benign look-alikes: the tool of one class or one company stays shared, a content tie of little weight. So does, for
 *   half a day, a new tool, and in a service of less than 2,000 accounts, everything on the first day of its log.
 * Evasion: a campaign with 56 payments of its own, as aged and as spread over countries as the population,
 *   makes its frame public: a card an account is the price, or half a day between the first 60
 *   accounts and the others, or 2,000 in that time of which few pay twice; hand-off and provenance still tell.
 */
#ifndef OBJECT_PUBLIC_H
#define OBJECT_PUBLIC_H

#include "account/population.h"
#include "object/adopter.h"

#include <stdbool.h>

enum {
    PUBLIC_PAYERS = 12,
    PUBLIC_NETWORK_ACCOUNTS = 64,
    PUBLIC_COMMON_ACCOUNTS = 40,
    PUBLIC_LOCATED = 20,
    PUBLIC_ACCOUNTS = 60,
    PUBLIC_MARKED = 3,
    PUBLIC_YOUNG_HOURS = 12,
    PUBLIC_YOUNG_ACCOUNTS = 2000,
    CONCENTRATED_ACCOUNTS = 200,
};

/*
 * Whether so few pay for so many that the object is nobody's but theirs, however diverse those were who came first: the
 * first adopters of a large campaign all have cards of their own. Of content with CONCENTRATED_ACCOUNTS or more, by
 * estimates whose ratio errs by 9 %: three times that below the population's.
 */
bool object_concentrated(uint8_t kind, double accounts, double payers, const struct population *population);

/*
 * accounts: distinct accounts that show the object, estimated where they are no longer listed; age_ms: since
 * PUBLIC_ACCOUNTS did.
 */
bool object_public(uint8_t kind, double accounts, int64_t age_ms, const struct adopters *adopters,
    const struct population *population);

#endif
