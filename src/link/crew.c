#include "link/crew.h"

#include "base/map.h"
#include "link/radix.h"
#include "rival/sets.h"
#include "score/array.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

enum { CREW_PARTS = 8 }; /* crews that a cell of all of the time is weighed for */

/* While crews are made: the crew of an account is the root of a found cell. */
struct merging {
    const struct link *link;
    struct found *found; /* those of one time by odds, then those of all of it, the smallest first */
    struct sets sets;
    uint32_t *held;    /* by root: members of the cell at hand */
    uint32_t *touched; /* the roots that hold any */
    size_t n_touched;
    uint32_t *crew_of;
    uint32_t *home; /* by found cell: the crew that it is of */
    uint32_t *size,
        *cells;          /* by root, of cells of all of the time: its accounts; those that it takes part in */
    struct u64_map both; /* pair of roots, + 1: such cells that both take part in */
    uint64_t *pairs;     /* those, each once */
    size_t n_pairs, pairs_capacity;
};

static bool is_of_all_time(const struct found *found)
{
    return found->window_ms == ALL_TIME_MS;
}

static int by_odds(const void *left, const void *right)
{
    const struct found *a = left;
    const struct found *b = right;
    if (is_of_all_time(a) != is_of_all_time(b))
        return is_of_all_time(a) ? 1 : -1;
    if (is_of_all_time(a) && a->n_members != b->n_members)
        return a->n_members < b->n_members ? -1 : 1;
    if (a->log_odds < b->log_odds || a->log_odds > b->log_odds)
        return a->log_odds > b->log_odds ? -1 : 1;
    if (a->from != b->from)
        return a->from < b->from ? -1 : 1;
    if (a->window_ms != b->window_ms)
        return a->window_ms < b->window_ms ? -1 : 1;
    return (a->n > b->n) - (a->n < b->n);
}

static enum status merging_init(struct merging *m, const struct link *link, uint32_t *crew_of)
{
    enum status st = STATUS_OK;
    const size_t n = link->n_found + 1;
    *m = (struct merging){ .link = link, .crew_of = crew_of };
    map_init(&m->both, UINT32_MAX);
    m->found = calloc(n, sizeof *m->found);
    m->held = calloc(n, sizeof *m->held);
    m->touched = calloc(n, sizeof *m->touched);
    m->home = calloc(n, sizeof *m->home);
    m->size = calloc(n, sizeof *m->size);
    m->cells = calloc(n, sizeof *m->cells);
    REQUIRE(m->found && m->held && m->touched && m->home && m->size && m->cells, STATUS_NOMEM);
    TRY(sets_init(&m->sets, link->n_found));
    for (size_t i = 0; i < link->n_found; i++)
        m->found[i] = link->found[i];
    qsort(m->found, link->n_found, sizeof *m->found, by_odds);
fail:
    return st;
}

static void merging_fini(struct merging *m)
{
    free(m->found);
    free(m->held);
    free(m->touched);
    free(m->home);
    free(m->size);
    free(m->cells);
    map_fini(&m->both);
    free(m->pairs);
    sets_fini(&m->sets);
}

static void count_held(struct merging *m, const struct found *cell)
{
    m->n_touched = 0;
    for (size_t i = 0; i < cell->n_members; i++) {
        uint32_t crew = m->crew_of[m->link->members[cell->members + i]];
        if (crew == MAP_NONE)
            continue;
        crew = sets_find(&m->sets, crew);
        if (m->held[crew]++ == 0)
            m->touched[m->n_touched++] = crew;
    }
}

static bool holds_quarter(const struct merging *m, uint32_t crew, const struct found *cell)
{
    return m->held[crew] >= 2 && (size_t)m->held[crew] * 4 >= cell->n_members;
}

