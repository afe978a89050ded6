#include "link/novices.h"

#include "sketch/evalue.h"

#include <math.h>
#include <stdlib.h>

enum { UNITS_IN_SPAN = 512, CROWD_VOTES = 30 };
static const double taste = 4; /* by how much the odds of an object unknown may differ from the crowd's */

/* Votes of an object's units, summed up to each. */
struct votes {
    int64_t unit_ms;
    uint32_t *unit_of;        /* by act of the object */
    double (*shares)[LEVELS]; /* sums before each unit; one more than there are */
    size_t n;
};

static void votes_fini(struct votes *votes)
{
    free(votes->unit_of);
    free(votes->shares);
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
    votes->shares = calloc(most + 2, sizeof *votes->shares);
    REQUIRE(votes->unit_of && votes->shares, STATUS_NOMEM);
fail:
    return st;
}

static void end_unit(struct votes *votes, struct share *share)
{
    for (size_t level = 0; level < LEVELS; level++)
        votes->shares[votes->n + 1][level] =
            votes->shares[votes->n][level] + (double)share->by_level[level] / (double)share->n;
    votes->n++;
    *share = (struct share){ 0 };
}

static void count_votes(struct votes *votes, const struct era *era, uint32_t object)
{
    const struct acts *acts = era->acts;
    const uint32_t from = acts->object_start[object];
    struct share share = { 0 };
    int64_t unit = 0;
    votes->n = 0;
    for (uint32_t i = from; i < acts->object_start[object + 1]; i++) {
        int64_t its = (acts->items[i].time_ms - acts->first_ms) / votes->unit_ms;
        if (share.n > 0 && its != unit)
            end_unit(votes, &share);
        unit = its;
        votes->unit_of[i - from] = (uint32_t)votes->n;
        share_add(&share, era, &acts->items[i]);
    }
    if (share.n > 0)
        end_unit(votes, &share);
}

/* Probability that an act is by accounts of the level, by the crowd without the cell and the object's other units. */
static void usual(const struct votes *votes, const struct share *crowd, const struct share *own, size_t first,
    size_t last, size_t level, double *ret_expected, double *ret_most)
{
    double n = (double)crowd->n - (double)own->n;
    double k = (double)crowd->by_level[level] - (double)own->by_level[level];
    double n_votes = (double)(votes->n - (last - first + 1));
    double voted =
        votes->shares[votes->n][level] - votes->shares[last + 1][level] + votes->shares[first][level];
    double share = (voted + CROWD_VOTES * (k + 1) / (n + 2)) / (n_votes + CROWD_VOTES);
    double odds = share / fmax(1 - share, 1e-9) * pow(taste, CROWD_VOTES / (n_votes + CROWD_VOTES));
    *ret_expected = share;
    *ret_most = odds / (1 + odds);
}

static void weigh(const struct era *era, const struct votes *votes, uint32_t object_from, struct cell *cell)
{
    const struct act *items = era->acts->items;
    const uint32_t last = cell->from + cell->n - 1;
    struct share own = { 0 };
    struct share crowd = era_share(era, items[cell->from].time_ms, items[last].time_ms);
    double sum = 0;
    double best = -INFINITY;
    for (uint32_t i = cell->from; i <= last; i++)
        share_add(&own, era, &items[i]);
    for (size_t level = 0; level < LEVELS; level++) {
        double expected;
        double most;
        usual(votes, &crowd, &own, votes->unit_of[cell->from - object_from],
            votes->unit_of[last - object_from], level, &expected, &most);
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

enum status novices_weigh(const struct era *era, struct grid *grid)
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
        weigh(era, &votes, acts->object_start[object], &grid->cells[i]);
    }
fail:
    votes_fini(&votes);
    return st;
}
