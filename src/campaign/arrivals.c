#include "campaign/arrivals.h"

#include "campaign/company.h"
#include "campaign/lots.h"
#include "campaign/signs.h"
#include "campaign/tied.h"

static const double owned_share = 0.95;

/* Nearly all who use it are held; what is copied anybody may use. */
static bool is_owned(const struct graph *graph, uint32_t frame, double share)
{
    enum object_kind kind = graph->objects[frame].kind;
    uint32_t users = graph_degree(graph, frame);
    return !object_kind_info[kind].copied && users * object_specificity(kind) >= ARRIVALS_USERS &&
           share * users + 1 >= owned_share * users; /* without the account itself */
}

/* Tied to somebody whom the campaign holds, or another operator on its pool, through these families, and one of three. */
static bool is_tied(const struct graph *graph, const struct tracker *tracker, uint32_t account,
    uint32_t campaign, unsigned families)
{
    uint32_t partner = company_held(graph, account, MAP_NONE, families);
    return partner != MAP_NONE && signs_same_pool(tracker, signs_holder(graph, tracker, partner), campaign) &&
           (company_held(graph, account, partner, families) != MAP_NONE ||
               company_held(graph, partner, account, families) != MAP_NONE);
}

/*
 * Two families say the same: what it shows, and cards or devices; of work that moved no other work is a second. What
 * the people of a hand with a mail domain say besides is not seen here: groups judge it (tied.h, grade.h).
 */
static bool is_held(
    const struct graph *graph, const struct tracker *tracker, uint32_t account, const struct sign *sign)
{
    const struct campaign *c = tracker->items[sign->campaign];
    if (graph->accounts[account].named)
        return false;
    unsigned families = tied_families(c->found_by, c->evidence);
    if (sign->direct)
        families &= 1U << FAMILY_IDENTITY;
    return is_tied(graph, tracker, account, sign->campaign, families) ||
           (families >> FAMILY_IDENTITY & 1 && signs_lot(graph, tracker, account, sign));
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

/*
 * A lot that replaces another begins with its work; who had a life before the frame is somebody else, unless nobody of its
 * lot had one before the campaign was found.
 */
static bool is_first_of_lot(const struct graph *graph, const struct tracker *tracker,
    const struct campaign_source *source, const struct newcomer *who, const struct sign *sign)
{
    if (who->sent <= ARRIVALS_FIRST && is_owned(graph, sign->with, signs_share_held(graph, sign->with)))
        return true;
    return !object_kind_info[graph->objects[sign->with].kind].copied &&
           lots_are_young(graph, tracker, source, who->account, sign->campaign);
}

static struct arrival place_by_frames(const struct graph *graph, const struct tracker *tracker,
    const struct campaign_source *source, struct newcomer *who)
{
    struct arrival arrival = { .campaign = MAP_NONE };
    struct indices frames = adjacency_at(&graph->frames, who->account);
    for (uint32_t i = 0; i < frames.n; i++) {
        struct sign sign = signs_frame(graph, tracker, frames.items[i]);
        if (sign.campaign == MAP_NONE)
            continue;
        if (is_held(graph, tracker, who->account, &sign))
            return (struct arrival){ sign.campaign, MEMBER_LIKELY, false };
        who->shows_frame |= signs_same_pool(tracker, who->lot.campaign, sign.campaign);
        if (arrival.campaign == MAP_NONE && is_first_of_lot(graph, tracker, source, who, &sign))
            arrival = (struct arrival){ sign.campaign, MEMBER_HALO, false };
    }
    struct sign sign = signs_of(graph, tracker, who->account);
    if (sign.campaign != MAP_NONE && sign.direct && is_held(graph, tracker, who->account, &sign))
        return (struct arrival){ sign.campaign, MEMBER_LIKELY, false };
    return arrival;
}

/* Three of a lot that begin with the frame hold each other, as an epoch would have it. */
static struct arrival place_in_lot(const struct newcomer *who)
{
    const struct lot *lot = &who->lot;
    enum membership membership = MEMBER_NONE;
    if (lots_burnt(lot) && (who->shows_frame || who->sent <= ARRIVALS_FIRST || lot->young))
        membership = who->shows_frame && lot->asked + lot->held > 1 ? MEMBER_LIKELY : MEMBER_HALO;
    if (lots_closed(lot) && who->silent)
        membership = MEMBER_LIKELY;
    return (struct arrival){ membership > MEMBER_NONE ? lot->campaign : MAP_NONE, membership, lot->young };
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
    if (known->account == 0 || known->watched || graph_is_of_a_firm(known))
        return (struct arrival){ .campaign = MAP_NONE };
    struct newcomer who = {
        .account = account,
        .sent = sent_by(source, known->account),
        .lot = lots_of(graph, tracker, source, account),
    };
    who.silent = who.sent < LOTS_BUSY && was_asked_before(tracker, known->account, now_ms - ARRIVALS_WAIT_MS);
    struct arrival by_frames = place_by_frames(graph, tracker, source, &who);
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
