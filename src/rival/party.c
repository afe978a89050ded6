#include "rival/party.h"

#include "sketch/bottom_k.h"

#include <stdlib.h>

enum { FIRST_CAPACITY = 8 };

void party_fini(struct party *party)
{
    free(party->said);
    *party = (struct party){ 0 };
}

static enum status grow(struct party *party)
{
    enum status st = STATUS_OK;
    size_t capacity = party->capacity ? 2 * (size_t)party->capacity : FIRST_CAPACITY;
    capacity = capacity < WINDOW ? capacity : WINDOW;
    struct utterance *grown = realloc(party->said, capacity * sizeof *grown);
    REQUIRE(grown, STATUS_NOMEM);
    party->said = grown;
    party->capacity = (uint8_t)capacity;
fail:
    return st;
}

enum status party_add(struct party *party, const struct utterance *utterance)
{
    enum status st = STATUS_OK;
    size_t at = party->n;
    if (party->n == party->capacity && party->capacity < WINDOW)
        TRY(grow(party));
    if (party->n < party->capacity) {
        party->n++;
    } else {
        at = party->next;
        party->next = (uint8_t)((party->next + 1) % WINDOW);
    }
    party->said[at] = *utterance;
    if (party->requests++ == 0)
        party->first_ms = utterance->time_ms;
    party->last_ms = utterance->time_ms;
    for (size_t i = 0; i < utterance->n_different; i++) {
        if (party->n_words == PARTY_WORDS && utterance->words[i] >= party->words[PARTY_WORDS - 1])
            break; /* they ascend */
        party->n_words =
            (uint8_t)bottom_k_add(party->words, party->n_words, PARTY_WORDS, utterance->words[i]);
    }
    party->n_skeletons = (uint8_t)bottom_k_add(
        party->skeletons, party->n_skeletons, PARTY_SKELETONS, (uint32_t)(utterance->skeleton >> 32));
fail:
    return st;
}

size_t party_said(const struct party *party, const struct utterance *ret_said[static WINDOW])
{
    for (size_t i = 0; i < party->n; i++)
        ret_said[i] = &party->said[(party->next + i) % party->n];
    return party->n;
}

/* Of the newest requests of both. */
static double cross_duplicates(const struct party *a, const struct party *b)
{
    const struct utterance *said_a[WINDOW], *said_b[WINDOW];
    bool met_b[WINDOW] = { false };
    size_t all_a = party_said(a, said_a), all_b = party_said(b, said_b), hits_a = 0, hits_b = 0;
    size_t n_a = all_a < PARTY_CROSS ? all_a : PARTY_CROSS, n_b = all_b < PARTY_CROSS ? all_b : PARTY_CROSS;
    for (size_t i = 0; i < n_a; i++) {
        bool met_a = false;
        for (size_t j = 0; j < n_b; j++)
            if (!(met_a && met_b[j]) && utterance_is_near(said_a[all_a - n_a + i], said_b[all_b - n_b + j]))
                met_a = met_b[j] = true;
        hits_a += met_a;
    }
    for (size_t j = 0; j < n_b; j++)
        hits_b += met_b[j];
    return n_a && n_b ? ((double)hits_a / (double)n_a + (double)hits_b / (double)n_b) / 2 : 0;
}

static double time_overlap(const struct party *a, const struct party *b)
{
    int64_t from = a->first_ms > b->first_ms ? a->first_ms : b->first_ms;
    int64_t to = a->last_ms < b->last_ms ? a->last_ms : b->last_ms;
    int64_t first = a->first_ms < b->first_ms ? a->first_ms : b->first_ms;
    int64_t last = a->last_ms > b->last_ms ? a->last_ms : b->last_ms;
    return to > from ? (double)(to - from) / (double)(last - first) : 0;
}

double party_pair_feature(const struct party *a, const struct party *b, enum pair_feature feature)
{
    switch (feature) {
    case PAIR_VOCABULARY:
        return bottom_k_jaccard(a->words, a->n_words, b->words, b->n_words, PARTY_WORDS);
    case PAIR_SKELETONS:
        return bottom_k_jaccard(a->skeletons, a->n_skeletons, b->skeletons, b->n_skeletons, PARTY_SKELETONS);
    case PAIR_OVERLAP:
        return time_overlap(a, b);
    default:
        return cross_duplicates(a, b);
    }
}
