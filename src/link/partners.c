#include "link/partners.h"

#include "link/radix.h"
#include "score/array.h"
#include "sketch/evalue.h"

#include <math.h>
#include <stdlib.h>

enum { CELLS_EACH = 32, SAMPLE = 20000 };
static const double taste_least = 4;
static const double taste_most = 100;
static const double taste_of_all_time = 2; /* interests last: more is explained by them than within a month */

struct pairs {
    uint64_t *items;
    size_t n, capacity, n_max;
    uint64_t left_out;
};

/* Acts of a cell's accounts in every slice but those that make the cell; made when first asked for. */
struct rows {
    uint32_t *row_of; /* by cell, from 1 */
    uint32_t (*sums)[SLICES];
    size_t n, capacity;
};

struct search {
    const struct era *era;
    const struct grid *grid;
    struct pairs pairs;
    struct rows rows;
};

static void search_fini(struct search *search)
{
    free(search->pairs.items);
    free(search->rows.row_of);
    free(search->rows.sums);
}

/* Keeps the smallest cells in front, ties by number; the list is short or rarely long. */
static size_t keep_smallest(const struct grid *grid, uint32_t *cells, size_t n, uint32_t cell)
{
    size_t at = n < CELLS_EACH ? n : CELLS_EACH;
    while (at > 0 && grid->cells[cells[at - 1]].n > grid->cells[cell].n) {
        if (at < CELLS_EACH)
            cells[at] = cells[at - 1];
        at--;
    }
    if (at < CELLS_EACH)
        cells[at] = cell;
    return n < CELLS_EACH ? n + 1 : CELLS_EACH;
}

static enum status add_pair(struct pairs *pairs, uint32_t a, uint32_t b)
{
    enum status st = STATUS_OK;
    if (pairs->n == pairs->n_max) {
        pairs->left_out++;
        return STATUS_OK;
    }
    uint64_t *items = array_grown(pairs->items, pairs->n, &pairs->capacity, sizeof *items);
    REQUIRE(items, STATUS_NOMEM);
    pairs->items = items;
    items[pairs->n++] = a < b ? (uint64_t)a << 32 | b : (uint64_t)b << 32 | a;
fail:
    return st;
}

static enum status pair_cells_of(struct search *search, uint32_t account)
{
    enum status st = STATUS_OK;
    const struct acts *acts = search->era->acts;
    uint32_t cells[CELLS_EACH];
    size_t n = 0;
    for (uint32_t i = acts->account_start[account]; i < acts->account_start[account + 1]; i++) {
        uint32_t cell = search->grid->cell_of[acts->account_acts[i]];
        if (cell != MAP_NONE)
            n = keep_smallest(search->grid, cells, n, cell);
    }
    for (size_t i = 0; i < n; i++)
        for (size_t j = i + 1; j < n; j++)
            TRY(add_pair(&search->pairs, cells[i], cells[j]));
fail:
    return st;
}

static enum status row_of(struct search *search, uint32_t cell, uint32_t *ret_row)
{
    enum status st = STATUS_OK;
    struct rows *rows = &search->rows;
    const struct cell *its = &search->grid->cells[cell];
    if (rows->row_of[cell] == 0) {
        uint32_t(*sums)[SLICES] = array_grown(rows->sums, rows->n, &rows->capacity, sizeof *sums);
        REQUIRE(sums, STATUS_NOMEM);
        rows->sums = sums;
        uint32_t *sum = sums[rows->n++];
        for (size_t slice = 0; slice < SLICES; slice++)
            sum[slice] = 0;
        for (uint32_t i = its->from; i < its->from + its->n; i++) {
            const uint16_t *account = search->era->account_slices[search->era->acts->items[i].account];
            for (size_t slice = 0; slice < SLICES; slice++)
                sum[slice] += account[slice];
            sum[era_slice(search->era, search->era->acts->items[i].time_ms)]--;
        }
        rows->row_of[cell] = (uint32_t)rows->n;
    }
    *ret_row = rows->row_of[cell] - 1;
fail:
    return st;
}

struct slices {
    size_t first, last;
};

static struct slices slices_of(const struct search *search, const struct cell *cell)
{
    const struct act *items = search->era->acts->items;
    return (struct slices){ era_slice(search->era, items[cell->from].time_ms),
        era_slice(search->era, items[cell->from + cell->n - 1].time_ms) };
}

/* How many accounts of a are in b by chance. */
static enum status expect(struct search *search, uint32_t a, uint32_t b, double *ret_mean)
{
    enum status st = STATUS_OK;
    const struct cell *to = &search->grid->cells[b];
    const struct slices near = slices_of(search, to);
    uint64_t acts = 0;
    uint64_t all = 0;
    uint32_t row;
    TRY(row_of(search, a, &row));
    for (size_t slice = near.first; slice <= near.last; slice++) {
        acts += search->rows.sums[row][slice];
        all += search->era->slices[slice].n;
    }
    *ret_mean = (double)acts * (double)to->n / (double)all;
fail:
    return st;
}

