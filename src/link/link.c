#include "link/link.h"

#include "link/novices.h"
#include "link/partners.h"
#include "score/array.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* One window and phase, while it is looked at. */
struct look {
    struct link *link;
    struct grid grid;
    struct partners partners;
    double *scores;      /* by act */
    const double *finer; /* by act: what shorter windows say of it */
    uint32_t *marks;     /* by account: the meeting, from 1, that marked it last */
};

static double from_log_odds(float log_odds)
{
    return 1 / (1 + pow(10, -(double)log_odds));
}

static void weigh_cells(struct look *look)
{
    float cells = log10f((float)look->link->cells);
    for (size_t i = 0; i < look->grid.n; i++) {
        struct cell *cell = &look->grid.cells[i];
        cell->log_odds = cell->novices + cell->partners - cells;
    }
}

static void raise(double *score, double to)
{
    if (to > *score)
        *score = to;
}

static bool is_novice(const struct look *look, const struct cell *cell, uint32_t act)
{
    const struct acts *acts = look->link->acts;
    return acts_of(acts, acts->items[act].account) <= era_levels[cell->level];
}

/*
 * Of the little-active accounts those beyond what the others let expect belong to the excess. There is one more of the others
 * than were seen: none is not a certainty. Whom a shorter window found is explained already: who came to the object days later
 * is not of those who came in one minute.
 */
static void score_novices(struct look *look, const struct cell *cell)
{
    double odds = (double)cell->expected / fmax(1 - (double)cell->expected, 1e-6);
    double usual = odds * (double)(cell->n - cell->n_novices + 1), left = 0;
    if (cell->n_novices == 0)
        return;
    for (uint32_t i = cell->from; i < cell->from + cell->n; i++)
        left += is_novice(look, cell, i) ? 1 - look->finer[i] : 0;
    double belongs = left > usual ? (1 - usual / left) * from_log_odds(cell->log_odds) : 0;
    for (uint32_t i = cell->from; i < cell->from + cell->n; i++)
        if (is_novice(look, cell, i))
            raise(&look->scores[i], belongs);
}

/* That one meeting of many is no chance, given what the cell's odds are. */
static double meeting_score(const struct cell *cell, const struct meeting *meeting)
{
    float among = meeting->log_e - log10f(2 * (float)cell->candidates);
    return from_log_odds(fminf(among, cell->log_odds));
}

/* Acts that the cell's accounts have elsewhere, each on average. */
static double others_each(const struct acts *acts, const struct cell *cell)
{
    double others = 0;
    for (uint32_t i = cell->from; i < cell->from + cell->n; i++)
        others += acts_of(acts, acts->items[i].account) - 1;
    return others / cell->n;
}

/*
 * That an account which is in both belongs to those beyond chance: who acts ten times as often as the others of the two cells is ten times as
 * often in both by chance.
 */
struct belonging {
    double beyond, by_chance; /* accounts; by chance, for each act elsewhere */
};

static struct belonging belonging_of(const struct look *look, const struct meeting *meeting)
{
    const struct acts *acts = look->link->acts;
    double each = fmax(
        others_each(acts, &look->grid.cells[meeting->a]), others_each(acts, &look->grid.cells[meeting->b]));
    double mean = fmax((double)meeting->by_chance * look->partners.taste, 1e-9);
    return (struct belonging){ fmax((double)meeting->shared - mean, 0), mean / fmax(each, 1) };
}

static double belongs(const struct look *look, const struct belonging *to, uint32_t account)
{
    double chance = to->by_chance * (acts_of(look->link->acts, account) - 1);
    return to->beyond / (to->beyond + chance);
}

static void score_meeting(struct look *look, size_t number)
{
    const struct meeting *meeting = &look->partners.items[number];
    const struct cell *a = &look->grid.cells[meeting->a];
    const struct cell *b = &look->grid.cells[meeting->b];
    const struct act *items = look->link->acts->items;
    const uint32_t mark = (uint32_t)number + 1;
    double in_a = meeting_score(a, meeting);
    double in_b = meeting_score(b, meeting);
    if (in_a < 1e-3 && in_b < 1e-3)
        return;
    const struct belonging to = belonging_of(look, meeting);
    for (uint32_t i = a->from; i < a->from + a->n; i++)
        look->marks[items[i].account] = mark;
    for (uint32_t i = b->from; i < b->from + b->n; i++) {
        if (look->marks[items[i].account] != mark)
            continue;
        look->marks[items[i].account] = 0;
        raise(&look->scores[i], in_b * belongs(look, &to, items[i].account));
    }
    for (uint32_t i = a->from; i < a->from + a->n; i++) {
        if (look->marks[items[i].account] == 0)
            raise(&look->scores[i], in_a * belongs(look, &to, items[i].account));
        look->marks[items[i].account] = 0;
    }
}

static enum status add_member(struct link *link, uint32_t account)
{
    enum status st = STATUS_OK;
    uint32_t *members = array_grown(link->members, link->n_members, &link->members_capacity, sizeof *members);
    REQUIRE(members, STATUS_NOMEM);
    link->members = members;
    members[link->n_members++] = account;
fail:
    return st;
}

