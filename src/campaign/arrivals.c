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

/* Of the first of its users who is held. */
static uint32_t campaign_of_frame(const struct graph *graph, const struct tracker *tracker, uint32_t frame)
{
    struct indices users = adjacency_at(&graph->columns, frame);
    for (uint32_t i = 0; i < users.n; i++)
        if (graph->accounts[users.items[i]].watched)
            return campaign_of_held(graph, tracker, users.items[i]);
    return MAP_NONE;
}

/* Tied to somebody whom the campaign holds, or another operator on its pool, through a family that carries it, and one of
 * three. */
static bool is_tied(
    const struct graph *graph, const struct tracker *tracker, uint32_t account, uint32_t campaign)
{
    const struct campaign *c = tracker->items[campaign];
    unsigned families = grade_families(c->found_by, c->evidence);
    uint32_t partner = grade_held_partner(graph, account, MAP_NONE, families);
    uint32_t theirs = partner == MAP_NONE ? MAP_NONE : campaign_of_held(graph, tracker, partner);
    return theirs != MAP_NONE && (theirs == campaign || tracker_are_parted(tracker, theirs, campaign)) &&
           (grade_held_partner(graph, account, partner, families) != MAP_NONE ||
               grade_held_partner(graph, partner, account, families) != MAP_NONE);
}

/* A lot that replaces another begins with its work; who had a life before the frame is somebody else. */
static bool is_new(const struct campaign_source *source, uint64_t account)
{
    struct account_brief brief;
    return source->brief(source->context, account, &brief) == STATUS_OK && brief.exchanges <= ARRIVALS_FIRST;
}

struct arrival arrivals_place(const struct graph *graph, const struct tracker *tracker,
    const struct campaign_source *source, uint32_t account)
{
    struct arrival arrival = { .campaign = MAP_NONE };
    const struct graph_account *known = &graph->accounts[account];
    struct indices frames = adjacency_at(&graph->frames, account);
    if (known->account == 0 || known->watched || known->organization || known->open)
        return arrival;
    for (uint32_t i = 0; i < frames.n; i++) {
        uint32_t frame = frames.items[i];
        double share = graph->objects[frame].watched ? share_held(graph, frame) : 0;
        uint32_t campaign = share >= held_share ? campaign_of_frame(graph, tracker, frame) : MAP_NONE;
        if (campaign == MAP_NONE)
            continue;
        if (is_tied(graph, tracker, account, campaign))
            return (struct arrival){ campaign, MEMBER_LIKELY };
        if (arrival.campaign == MAP_NONE && is_owned(graph, frame, share) && is_new(source, known->account))
            arrival = (struct arrival){ campaign, MEMBER_HALO };
    }
    return arrival;
}

void arrivals_watch(struct graph *graph, uint32_t account)
{
    graph->n_watched += !graph->accounts[account].watched;
    graph->accounts[account].watched = true;
    struct indices shown = adjacency_at(&graph->ties, account);
    for (uint32_t i = 0; i < shown.n; i++)
        graph->objects[shown.items[i]].watched |=
            object_kind_info[graph->objects[shown.items[i]].kind].strong;
}

enum status arrivals_follow(struct graph *graph, uint32_t account)
{
    enum status st = STATUS_OK;
    struct indices shown = adjacency_at(&graph->ties, account);
    for (uint32_t i = 0; i < shown.n; i++) {
        struct indices by = adjacency_at(&graph->columns, shown.items[i]);
        for (uint32_t j = 0; graph_object_joins(graph, shown.items[i]) && j < by.n; j++)
            if (!graph->accounts[by.items[j]].watched)
                TRY(graph_arrive(graph, by.items[j]));
    }
fail:
    return st;
}
