#include "link/novices.h"

#include "sketch/evalue.h"

#include <math.h>
#include <stdlib.h>

enum { UNITS_IN_SPAN = 512, CROWD_VOTES = 30 };
enum { KNOWN_ACTS = 50, KNOWN_UNITS = 10, KNOWN_OBJECTS = 20 };
static const double taste_least = 4;
static const double taste_most = 100;

/* Votes of an object's units, summed up to each, beside what the crowd of their time would have said. */
struct votes {
    int64_t unit_ms;
    uint32_t *unit_of;     /* by act of the object */
    double (*own)[LEVELS]; /* sums before each unit; one more than there are */
    double (*crowd)[LEVELS];
    size_t n;
};

static void votes_fini(struct votes *votes)
{
    free(votes->unit_of);
    free(votes->own);
    free(votes->crowd);
}

static enum status votes_init(struct votes *votes, const struct era *era)
{
    enum status st = STATUS_OK;
    const struct acts *acts = era->acts;
    size_t most = 0;
    int64_t unit_ms = (acts->last_ms - acts->first_ms) / UNITS_IN_SPAN + 1;
    for (size_t o = 0; o < acts->objects.n; o++) {
        size_t n = acts->object_start[o + 1] - acts->object_start[o];
        most = n > most ? n : most;
    }
    *votes = (struct votes){ .unit_ms = unit_ms > era->resolution_ms ? unit_ms : era->resolution_ms };
    votes->unit_of = calloc(most + 1, sizeof *votes->unit_of);
    votes->own = calloc(most + 2, sizeof *votes->own);
    votes->crowd = calloc(most + 2, sizeof *votes->crowd);
    REQUIRE(votes->unit_of && votes->own && votes->crowd, STATUS_NOMEM);
fail:
    return st;
}

static void end_unit(struct votes *votes, const struct share *crowd, struct share *share)
{
    for (size_t level = 0; level < LEVELS; level++) {
        double own = (double)share->by_level[level] / (double)share->n;
        double usual = (double)crowd->by_level[level] / (double)crowd->n;
        votes->own[votes->n + 1][level] = votes->own[votes->n][level] + own;
        votes->crowd[votes->n + 1][level] = votes->crowd[votes->n][level] + usual;
    }
    votes->n++;
    *share = (struct share){ 0 };
}

static void count_votes(struct votes *votes, const struct era *era, uint32_t object)
{
    const struct acts *acts = era->acts;
    const uint32_t from = acts->object_start[object];
    struct share share = { 0 };
    size_t slice = 0;
    int64_t unit = 0;
    votes->n = 0;
    for (uint32_t i = from; i < acts->object_start[object + 1]; i++) {
        int64_t its = (acts->items[i].time_ms - acts->first_ms) / votes->unit_ms;
        if (share.n > 0 && its != unit)
            end_unit(votes, &era->slices[slice], &share);
        unit = its;
        slice = era_slice(era, acts->items[i].time_ms);
        votes->unit_of[i - from] = (uint32_t)votes->n;
        share_add(&share, era, &acts->items[i]);
    }
    if (share.n > 0)
        end_unit(votes, &era->slices[slice], &share);
}

static double odds_of(double share)
{
    return share / fmax(1 - share, 1e-9);
}

/* Units of the object but first..last. */
struct elsewhere {
    const struct votes *votes;
    size_t first, last;
};

static double sum_elsewhere(const struct elsewhere *e, double (*sums)[LEVELS], size_t level)
{
    return sums[e->votes->n][level] - sums[e->last + 1][level] + sums[e->first][level];
}

/*
 * Probability that an act is by accounts of the level, by the crowd without the cell, times what the object's other units say
 * of its audience against the crowd of their time.
 */
static void usual(const struct elsewhere *e, const struct share *crowd, const struct share *own, size_t level,
    double taste, double *ret_expected, double *ret_most)
{
    double n = (double)crowd->n - (double)own->n;
    double k = (double)crowd->by_level[level] - (double)own->by_level[level];
    double now = (k + 1) / (n + 2);
    double n_votes = (double)(e->votes->n - (e->last - e->first + 1)) + CROWD_VOTES;
    double audience = (sum_elsewhere(e, e->votes->own, level) + CROWD_VOTES * now) / n_votes;
    double others = (sum_elsewhere(e, e->votes->crowd, level) + CROWD_VOTES * now) / n_votes;
    double odds = odds_of(now) * odds_of(audience) / fmax(odds_of(others), 1e-9);
    double most = odds * pow(taste, sqrt(CROWD_VOTES / n_votes));
    *ret_expected = odds / (1 + odds);
    *ret_most = most / (1 + most);
}

