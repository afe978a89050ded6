/*
 * usual.h: what windows of requests and pairs of accounts are usually like, and how unusual one is.
 *
 * Model: every feature has a centre and a scale, median and MAD of a sample that is taken to be benign (robust.h). A window
 *   is anomalous if at least USUAL_FLAGS of its features lie at |z| >= cut; a pair is linked if at least as many of its
 *   features lie at z >= cut: only excess similarity counts. Scales have floors: 1 / WINDOW for shares, 0.001 for other
 *   features of windows, 0.02 for those of pairs.
 * Source: adwaitm0106/extraction-detector, calibrate.py, score.py and campaign.py, 2026: cut 3.5, two flags.
 * Memory: 320 KiB while windows are sampled.
 * Errors: STATUS_NOMEM.
 * Order of calls: init, note*, fit, then the others; fini.
 */
#ifndef RIVAL_USUAL_H
#define RIVAL_USUAL_H

#include "rival/party.h"
#include "sketch/robust.h"

enum { USUAL_FLAGS = 2, USUAL_WINDOWS_MOST = 4096, USUAL_WINDOWS_LEAST = 20, USUAL_PAIRS = 2000 };

struct usual {
    double (*windows)[WINDOW_FEATURES]; /* a uniform sample; NULL once fitted */
    size_t n_windows;
    uint64_t seen, random;
    struct robust window[WINDOW_FEATURES], pair[PAIR_FEATURES];
    double cut;
};

MUST_CHECK enum status usual_init(struct usual *usual, double cut);
void usual_fini(struct usual *usual);
void usual_note(struct usual *usual, const double features[static WINDOW_FEATURES]);
/* From the noted windows and random pairs of these parties, of which there are at least two. */
MUST_CHECK enum status usual_fit(
    struct usual *usual, const struct party *parties, const uint32_t *numbers, size_t n);
bool usual_is_anomalous(const struct usual *usual, const double features[static WINDOW_FEATURES]);
bool usual_is_linked(const struct usual *usual, const struct party *a, const struct party *b);

#endif
