#include "campaign/links.h"

#include <stdlib.h>
#include <string.h>

struct candidate {
    uint32_t object, inside;
};

/* Every object that firm members show, with how many of them do, in the order of first sight. */
static enum status candidates(const struct graph *graph, const struct group *group, uint32_t *count,
    struct candidate **ret_items, size_t *ret_n)
{
    enum status st = STATUS_OK;
    size_t most = 0;
    for (size_t i = 0; i < group->n_members; i++)
        most +=
            graph->rows.start[group->members[i].account + 1] - graph->rows.start[group->members[i].account];
    struct candidate *items = malloc((most + 1) * sizeof *items);
    REQUIRE(items, STATUS_NOMEM);
    size_t n = 0;
    for (size_t i = 0; i < group->n_members; i++) {
        uint32_t a = group->members[i].account;
        if (group->members[i].membership < MEMBER_LIKELY)
            continue;
        for (uint32_t e = graph->rows.start[a]; e < graph->rows.start[a + 1]; e++)
            if (count[graph->rows.items[e]]++ == 0)
                items[n++].object = graph->rows.items[e];
    }
    for (size_t i = 0; i < n; i++) {
        items[i].inside = count[items[i].object];
        count[items[i].object] = 0;
    }
    *ret_items = items;
    *ret_n = n;
fail:
    return st;
}

static uint64_t rank_of(const struct graph *graph, const struct candidate *c)
{
    enum object_kind kind = graph->objects[c->object].kind;
    uint64_t strong = object_kind_info[kind].strong;
    uint64_t specific = object_specificity(kind);
    return strong << 48 | (uint64_t)c->inside << 8 | specific;
}

static bool is_firm(const struct group *group, uint32_t account)
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
    return low < group->n_members && group->members[low].account == account &&
           group->members[low].membership >= MEMBER_LIKELY;
}

static struct campaign_link link_of(
    const struct graph *graph, const struct group *group, const struct candidate *c)
{
    const struct graph_object *object = &graph->objects[c->object];
    struct campaign_link link = {
        .object = object->object,
        .kind = object->kind,
        .inside = c->inside,
        .members = graph_degree(graph, c->object),
        .first_ms = object->first_ms,
    };
    size_t n = 0;
    for (uint32_t e = graph->columns.start[c->object]; e < graph->columns.start[c->object + 1] && n < 4; e++)
        if (is_firm(group, graph->columns.items[e]))
            link.example[n++] = graph->accounts[graph->columns.items[e]].account;
    return link;
}

enum status links_collect(
    const struct graph *graph, const struct group *group, uint32_t *count, struct campaign *campaign)
{
    enum status st = STATUS_OK;
    struct candidate *items = NULL;
    size_t n = 0;
    TRY(candidates(graph, group, count, &items, &n));
    campaign->n_links = 0;
    while (campaign->n_links < CAMPAIGN_LINKS) {
        size_t best = n;
        for (size_t i = 0; i < n; i++) {
            if (items[i].inside < 2)
                continue;
            if (best == n || rank_of(graph, &items[i]) > rank_of(graph, &items[best]) ||
                (rank_of(graph, &items[i]) == rank_of(graph, &items[best]) &&
                    graph->objects[items[i].object].object < graph->objects[items[best].object].object))
                best = i;
        }
        if (best == n)
            break;
        campaign->links[campaign->n_links++] = link_of(graph, group, &items[best]);
        items[best].inside = 0;
    }
fail:
    free(items);
    return st;
}

/* The share of firm members that show an object of these kinds which at least three show, and mostly they. */
static double own_share(const struct graph *graph, const struct group *group, const struct candidate *items,
    size_t n, bool (*is_kind)(enum object_kind))
{
    size_t covered = 0;
    for (size_t i = 0; i < group->n_members; i++) {
        uint32_t account = group->members[i].account;
        bool own = false;
        if (group->members[i].membership < MEMBER_LIKELY)
            continue;
        for (size_t j = 0; j < n && !own; j++)
            own = is_kind(graph->objects[items[j].object].kind) && items[j].inside >= 3 &&
                  items[j].inside * 2 >= graph_degree(graph, items[j].object) &&
                  graph_shows(graph, account, items[j].object);
        covered += own;
    }
    return (double)covered / (double)group->n_firm;
}

static bool is_domain(enum object_kind kind)
{
    return kind == OBJECT_EMAIL_DOMAIN;
}

static bool is_network(enum object_kind kind)
{
    return kind == OBJECT_SIGNUP_NET || kind == OBJECT_IP || kind == OBJECT_NET;
}

struct openness links_openness(const struct graph *graph, const struct group *group, uint32_t *count)
{
    struct openness open = { 0, 0 };
    struct candidate *items = NULL;
    size_t n = 0;
    if (candidates(graph, group, count, &items, &n) != STATUS_OK)
        return open;
    open.domains = own_share(graph, group, items, n, is_domain);
    open.networks = own_share(graph, group, items, n, is_network);
    free(items);
    return open;
}
