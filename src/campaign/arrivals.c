#include "campaign/arrivals.h"

#include "campaign/grade.h"
#include "campaign/lots.h"

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

/* Of one operator, or of two who were told apart. */
static bool have_one_pool(const struct tracker *tracker, uint32_t a, uint32_t b)
{
    return a == b || tracker_are_parted(tracker, a, b);
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
    return theirs != MAP_NONE && have_one_pool(tracker, theirs, campaign) &&
           (grade_held_partner(graph, account, partner, families) != MAP_NONE ||
               grade_held_partner(graph, partner, account, families) != MAP_NONE);
}

static uint64_t sent_by(const struct campaign_source *source, uint64_t account)
{
    struct account_brief brief;
    return source->brief(source->context, account, &brief) == STATUS_OK ? brief.exchanges : UINT64_MAX;
}

/* Whoever arrives, and what is known of it. */
struct newcomer {
    uint32_t account;
    uint64_t sent;
    struct lot lot;
    bool shows_frame; /* of the campaign of its lot */
    bool silent;      /* it was asked long ago, and has not sent enough to show what it is */
};

/* A lot that replaces another begins with its work; who had a life before the frame is somebody else. */
static struct arrival place_by_frames(
    const struct graph *graph, const struct tracker *tracker, struct newcomer *who)
{
    struct arrival arrival = { MAP_NONE, MEMBER_NONE };
    struct indices frames = adjacency_at(&graph->frames, who->account);
    for (uint32_t i = 0; i < frames.n; i++) {
        uint32_t frame = frames.items[i];
        double share = graph->objects[frame].watched ? share_held(graph, frame) : 0;
        uint32_t campaign = share >= held_share ? campaign_of_frame(graph, tracker, frame) : MAP_NONE;
        if (campaign == MAP_NONE)
            continue;
        if (is_tied(graph, tracker, who->account, campaign))
            return (struct arrival){ campaign, MEMBER_LIKELY };
        who->shows_frame |=
            who->lot.campaign != MAP_NONE && have_one_pool(tracker, who->lot.campaign, campaign);
        if (arrival.campaign == MAP_NONE && who->sent <= ARRIVALS_FIRST && is_owned(graph, frame, share))
            arrival = (struct arrival){ campaign, MEMBER_HALO };
    }
    return arrival;
}

/* Three of a lot that begin with the frame hold each other, as an epoch would have it. */
static struct arrival place_in_lot(const struct newcomer *who)
{
    const struct lot *lot = &who->lot;
    enum membership membership = MEMBER_NONE;
    if (lots_burnt(lot) && (who->shows_frame || who->sent <= ARRIVALS_FIRST))
        membership = who->shows_frame && lot->asked + lot->held > 1 ? MEMBER_LIKELY : MEMBER_HALO;
    if (lots_closed(lot) && who->silent)
        membership = MEMBER_LIKELY;
    return (struct arrival){ membership > MEMBER_NONE ? lot->campaign : MAP_NONE, membership };
}

static bool was_asked_before(const struct tracker *tracker, uint64_t account, int64_t time_ms)
{
    uint32_t index = map_find(&tracker->member_of, account);
    const struct campaign_member *m = index == MAP_NONE ? NULL : member_find(tracker->items[index], account);
    return m && m->membership == MEMBER_HALO && m->since_ms <= time_ms;
}

struct arrival arrivals_place(const struct graph *graph, const struct tracker *tracker,
    const struct campaign_source *source, uint32_t account, int64_t now_ms)
{
    const struct graph_account *known = &graph->accounts[account];
    if (known->account == 0 || known->watched || known->organization || known->open)
        return (struct arrival){ MAP_NONE, MEMBER_NONE };
    struct newcomer who = {
        .account = account,
        .sent = sent_by(source, known->account),
        .lot = lots_of(graph, tracker, source, account),
    };
    who.silent = who.sent < LOTS_BUSY && was_asked_before(tracker, known->account, now_ms - ARRIVALS_WAIT_MS);
    struct arrival by_frames = place_by_frames(graph, tracker, &who);
    struct arrival by_lot = place_in_lot(&who);
    return by_lot.membership > by_frames.membership ? by_lot : by_frames;
}

void arrivals_burn(struct graph *graph, uint32_t account)
{
    struct indices shown = adjacency_at(&graph->ties, account);
    for (uint32_t i = 0; i < shown.n; i++)
        graph->objects[shown.items[i]].watched |=
            object_kind_info[graph->objects[shown.items[i]].kind].strong;
}

void arrivals_watch(struct graph *graph, uint32_t account)
{
    graph->n_watched += !graph->accounts[account].watched;
    graph->accounts[account].watched = true;
    arrivals_burn(graph, account);
}

enum status arrivals_wait(struct graph *graph, const struct tracker *tracker, int64_t now_ms)
{
    enum status st = STATUS_OK;
    for (size_t i = 0; i < tracker->n; i++) {
        const struct campaign *c = tracker->items[i];
        for (size_t j = 0; j < c->n_members && c->confirmed; j++) {
            const struct campaign_member *m = &c->members[j];
            uint32_t account =
                m->membership == MEMBER_HALO && m->until_ms < 0 && m->since_ms <= now_ms - ARRIVALS_WAIT_MS
                    ? graph_find_account(graph, m->account)
                    : LOOKUP_NONE;
            if (account != LOOKUP_NONE)
                TRY(graph_arrive(graph, account));
        }
    }
fail:
    return st;
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