static enum status keep_cell(struct look *look, const struct cell *cell)
{
    enum status st = STATUS_OK;
    struct link *link = look->link;
    const size_t members = link->n_members;
    for (uint32_t i = cell->from; i < cell->from + cell->n; i++)
        if (look->scores[i] > 0 && look->scores[i] >= link->config.least)
            TRY(add_member(link, link->acts->items[i].account));
    if (link->n_members - members < 2) {
        link->n_members = members;
        return STATUS_OK;
    }
    struct found *found = array_grown(link->found, link->n_found, &link->found_capacity, sizeof *found);
    REQUIRE(found, STATUS_NOMEM);
    link->found = found;
    found[link->n_found++] = (struct found){ cell->from, cell->n, look->grid.window_ms, cell->log_odds,
        cell->novices, cell->partners, members, link->n_members - members };
fail:
    return st;
}

static enum status look_at(struct link *link, const double *finer, int64_t window_ms, unsigned phase)
{
    enum status st = STATUS_OK;
    const struct acts *acts = link->acts;
    struct look look = { .link = link, .finer = finer };
    look.scores = calloc(acts->n + 1, sizeof *look.scores);
    look.marks = calloc(acts->accounts.n + 1, sizeof *look.marks);
    REQUIRE(look.scores && look.marks, STATUS_NOMEM);
    TRY(grid_init(&look.grid, &link->era, window_ms, phase));
    if (window_ms < ALL_TIME_MS) /* an object's whole audience has nothing to be compared with */
        TRY(novices_weigh(&link->era, link->audience_taste, &look.grid));
    TRY(partners_find(&look.partners, &link->era, &look.grid, link->config.pairs_max));
    link->pairs_left_out += look.partners.left_out;
    link->taste = fmax(link->taste, look.partners.taste);
    weigh_cells(&look);
    for (size_t i = 0; i < look.grid.n; i++)
        score_novices(&look, &look.grid.cells[i]);
    for (size_t i = 0; i < look.partners.n; i++)
        score_meeting(&look, i);
    for (size_t i = 0; i < acts->n; i++)
        raise(&link->act_scores[i], look.scores[i]);
    for (size_t i = 0; i < look.grid.n; i++)
        if (look.grid.cells[i].log_odds >= 0)
            TRY(keep_cell(&look, &look.grid.cells[i]));
fail:
    partners_fini(&look.partners);
    grid_fini(&look.grid);
    free(look.scores);
    free(look.marks);
    return st;
}

/*
 * Its most; where more than two acts are more likely than not of a group, that all of them are chance is as unlikely as their product
 * without the likeliest: two acts that meet are one coincidence.
 */
static void score_accounts(struct link *link)
{
    const struct acts *acts = link->acts;
    for (size_t account = 0; account < acts->accounts.n; account++) {
        double doubt = 1, least = 1;
        double *score = &link->scores[account];
        for (uint32_t i = acts->account_start[account]; i < acts->account_start[account + 1]; i++) {
            double of_act = link->act_scores[acts->account_acts[i]];
            raise(score, of_act);
            if (of_act >= 0.5) {
                doubt *= 1 - of_act;
                least = fmin(least, 1 - of_act);
            }
        }
        if (doubt < 1 && least > 0)
            *score = fmax(*score, 1 - doubt / least);
    }
}

/* All phases of a window, after those of shorter ones. */
static enum status look_through(struct link *link, double *finer, int64_t window_ms)
{
    enum status st = STATUS_OK;
    memcpy(finer, link->act_scores, link->acts->n * sizeof *finer);
    for (unsigned phase = 0; phase < grid_phases(&link->era, window_ms); phase++)
        TRY(look_at(link, finer, window_ms, phase));
fail:
    return st;
}

enum status link_run(struct link *link, const struct acts *acts, const struct link_config *config)
{
    enum status st = STATUS_OK;
    *link = (struct link){ .config = *config, .acts = acts };
    double *finer = calloc(acts->n + 1, sizeof *finer);
    link->scores = calloc(acts->accounts.n + 1, sizeof *link->scores);
    link->act_scores = calloc(acts->n + 1, sizeof *link->act_scores);
    REQUIRE(finer && link->scores && link->act_scores, STATUS_NOMEM);
    TRY(era_init(&link->era, acts));
    TRY(novices_taste(&link->era, link->audience_taste));
    for (size_t i = 0; i < link->era.n_windows; i++)
        for (unsigned phase = 0; phase < grid_phases(&link->era, link->era.windows_ms[i]); phase++)
            link->cells += grid_count(&link->era, link->era.windows_ms[i], phase);
    for (size_t i = 0; i < link->era.n_windows && link->cells > 0; i++)
        TRY(look_through(link, finer, link->era.windows_ms[i]));
    score_accounts(link);
fail:
    free(finer);
    return st;
}

void link_fini(struct link *link)
{
    era_fini(&link->era);
    free(link->scores);
    free(link->act_scores);
    free(link->found);
    free(link->members);
    *link = (struct link){ 0 };
}