/* The crew that the cell's new members join, and into which the others go that hold enough of it. */
static uint32_t join(struct merging *m, uint32_t number)
{
    uint32_t most = MAP_NONE;
    for (size_t i = 0; i < m->n_touched; i++) {
        uint32_t crew = m->touched[i];
        if (!holds_quarter(m, crew, &m->found[number]))
            continue;
        if (most != MAP_NONE)
            sets_join(&m->sets, most, crew);
        most = most == MAP_NONE ? crew : sets_find(&m->sets, most);
    }
    return most == MAP_NONE ? number : most;
}

static enum status count_pair(struct merging *m, uint64_t pair)
{
    enum status st = STATUS_OK;
    uint32_t before = map_find(&m->both, pair + 1);
    if (before == MAP_NONE) {
        uint64_t *pairs = array_grown(m->pairs, m->n_pairs, &m->pairs_capacity, sizeof *pairs);
        REQUIRE(pairs, STATUS_NOMEM);
        m->pairs = pairs;
        pairs[m->n_pairs++] = pair;
    }
    TRY(map_put(&m->both, pair + 1, before == MAP_NONE ? 1 : before + 1));
fail:
    return st;
}

/* The crews that take part in a cell of all of the time: those that hold a quarter of it first, then those of which half are in it. */
struct parts {
    uint32_t items[CREW_PARTS];
    size_t n;
};

static void add_part(struct parts *parts, uint32_t crew)
{
    if (parts->n < CREW_PARTS)
        parts->items[parts->n++] = crew;
}

/* Its home, which its new members join: the crew that holds most, if that is a quarter; else it founds one. */
static uint32_t list_parts(const struct merging *m, uint32_t number, struct parts *parts)
{
    const struct found *cell = &m->found[number];
    uint32_t most = MAP_NONE;
    for (size_t i = 0; i < m->n_touched; i++) {
        uint32_t crew = m->touched[i];
        if (!holds_quarter(m, crew, cell))
            continue;
        add_part(parts, crew);
        most = most == MAP_NONE || m->held[crew] > m->held[most] ? crew : most;
    }
    if (most == MAP_NONE)
        add_part(parts, most = number);
    for (size_t i = 0; i < m->n_touched; i++) {
        uint32_t crew = m->touched[i];
        if (!holds_quarter(m, crew, cell) && m->held[crew] >= 2 && m->held[crew] * 2 >= m->size[crew])
            add_part(parts, crew);
    }
    return most;
}

/* A cell of all of the time may be two crews' that came at times of their own: none goes into another because of one. */
static enum status meet(struct merging *m, uint32_t number, uint32_t *ret_crew)
{
    enum status st = STATUS_OK;
    struct parts parts = { .n = 0 };
    *ret_crew = list_parts(m, number, &parts);
    for (size_t i = 0; i < parts.n; i++) {
        m->cells[parts.items[i]]++;
        for (size_t j = 0; j < parts.n; j++)
            if (parts.items[i] < parts.items[j])
                TRY(count_pair(m, (uint64_t)parts.items[i] << 32 | parts.items[j]));
    }
fail:
    return st;
}

/* Crews that take part in half the cells of either together, and in two, are one. In the order of the pairs, so that nothing depends on that of a map. */
static enum status join_pairs(struct merging *m)
{
    enum status st = STATUS_OK;
    if (m->n_pairs > 0)
        TRY(radix_sort(m->pairs, m->n_pairs));
    for (size_t i = 0; i < m->n_pairs; i++) {
        uint32_t a = (uint32_t)(m->pairs[i] >> 32), b = (uint32_t)m->pairs[i];
        uint32_t fewer = m->cells[a] < m->cells[b] ? m->cells[a] : m->cells[b];
        uint32_t both = map_find(&m->both, m->pairs[i] + 1);
        if (both >= 2 && both * 2 >= fewer)
            sets_join(&m->sets, a, b);
    }
fail:
    return st;
}

static void count_accounts(struct merging *m)
{
    for (size_t account = 0; account < m->link->acts->accounts.n; account++)
        if (m->crew_of[account] != MAP_NONE)
            m->size[sets_find(&m->sets, m->crew_of[account])]++;
}

