#include "link/crew.h"

#include "link/radix.h"
#include "rival/sets.h"

#include <stdbool.h>
#include <stdlib.h>

/* While crews are made: the crew of an account is the root of a found cell. */
struct merging {
    const struct link *link;
    struct found *found; /* by odds */
    struct sets sets;
    uint32_t *held;    /* by root: members of the cell at hand */
    uint32_t *touched; /* the roots that hold any */
    size_t n_touched;
    uint32_t *crew_of;
};

static int by_odds(const void *left, const void *right)
{
    const struct found *a = left;
    const struct found *b = right;
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
    *m = (struct merging){ .link = link, .crew_of = crew_of };
    m->found = calloc(link->n_found + 1, sizeof *m->found);
    m->held = calloc(link->n_found + 1, sizeof *m->held);
    m->touched = calloc(link->n_found + 1, sizeof *m->touched);
    REQUIRE(m->found && m->held && m->touched, STATUS_NOMEM);
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

/* The crew that the cell's new members join, and into which the others go that hold enough of it. */
static uint32_t join(struct merging *m, uint32_t number)
{
    const struct found *cell = &m->found[number];
    uint32_t most = MAP_NONE;
    for (size_t i = 0; i < m->n_touched; i++) {
        uint32_t crew = m->touched[i];
        if (m->held[crew] < 2 || (size_t)m->held[crew] * 4 < cell->n_members)
            continue;
        if (most != MAP_NONE)
            sets_join(&m->sets, most, crew);
        most = most == MAP_NONE ? crew : sets_find(&m->sets, most);
    }
    for (size_t i = 0; i < m->n_touched; i++)
        m->held[m->touched[i]] = 0;
    return most == MAP_NONE ? number : most;
}

static void merge(struct merging *m)
{
    for (uint32_t i = 0; i < m->link->n_found; i++) {
        const struct found *cell = &m->found[i];
        count_held(m, cell);
        uint32_t crew = join(m, i);
        for (size_t j = 0; j < cell->n_members; j++) {
            uint32_t *its = &m->crew_of[m->link->members[cell->members + j]];
            if (*its == MAP_NONE)
                *its = crew;
        }
    }
}

/* Roots become numbers of crews, by their best cell. */
static enum status number_crews(struct crews *crews, struct merging *m)
{
    enum status st = STATUS_OK;
    const size_t n_found = m->link->n_found;
    uint32_t *number_of = calloc(n_found + 1, sizeof *number_of); /* by root, from 1 */
    crews->items = calloc(n_found + 1, sizeof *crews->items);
    REQUIRE(number_of && crews->items, STATUS_NOMEM);
    for (size_t account = 0; account < m->link->acts->accounts.n; account++)
        if (crews->crew_of[account] != MAP_NONE)
            number_of[sets_find(&m->sets, crews->crew_of[account])] = 1;
    for (uint32_t i = 0; i < n_found; i++) {
        if (sets_find(&m->sets, i) != i || number_of[i] == 0)
            continue;
        crews->items[crews->n] = (struct crew){
            .log_odds = m->found[i].log_odds, .novices = m->found[i].novices, .partners = m->found[i].partners
        };
        number_of[i] = (uint32_t)++crews->n;
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
    return st;
}

/* Of every cell's acts those by its members, each once; and how many cells a crew has. */
static void mark_acts(const struct link *link, struct crews *crews, uint32_t *stamp, uint8_t *marked)
{
    const struct act *items = link->acts->items;
    for (size_t f = 0; f < link->n_found; f++) {
        const struct found *cell = &link->found[f];
        uint32_t seen = MAP_NONE;
        for (size_t i = 0; i < cell->n_members; i++)
            stamp[link->members[cell->members + i]] = (uint32_t)f + 1;
        for (uint32_t i = cell->from; i < cell->from + cell->n; i++) {
            if (stamp[items[i].account] != f + 1)
                continue;
            marked[i] = 1;
            seen = seen == MAP_NONE ? crews->crew_of[items[i].account] : seen;
        }
        if (seen != MAP_NONE)
            crews->items[seen].n_cells++;
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
    uint8_t *marked = calloc(acts->n + 1, 1);
    uint64_t *keys = calloc(acts->n + 1, sizeof *keys); /* crew, object of each marked act */
    size_t n = 0;
    REQUIRE(stamp && marked && keys, STATUS_NOMEM);
    mark_acts(link, crews, stamp, marked);
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
    merge(&m);
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
