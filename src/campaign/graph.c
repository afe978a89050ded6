#include "campaign/graph.h"

#include "campaign/sweep.h"

#include <stdlib.h>
#include <string.h>

/* A tie object has at least two members, and most have many. */
enum { EDGES_AN_OBJECT = 4, OBJECTS_LEAST = 1024 };

unsigned object_specificity(enum object_kind kind)
{
    static const uint8_t specificity[OBJECT_KINDS] = {
        [OBJECT_SYSTEM] = 3,
        [OBJECT_TOOLSET] = 2,
        [OBJECT_LEAD6] = 1,
        [OBJECT_LEAD12] = 2,
        [OBJECT_LEAD24] = 3,
        [OBJECT_TAIL6] = 1,
        [OBJECT_TAIL12] = 2,
        [OBJECT_BAND] = 2,
    };
    return (unsigned)kind < OBJECT_KINDS ? specificity[kind] : 0;
}

void graph_init(struct graph *graph, size_t accounts_max, size_t edges_max)
{
    const size_t slots_max = LOOKUP_ITEMS_MAX / 8 * 7; /* leaves room for empty ones */
    size_t objects_max = edges_max / EDGES_AN_OBJECT + OBJECTS_LEAST;
    *graph = (struct graph){ .accounts_max = accounts_max < slots_max ? accounts_max : slots_max,
        .edges_max = edges_max,
        .objects_max = objects_max < slots_max ? objects_max : slots_max };
    map_init(&graph->direct_index, edges_max);
}

void graph_fini(struct graph *graph)
{
    lookup_fini(&graph->account_index);
    lookup_fini(&graph->object_index);
    map_fini(&graph->direct_index);
    free(graph->accounts);
    free(graph->objects);
    free(graph->direct);
    free(graph->arrivals);
    adjacency_fini(&graph->frames);
    adjacency_fini(&graph->ties);
    adjacency_fini(&graph->columns);
    marks_fini(&graph->changed);
    marks_fini(&graph->restrung);
    *graph = (struct graph){ 0 };
}

static struct lookup_items account_items(const struct graph *graph)
{
    return (struct lookup_items){ graph->accounts, sizeof *graph->accounts };
}

static struct lookup_items object_items(const struct graph *graph)
{
    return (struct lookup_items){ graph->objects, sizeof *graph->objects };
}

uint32_t graph_find_account(const struct graph *graph, uint64_t account)
{
    return lookup_find(&graph->account_index, account_items(graph), account);
}

uint32_t graph_find_object(const struct graph *graph, uint64_t object)
{
    return lookup_find(&graph->object_index, object_items(graph), object);
}

/* Makes room for one more item of an array that never exceeds max. */
static enum status make_room(void **items, size_t *capacity, size_t n, size_t max, size_t size)
{
    enum status st = STATUS_OK;
    REQUIRE(n < max, STATUS_FULL);
    if (n < *capacity)
        return STATUS_OK;
    size_t wider = *capacity ? *capacity * 2 : 256;
    wider = wider > max ? max : wider;
    void *grown = realloc(*items, wider * size);
    REQUIRE(grown, STATUS_NOMEM);
    *items = grown;
    *capacity = wider;
fail:
    return st;
}

static enum status account_new(struct graph *graph, uint64_t account)
{
    enum status st = STATUS_OK;
    size_t n = graph->n_accounts;
    TRY(make_room((void **)&graph->accounts, &graph->accounts_capacity, n,
        graph->accounts_max + graph->settled.accounts, sizeof *graph->accounts));
    TRY(adjacency_widen(&graph->frames, n + 1));
    TRY(adjacency_widen(&graph->ties, n + 1));
    TRY(marks_widen(&graph->restrung, n + 1));
    TRY(lookup_reserve(&graph->account_index, account_items(graph), graph->account_index.n + 1));
    lookup_put(&graph->account_index, account, (uint32_t)n);
    graph->accounts[graph->n_accounts++] = (struct graph_account){ .account = account };
fail:
    return st;
}

static enum status account_at(
    struct graph *graph, uint64_t account, uint64_t organization, uint32_t *ret_index)
{
    enum status st = STATUS_OK;
    uint32_t found = graph_find_account(graph, account);
    if (found == MAP_NONE) {
        found = (uint32_t)graph->n_accounts;
        TRY(account_new(graph, account));
    }
    if (organization)
        graph->accounts[found].organization = organization;
    *ret_index = found;
fail:
    return st;
}

