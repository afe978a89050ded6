#include "campaign/arrivals.h"

#include "campaign/grade.h"

static const double held_share = 0.5, owned_share = 0.95;

/* Of the frame's users, the share that is held; of many every so-manyth is asked. */
static double share_held(const struct graph *graph, uint32_t frame)
{
    struct indices users = adjacency_at(&graph->columns, frame);
    uint32_t step = 1 + users.n / ARRIVALS_SAMPLE;
    uint32_t asked = 0, held = 0;
    for (uint32_t i = 0; i < users.n; i += step) {
        held += graph->accounts[users.items[i]].watched;
        asked++;
    }
    return asked > 0 ? (double)held / asked : 0;
}

/* The frame of theirs that the account shows and that fewest others use; MAP_NONE: none of which half are held. */
static uint32_t frame_of_theirs(const struct graph *graph, uint32_t account, double *ret_share)
{
    struct indices frames = adjacency_at(&graph->frames, account);
    uint32_t most = MAP_NONE;
    *ret_share = held_share;
    for (uint32_t i = 0; i < frames.n; i++) {
        uint32_t frame = frames.items[i];
        double share = graph->objects[frame].watched ? share_held(graph, frame) : 0;
        if (share < *ret_share || (share == *ret_share && most != MAP_NONE))
            continue;
        *ret_share = share;
        most = frame;
    }
    return most;
}

/* System prompts and tools are copied from where everybody finds them, by an operator as by others. */
static bool is_owned(const struct graph *graph, uint32_t frame, double share)
{
    enum object_kind kind = graph->objects[frame].kind;
    uint32_t users = graph_degree(graph, frame);
    return kind != OBJECT_SYSTEM && kind != OBJECT_TOOLSET &&
           users * object_specificity(kind) >= ARRIVALS_USERS &&
           share * users + 1 >= owned_share * users; /* without the account itself */
}

static uint32_t campaign_of_held(const struct graph *graph, const struct tracker *tracker, uint32_t account)
{
    uint32_t index = map_find(&tracker->member_of, graph->accounts[account].account);
    return index != MAP_NONE && tracker->items[index]->confirmed ? index : MAP_NONE;
}

/* The campaign of the first of them. */
static uint32_t campaign_of_users(const struct graph *graph, const struct tracker *tracker, uint32_t frame)
{
    struct indices users = adjacency_at(&graph->columns, frame);
    for (uint32_t i = 0; i < users.n; i++) {
        uint32_t index = graph->accounts[users.items[i]].watched
                             ? campaign_of_held(graph, tracker, users.items[i])
                             : MAP_NONE;
        if (index != MAP_NONE)
            return index;
    }
    return MAP_NONE;
}

struct arrival arrivals_place(const struct graph *graph, const struct tracker *tracker, uint32_t account)
{
    const struct arrival nowhere = { .campaign = MAP_NONE };
    const struct graph_account *known = &graph->accounts[account];
    double share;
    if (known->account == 0 || known->watched || known->organization || known->open)
        return nowhere;
    uint32_t frame = frame_of_theirs(graph, account, &share);
    if (frame == MAP_NONE)
        return nowhere;
    uint32_t partner = grade_held_partner(graph, account, MAP_NONE);
    if (partner != MAP_NONE && (grade_held_partner(graph, account, partner) != MAP_NONE ||
                                   grade_held_partner(graph, partner, account) != MAP_NONE))
        return (struct arrival){ campaign_of_held(graph, tracker, partner), MEMBER_LIKELY };
    if (!is_owned(graph, frame, share))
        return nowhere;
    return (struct arrival){ campaign_of_users(graph, tracker, frame), MEMBER_HALO };
}

enum status arrivals_watch(struct graph *graph, uint32_t account)
{
    enum status st = STATUS_OK;
    graph->n_watched += !graph->accounts[account].watched;
    graph->accounts[account].watched = true;
    struct indices shown = adjacency_at(&graph->ties, account);
    for (uint32_t i = 0; i < shown.n; i++) {
        uint32_t object = shown.items[i];
        if (!object_kind_info[graph->objects[object].kind].strong)
            continue;
        graph->objects[object].watched = true;
        struct indices by = adjacency_at(&graph->columns, object);
        for (uint32_t j = 0; j < by.n && by.n <= GRAPH_JOIN_MEMBERS_MAX; j++)
            if (!graph->accounts[by.items[j]].watched)
                TRY(graph_arrive(graph, by.items[j]));
    }
fail:
    return st;
}
