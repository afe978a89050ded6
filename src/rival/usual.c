#include "rival/usual.h"

#include "base/mix.h"

#include <math.h>
#include <stdlib.h>

static const double floor_of_share = 1.0 / WINDOW, floor_of_window = 1e-3, floor_of_pair = 0.02;

enum status usual_init(struct usual *usual, double cut)
{
    enum status st = STATUS_OK;
    *usual = (struct usual){ .cut = cut, .random = UINT64_C(0x8ebc6af09c88c6e3) };
    usual->windows = calloc(USUAL_WINDOWS_MOST, sizeof *usual->windows);
    REQUIRE(usual->windows, STATUS_NOMEM);
fail:
    return st;
}

void usual_fini(struct usual *usual)
{
    free(usual->windows);
    *usual = (struct usual){ 0 };
}

static size_t draw(struct usual *usual, size_t n)
{
    usual->random += UINT64_C(0xa0761d6478bd642f);
    return (size_t)(mix_fold(usual->random, usual->random ^ UINT64_C(0xe7037ed1a0b428db)) % n);
}

void usual_note(struct usual *usual, const double features[static WINDOW_FEATURES])
{
    size_t at = usual->n_windows;
    usual->seen++;
    if (usual->n_windows < USUAL_WINDOWS_MOST)
        usual->n_windows++;
    else
        at = draw(usual, usual->seen);
    if (at < USUAL_WINDOWS_MOST)
        memcpy(usual->windows[at], features, sizeof usual->windows[at]);
}

enum status usual_fit(struct usual *usual, const struct party *parties, const uint32_t *numbers, size_t n)
{
    enum status st = STATUS_OK;
    size_t most = USUAL_WINDOWS_MOST > USUAL_PAIRS ? USUAL_WINDOWS_MOST : USUAL_PAIRS;
    double *values = calloc(most, sizeof *values);
    uint32_t(*pairs)[2] = calloc(USUAL_PAIRS, sizeof *pairs);
    REQUIRE(values && pairs, STATUS_NOMEM);
    for (size_t f = 0; f < WINDOW_FEATURES; f++) {
        for (size_t i = 0; i < usual->n_windows; i++)
            values[i] = usual->windows[i][f];
        usual->window[f] =
            robust_fit(values, usual->n_windows, window_is_share[f] ? floor_of_share : floor_of_window);
    }
    for (size_t i = 0; i < USUAL_PAIRS; i++) {
        size_t a = draw(usual, n), b = draw(usual, n - 1);
        pairs[i][0] = numbers[a];
        pairs[i][1] = numbers[b + (b >= a)];
    }
    for (size_t f = 0; f < PAIR_FEATURES; f++) {
        for (size_t i = 0; i < USUAL_PAIRS; i++)
            values[i] =
                party_pair_feature(&parties[pairs[i][0]], &parties[pairs[i][1]], (enum pair_feature)f);
        usual->pair[f] = robust_fit(values, USUAL_PAIRS, floor_of_pair);
    }
    free(usual->windows);
    usual->windows = NULL;
fail:
    free(values);
    free(pairs);
    return st;
}

bool usual_is_anomalous(const struct usual *usual, const double features[static WINDOW_FEATURES])
{
    unsigned flags = 0;
    for (size_t f = 0; f < WINDOW_FEATURES; f++)
        flags += fabs(robust_z(&usual->window[f], features[f])) >= usual->cut;
    return flags >= USUAL_FLAGS;
}

/* The dear one comes last, and only where it decides. */
bool usual_is_linked(const struct usual *usual, const struct party *a, const struct party *b)
{
    unsigned flags = 0;
    for (unsigned f = 0; f < PAIR_FEATURES && flags < USUAL_FLAGS && flags + PAIR_FEATURES - f >= USUAL_FLAGS;
         f++)
        flags += robust_z(&usual->pair[f], party_pair_feature(a, b, (enum pair_feature)f)) >= usual->cut;
    return flags >= USUAL_FLAGS;
}
