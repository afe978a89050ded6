#include "campaign/find.h"

#include "sketch/peel.h"

#include <stdlib.h>
#include <string.h>

static const enum family strong_families[FIND_STRONG_FAMILIES] = { FAMILY_IDENTITY, FAMILY_PROVENANCE };

enum { SIDES_LEAST = 2, SIDES_SPECIFIC = 3 };

void group_fini(struct group *group)
{
    free(group->members);
    free(group->objects);
}

const struct group_member *group_find(const struct group *group, uint32_t account)
{
    size_t low = 0;
    size_t high = group->n_members;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (group->members[middle].account < account)
            low = middle + 1;
        else
            high = middle;
    }
    bool found = low < group->n_members && group->members[low].account == account;
    return found ? &group->members[low] : NULL;
}

void finder_init(struct finder *finder)
{
    *finder = (struct finder){ .stale = true };
    clusters_init(&finder->clusters);
    for (size_t i = 0; i < FIND_STRONG_FAMILIES; i++)
        rings_init(&finder->rings[i], strong_families[i]);
}

void finder_fini(struct finder *finder)
{
    for (size_t i = 0; i < finder->groups.n; i++)
        group_fini(&finder->groups.items[i]);
    free(finder->groups.items);
    clusters_fini(&finder->clusters);
    for (size_t i = 0; i < FIND_STRONG_FAMILIES; i++)
        rings_fini(&finder->rings[i]);
    *finder = (struct finder){ 0 };
}

enum status group_list_take(struct group_list *list, struct group *group)
{
    enum status st = STATUS_OK;
    if (list->n == list->capacity) {
        size_t wider = list->capacity ? list->capacity * 2 : 16;
        struct group *grown = realloc(list->items, wider * sizeof *grown);
        REQUIRE(grown, STATUS_NOMEM);
        list->items = grown;
        list->capacity = wider;
    }
    list->items[list->n++] = *group;
    return STATUS_OK;
fail:
    group_fini(group);
    return st;
}

/* A cluster of content objects and every account that shows one of them, as a graph of its own. */
struct cluster {
    uint32_t leader; /* in clusters.h */
    uint32_t *objects;
    size_t n_objects;
    uint32_t *accounts; /* ascending */
    size_t n_accounts;
    uint32_t *row_start, *column, *degree;
    uint8_t *keep_row, *keep_column;
};

static void cluster_fini(struct cluster *c)
{
    free(c->objects);
    free(c->accounts);
    free(c->row_start);
    free(c->column);
    free(c->degree);
    free(c->keep_row);
    free(c->keep_column);
}

static int ascending(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a;
    uint32_t y = *(const uint32_t *)b;
    return x < y ? -1 : x > y;
}

/* row_of: scratch by account index, all 0 on entry; on success the account's row + 1. */
static enum status cluster_accounts(
    const struct graph *graph, uint32_t *row_of, struct cluster *c, size_t *ret_edges)
{
    enum status st = STATUS_OK;
    size_t edges = 0;
    for (size_t i = 0; i < c->n_objects; i++)
        edges += graph_degree(graph, c->objects[i]);
    c->accounts = malloc((edges + 1) * sizeof *c->accounts);
    REQUIRE(c->accounts, STATUS_NOMEM);
    for (size_t i = 0; i < c->n_objects; i++) {
        struct indices members = adjacency_at(&graph->columns, c->objects[i]);
        for (uint32_t e = 0; e < members.n; e++) {
            if (!row_of[members.items[e]])
                c->accounts[c->n_accounts++] = members.items[e];
            row_of[members.items[e]] = 1;
        }
    }
    if (c->n_objects > 1)
        qsort(c->accounts, c->n_accounts, sizeof *c->accounts, ascending);
    for (size_t r = 0; r < c->n_accounts; r++)
        row_of[c->accounts[r]] = (uint32_t)r + 1;
    *ret_edges = edges;
fail:
    return st;
}

