#include "link/grid.h"

#include "score/array.h"

#include <stdlib.h>

unsigned grid_phases(const struct era *era, int64_t window_ms)
{
    return window_ms > era->resolution_ms && window_ms < ALL_TIME_MS ? PHASES : 1;
}

static int64_t shift_of(int64_t window_ms, unsigned phase)
{
    return window_ms * phase / PHASES;
}

static int64_t window_at(int64_t time_ms, int64_t window_ms, int64_t shift_ms)
{
    if (window_ms == ALL_TIME_MS)
        return 0;
    int64_t from_start = time_ms + shift_ms;
    int64_t window = from_start / window_ms;
    return window - (from_start % window_ms < 0);
}

/* Where the run of acts on one object in one window ends that begins at from. */
static size_t run_end(const struct acts *acts, size_t from, int64_t window_ms, int64_t shift_ms)
{
    const struct act *first = &acts->items[from];
    size_t end = acts->object_start[first->object + 1];
    int64_t window = window_at(first->time_ms, window_ms, shift_ms);
    size_t i = from + 1;
    while (i < end && window_at(acts->items[i].time_ms, window_ms, shift_ms) == window)
        i++;
    return i;
}

size_t grid_count(const struct era *era, int64_t window_ms, unsigned phase)
{
    size_t n = 0;
    for (size_t i = 0; i < era->acts->n;) {
        size_t end = run_end(era->acts, i, window_ms, shift_of(window_ms, phase));
        n += end - i >= CELL_MIN;
        i = end;
    }
    return n;
}

static enum status add_cell(struct grid *grid, size_t from, size_t n)
{
    enum status st = STATUS_OK;
    struct cell *cells = array_grown(grid->cells, grid->n, &grid->capacity, sizeof *cells);
    REQUIRE(cells, STATUS_NOMEM);
    grid->cells = cells;
    for (size_t i = from; i < from + n; i++)
        grid->cell_of[i] = (uint32_t)grid->n;
    cells[grid->n++] = (struct cell){ .from = (uint32_t)from, .n = (uint32_t)n };
fail:
    return st;
}

enum status grid_init(struct grid *grid, const struct era *era, int64_t window_ms, unsigned phase)
{
    enum status st = STATUS_OK;
    const struct acts *acts = era->acts;
    *grid = (struct grid){ .window_ms = window_ms, .shift_ms = shift_of(window_ms, phase) };
    grid->cell_of = calloc(acts->n + 1, sizeof *grid->cell_of);
    REQUIRE(grid->cell_of, STATUS_NOMEM);
    for (size_t i = 0; i < acts->n; i++)
        grid->cell_of[i] = MAP_NONE;
    for (size_t i = 0; i < acts->n;) {
        size_t end = run_end(acts, i, window_ms, grid->shift_ms);
        if (end - i >= CELL_MIN)
            TRY(add_cell(grid, i, end - i));
        i = end;
    }
fail:
    return st;
}

void grid_fini(struct grid *grid)
{
    free(grid->cells);
    free(grid->cell_of);
    *grid = (struct grid){ 0 };
}
