/*
 * crew.h: accounts that act together, as sets that share no account.
 *
 * Model: cells of one time from the best odds down. Crews that hold a quarter of a cell's members, and two at least, become one with it; so one
 *   rented account, or an object that everybody likes, chains nobody. Members without a crew join the one that holds most of the cell, else
 *   they are a new crew. Then cells of all of the time, the smallest first: two crews that came to an object at times of their own are not one for it. They
 *   take part in a cell if they hold a quarter of it, or half of them are in it; those that take part in half the cells of either
 *   together, and in two, are one.
 * Shapes: crews count from 0, by their best cell's odds.
 * Memory: 12 bytes an act and 8 an account, 120 a cell and 40 a pair of crews, for the call; 96 a crew.
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
