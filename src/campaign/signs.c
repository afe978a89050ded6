#include "campaign/signs.h"

static const double held_share = 0.5;

double signs_share_held(const struct graph *graph, uint32_t frame)
{
    struct indices users = adjacency_at(&graph->columns, frame);
    uint32_t step = 1 + users.n / SIGNS_SAMPLE;
    uint32_t asked = 0, held = 0;
    for (uint32_t i = 0; i < users.n; i += step) {
        held += graph->accounts[users.items[i]].watched;
        asked++;
    }
    return asked > 0 ? (double)held / asked : 0;
}

uint32_t signs_holder(const struct graph *graph, const struct tracker *tracker, uint32_t account)
{
    uint32_t index = graph->accounts[account].watched
                         ? map_find(&tracker->member_of, graph->accounts[account].account)
                         : MAP_NONE;
    return index != MAP_NONE && tracker->items[index]->confirmed ? index : MAP_NONE;
}

bool signs_same_pool(const struct tracker *tracker, uint32_t a, uint32_t b)
{
    return a != MAP_NONE && b != MAP_NONE && (a == b || tracker_are_parted(tracker, a, b));
}

struct sign signs_frame(const struct graph *graph, const struct tracker *tracker, uint32_t frame)
{
    struct sign sign = { .campaign = MAP_NONE, .with = frame };
    if (!graph->objects[frame].watched || signs_share_held(graph, frame) < held_share)
        return sign;
    struct indices users = adjacency_at(&graph->columns, frame);
    for (uint32_t i = 0; i < users.n; i++) {
        if (!graph->accounts[users.items[i]].watched)
            continue;
        sign.campaign = signs_holder(graph, tracker, users.items[i]);
        break;
    }
    return sign;
}

struct sign signs_of(const struct graph *graph, const struct tracker *tracker, uint32_t account)
{
    struct indices frames = adjacency_at(&graph->frames, account);
    for (uint32_t i = 0; i < frames.n; i++) {
        struct sign sign = signs_frame(graph, tracker, frames.items[i]);
        if (sign.campaign != MAP_NONE)
            return sign;
    }
    struct graph_walk walk = graph_walk_strong(graph, account);
    uint32_t other;
    while (graph_walk_next(graph, &walk, &other)) {
        uint32_t campaign = signs_holder(graph, tracker, other);
        if (campaign != MAP_NONE)
            return (struct sign){ campaign, true, other };
    }
    return (struct sign){ .campaign = MAP_NONE };
}

/* Whether the account bears that sign as well. */
static bool bears(const struct graph *graph, uint32_t account, const struct sign *sign)
{
    if (!sign->direct)
        return adjacency_has(&graph->frames, account, sign->with);
    struct graph_walk walk = graph_walk_strong(graph, account);
    uint32_t other;
    while (graph_walk_next(graph, &walk, &other))
        if (other == sign->with)
            return true;
    return false;
}

struct lot_signs {
    uint32_t bearing; /* mates that bear a sign of the pool's */
    bool another;     /* one bears a sign that the account does not bear, nor the mate the account's */
};

static void look_at_mate(const struct graph *graph, const struct tracker *tracker, uint32_t mate,
    uint32_t account, const struct sign *own, struct lot_signs *signs)
{
    const struct graph_account *known = &graph->accounts[mate];
    if (mate == account || known->named || known->organization)
        return;
    struct sign sign = signs_of(graph, tracker, mate);
    if (!signs_same_pool(tracker, sign.campaign, own->campaign))
        return;
    signs->bearing++;
    signs->another |= !bears(graph, mate, own) && !bears(graph, account, &sign);
}

bool signs_lot(
    const struct graph *graph, const struct tracker *tracker, uint32_t account, const struct sign *own)
{
    struct indices shown = adjacency_at(&graph->ties, account);
    for (uint32_t i = 0; i < shown.n; i++) {
        struct lot_signs signs = { 0 };
        if (object_kind_info[graph->objects[shown.items[i]].kind].family != FAMILY_IDENTITY ||
            !graph_object_joins(graph, shown.items[i]))
            continue;
        struct indices by = adjacency_at(&graph->columns, shown.items[i]);
        for (uint32_t j = 0; j < by.n; j++)
            look_at_mate(graph, tracker, by.items[j], account, own, &signs);
        if (signs.another && signs.bearing + 1 >= SIGNS_LOT)
            return true;
    }
    return false;
}
