#include "campaign/handoffs.h"

#include "campaign/hands.h"

uint32_t handoffs_partner(
    const struct graph *graph, struct rings *identity, uint32_t account, uint32_t except)
{
    struct graph_walk walk = graph_walk_strong(graph, account);
    const struct graph_direct *d;
    uint32_t other;
    while ((d = graph_walk_next(graph, &walk, &other)))
        if (d->kind == OBJECT_REFUSED && other != except && hands_are_strangers(graph, identity, d))
            return other;
    return MAP_NONE;
}

bool handoffs_dispatched(const struct graph *graph, struct rings *identity, uint32_t account)
{
    uint32_t first = handoffs_partner(graph, identity, account, MAP_NONE);
    return first != MAP_NONE && (handoffs_partner(graph, identity, account, first) != MAP_NONE ||
                                    handoffs_partner(graph, identity, first, account) != MAP_NONE);
}