static void weigh(const struct era *era, const double *taste, const struct votes *votes, uint32_t object_from,
    struct cell *cell)
{
    const struct act *items = era->acts->items;
    const uint32_t last = cell->from + cell->n - 1;
    struct share own = { 0 };
    struct share crowd = era_share(era, items[cell->from].time_ms, items[last].time_ms);
    const struct elsewhere elsewhere = { votes, votes->unit_of[cell->from - object_from],
        votes->unit_of[last - object_from] };
    double sum = 0;
    double best = -INFINITY;
    for (uint32_t i = cell->from; i <= last; i++)
        share_add(&own, era, &items[i]);
    for (size_t level = 0; level < LEVELS; level++) {
        double expected;
        double most;
        usual(&elsewhere, &crowd, &own, level, taste[level], &expected, &most);
        double log_e = evalue_binomial((uint32_t)own.by_level[level], cell->n, most);
        sum += pow(10, fmin(log_e, 300));
        if (log_e > best) {
            best = log_e;
            cell->level = (uint32_t)level;
            cell->expected = (float)expected;
            cell->n_novices = (uint32_t)own.by_level[level];
        }
    }
    cell->novices = (float)(best > 300 ? best - log10(2 * LEVELS) : log10(0.5 + 0.5 * sum / LEVELS));
}

static int ascending(const void *left, const void *right)
{
    const double *a = left;
    const double *b = right;
    return (*a > *b) - (*a < *b);
}

/* log odds ratio of the object's audience to the crowd of its time, without itself. */
static void compare(const struct era *era, uint32_t object, double ret_ratio[static LEVELS])
{
    const struct acts *acts = era->acts;
    uint32_t from = acts->object_start[object];
    uint32_t end = acts->object_start[object + 1];
    struct share own = { 0 };
    struct share crowd = era_share(era, acts->items[from].time_ms, acts->items[end - 1].time_ms);
    for (uint32_t i = from; i < end; i++)
        share_add(&own, era, &acts->items[i]);
    for (size_t level = 0; level < LEVELS; level++) {
        double others = (double)crowd.by_level[level] - (double)own.by_level[level];
        double rest = (double)crowd.n - (double)own.n - others;
        double mine = (double)own.by_level[level];
        ret_ratio[level] = log((mine + 1) / ((double)own.n - mine + 1) * (rest + 1) / (others + 1));
    }
}

enum status novices_taste(const struct era *era, double ret_taste[static LEVELS])
{
    enum status st = STATUS_OK;
    const struct acts *acts = era->acts;
    struct votes votes = { 0 };
    size_t n = 0;
    double *ratios = calloc(LEVELS * (acts->objects.n + 1), sizeof *ratios);
    REQUIRE(ratios, STATUS_NOMEM);
    TRY(votes_init(&votes, era));
    for (uint32_t object = 0; object < acts->objects.n; object++) {
        double ratio[LEVELS];
        if (acts->object_start[object + 1] - acts->object_start[object] < KNOWN_ACTS)
            continue;
        count_votes(&votes, era, object);
        if (votes.n < KNOWN_UNITS)
            continue;
        compare(era, object, ratio);
        for (size_t level = 0; level < LEVELS; level++)
            ratios[level * acts->objects.n + n] = ratio[level];
        n++;
    }
    for (size_t level = 0; level < LEVELS; level++) {
        double *its = ratios + level * acts->objects.n;
        qsort(its, n, sizeof *its, ascending);
        double spread = n < KNOWN_OBJECTS ? taste_least : exp(3 * its[n * 3 / 4]);
        ret_taste[level] = fmin(fmax(spread, taste_least), taste_most);
    }
fail:
    votes_fini(&votes);
    free(ratios);
    return st;
}

enum status novices_weigh(const struct era *era, const double taste[static LEVELS], struct grid *grid)
{
    enum status st = STATUS_OK;
    const struct acts *acts = era->acts;
    struct votes votes = { 0 };
    TRY(votes_init(&votes, era));
    uint32_t counted = MAP_NONE;
    for (size_t i = 0; i < grid->n; i++) {
        uint32_t object = acts->items[grid->cells[i].from].object;
        if (object != counted)
            count_votes(&votes, era, object);
        counted = object;
        weigh(era, taste, &votes, acts->object_start[object], &grid->cells[i]);
    }
fail:
    votes_fini(&votes);
    return st;
}
