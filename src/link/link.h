/*
 * link.h: which accounts act together, from bare sightings: account, object, time.
 *
 * Model: for every window and phase (era.h) the accounts that acted on an object within it are a cell (grid.h). Whether a cell is
 *   coordinated is told by two things given how many came: too many of them hardly act elsewhere (novices.h), or the same ones
 *   meet on another object too (partners.h). Both are e-values under one null: within slices of time, acts are dealt to objects at
 *   random, with each object's count in the window and each account's activity as they are. Their product is held against the
 *   number of cells: the odds that a cell is coordinated are e / cells. Over all of the time only partners speak: an object's whole
 *   audience has nothing to be compared with. An act's score is its most in any cell: P(the cell is
 *   coordinated) * P(it belongs to the excess); little-active accounts that a shorter window found explain the excess of a longer one, so that
 *   who came to the object on another day that week is not of those who came in a minute; who acts more than others of the cell belongs to chance the more. An account's is the most of its acts'; of acts above a half, 1 - product of
 *   (1 - score), without the likeliest: two acts that meet are one coincidence.
 *   Accounts of a score of at least `least` in a cell form crews (crew.h).
 * Source: docs/decisions/014-linking-bare-sightings.md; SynchroTrap, CopyCatch, FRAUDAR are named where they are used.
 * Shapes: scores 0 to 1, 0 where an account is in no cell; evidence in decades.
 * Memory: 138 bytes an act and 80 an account at the most, 40 a cell, 16 a pair of candidates.
 * Errors: STATUS_NOMEM.
 * Cost: O(acts + candidates, and the cells of each pair that meets) for each of up to 13 grids; 5 us an act in all on 1.4 million acts (scripts/link-results).
 * Privacy: names of accounts and objects are kept as they came.
 */
#ifndef LINK_LINK_H
#define LINK_LINK_H

#include "link/grid.h"

struct link_config {
    double least;     /* score from which an account is in a crew */
    size_t pairs_max; /* candidates of a grid */
};

/* A cell whose odds are even or better. */
struct found {
    uint32_t from, n; /* acts, in their order by object */
    int64_t window_ms;
    float log_odds, novices, partners;
    size_t members, n_members; /* in link.members: accounts of at least the least score in it */
};

struct link {
    struct link_config config;
    const struct acts *acts;
    struct era era;
    double *scores;     /* by account */
    double *act_scores; /* by act */
    struct found *found;
    size_t n_found, found_capacity;
    uint32_t *members;
    size_t n_members, members_capacity;
    uint64_t cells, pairs_left_out; /* over all grids */
    double taste;                   /* the most of all grids (partners.h) */
    double audience_taste[LEVELS];  /* novices.h */
};

/* The acts are settled, and borrowed as long as the link is there. To link_fini whatever it returns. */
MUST_CHECK enum status link_run(struct link *link, const struct acts *acts, const struct link_config *config);
void link_fini(struct link *link);

#endif
