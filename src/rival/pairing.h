/*
 * pairing.h: which accounts are pairwise alike in two sets of each, without comparing all pairs?
 *
 * Model: similarity = half the Jaccard similarity of the addresses + half that of the openings. More than a threshold t
 *   above 1/2 in all needs more than 2 t - 1 in either set. By the prefix principle two sets with Jaccard above c share
 *   one of the first n - floor(c n) elements of each in any common order; the rarest come first, so that what
 *   everybody has is hardly ever looked up. An inverted index holds each pair of such an address and such an opening; those
 *   who meet in it are compared exactly, unless they are joined already.
 * Source: Chaudhuri, Ganti, Kaushik, "A primitive operator for similarity joins in data cleaning", ICDE 2006; Bayardo, Ma,
 *   Srikant, "Scaling up all pairs similarity search", WWW 2007. The joined sets are those that all pairs give (the test
 *   compares), but for entries of the index where more than PAIRING_MOST meet: each is then compared with so many.
 * Shapes: hashes, distinct in a set, ascending, at most PAIRING_SET_MOST of each; threshold in (1/2, 1).
 * Memory: 16 bytes an entry of the index, 12 to 32 a different hash; freed on return.
 * Errors: STATUS_NOMEM.
 * Cost: 0.1 us an element and entry, 0.1 us a comparison.
 */
#ifndef RIVAL_PAIRING_H
#define RIVAL_PAIRING_H

#include "rival/sets.h"

enum { PAIRING_SET_MOST = 64, PAIRING_MOST = 1024 };

struct profile {
    const uint64_t *addresses, *openings;
    uint32_t n_addresses, n_openings;
};

double profile_similarity(const struct profile *a, const struct profile *b);
/* Joins profile i and j in sets, which has n numbers, for all pairs more alike than the threshold. */
MUST_CHECK enum status pairing_join(
    const struct profile *profiles, size_t n, double threshold, struct sets *sets);

#endif
