/*
 * party.h: an account as link-then-confirm sees it, and how alike two of them are.
 *
 * Model: four features of a pair: vocabulary (Jaccard of words), skeletons (Jaccard), cross_dup (mean over both sides of the
 *   share of its requests that are near-duplicates of one of the other's), overlap (intersection over union of the two
 *   spans from first to last request).
 * Source: adwaitm0106/extraction-detector, campaign.py, 2026. Deviations: of words and skeletons samples are kept
 *   (bottom_k.h, errors 0.04 and 0.09 at a Jaccard of 1/2), of requests the newest WINDOW,
 *   of which cross_dup takes the newest PARTY_CROSS, not a random 200.
 * Memory: 800 bytes a party and 264 a request, at most WINDOW of them.
 * Errors: STATUS_NOMEM leaves the party as it was.
 * Cost: a request 0.3 us; a pair 0.6 us, with cross_dup 2 us where texts are unlike.
 */
#ifndef RIVAL_PARTY_H
#define RIVAL_PARTY_H

#include "base/status.h"
#include "rival/utterance.h"

enum { PARTY_WORDS = 128, PARTY_SKELETONS = 32, PARTY_CROSS = 15 };
enum pair_feature { PAIR_VOCABULARY, PAIR_SKELETONS, PAIR_OVERLAP, PAIR_CROSS_DUP, PAIR_FEATURES };

struct party {
    struct utterance *said; /* the newest, as a ring */
    uint8_t n, capacity, next;
    uint8_t n_words, n_skeletons;
    uint64_t requests;
    int64_t first_ms, last_ms;
    uint32_t words[PARTY_WORDS], skeletons[PARTY_SKELETONS];
};

void party_fini(struct party *party);
MUST_CHECK enum status party_add(struct party *party, const struct utterance *utterance);
/* Pointers to what it said, in time order; returns how many. */
size_t party_said(const struct party *party, const struct utterance *ret_said[static WINDOW]);
double party_pair_feature(const struct party *a, const struct party *b, enum pair_feature feature);

#endif
