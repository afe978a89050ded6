/*
 * crew.h: accounts that act together, as sets that share no account.
 *
 * Model: cells from the best odds down. Crews that hold a quarter of a cell's members, and two at least, become one with it; so one
 *   rented account, or an object that everybody likes, chains nobody. Members without a crew join the one that holds most of the cell, else
 *   they are a new crew.
 * Shapes: crews count from 0, by their best cell's odds.
 * Memory: 12 bytes an act and 8 an account, for the call; 96 a crew.
 * Errors: STATUS_NOMEM.
 * Cost: O(members of cells + acts).
 */
#ifndef LINK_CREW_H
#define LINK_CREW_H

#include "link/link.h"

enum { CREW_TOP = 5 };

struct crew {
    uint32_t n_accounts, n_objects, n_acts; /* objects and acts: of its cells, by its accounts */
    uint32_t n_cells;
    int64_t first_ms, last_ms;
    float log_odds, novices, partners;                     /* of its best cell */
    uint32_t top[CREW_TOP], top_accounts[CREW_TOP], n_top; /* objects by accounts */
};

struct crews {
    struct crew *items;
    size_t n;
    uint32_t *crew_of; /* by account; MAP_NONE: none */
};

/* To crews_fini whatever it returns. */
MUST_CHECK enum status crews_make(struct crews *crews, const struct link *link);
void crews_fini(struct crews *crews);

#endif