static enum status merge(struct merging *m)
{
    enum status st = STATUS_OK;
    bool counted = false;
    for (uint32_t i = 0; i < m->link->n_found; i++) {
        const struct found *cell = &m->found[i];
        bool all_time = is_of_all_time(cell);
        if (all_time && !counted)
            count_accounts(m);
        counted |= all_time;
        count_held(m, cell);
        if (all_time)
            TRY(meet(m, i, &m->home[i]));
        else
            m->home[i] = join(m, i);
        for (size_t j = 0; j < m->n_touched; j++)
            m->held[m->touched[j]] = 0;
        for (size_t j = 0; j < cell->n_members; j++) {
            uint32_t *its = &m->crew_of[m->link->members[cell->members + j]];
            if (*its != MAP_NONE)
                continue;
            *its = m->home[i];
            m->size[m->home[i]] += all_time;
        }
    }
    TRY(join_pairs(m));
fail:
    return st;
}

/* Roots of crews, by the odds of their best cell. */
struct ranked {
    uint32_t root, best; /* best: a found cell */
    float log_odds;
};

static int by_best(const void *left, const void *right)
{
    const struct ranked *a = left;
    const struct ranked *b = right;
    if (a->log_odds < b->log_odds || a->log_odds > b->log_odds)
        return a->log_odds > b->log_odds ? -1 : 1;
    return (a->root > b->root) - (a->root < b->root);
}

static void find_best(struct merging *m, struct ranked *ranked)
{
    for (uint32_t i = 0; i < m->link->n_found; i++)
        ranked[i] = (struct ranked){ i, i, -INFINITY };
    for (uint32_t i = 0; i < m->link->n_found; i++) {
        struct ranked *its = &ranked[sets_find(&m->sets, m->home[i])];
        if (m->found[i].log_odds > its->log_odds) {
            its->log_odds = m->found[i].log_odds;
            its->best = i;
        }
    }
}

/* Roots become numbers of crews, by their best cell. */
static enum status number_crews(struct crews *crews, struct merging *m)
{
    enum status st = STATUS_OK;
    const size_t n_found = m->link->n_found;
    uint32_t *number_of = calloc(n_found + 1, sizeof *number_of); /* by root, from 1; 0: nobody is in it */
    struct ranked *ranked = calloc(n_found + 1, sizeof *ranked);
    crews->items = calloc(n_found + 1, sizeof *crews->items);
    REQUIRE(number_of && ranked && crews->items, STATUS_NOMEM);
    for (size_t account = 0; account < m->link->acts->accounts.n; account++)
        if (crews->crew_of[account] != MAP_NONE)
            number_of[sets_find(&m->sets, crews->crew_of[account])] = 1;
    find_best(m, ranked);
    qsort(ranked, n_found, sizeof *ranked, by_best);
    for (size_t i = 0; i < n_found; i++) {
        const struct found *best = &m->found[ranked[i].best];
        if (number_of[ranked[i].root] == 0)
            continue;
        crews->items[crews->n] =
            (struct crew){ .log_odds = best->log_odds, .novices = best->novices, .partners = best->partners };
        number_of[ranked[i].root] = (uint32_t)++crews->n;
    }
    for (size_t account = 0; account < m->link->acts->accounts.n; account++) {
        uint32_t *crew = &crews->crew_of[account];
        if (*crew == MAP_NONE)
            continue;
        *crew = number_of[sets_find(&m->sets, *crew)] - 1;
        crews->items[*crew].n_accounts++;
    }
fail:
    free(number_of);
    free(ranked);
    return st;
}

