#include "campaign/lots.h"

#include "campaign/tied.h"

/* As it is by now: rings are those of the last epoch. */
struct hand {
    uint32_t items[GRAPH_JOIN_MEMBERS_MAX + 1];
    uint32_t n;
};

static void add(struct hand *hand, uint32_t account)
{
    for (uint32_t i = 0; i < hand->n; i++)
        if (hand->items[i] == account)
            return;
    if (hand->n <= GRAPH_JOIN_MEMBERS_MAX)
        hand->items[hand->n++] = account;
}

static void add_users(const struct graph *graph, uint32_t account, bool watched, struct hand *hand)
{
    struct indices shown = adjacency_at(&graph->ties, account);
    for (uint32_t i = 0; i < shown.n; i++) {
        const struct graph_object *object = &graph->objects[shown.items[i]];
        if (object_kind_info[object->kind].family != FAMILY_IDENTITY || (watched && !object->watched) ||
            !graph_object_joins(graph, shown.items[i]))
            continue;
        struct indices users = adjacency_at(&graph->columns, shown.items[i]);
        for (uint32_t j = 0; j < users.n; j++)
            add(hand, users.items[j]);
    }
}

/* Watched: by cards and devices that a campaign is known by. */
static void gather(const struct graph *graph, uint32_t account, bool watched, struct hand *hand)
{
    add(hand, account);
    add_users(graph, account, watched, hand);
    uint32_t direct = hand->n;
    for (uint32_t i = 1; i < direct; i++)
        add_users(graph, hand->items[i], watched, hand);
}

bool lots_begun(const struct graph *graph, uint32_t account)
{
    struct indices frames = adjacency_at(&graph->frames, account);
    for (uint32_t i = 0; i < frames.n; i++) {
        const struct graph_object *frame = &graph->objects[frames.items[i]];
        if (frame->watched && !object_kind_info[frame->kind].copied)
            return true;
    }
    return false;
}

static bool goes_by_cards(const struct tracker *tracker, uint32_t campaign)
{
    const struct campaign *c = tracker->items[campaign];
    return c->confirmed && tied_families(c->found_by, c->evidence) >> FAMILY_IDENTITY & 1;
}

/* Operators on one pool have the same lots. The first who is known says of which campaign they are. */
static bool is_known(
    const struct graph *graph, const struct tracker *tracker, uint32_t account, struct lot *lot)
{
    const struct graph_account *user = &graph->accounts[account];
    uint32_t campaign = map_find(&tracker->member_of, user->account);
    if (campaign == MAP_NONE || graph_is_of_a_firm(user) || !lots_begun(graph, account))
        return false;
    if (lot->campaign == MAP_NONE && goes_by_cards(tracker, campaign))
        lot->campaign = campaign;
    return lot->campaign != MAP_NONE &&
           (campaign == lot->campaign || tracker_are_parted(tracker, campaign, lot->campaign));
}

static bool is_busy(const struct campaign_source *source, const struct graph_account *user)
{
    struct account_brief brief;
    return !user->watched && source->brief(source->context, user->account, &brief) == STATUS_OK &&
           brief.exchanges >= LOTS_BUSY;
}

/* The campaign that this one goes on from, NULL: none that is remembered. */
static const struct campaign *predecessor(const struct tracker *tracker, const struct campaign *c)
{
    for (size_t i = 0; i < tracker->n && c->successor_of.value; i++)
        if (tracker->items[i]->id.value == c->successor_of.value && tracker->items[i]->number < c->number)
            return tracker->items[i];
    return NULL;
}

/* When the campaign was detected, or the first of those that it goes on from. */
static int64_t first_detected_ms(const struct tracker *tracker, uint32_t campaign)
{
    const struct campaign *c = tracker->items[campaign];
    int64_t first_ms = c->detected_ms;
    while ((c = predecessor(tracker, c)))
        if (c->detected_ms >= 0 && c->detected_ms < first_ms)
            first_ms = c->detected_ms;
    return first_ms;
}

/* Its first exchange was then or later, or is to come; and it is of no firm, as far as is known. */
static bool is_young(const struct campaign_source *source, const struct graph_account *user, int64_t from_ms)
{
    struct account_brief brief;
    return !graph_is_of_a_firm(user) && !user->named &&
           source->brief(source->context, user->account, &brief) == STATUS_OK &&
           (brief.first_seen_ms < 0 || brief.first_seen_ms >= from_ms);
}

bool lots_are_young(const struct graph *graph, const struct tracker *tracker,
    const struct campaign_source *source, uint32_t account, uint32_t campaign)
{
    struct hand hand = { .n = 0 };
    if (!goes_by_cards(tracker, campaign))
        return false;
    gather(graph, account, false, &hand);
    if (hand.n < LOTS_YOUNG || hand.n > GRAPH_JOIN_MEMBERS_MAX)
        return false;
    int64_t from_ms = first_detected_ms(tracker, campaign);
    for (uint32_t i = 0; i < hand.n; i++)
        if (!is_young(source, &graph->accounts[hand.items[i]], from_ms))
            return false;
    return true;
}

struct lot lots_of(const struct graph *graph, const struct tracker *tracker,
    const struct campaign_source *source, uint32_t account)
{
    struct lot lot = { .campaign = MAP_NONE };
    struct hand hand = { .n = 0 };
    gather(graph, account, true, &hand);
    for (uint32_t i = 1; i < hand.n && hand.n <= GRAPH_JOIN_MEMBERS_MAX; i++) {
        const struct graph_account *user = &graph->accounts[hand.items[i]];
        bool known = is_known(graph, tracker, hand.items[i], &lot);
        lot.held += known && user->watched;
        lot.asked += known && !user->watched;
        lot.busy += !known && is_busy(source, user);
    }
    lot.young = lot.campaign != MAP_NONE && lots_are_young(graph, tracker, source, account, lot.campaign);
    return lot;
}

bool lots_burnt(const struct lot *lot)
{
    uint32_t known = lot->asked + lot->held;
    return known > 0 && (lot->busy <= known || lot->young);
}

bool lots_closed(const struct lot *lot)
{
    return lot->held >= LOTS_HOLD && lot->busy == 0;
}
