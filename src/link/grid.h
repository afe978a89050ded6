/*
 * grid.h: the cells of one window and phase: who acted on one object within one window.
 *
 * Model: time is cut into windows; a cell is the accounts that acted on an object in one of them, three at least. In the
 *   object's order of acts a cell is a run.
 * Memory: 40 bytes a cell, 4 an act.
 * Errors: STATUS_NOMEM.
 * Cost: O(acts).
 */
#ifndef LINK_GRID_H
#define LINK_GRID_H

#include "link/era.h"

enum { CELL_MIN = 3, PHASES = 2 };

struct cell {
    uint32_t from, n;    /* acts, in their order by object */
    float novices;       /* log10 e that little-active accounts are too many (novices.h) */
    float expected;      /* share of them that is usual there */
    uint32_t n_novices;  /* how many there are */
    uint32_t level;      /* which they are: at most era_levels[level] objects */
    float partners;      /* log10 e that its accounts meet elsewhere (partners.h) */
    uint32_t candidates; /* cells with which it shares an account */
    float log_odds;      /* decimal, that it is coordinated */
};

struct grid {
    int64_t window_ms, shift_ms;
    struct cell *cells;
    size_t n, capacity;
    uint32_t *cell_of; /* by act; MAP_NONE: none */
};

/* Phases to try: a window of the resolution itself has one. */
unsigned grid_phases(const struct era *era, int64_t window_ms);
/* To grid_fini whatever it returns. */
MUST_CHECK enum status grid_init(struct grid *grid, const struct era *era, int64_t window_ms, unsigned phase);
void grid_fini(struct grid *grid);
/* Cells that grid_init would make. */
size_t grid_count(const struct era *era, int64_t window_ms, unsigned phase);

#endif