/* Of every cell's acts those by its members, each once; and how many cells a crew has: one may be several crews'. */
static void mark_acts(
    const struct link *link, struct crews *crews, uint32_t *stamp, uint32_t *crew_stamp, uint8_t *marked)
{
    const struct act *items = link->acts->items;
    for (size_t f = 0; f < link->n_found; f++) {
        const struct found *cell = &link->found[f];
        for (size_t i = 0; i < cell->n_members; i++) {
            uint32_t account = link->members[cell->members + i], crew = crews->crew_of[account];
            stamp[account] = (uint32_t)f + 1;
            crews->items[crew].n_cells += crew_stamp[crew] != f + 1;
            crew_stamp[crew] = (uint32_t)f + 1;
        }
        for (uint32_t i = cell->from; i < cell->from + cell->n; i++) {
            if (stamp[items[i].account] == f + 1)
                marked[i] = 1;
        }
    }
}

static void add_object(struct crew *crew, uint32_t object, uint32_t n_accounts)
{
    uint32_t at = crew->n_top < CREW_TOP ? crew->n_top++ : CREW_TOP;
    crew->n_objects++;
    crew->n_acts += n_accounts;
    for (; at > 0 && crew->top_accounts[at - 1] < n_accounts; at--) {
        if (at == CREW_TOP)
            continue;
        crew->top[at] = crew->top[at - 1];
        crew->top_accounts[at] = crew->top_accounts[at - 1];
    }
    if (at < CREW_TOP) {
        crew->top[at] = object;
        crew->top_accounts[at] = n_accounts;
    }
}

static void note_time(struct crew *crew, int64_t time_ms, bool first)
{
    if (first || time_ms < crew->first_ms)
        crew->first_ms = time_ms;
    if (first || time_ms > crew->last_ms)
        crew->last_ms = time_ms;
}

static enum status describe(struct crews *crews, const struct link *link)
{
    enum status st = STATUS_OK;
    const struct acts *acts = link->acts;
    uint32_t *stamp = calloc(acts->accounts.n + 1, sizeof *stamp);
    uint32_t *crew_stamp = calloc(crews->n + 1, sizeof *crew_stamp);
    uint8_t *marked = calloc(acts->n + 1, 1);
    uint64_t *keys = calloc(acts->n + 1, sizeof *keys); /* crew, object of each marked act */
    size_t n = 0;
    REQUIRE(stamp && crew_stamp && marked && keys, STATUS_NOMEM);
    mark_acts(link, crews, stamp, crew_stamp, marked);
    for (size_t i = 0; i < acts->n; i++) {
        if (!marked[i])
            continue;
        uint32_t crew = crews->crew_of[acts->items[i].account];
        note_time(&crews->items[crew], acts->items[i].time_ms, crews->items[crew].n_acts == 0);
        crews->items[crew].n_acts = 1;
        keys[n++] = (uint64_t)crew << 32 | acts->items[i].object;
    }
    for (size_t crew = 0; crew < crews->n; crew++)
        crews->items[crew].n_acts = 0;
    TRY(radix_sort(keys, n));
    for (size_t i = 0, end; i < n; i = end) {
        for (end = i + 1; end < n && keys[end] == keys[i];)
            end++;
        add_object(&crews->items[keys[i] >> 32], (uint32_t)keys[i], (uint32_t)(end - i));
    }
fail:
    free(stamp);
    free(crew_stamp);
    free(marked);
    free(keys);
    return st;
}

enum status crews_make(struct crews *crews, const struct link *link)
{
    enum status st = STATUS_OK;
    const size_t n_accounts = link->acts->accounts.n;
    struct merging m = { 0 };
    *crews = (struct crews){ .crew_of = calloc(n_accounts + 1, sizeof(uint32_t)) };
    REQUIRE(crews->crew_of, STATUS_NOMEM);
    for (size_t account = 0; account < n_accounts; account++)
        crews->crew_of[account] = MAP_NONE;
    TRY(merging_init(&m, link, crews->crew_of));
    TRY(merge(&m));
    TRY(number_crews(crews, &m));
    TRY(describe(crews, link));
fail:
    merging_fini(&m);
    return st;
}

void crews_fini(struct crews *crews)
{
    free(crews->items);
    free(crews->crew_of);
    *crews = (struct crews){ 0 };
}
