/*
 * utterance.h: what link-then-confirm keeps of one request, and ten features of a window of them.
 *
 * Model: features 1 to 10 of a window of requests in time order, each free of rate and size:
 *   exact_dup       share of texts that are repetitions          near_dup    share with a near-duplicate in the window
 *   herdan_c        log different words / log words              entropy     of words, over that of as many equal ones
 *   length_cv       deviation / mean of text lengths             template    share of the commonest skeleton
 *   unsure          share of answers of low confidence           confidence  its 10th percentile
 *   burstiness      (s - m) / (s + m) of the gaps                balance     |share of the commonest label - 1/2|
 *   Near-duplicates: Jaccard similarity of the words at least 0.6. Skeleton: number of words, first and last one.
 * Source: adwaitm0106/extraction-detector, features.py, 2026. It guards a classifier, whose answer has a label and a
 *   confidence. Deviation: ours are the capability that the request is classified as and its share; low is below 0.5, not
 *   0.9, there being 13 classes and not 2. Words are alphanumeric runs; of a long text a sample (query.h).
 * Shapes: times in ms; confidence 0..255.
 * Memory: 264 bytes an utterance; struct window_scratch 16 KiB.
 * Cost: 12 us a window of 30 texts of 40 words; 4 ns a pair of unlike texts.
 */
#ifndef RIVAL_UTTERANCE_H
#define RIVAL_UTTERANCE_H

#include "record/record.h"
#include "rival/query.h"

#include <stdbool.h>

enum { WINDOW = 30, STRIDE = 15, WINDOW_FEATURES = 10, WINDOW_SLOTS = 2048 };

struct utterance {
    int64_t time_ms;
    uint64_t text; /* of the whole text; 0: none */
    uint64_t skeleton;
    uint64_t bits; /* one of 64 set for each word */
    uint32_t n_chars;
    uint8_t label, confidence;
    uint8_t n_different, n_bits;
    uint8_t times[QUERY_WORDS];
    uint32_t words[QUERY_WORDS];
};

struct window_scratch {
    uint32_t words[WINDOW_SLOTS];
    uint32_t counts[WINDOW_SLOTS];
};

/* The feature is a multiple of 1 / WINDOW (or balance): deviations below that are no signal. */
extern const bool window_is_share[WINDOW_FEATURES];

void utterance_of(const struct record *record, const struct query *query, struct utterance *ret_utterance);
bool utterance_is_near(const struct utterance *a, const struct utterance *b);
/* The features of WINDOW utterances in time order. */
void window_features(const struct utterance *const window[static WINDOW], struct window_scratch *scratch,
    double ret_features[static WINDOW_FEATURES]);

#endif