/* Columns to rows: counted, then filled in the order of the objects, so that each row is ascending. */
static enum status cluster_edges(
    const struct graph *graph, const uint32_t *row_of, size_t edges, struct cluster *c)
{
    enum status st = STATUS_OK;
    c->row_start = calloc(c->n_accounts + 2, sizeof *c->row_start);
    c->column = malloc((edges + 1) * sizeof *c->column);
    c->degree = malloc((c->n_objects + 1) * sizeof *c->degree);
    c->keep_row = calloc(c->n_accounts + 1, 1);
    c->keep_column = calloc(c->n_objects + 1, 1);
    REQUIRE(c->row_start && c->column && c->degree && c->keep_row && c->keep_column, STATUS_NOMEM);
    for (size_t i = 0; i < c->n_objects; i++) {
        struct indices members = adjacency_at(&graph->columns, c->objects[i]);
        c->degree[i] = members.n;
        for (uint32_t e = 0; e < members.n; e++)
            c->row_start[row_of[members.items[e]] + 1]++;
    }
    for (size_t r = 0; r < c->n_accounts; r++)
        c->row_start[r + 2] += c->row_start[r + 1];
    for (size_t i = 0; i < c->n_objects; i++) {
        struct indices members = adjacency_at(&graph->columns, c->objects[i]);
        for (uint32_t e = 0; e < members.n; e++)
            c->column[c->row_start[row_of[members.items[e]]]++] = (uint32_t)i;
    }
fail:
    return st;
}

/* Of the objects kept: how many an account shows, of how many kinds, and how specific they are together. */
struct shown {
    uint16_t objects;
    uint8_t kinds;
    unsigned specific;
};

static struct shown shown_by(const struct graph *graph, const struct cluster *c, size_t row)
{
    struct shown shown = { .objects = 0 };
    uint32_t kinds = 0;
    for (uint32_t e = c->row_start[row]; e < c->row_start[row + 1]; e++) {
        enum object_kind kind = graph->objects[c->objects[c->column[e]]].kind;
        if (!c->keep_column[c->column[e]])
            continue;
        shown.objects++;
        shown.kinds = (uint8_t)(shown.kinds + !(kinds >> kind & 1));
        kinds |= UINT32_C(1) << kind;
        shown.specific += object_specificity(kind);
    }
    return shown;
}

static uint8_t median_of(const size_t counts[static 256], size_t n)
{
    uint8_t median = 0;
    for (size_t below = counts[0]; below * 2 < n && median < 255; below += counts[median])
        median++;
    return median;
}

/* What the median account of the nucleus shows of its objects: frames vary, nobody shows all of their sides. */
static struct shown usually_shown(const struct graph *graph, const struct cluster *c)
{
    size_t objects[256] = { 0 }, kinds[256] = { 0 };
    size_t rows = 0;
    for (size_t r = 0; r < c->n_accounts; r++) {
        if (!c->keep_row[r])
            continue;
        struct shown shown = shown_by(graph, c, r);
        objects[shown.objects < 255 ? shown.objects : 255]++;
        kinds[shown.kinds]++;
        rows++;
    }
    return (struct shown){ .objects = median_of(objects, rows), .kinds = median_of(kinds, rows) };
}

/*
 * Likely: shows at least half of what is usual in the nucleus, and enough of it to be no accident. Or most of its sides,
 * that is kinds: phrases that come with some of the tasks add up over a long life, and newcomers have hardly any.
 */
static enum membership place(const struct shown *shown, const struct shown *usual)
{
    if (shown->objects == 0)
        return MEMBER_NONE;
    bool usually = shown->specific >= 1 && shown->objects * 2 >= usual->objects;
    bool all_round =
        shown->specific >= SIDES_SPECIFIC && shown->kinds >= SIDES_LEAST && shown->kinds * 2 > usual->kinds;
    return usually || all_round ? MEMBER_LIKELY : MEMBER_HALO;
}

static enum status group_from_cluster(
    const struct graph *graph, const struct cluster *c, struct group *ret_group)
{
    enum status st = STATUS_OK;
    struct group g = { .found_by = FAMILY_CONTENT };
    g.objects = malloc((c->n_objects + 1) * sizeof *g.objects);
    g.members = malloc((c->n_accounts + 1) * sizeof *g.members);
    REQUIRE(g.objects && g.members, STATUS_NOMEM);
    for (size_t i = 0; i < c->n_objects; i++)
        if (c->keep_column[i]) {
            uint64_t key = graph->objects[c->objects[i]].object;
            g.root = g.n_objects == 0 || key < g.root ? key : g.root;
            g.objects[g.n_objects++] = c->objects[i];
        }
    const struct shown usual = usually_shown(graph, c);
    for (size_t r = 0; r < c->n_accounts; r++) {
        const struct shown shown = shown_by(graph, c, r);
        struct group_member m = { .account = c->accounts[r], .objects = shown.objects };
        m.membership = (uint8_t)place(&shown, &usual);
        if (m.membership == MEMBER_NONE)
            continue;
        g.n_firm += m.membership >= MEMBER_LIKELY;
        g.members[g.n_members++] = m;
    }
    *ret_group = g;
    return STATUS_OK;
fail:
    group_fini(&g);
    return st;
}

