#include "campaign/links.h"

#include <stdlib.h>
#include <string.h>

struct candidate {
    uint32_t object, inside;
};

struct candidates {
    struct candidate *items;
    size_t n;
};

static void count_list(struct candidates *candidates, struct indices objects, uint32_t *count)
{
    for (uint32_t i = 0; i < objects.n; i++)
        if (count[objects.items[i]]++ == 0)
            candidates->items[candidates->n++].object = objects.items[i];
}

/* Every object that firm members show, frames where they are asked for, with how many of them do. */
static enum status candidates_count(const struct graph *graph, const struct group *group, bool frames,
    uint32_t *count, struct candidates *ret_candidates)
{
    enum status st = STATUS_OK;
    struct candidates c = { 0 };
    size_t most = 0;
    for (size_t i = 0; i < group->n_members; i++) {
        uint32_t a = group->members[i].account;
        most += adjacency_at(&graph->ties, a).n + (frames ? adjacency_at(&graph->frames, a).n : 0);
    }
    c.items = malloc((most + 1) * sizeof *c.items);
    REQUIRE(c.items, STATUS_NOMEM);
    for (size_t i = 0; i < group->n_members; i++) {
        if (group->members[i].membership < MEMBER_LIKELY)
            continue;
        count_list(&c, adjacency_at(&graph->ties, group->members[i].account), count);
        if (frames)
            count_list(&c, adjacency_at(&graph->frames, group->members[i].account), count);
    }
    for (size_t i = 0; i < c.n; i++) {
        c.items[i].inside = count[c.items[i].object];
        count[c.items[i].object] = 0;
    }
    *ret_candidates = c;
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
    const struct group_member *member = group_find(group, account);
    return member && member->membership >= MEMBER_LIKELY;
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
    struct indices shown_by = adjacency_at(&graph->columns, c->object);
    for (uint32_t e = 0; e < shown_by.n && n < 4; e++)
        if (is_firm(group, shown_by.items[e]))
            link.example[n++] = graph->accounts[shown_by.items[e]].account;
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
    struct candidates all = { 0 };
    struct candidate best[CAMPAIGN_LINKS + 1];
    size_t kept = 0;
    TRY(candidates_count(graph, group, true, count, &all));
    for (size_t i = 0; i < all.n; i++) {
        if (all.items[i].inside < 2)
            continue;
        size_t at = kept;
        for (; at > 0 && comes_before(graph, &all.items[i], &best[at - 1]); at--)
            best[at] = best[at - 1];
        best[at] = all.items[i];
        kept += kept < CAMPAIGN_LINKS;
    }
    for (size_t i = 0; i < kept; i++)
        campaign->links[i] = link_of(graph, group, &best[i]);
    campaign->n_links = kept;
fail:
    free(all.items);
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
    struct indices shown = adjacency_at(&graph->ties, account);
    for (uint32_t i = 0; i < shown.n; i++)
        open |= count[shown.items[i]];
    return open;
}

struct openness links_openness(const struct graph *graph, const struct group *group, uint32_t *count)
{
    struct openness open = { 0, 0 };
    struct candidates c = { 0 };
    if (candidates_count(graph, group, false, count, &c) != STATUS_OK)
        return open;
    for (size_t i = 0; i < c.n; i++)
        if (is_their_own(graph, &c.items[i]))
            count[c.items[i].object] = open_kind(graph->objects[c.items[i].object].kind);
    for (size_t i = 0; i < group->n_members; i++) {
        if (group->members[i].membership < MEMBER_LIKELY)
            continue;
        uint32_t by = open_by(graph, group->members[i].account, count);
        open.domains += (by & OPEN_DOMAIN) != 0;
        open.networks += (by & OPEN_NETWORK) != 0;
    }
    for (size_t i = 0; i < c.n; i++)
        count[c.items[i].object] = 0;
    open.domains /= (double)group->n_firm;
    open.networks /= (double)group->n_firm;
    free(c.items);
    return open;
}
