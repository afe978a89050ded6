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

/* Stronger first, then by key. */
static bool comes_before(const struct graph *graph, const struct candidate *a, const struct candidate *b)
{
    uint64_t rank_a = rank_of(graph, a);
    uint64_t rank_b = rank_of(graph, b);
    if (rank_a != rank_b)
        return rank_a > rank_b;
    return graph->objects[a->object].object < graph->objects[b->object].object;
}

enum status links_collect(
    const struct graph *graph, const struct group *group, uint32_t *count, struct campaign *campaign)
{
    enum status st = STATUS_OK;
    struct candidate *items = NULL;
    struct candidate best[CAMPAIGN_LINKS + 1];
    size_t n = 0;
    size_t kept = 0;
    TRY(candidates(graph, group, count, &items, &n));
    for (size_t i = 0; i < n; i++) {
        if (items[i].inside < 2)
            continue;
        size_t at = kept;
        for (; at > 0 && comes_before(graph, &items[i], &best[at - 1]); at--)
            best[at] = best[at - 1];
        best[at] = items[i];
        kept += kept < CAMPAIGN_LINKS;
    }
    for (size_t i = 0; i < kept; i++)
        campaign->links[i] = link_of(graph, group, &best[i]);
    campaign->n_links = kept;
fail:
    free(items);
    return st;
}

/* What is open about an object of this kind. */
enum { OPEN_DOMAIN = 1, OPEN_NETWORK = 2 };

static uint32_t open_kind(enum object_kind kind)
{
    if (kind == OBJECT_EMAIL_DOMAIN)
        return OPEN_DOMAIN;
    return kind == OBJECT_SIGNUP_NET || kind == OBJECT_IP || kind == OBJECT_NET ? OPEN_NETWORK : 0;
}

/* At least three members show it, and mostly they. */
static bool is_their_own(const struct graph *graph, const struct candidate *c)
{
    return c->inside >= 3 && c->inside * 2 >= graph_degree(graph, c->object);
}

/* What is open about the account, by the marks in count. */
static uint32_t open_by(const struct graph *graph, uint32_t account, const uint32_t *count)
{
    uint32_t open = 0;
    for (uint32_t e = graph->rows.start[account]; e < graph->rows.start[account + 1]; e++)
        open |= count[graph->rows.items[e]];
    return open;
}

struct openness links_openness(const struct graph *graph, const struct group *group, uint32_t *count)
{
    struct openness open = { 0, 0 };
    struct candidate *items = NULL;
    size_t n = 0;
    if (candidates(graph, group, count, &items, &n) != STATUS_OK)
        return open;
    for (size_t i = 0; i < n; i++)
        if (is_their_own(graph, &items[i]))
            count[items[i].object] = open_kind(graph->objects[items[i].object].kind);
    for (size_t i = 0; i < group->n_members; i++) {
        if (group->members[i].membership < MEMBER_LIKELY)
            continue;
        uint32_t by = open_by(graph, group->members[i].account, count);
        open.domains += (by & OPEN_DOMAIN) != 0;
        open.networks += (by & OPEN_NETWORK) != 0;
    }
    for (size_t i = 0; i < n; i++)
        count[items[i].object] = 0;
    open.domains /= (double)group->n_firm;
    open.networks /= (double)group->n_firm;
    free(items);
    return open;
}
