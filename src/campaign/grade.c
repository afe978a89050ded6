#include "campaign/grade.h"

static const double frame_share = 0.3;

/* What is asked about a member: through which families, and of which state a partner must be. */
struct partner_search {
    const struct graph *graph;
    const uint8_t *inside; /* by account index: 0, FIRM or MANY */
    unsigned families;     /* bits of enum family */
};

enum { FIRM = 1, MANY = 2 }; /* MANY: a firm member with two partners or more */

static bool may_tie(const struct partner_search *search, enum object_kind kind)
{
    return object_kind_info[kind].strong && search->families >> object_kind_info[kind].family & 1;
}

static bool is_partner(
    const struct partner_search *search, uint32_t other, uint32_t account, uint32_t except, uint8_t least)
{
    return other != account && other != except && search->inside[other] >= least;
}

static uint32_t partner_in_object(
    const struct partner_search *search, uint32_t object, uint32_t account, uint32_t except, uint8_t least)
{
    struct indices shown_by = adjacency_at(&search->graph->columns, object);
    for (uint32_t i = 0; i < shown_by.n; i++)
        if (is_partner(search, shown_by.items[i], account, except, least))
            return shown_by.items[i];
    return MAP_NONE;
}

/* A member of at least that state, not `except`, that shares a strong object or hangs in a strong tie with the account. */
static uint32_t partner_of(
    const struct partner_search *search, uint32_t account, uint32_t except, uint8_t least)
{
    const struct graph *graph = search->graph;
    struct indices shown = adjacency_at(&graph->ties, account);
    for (uint32_t i = 0; i < shown.n; i++) {
        if (!may_tie(search, graph->objects[shown.items[i]].kind))
            continue;
        uint32_t other = partner_in_object(search, shown.items[i], account, except, least);
        if (other != MAP_NONE)
            return other;
    }
    for (uint32_t e = graph->accounts[account].direct; e; e = graph_direct_next(graph, e, account)) {
        const struct graph_direct *d = &graph->direct[e - 1];
        uint32_t other = d->a == account ? d->b : d->a;
        if (may_tie(search, d->kind) && is_partner(search, other, account, except, least))
            return other;
    }
    return MAP_NONE;
}

static bool has_many(const struct partner_search *search, uint32_t account)
{
    uint32_t first = partner_of(search, account, MAP_NONE, FIRM);
    return first != MAP_NONE && partner_of(search, account, first, FIRM) != MAP_NONE;
}

/* Two who have nobody else are a pair: a member is in a larger part if it, or a partner of it, has two partners. */
size_t grade_tied(
    const struct graph *graph, const struct group *group, unsigned families, uint8_t *inside, uint8_t *tied)
{
    const struct partner_search search = { graph, inside, families };
    size_t n = 0;
    for (size_t i = 0; i < group->n_members; i++)
        inside[group->members[i].account] = group->members[i].membership >= MEMBER_LIKELY ? FIRM : 0;
    for (size_t i = 0; i < group->n_members; i++)
        if (inside[group->members[i].account] && has_many(&search, group->members[i].account))
            inside[group->members[i].account] = MANY;
    for (size_t i = 0; i < group->n_members; i++) {
        uint32_t account = group->members[i].account;
        if (!inside[account])
            continue;
        tied[account] = inside[account] == MANY || partner_of(&search, account, MAP_NONE, MANY) != MAP_NONE;
        n += tied[account];
    }
    for (size_t i = 0; i < group->n_members; i++)
        inside[group->members[i].account] = 0;
    return n;
}

unsigned grade_families(enum family found_by, const struct evidence evidence[static FAMILY_COUNT])
{
    unsigned families = found_by == FAMILY_CONTENT ? 0 : 1U << found_by;
    for (unsigned family = 0; family < FAMILY_COUNT; family++)
        families |= (unsigned)evidence[family].strong << family;
    return families;
}

void grade_clear(const struct group *group, uint8_t *tied)
{
    for (size_t i = 0; i < group->n_members; i++)
        tied[group->members[i].account] = 0;
}

static bool lives_off_frame(
    const struct graph *graph, const struct group *group, const struct account_profile *profile)
{
    if (profile->exchanges < GRADE_EXCHANGES || !(profile->focus >= frame_share))
        return false;
    for (size_t i = 0; i < group->n_objects; i++)
        if (graph->objects[group->objects[i]].object == profile->top_frame)
            return true;
    return false;
}

enum membership grade_member(
    const struct graph *graph, const struct group *group, const struct account_profile *profile, bool tied)
{
    /* A group that strong ties found has no frame to live off: its ties are all there is. */
    bool frame = group->found_by == FAMILY_CONTENT && lives_off_frame(graph, group, profile);
    if (tied && frame)
        return MEMBER_CORE;
    return tied || frame ? MEMBER_LIKELY : MEMBER_HALO;
}
