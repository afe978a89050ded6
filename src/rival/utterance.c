#include "rival/utterance.h"

#include "sketch/bottom_k.h"

#include <math.h>
#include <stdlib.h>

enum {
    UNSURE = 128, /* of 255 */
    TENTH = WINDOW / 10 - 1,
};
static const double near_jaccard = 0.6;

const bool window_is_share[WINDOW_FEATURES] = {
    true,
    true,
    false,
    false,
    false,
    true,
    true,
    false,
    false,
    true,
};
/* Without a call where the machine's own instruction is not to be assumed. */
static inline unsigned bits_in(uint64_t x)
{
    x -= x >> 1 & UINT64_C(0x5555555555555555);
    x = (x & UINT64_C(0x3333333333333333)) + (x >> 2 & UINT64_C(0x3333333333333333));
    x = (x + (x >> 4)) & UINT64_C(0x0f0f0f0f0f0f0f0f);
    return (unsigned)(x * UINT64_C(0x0101010101010101) >> 56);
}

void utterance_of(const struct record *record, const struct query *query, struct utterance *ret_utterance)
{
    const struct exchange_record *exchange = &record->exchange;
    struct utterance utterance = { .time_ms = record->time_ms,
        .text = exchange->slot,
        .skeleton = query->skeleton,
        .n_chars = query->n_chars,
        .n_different = (uint8_t)query->n_different };
    for (size_t i = 1; i < CAP_COUNT; i++)
        if (exchange->capability[i] > exchange->capability[utterance.label])
            utterance.label = (uint8_t)i;
    utterance.confidence = exchange->capability[utterance.label];
    memcpy(utterance.words, query->words, query->n_different * sizeof *query->words);
    memcpy(utterance.times, query->times, query->n_different);
    for (size_t i = 0; i < query->n_different; i++)
        utterance.bits |= UINT64_C(1) << (query->words[i] & 63);
    utterance.n_bits = (uint8_t)bits_in(utterance.bits);
    *ret_utterance = utterance;
}

/*
 * Words whose bit the other has not are not common; what is left bounds the number of common words from above: 0.6 of all
 * words is 3/8 of the sum of both sets.
 */
bool utterance_is_near(const struct utterance *a, const struct utterance *b)
{
    int both = (int)bits_in(a->bits & b->bits);
    int left = a->n_different - a->n_bits + both, right = b->n_different - b->n_bits + both;
    int common = left < right ? left : right, sum = a->n_different + b->n_different;
    bool sampled = a->n_different == QUERY_WORDS || b->n_different == QUERY_WORDS;
    if (common <= 0 || (sampled ? 5 * common < 3 * QUERY_WORDS : 8 * common < 3 * sum))
        return false;
    return bottom_k_jaccard(a->words, a->n_different, b->words, b->n_different, QUERY_WORDS) >= near_jaccard;
}