static enum status object_at(struct graph *graph, const struct tie *tie, uint32_t *ret_index)
{
    enum status st = STATUS_OK;
    uint32_t found = graph_find_object(graph, tie->object);
    if (found == MAP_NONE) {
        found = (uint32_t)graph->n_objects;
        TRY(make_room((void **)&graph->objects, &graph->objects_capacity, found,
            graph->objects_max + graph->settled.objects, sizeof *graph->objects));
        TRY(adjacency_widen(&graph->columns, graph->n_objects + 1));
        TRY(marks_widen(&graph->changed, graph->n_objects + 1));
        TRY(lookup_reserve(&graph->object_index, object_items(graph), graph->object_index.n + 1));
        lookup_put(&graph->object_index, tie->object, found);
        graph->objects[graph->n_objects++] =
            (struct graph_object){ .object = tie->object, .first_ms = tie->time_ms, .kind = tie->kind };
    }
    *ret_index = found;
fail:
    return st;
}

static struct adjacency *list_of(struct graph *graph, uint32_t object)
{
    return object_specificity(graph->objects[object].kind) > 0 ? &graph->frames : &graph->ties;
}

static bool is_strong(const struct graph *graph, uint32_t object)
{
    return object_kind_info[graph->objects[object].kind].strong;
}

/* Its frames count who hangs in any strong tie. */
static void count_in_frames(struct graph *graph, uint32_t account, bool more)
{
    struct indices frames = adjacency_at(&graph->frames, account);
    for (uint32_t i = 0; i < frames.n; i++) {
        graph->objects[frames.items[i]].strong += more ? 1U : UINT32_MAX;
        marks_set(&graph->changed, frames.items[i]);
    }
}

/* The account shares one strong object more, or fewer. */
static void share(struct graph *graph, uint32_t account, bool more)
{
    struct graph_account *a = &graph->accounts[account];
    a->n_shared += more ? 1U : UINT32_MAX;
    if (a->n_shared != more)
        return;
    if (a->n_linked == 0)
        count_in_frames(graph, account, more);
}

/* The account hangs in one strong direct tie more, or fewer. */
static void link_up(struct graph *graph, uint32_t account, bool more)
{
    struct graph_account *a = &graph->accounts[account];
    a->n_linked = (a->n_linked + (more ? 1U : UINT32_MAX)) & (UINT32_MAX >> 3);
    if (a->n_linked != more)
        return;
    if (a->n_shared == 0)
        count_in_frames(graph, account, more);
}

static void mark_members(struct graph *graph, uint32_t object)
{
    struct indices members = adjacency_at(&graph->columns, object);
    for (uint32_t i = 0; i < members.n; i++)
        marks_set(&graph->restrung, members.items[i]);
}

/* What it means for its members' strong ties that the object has one more now. */
static void count_member(struct graph *graph, uint32_t account, uint32_t object)
{
    struct indices members = adjacency_at(&graph->columns, object);
    if (!is_strong(graph, object) || members.n < 2)
        return;
    share(graph, account, true);
    if (members.n == 2)
        share(graph, members.items[members.items[0] == account], true);
    if (members.n == GRAPH_JOIN_MEMBERS_MAX + 1)
        mark_members(graph, object); /* those whom it joined may part */
}

enum status graph_arrive(struct graph *graph, uint32_t account)
{
    enum status st = STATUS_OK;
    graph->alarmed = true;
    if (graph->n_arrivals == GRAPH_ARRIVALS)
        return STATUS_OK;
    TRY(make_room((void **)&graph->arrivals, &graph->arrivals_capacity, graph->n_arrivals, GRAPH_ARRIVALS,
        sizeof *graph->arrivals));
    graph->arrivals[graph->n_arrivals++] = account;
fail:
    return st;
}

static enum status connect(struct graph *graph, uint32_t account, uint32_t object)
{
    enum status st = STATUS_OK;
    struct adjacency *list = list_of(graph, object);
    if (adjacency_has(list, account, object))
        return STATUS_OK;
    TRY(adjacency_insert(list, account, object));
    st = adjacency_insert(&graph->columns, object, account);
    if (st != STATUS_OK)
        adjacency_remove(list, account, object);
    REQUIRE(st == STATUS_OK, st);
    marks_set(&graph->changed, object);
    if (list == &graph->frames)
        graph->objects[object].strong += graph_hangs(&graph->accounts[account]);
    count_member(graph, account, object);
    if (graph->objects[object].watched && !graph->accounts[account].watched)
        TRY(graph_arrive(graph, account));
fail:
    return st;
}

static enum status add_member(struct graph *graph, const struct tie *tie)
{
    enum status st = STATUS_OK;
    uint32_t account;
    uint32_t object;
    REQUIRE(graph->n_edges < graph->edges_max, STATUS_FULL);
    TRY(account_at(graph, tie->a, tie->organization, &account));
    TRY(object_at(graph, tie, &object));
    TRY(connect(graph, account, object));
    graph->n_edges++;
    graph->n_grown++;
fail:
    return st;
}