static enum status by_chance(struct search *search, uint64_t pair, double *ret_mean)
{
    enum status st = STATUS_OK;
    double there;
    double back;
    TRY(expect(search, (uint32_t)(pair >> 32), (uint32_t)pair, &there));
    TRY(expect(search, (uint32_t)pair, (uint32_t)(pair >> 32), &back));
    *ret_mean = fmax(there, back);
fail:
    return st;
}

static size_t run_of(const struct pairs *pairs, size_t from)
{
    size_t i = from + 1;
    while (i < pairs->n && pairs->items[i] == pairs->items[from])
        i++;
    return i - from;
}

/* Of those that share one account and by chance m, about m / 2 share a second. */
static enum status measure_taste(struct search *search, double *ret_taste)
{
    enum status st = STATUS_OK;
    const struct pairs *pairs = &search->pairs;
    size_t stride = pairs->n / SAMPLE + 1;
    size_t shared;
    size_t run = 0;
    double expected = 1;
    double seen = 1;
    for (size_t i = 0; i < pairs->n; i += shared) {
        double mean;
        shared = run_of(pairs, i);
        if (run++ % stride != 0)
            continue;
        TRY(by_chance(search, pairs->items[i], &mean));
        expected += fmin(mean / 2, 1);
        seen += shared > 1;
    }
    *ret_taste = fmin(fmax(seen / expected, taste_least), taste_most);
fail:
    return st;
}

static enum status add_meeting(struct partners *partners, const struct meeting *meeting)
{
    enum status st = STATUS_OK;
    struct meeting *items = array_grown(partners->items, partners->n, &partners->capacity, sizeof *items);
    REQUIRE(items, STATUS_NOMEM);
    partners->items = items;
    items[partners->n++] = *meeting;
fail:
    return st;
}

static enum status weigh_candidates(struct partners *partners, struct search *search, struct grid *grid)
{
    enum status st = STATUS_OK;
    const struct pairs *pairs = &search->pairs;
    size_t shared;
    for (size_t i = 0; i < pairs->n; i += shared) {
        uint32_t a = (uint32_t)(pairs->items[i] >> 32);
        uint32_t b = (uint32_t)pairs->items[i];
        double mean;
        shared = run_of(pairs, i);
        grid->cells[a].candidates++;
        grid->cells[b].candidates++;
        if (shared < 2)
            continue;
        TRY(by_chance(search, pairs->items[i], &mean));
        double log_e = evalue_excess((uint32_t)shared - 1, mean * partners->taste);
        if (log_e > 0)
            TRY(add_meeting(
                partners, &(struct meeting){ a, b, (uint32_t)shared, (float)mean, (float)log_e }));
    }
fail:
    return st;
}

/* log10 (10^a + 10^b) */
static float log_sum(float a, float b)
{
    float most = fmaxf(a, b);
    return most == -INFINITY ? most : most + log10f(powf(10, a - most) + powf(10, b - most));
}

static void sum_up(const struct partners *partners, struct grid *grid)
{
    for (size_t i = 0; i < grid->n; i++)
        grid->cells[i].partners = -INFINITY;
    for (size_t i = 0; i < partners->n; i++) {
        const struct meeting *m = &partners->items[i];
        grid->cells[m->a].partners = log_sum(grid->cells[m->a].partners, m->log_e);
        grid->cells[m->b].partners = log_sum(grid->cells[m->b].partners, m->log_e);
    }
    for (size_t i = 0; i < grid->n; i++) {
        struct cell *cell = &grid->cells[i];
        float mean = cell->partners - log10f((float)(cell->candidates ? cell->candidates : 1));
        cell->partners = log_sum(mean, 0) - log10f(2);
    }
}

enum status partners_find(
    struct partners *partners, const struct era *era, struct grid *grid, size_t pairs_max)
{
    enum status st = STATUS_OK;
    struct search search = { .era = era, .grid = grid, .pairs = { .n_max = pairs_max } };
    *partners = (struct partners){ .taste = taste_least };
    search.rows.row_of = calloc(grid->n + 1, sizeof *search.rows.row_of);
    REQUIRE(search.rows.row_of, STATUS_NOMEM);
    for (size_t account = 0; account < era->acts->accounts.n; account++)
        TRY(pair_cells_of(&search, (uint32_t)account));
    partners->left_out = search.pairs.left_out;
    if (search.pairs.n > 0) {
        TRY(radix_sort(search.pairs.items, search.pairs.n));
        TRY(measure_taste(&search, &partners->taste));
        partners->taste *= grid->window_ms == ALL_TIME_MS ? taste_of_all_time : 1;
        TRY(weigh_candidates(partners, &search, grid));
    }
    sum_up(partners, grid);
fail:
    search_fini(&search);
    return st;
}

void partners_fini(struct partners *partners)
{
    free(partners->items);
    *partners = (struct partners){ 0 };
}