static int by_value(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a;
    uint64_t y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

/* Sorts; the different ones and the most equal ones. */
static void count_equal(uint64_t *values, size_t *ret_different, size_t *ret_most)
{
    size_t different = 0, most = 0;
    qsort(values, WINDOW, sizeof *values, by_value);
    for (size_t from = 0, to = 0; from < WINDOW; from = to, different++) {
        while (to < WINDOW && values[to] == values[from])
            to++;
        most = to - from > most ? to - from : most;
    }
    *ret_different = different;
    *ret_most = most;
}

static double near_duplicates(const struct utterance *const *window)
{
    bool near[WINDOW] = { false };
    size_t n = 0;
    for (size_t i = 0; i < WINDOW; i++)
        for (size_t j = 0; j < i; j++)
            if (!(near[i] && near[j]) && utterance_is_near(window[i], window[j]))
                near[i] = near[j] = true;
    for (size_t i = 0; i < WINDOW; i++)
        n += near[i];
    return (double)n / WINDOW;
}

/* Herdan's C and the entropy over its maximum, of the words of all texts. */
static void word_features(const struct utterance *const *window, struct window_scratch *scratch,
    double *ret_herdan, double *ret_entropy)
{
    uint32_t types = 0, tokens = 0;
    double sum = 0;
    memset(scratch->counts, 0, sizeof scratch->counts);
    for (size_t i = 0; i < WINDOW; i++)
        for (size_t k = 0; k < window[i]->n_different; k++) {
            uint32_t word = window[i]->words[k], at = word * UINT32_C(0x9e3779b1) % WINDOW_SLOTS;
            while (scratch->counts[at] && scratch->words[at] != word)
                at = (at + 1) % WINDOW_SLOTS;
            types += scratch->counts[at] == 0;
            scratch->words[at] = word;
            scratch->counts[at] += window[i]->times[k];
            tokens += window[i]->times[k];
        }
    for (size_t at = 0; at < WINDOW_SLOTS; at++)
        if (scratch->counts[at] > 1)
            sum += scratch->counts[at] * log(scratch->counts[at]);
    *ret_herdan = tokens < 2 ? 0 : log(types < 2 ? 2 : types) / log(tokens);
    *ret_entropy = types < 2 ? 0 : (log(tokens) - sum / tokens) / log(types);
}

/* Mean and deviation with n - 1. */
static void spread_of(const double *values, size_t n, double *ret_mean, double *ret_deviation)
{
    double mean = 0, squares = 0;
    for (size_t i = 0; i < n; i++)
        mean += values[i] / (double)n;
    for (size_t i = 0; i < n; i++)
        squares += (values[i] - mean) * (values[i] - mean);
    *ret_mean = mean;
    *ret_deviation = sqrt(squares / (double)(n - 1));
}

static double length_variation(const struct utterance *const *window)
{
    double lengths[WINDOW], mean, deviation;
    for (size_t i = 0; i < WINDOW; i++)
        lengths[i] = window[i]->n_chars;
    spread_of(lengths, WINDOW, &mean, &deviation);
    return mean > 0 ? deviation / mean : 0;
}

static double burstiness(const struct utterance *const *window)
{
    double gaps[WINDOW - 1], mean, deviation;
    for (size_t i = 0; i + 1 < WINDOW; i++)
        gaps[i] = (double)(window[i + 1]->time_ms - window[i]->time_ms);
    spread_of(gaps, WINDOW - 1, &mean, &deviation);
    return mean + deviation > 0 ? (deviation - mean) / (deviation + mean) : 0;
}

static void answer_features(
    const struct utterance *const *window, double *ret_unsure, double *ret_tenth, double *ret_balance)
{
    uint64_t confidence[WINDOW], labels[WINDOW];
    size_t unsure = 0, different, most;
    for (size_t i = 0; i < WINDOW; i++) {
        confidence[i] = window[i]->confidence;
        labels[i] = window[i]->label;
        unsure += window[i]->confidence < UNSURE;
    }
    qsort(confidence, WINDOW, sizeof *confidence, by_value);
    count_equal(labels, &different, &most);
    *ret_unsure = (double)unsure / WINDOW;
    *ret_tenth = (double)confidence[TENTH] / 255;
    *ret_balance = fabs((double)most / WINDOW - 0.5);
}

void window_features(const struct utterance *const window[static WINDOW], struct window_scratch *scratch,
    double ret_features[static WINDOW_FEATURES])
{
    uint64_t texts[WINDOW], skeletons[WINDOW];
    size_t different, most;
    for (size_t i = 0; i < WINDOW; i++) {
        texts[i] = window[i]->text;
        skeletons[i] = window[i]->skeleton;
    }
    count_equal(texts, &different, &most);
    ret_features[0] = 1 - (double)different / WINDOW;
    ret_features[1] = near_duplicates(window);
    word_features(window, scratch, &ret_features[2], &ret_features[3]);
    ret_features[4] = length_variation(window);
    count_equal(skeletons, &different, &most);
    ret_features[5] = (double)most / WINDOW;
    answer_features(window, &ret_features[6], &ret_features[7], &ret_features[9]);
    ret_features[8] = burstiness(window);
}