void graph_count_direct(struct graph *graph, struct graph_direct *direct)
{
    if (direct->counts)
        return;
    direct->counts = true;
    link_up(graph, direct->a, true);
    link_up(graph, direct->b, true);
    if (direct->count >= GRAPH_JOIN_TIMES_MIN)
        marks_set(&graph->restrung, direct->a);
    graph->dirty = true;
}

/* Weak ties of a pair say nothing once it has a strong one, and do not add up to one. */
static void count_direct(struct graph *graph, struct graph_direct *direct, const struct tie *tie)
{
    bool strong = object_kind_info[tie->kind].strong;
    bool was_strong = direct->count > 0 && object_kind_info[direct->kind].strong;
    if (strong && !was_strong) {
        direct->kind = tie->kind;
        direct->object = tie->object;
        direct->first_ms = tie->time_ms;
        direct->count = 0;
        direct->prompt = false;
    }
    if (strong || !was_strong) {
        direct->count++;
        direct->prompt |= tie->lag_s <= GRAPH_PROMPT_S;
    }
    if (strong && (graph->accounts[direct->a].watched || graph->accounts[direct->b].watched) &&
        !graph_may_be_chance(direct))
        graph_count_direct(graph, direct);
    if (strong && direct->count == GRAPH_JOIN_TIMES_MIN)
        marks_set(&graph->restrung, direct->a);
}

/* Puts a direct tie in front of the account's others. */
static void chain(struct graph *graph, uint32_t direct, uint32_t account)
{
    uint32_t *first = &graph->accounts[account].direct;
    struct graph_direct *d = &graph->direct[direct];
    d->next[graph_direct_end(d, account)] = *first;
    if (*first) {
        struct graph_direct *after = &graph->direct[*first - 1];
        after->prev[graph_direct_end(after, account)] = direct + 1;
    }
    *first = direct + 1;
}

static enum status direct_new(struct graph *graph, const struct tie *tie, uint32_t a, uint32_t b)
{
    enum status st = STATUS_OK;
    uint32_t found = (uint32_t)graph->n_direct;
    TRY(make_room((void **)&graph->direct, &graph->direct_capacity, found,
        graph->edges_max + graph->settled.direct, sizeof *graph->direct));
    TRY(map_put(&graph->direct_index, graph_pair_key(a, b, tie->kind), found));
    struct graph_direct *d = &graph->direct[graph->n_direct++];
    *d = (struct graph_direct){
        .a = a, .b = b, .first_ms = tie->time_ms, .object = tie->object, .kind = tie->kind
    };
    chain(graph, found, a);
    if (b != a)
        chain(graph, found, b);
    graph->n_grown++;
fail:
    return st;
}

static enum status add_direct(struct graph *graph, const struct tie *tie)
{
    enum status st = STATUS_OK;
    uint32_t a;
    uint32_t b;
    TRY(account_at(graph, tie->a, tie->organization, &a));
    TRY(account_at(graph, tie->b, 0, &b));
    uint32_t found = map_find(&graph->direct_index, graph_pair_key(a, b, tie->kind));
    if (found == MAP_NONE) {
        found = (uint32_t)graph->n_direct;
        TRY(direct_new(graph, tie, a, b));
    }
    count_direct(graph, &graph->direct[found], tie);
    if (graph->accounts[a].watched != graph->accounts[b].watched && object_kind_info[tie->kind].strong &&
        graph->direct[found].counts)
        TRY(graph_arrive(graph, graph->accounts[a].watched ? b : a));
fail:
    return st;
}

static void withdraw(struct graph *graph, uint32_t object)
{
    struct indices members = adjacency_at(&graph->columns, object);
    bool strong = is_strong(graph, object);
    if (strong)
        mark_members(graph, object);
    for (uint32_t i = 0; i < members.n; i++) {
        adjacency_remove(list_of(graph, object), members.items[i], object);
        if (strong && members.n > 1)
            share(graph, members.items[i], false);
    }
    adjacency_clear(&graph->columns, object);
    marks_set(&graph->changed, object);
    graph->objects[object].dead = true;
    graph->empty.objects++;
}

enum status graph_add(struct graph *graph, const struct tie *tie)
{
    graph->dirty = true;
    if (tie->op == TIE_WITHDRAW) {
        uint32_t object = lookup_remove(&graph->object_index, object_items(graph), tie->object);
        if (object != MAP_NONE)
            withdraw(graph, object);
        return STATUS_OK;
    }
    enum status st = tie->op == TIE_DIRECT ? add_direct(graph, tie) : add_member(graph, tie);
    if (st == STATUS_FULL) {
        graph->dropped++;
        st = STATUS_OK;
    }
    return st;
}