/* Takes c, which has its objects. */
static enum status find_in_cluster(const struct graph *graph, uint32_t *row_of, struct cluster c,
    uint32_t min_accounts, struct group_list *list)
{
    enum status st = STATUS_OK;
    struct group group;
    uint64_t density;
    size_t edges = 0;
    TRY(cluster_accounts(graph, row_of, &c, &edges));
    TRY(cluster_edges(graph, row_of, edges, &c));
    for (size_t r = 0; r < c.n_accounts; r++)
        row_of[c.accounts[r]] = 0;
    struct peel_graph bipartite = { c.n_accounts, c.n_objects, c.row_start, c.column, c.degree };
    TRY(peel(&bipartite, c.keep_row, c.keep_column, &density));
    TRY(group_from_cluster(graph, &c, &group));
    group.leader = c.leader;
    if (group.n_firm >= min_accounts)
        TRY(group_list_take(list, &group));
    else
        group_fini(&group);
fail:
    cluster_fini(&c);
    return st;
}

/* Groups of clusters that do not stand as they were go. */
static void drop_clusters(struct finder *finder)
{
    size_t kept = 0;
    for (size_t i = 0; i < finder->groups.n; i++) {
        struct group *g = &finder->groups.items[i];
        const struct cluster_frame *frames = finder->clusters.frames;
        if (g->found_by == FAMILY_CONTENT &&
            (frames[g->leader].leader != g->leader || !frames[g->leader].stands))
            group_fini(g);
        else
            finder->groups.items[kept++] = *g;
    }
    finder->groups.n = kept;
}

static enum status find_by_content(struct finder *finder, const struct graph *graph, uint32_t min_accounts)
{
    enum status st = STATUS_OK;
    const struct clusters *clusters = &finder->clusters;
    uint32_t *row_of = NULL;
    TRY(clusters_update(&finder->clusters, graph, min_accounts));
    drop_clusters(finder);
    for (size_t from = 0, to; from < clusters->n_order; from = to) {
        struct cluster c = { .leader = clusters->frames[clusters->order[from]].leader };
        to = clusters_end(clusters, from);
        if (clusters->frames[c.leader].stands)
            continue;
        row_of = row_of ? row_of : calloc(graph->n_rows + 1, sizeof *row_of);
        REQUIRE(row_of, STATUS_NOMEM);
        c.objects = malloc((to - from) * sizeof *c.objects);
        REQUIRE(c.objects, STATUS_NOMEM);
        for (size_t i = from; i < to; i++)
            c.objects[c.n_objects++] = clusters->frames[clusters->order[i]].object;
        TRY(find_in_cluster(graph, row_of, c, min_accounts, &finder->groups));
    }
fail:
    free(row_of);
    return st;
}

/* The strong objects of the family that two or more members of the component show. */
static enum status component_objects(const struct graph *graph, struct group *g)
{
    enum status st = STATUS_OK;
    size_t most = 0;
    for (size_t i = 0; i < g->n_members; i++)
        most += adjacency_at(&graph->ties, g->members[i].account).n;
    g->objects = malloc((most + 1) * sizeof *g->objects);
    REQUIRE(g->objects, STATUS_NOMEM);
    size_t n = 0;
    for (size_t i = 0; i < g->n_members; i++) {
        struct indices shown = adjacency_at(&graph->ties, g->members[i].account);
        for (uint32_t e = 0; e < shown.n; e++) {
            enum object_kind kind = graph->objects[shown.items[e]].kind;
            if (object_kind_info[kind].family == g->found_by && object_kind_info[kind].strong)
                g->objects[n++] = shown.items[e];
        }
    }
    qsort(g->objects, n, sizeof *g->objects, ascending);
    for (size_t i = 0; i < n; i++)
        if (i + 1 < n && g->objects[i] == g->objects[i + 1] &&
            (g->n_objects == 0 || g->objects[g->n_objects - 1] != g->objects[i]))
            g->objects[g->n_objects++] = g->objects[i];
fail:
    return st;
}

