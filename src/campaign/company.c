#include "campaign/company.h"

static bool may_tie(const struct company_search *search, enum object_kind kind)
{
    return object_kind_info[kind].strong && search->families >> object_kind_info[kind].family & 1;
}

static bool is_partner(
    const struct company_search *search, uint32_t other, uint32_t account, uint32_t except, uint8_t least)
{
    const struct graph_account *known = &search->graph->accounts[other];
    bool fits =
        search->inside ? search->inside[other] >= least : known->watched && !graph_is_of_a_firm(known);
    return fits && other != account && other != except;
}

static uint32_t partner_in_object(
    const struct company_search *search, uint32_t object, uint32_t account, uint32_t except, uint8_t least)
{
    struct indices shown_by = adjacency_at(&search->graph->columns, object);
    for (uint32_t i = 0; i < shown_by.n; i++)
        if (is_partner(search, shown_by.items[i], account, except, least))
            return shown_by.items[i];
    return MAP_NONE;
}

uint32_t company_partner(
    const struct company_search *search, uint32_t account, uint32_t except, uint8_t least)
{
    const struct graph *graph = search->graph;
    struct indices shown = adjacency_at(&graph->ties, account);
    bool silent = graph->accounts[account].open || (search->one_tool && graph->accounts[account].named);
    for (uint32_t i = 0; i < shown.n && !silent; i++) {
        if (!may_tie(search, graph->objects[shown.items[i]].kind) ||
            !graph_object_joins(graph, shown.items[i]))
            continue;
        uint32_t other = partner_in_object(search, shown.items[i], account, except, least);
        if (other != MAP_NONE)
            return other;
    }
    struct graph_walk walk = graph_walk_strong(graph, account);
    const struct graph_direct *d;
    uint32_t other;
    while ((d = graph_walk_next(graph, &walk, &other)))
        if (may_tie(search, d->kind) && is_partner(search, other, account, except, least))
            return other;
    return MAP_NONE;
}

bool company_many(const struct company_search *search, uint32_t account)
{
    uint32_t first = company_partner(search, account, MAP_NONE, COMPANY_MEMBER);
    return first != MAP_NONE && company_partner(search, account, first, COMPANY_MEMBER) != MAP_NONE;
}

uint32_t company_held(const struct graph *graph, uint32_t account, uint32_t except, unsigned families)
{
    const struct company_search search = { .graph = graph, .families = families };
    return company_partner(&search, account, except, COMPANY_MEMBER);
}