/* Takes a direct tie, + 1, out of the account's chain. */
static void unchain(struct graph *graph, uint32_t direct, uint32_t account)
{
    const struct graph_direct *d = &graph->direct[direct - 1];
    uint32_t next = d->next[graph_direct_end(d, account)], prev = d->prev[graph_direct_end(d, account)];
    if (next) {
        struct graph_direct *after = &graph->direct[next - 1];
        after->prev[graph_direct_end(after, account)] = prev;
    }
    if (prev) {
        struct graph_direct *before = &graph->direct[prev - 1];
        before->next[graph_direct_end(before, account)] = next;
    } else {
        graph->accounts[account].direct = next;
    }
}

/* Its ends let go of it first. */
static void clear_direct(struct graph *graph, struct graph_direct *direct)
{
    map_remove(&graph->direct_index, graph_pair_key(direct->a, direct->b, direct->kind));
    direct->count = 0;
    graph->empty.direct++;
}

void graph_forget_direct(struct graph *graph, uint32_t direct)
{
    struct graph_direct *d = &graph->direct[direct];
    unchain(graph, direct + 1, d->a);
    if (d->b != d->a)
        unchain(graph, direct + 1, d->b);
    clear_direct(graph, d);
}

static void forget_direct(struct graph *graph, uint32_t account)
{
    for (uint32_t e = graph->accounts[account].direct; e;) {
        struct graph_direct *d = &graph->direct[e - 1];
        uint32_t other = d->a == account ? d->b : d->a;
        if (other != account) {
            unchain(graph, e, other);
            if (d->counts)
                link_up(graph, other, false);
        }
        clear_direct(graph, d);
        e = graph_direct_next(graph, e, account);
    }
    graph->accounts[account].direct = 0;
}

/* Leaves every object of one of its lists. */
static void leave(struct graph *graph, uint32_t account, struct adjacency *list)
{
    struct indices objects = adjacency_at(list, account);
    bool hangs = graph_hangs(&graph->accounts[account]);
    for (uint32_t i = 0; i < objects.n; i++) {
        uint32_t object = objects.items[i];
        adjacency_remove(&graph->columns, object, account);
        if (list == &graph->frames)
            graph->objects[object].strong -= hangs;
        else if (is_strong(graph, object) && graph_degree(graph, object) == 1)
            share(graph, adjacency_at(&graph->columns, object).items[0], false);
        marks_set(&graph->changed, object);
    }
    adjacency_clear(list, account);
}

void graph_forget(struct graph *graph, uint64_t account)
{
    uint32_t index = lookup_remove(&graph->account_index, account_items(graph), account);
    if (index == MAP_NONE)
        return;
    leave(graph, index, &graph->frames);
    leave(graph, index, &graph->ties);
    forget_direct(graph, index);
    graph->n_watched -= graph->accounts[index].watched;
    marks_set(&graph->restrung, index);
    graph->accounts[index].account = 0;
    graph->empty.accounts++;
    graph->dirty = true;
}

enum status graph_build(struct graph *graph)
{
    enum status st = STATUS_OK;
    if (sweep_is_due(graph))
        TRY(sweep_graph(graph));
    graph->n_edges = graph->columns.n_pairs;
    graph->n_rows = graph->n_accounts;
    graph->n_columns = graph->n_objects;
    graph->settled = graph->empty;
    graph->n_built = graph->n_edges + graph->n_direct - graph->empty.direct;
    graph->n_grown = 0;
    graph->dirty = graph->alarmed = false;
    graph->n_arrivals = 0;
fail:
    return st;
}

void graph_seen(struct graph *graph)
{
    marks_clear(&graph->changed);
    marks_clear(&graph->restrung);
    graph->n_known = graph->n_accounts;
}

size_t graph_bytes(const struct graph *graph)
{
    return graph->accounts_capacity * sizeof *graph->accounts +
           graph->objects_capacity * sizeof *graph->objects + graph->direct_capacity * sizeof *graph->direct +
           adjacency_bytes(&graph->frames) + adjacency_bytes(&graph->ties) +
           adjacency_bytes(&graph->columns) + marks_bytes(&graph->changed) + marks_bytes(&graph->restrung) +
           lookup_bytes(&graph->account_index) + lookup_bytes(&graph->object_index) +
           map_bytes(&graph->direct_index) + graph->arrivals_capacity * sizeof *graph->arrivals;
}