static enum status find_in_part(
    struct finder *finder, const struct graph *graph, const struct rings *rings, uint32_t root, size_t size)
{
    enum status st = STATUS_OK;
    struct group g = { .found_by = rings->family, .n_members = size, .n_firm = size, .root = UINT64_MAX };
    uint32_t *accounts = malloc(size * sizeof *accounts);
    g.members = malloc(size * sizeof *g.members);
    REQUIRE(accounts && g.members, STATUS_NOMEM);
    accounts[0] = root;
    for (size_t i = 1; i < size; i++)
        accounts[i] = rings->next[accounts[i - 1]];
    qsort(accounts, size, sizeof *accounts, ascending);
    for (size_t i = 0; i < size; i++) {
        uint64_t id = graph->accounts[accounts[i]].account;
        g.members[i] =
            (struct group_member){ .account = accounts[i], .objects = 1, .membership = MEMBER_LIKELY };
        g.root = id < g.root ? id : g.root;
    }
    TRY(component_objects(graph, &g));
    free(accounts);
    return group_list_take(&finder->groups, &g);
fail:
    free(accounts);
    group_fini(&g);
    return st;
}

/* Groups of parts that changed go. */
static void drop_rings(struct finder *finder, struct rings *rings)
{
    size_t kept = 0;
    for (size_t i = 0; i < finder->groups.n; i++) {
        struct group *g = &finder->groups.items[i];
        if (g->found_by == rings->family &&
            marks_has(&rings->changed, rings_root(rings, g->members[0].account)))
            group_fini(g);
        else
            finder->groups.items[kept++] = *g;
    }
    finder->groups.n = kept;
}

static enum status find_by_strong(
    struct finder *finder, const struct graph *graph, struct rings *rings, uint32_t min_accounts)
{
    enum status st = STATUS_OK;
    TRY(rings_update(rings, graph, finder->anew));
    drop_rings(finder, rings);
    for (size_t i = marks_next(&rings->changed, 0); i < rings->n; i = marks_next(&rings->changed, i + 1)) {
        size_t size = rings_size(rings, (uint32_t)i);
        if (size >= min_accounts && size > 1)
            TRY(find_in_part(finder, graph, rings, (uint32_t)i, size));
    }
fail:
    return st;
}

static void drop_all(struct finder *finder)
{
    for (size_t i = 0; i < finder->groups.n; i++)
        group_fini(&finder->groups.items[i]);
    finder->groups.n = 0;
}

enum status finder_begin(struct finder *finder, const struct graph *graph)
{
    enum status st = STATUS_OK;
    finder->anew = finder->stale || finder->generation != graph->generation;
    finder->stale = true; /* unless the epoch is gone through */
    if (finder->anew)
        drop_all(finder);
    TRY(clusters_list(&finder->clusters, graph, finder->anew));
fail:
    return st;
}

enum status find_groups(struct finder *finder, const struct graph *graph, uint32_t min_accounts)
{
    enum status st = STATUS_OK;
    TRY(find_by_content(finder, graph, min_accounts));
    for (size_t i = 0; i < FIND_STRONG_FAMILIES; i++)
        TRY(find_by_strong(finder, graph, &finder->rings[i], min_accounts));
    finder->generation = graph->generation;
    finder->stale = false;
fail:
    return st;
}

size_t finder_bytes(const struct finder *finder)
{
    size_t bytes = clusters_bytes(&finder->clusters) + finder->groups.capacity * sizeof(struct group);
    for (size_t i = 0; i < FIND_STRONG_FAMILIES; i++)
        bytes += rings_bytes(&finder->rings[i]);
    for (size_t i = 0; i < finder->groups.n; i++)
        bytes += finder->groups.items[i].n_members * sizeof(struct group_member) +
                 finder->groups.items[i].n_objects * sizeof(uint32_t);
    return bytes;
}
