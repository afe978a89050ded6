#include "campaign/rings.h"

#include <stdlib.h>

void rings_init(struct rings *rings, enum family family)
{
    *rings = (struct rings){ .family = family };
}

void rings_fini(struct rings *rings)
{
    free(rings->parent);
    free(rings->next);
    marks_fini(&rings->changed);
    marks_fini(&rings->dissolved);
    *rings = (struct rings){ .family = rings->family };
}

uint32_t rings_root(struct rings *rings, uint32_t account)
{
    uint32_t *parent = rings->parent;
    while (parent[account] != account) {
        parent[account] = parent[parent[account]];
        account = parent[account];
    }
    return account;
}

size_t rings_size(const struct rings *rings, uint32_t account)
{
    size_t n = 1;
    for (uint32_t i = rings->next[account]; i != account; i = rings->next[i])
        n++;
    return n;
}

size_t rings_size_to(const struct rings *rings, uint32_t account, size_t most)
{
    size_t n = 1;
    for (uint32_t i = rings->next[account]; i != account && n < most; i = rings->next[i])
        n++;
    return n;
}

/* Two rings become one where two of their links are crossed. */
static void join(struct rings *rings, uint32_t a, uint32_t b)
{
    a = rings_root(rings, a);
    b = rings_root(rings, b);
    if (a == b)
        return;
    uint32_t after_a = rings->next[a];
    rings->next[a] = rings->next[b];
    rings->next[b] = after_a;
    rings->parent[a < b ? b : a] = a < b ? a : b;
    marks_set(&rings->changed, a);
}

static void be_alone(struct rings *rings, size_t account)
{
    rings->parent[account] = rings->next[account] = (uint32_t)account;
}

static enum status widen(struct rings *rings, size_t n)
{
    enum status st = STATUS_OK;
    TRY(marks_widen(&rings->changed, n));
    TRY(marks_widen(&rings->dissolved, n));
    if (n > rings->room) {
        size_t room = n + n / 16 + 63;
        uint32_t *parent = realloc(rings->parent, room * sizeof *parent);
        REQUIRE(parent, STATUS_NOMEM);
        rings->parent = parent;
        uint32_t *next = realloc(rings->next, room * sizeof *next);
        REQUIRE(next, STATUS_NOMEM);
        rings->next = next;
        rings->room = room;
    }
    for (size_t i = rings->n; i < n; i++)
        be_alone(rings, i);
    rings->n = n;
fail:
    return st;
}

static bool is_of(const struct rings *rings, enum object_kind kind)
{
    return object_kind_info[kind].strong && object_kind_info[kind].family == rings->family;
}

static void join_members(struct rings *rings, const struct graph *graph, uint32_t object)
{
    struct indices members = adjacency_at(&graph->columns, object);
    if (!graph_object_joins(graph, object))
        return;
    for (uint32_t i = 1; i < members.n; i++)
        join(rings, members.items[i - 1], members.items[i]);
}

static void join_direct(struct rings *rings, const struct graph_direct *direct)
{
    if (is_of(rings, direct->kind) && graph_direct_joins(direct))
        join(rings, direct->a, direct->b);
}

/* Everybody in the part is alone. */
static void dissolve(struct rings *rings, uint32_t account)
{
    uint32_t i = account;
    do {
        uint32_t next = rings->next[i];
        be_alone(rings, i);
        marks_set(&rings->dissolved, i);
        marks_set(&rings->changed, i);
        i = next;
    } while (i != account);
}

/* By all that the account shows and hangs in. */
static void join_again(struct rings *rings, const struct graph *graph, uint32_t account)
{
    struct indices shown = adjacency_at(&graph->ties, account);
    for (uint32_t i = 0; i < shown.n; i++) {
        struct indices members = adjacency_at(&graph->columns, shown.items[i]);
        if (members.n > 0 && is_of(rings, graph->objects[shown.items[i]].kind) &&
            graph_object_joins(graph, shown.items[i]))
            join(rings, account, members.items[0]);
    }
    for (uint32_t e = graph->accounts[account].direct; e; e = graph_direct_next(graph, e, account))
        join_direct(rings, &graph->direct[e - 1]);
}

static void start_anew(struct rings *rings, const struct graph *graph)
{
    for (size_t i = 0; i < rings->n; i++)
        marks_set(&rings->changed, i);
    for (size_t i = 0; i < graph->n_objects; i++)
        if (is_of(rings, graph->objects[i].kind))
            join_members(rings, graph, (uint32_t)i);
    for (size_t i = 0; i < graph->n_direct; i++)
        if (graph->direct[i].count > 0)
            join_direct(rings, &graph->direct[i]);
}

static void take_changes(struct rings *rings, const struct graph *graph)
{
    for (size_t i = marks_next(&graph->restrung, 0); i < rings->n; i = marks_next(&graph->restrung, i + 1))
        dissolve(rings, (uint32_t)i);
    for (size_t i = marks_next(&graph->changed, 0); i < graph->n_objects;
         i = marks_next(&graph->changed, i + 1)) {
        if (!is_of(rings, graph->objects[i].kind))
            continue;
        struct indices members = adjacency_at(&graph->columns, (uint32_t)i);
        for (uint32_t e = 0; e < members.n; e++)
            marks_set(&rings->changed, members.items[e]);
        join_members(rings, graph, (uint32_t)i);
    }
    for (size_t i = marks_next(&rings->dissolved, 0); i < rings->n; i = marks_next(&rings->dissolved, i + 1))
        join_again(rings, graph, (uint32_t)i);
}

/* Accounts whose parts changed become the roots of these. A root is never behind its accounts. */
static void keep_roots(struct rings *rings)
{
    for (size_t i = marks_next(&rings->changed, 0); i < rings->n; i = marks_next(&rings->changed, i + 1)) {
        uint32_t root = rings_root(rings, (uint32_t)i);
        if (root == i)
            continue;
        marks_drop(&rings->changed, i);
        marks_set(&rings->changed, root);
    }
}

enum status rings_update(struct rings *rings, const struct graph *graph, bool anew)
{
    enum status st = STATUS_OK;
    rings->n = anew ? 0 : rings->n;
    marks_clear(&rings->changed);
    marks_clear(&rings->dissolved);
    TRY(widen(rings, graph->n_accounts));
    if (anew)
        start_anew(rings, graph);
    else
        take_changes(rings, graph);
    keep_roots(rings);
fail:
    return st;
}

size_t rings_bytes(const struct rings *rings)
{
    return rings->room * (sizeof *rings->parent + sizeof *rings->next) + marks_bytes(&rings->changed) +
           marks_bytes(&rings->dissolved);
}
