#include "campaign/track.h"

#include <stdlib.h>
#include <string.h>

static void campaign_free(struct campaign *campaign)
{
    free(campaign->members);
    free(campaign);
}

void tracker_fini(struct tracker *tracker)
{
    for (size_t i = 0; i < tracker->n; i++)
        campaign_free(tracker->items[i]);
    free(tracker->items);
    free(tracker->shared);
    map_fini(&tracker->member_of);
    *tracker = (struct tracker){ 0 };
}

enum status tracker_init(struct tracker *tracker, size_t campaigns_max, size_t accounts_max)
{
    enum status st = STATUS_OK;
    *tracker = (struct tracker){ .n_max = campaigns_max };
    map_init(&tracker->member_of, accounts_max);
    tracker->items = calloc(campaigns_max + 1, sizeof(void *));
    tracker->shared = calloc(campaigns_max + 1, sizeof *tracker->shared);
    REQUIRE(tracker->items && tracker->shared, STATUS_NOMEM);
    return STATUS_OK;
fail:
    free(tracker->items);
    free(tracker->shared);
    *tracker = (struct tracker){ 0 };
    return st;
}

/* Of each campaign that lives, how many firm members of the group are firm members: tracker->shared. */
static void count_shared(const struct tracker *tracker, const struct graph *graph, const struct group *group)
{
    memset(tracker->shared, 0, tracker->n * sizeof *tracker->shared);
    for (size_t i = 0; i < group->n_members; i++) {
        if (group->members[i].membership < MEMBER_LIKELY)
            continue;
        uint64_t account = graph->accounts[group->members[i].account].account;
        uint32_t index = map_find(&tracker->member_of, account);
        if (index == MAP_NONE)
            continue;
        const struct campaign_member *m = member_find(tracker->items[index], account);
        tracker->shared[index] += m && m->until_ms < 0 && m->membership >= MEMBER_LIKELY;
    }
}

/* Firm members of the group that were firm members of a campaign that is closed. */
static size_t shared_once(
    const struct campaign *campaign, const struct graph *graph, const struct group *group)
{
    size_t n = 0;
    for (size_t i = 0; i < group->n_members; i++) {
        if (group->members[i].membership < MEMBER_LIKELY)
            continue;
        const struct campaign_member *m =
            member_find(campaign, graph->accounts[group->members[i].account].account);
        n += m && m->membership >= MEMBER_LIKELY;
    }
    return n;
}

static size_t firm_members(const struct campaign *campaign)
{
    size_t n = 0;
    bool closed = campaign->status == CAMPAIGN_CLOSED;
    for (size_t i = 0; i < campaign->n_members; i++)
        n +=
            campaign->members[i].membership >= MEMBER_LIKELY && (closed || campaign->members[i].until_ms < 0);
    return n;
}

/*
 * Without those whom no group ever had: cards or arrival brought them, and a view of frames lacks them. Counts no further than
 * one more than twice what a group shares, from where on it neither covers the campaign nor holds nearly all of it: a large
 * campaign is looked at by many small groups.
 */
static size_t shown_members(const struct campaign *campaign, size_t shared)
{
    size_t n = 0;
    bool closed = campaign->status == CAMPAIGN_CLOSED;
    for (size_t i = 0; i < campaign->n_members && n <= 2 * shared; i++)
        n += campaign->members[i].membership >= MEMBER_LIKELY && campaign->members[i].objects > 0 &&
             (closed || campaign->members[i].until_ms < 0);
    return n;
}

/* The group holds nearly everything of the campaign. */
static bool holds_nearly(size_t shared, size_t firm)
{
    return shared > 0 && shared * 10 >= firm * 8;
}

struct track_match tracker_match(
    const struct tracker *tracker, const struct graph *graph, const struct group *group)
{
    struct track_match match = { .index = MAP_NONE };
    size_t most = 0;
    bool lives_on = false; /* the match absorbs younger campaigns that the group holds as well */
    count_shared(tracker, graph, group);
    for (size_t i = 0; i < tracker->n; i++) {
        const struct campaign *c = tracker->items[i];
        size_t shared = tracker->shared[i];
        if (shared <= most)
            continue;
        size_t firm = shown_members(c, shared);
        bool covers = shared * 2 >= firm;
        bool within = shared * 2 >= group->n_firm;
        bool absorbed =
            lives_on && holds_nearly(shared, firm) && tracker->items[match.index]->confirmed == c->confirmed;
        if ((!covers && !within) || absorbed)
            continue;
        most = shared;
        match.index = (uint32_t)i;
        match.covers = covers;
        match.within = within;
        lives_on = holds_nearly(shared, firm);
    }
    return match;
}

struct campaign_id tracker_before(
    const struct tracker *tracker, const struct graph *graph, const struct group *group)
{
    const struct campaign *youngest = NULL;
    for (size_t i = 0; i < tracker->n; i++) {
        const struct campaign *c = tracker->items[i];
        size_t shared = c->status == CAMPAIGN_CLOSED ? shared_once(c, graph, group) : 0;
        bool follows = shared > 0 && (shared * 2 >= shown_members(c, shared) || shared * 2 >= group->n_firm);
        if (follows && (!youngest || c->number > youngest->number))
            youngest = c;
    }
    return youngest ? youngest->id : (struct campaign_id){ 0 };
}

static bool id_is_taken(const struct tracker *tracker, uint64_t id)
{
    for (size_t i = 0; i < tracker->n; i++)
        if (tracker->items[i]->id.value == id)
            return true;
    return false;
}

static uint64_t smallest_founder(const struct graph *graph, const struct group *group)
{
    uint64_t first = UINT64_MAX;
    for (size_t i = 0; i < group->n_members; i++) {
        uint64_t account = graph->accounts[group->members[i].account].account;
        if (group->members[i].membership >= MEMBER_LIKELY && account < first)
            first = account;
    }
    return first;
}

/*
 * Mixes the smallest founding account with the time, so that a campaign has the same id in every run. Two groups
 * of one epoch may have the same smallest account: the second takes the next id that is free.
 */
static struct campaign_id make_id(const struct tracker *tracker, uint64_t first, int64_t now_ms)
{
    uint64_t x = first ^ (uint64_t)now_ms * 0x9e3779b97f4a7c15U;
    x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9U;
    x = (x ^ x >> 27) * 0x94d049bb133111ebU;
    x ^= x >> 31;
    while (x == 0 || id_is_taken(tracker, x))
        x++;
    return (struct campaign_id){ x };
}

/* It was only suspected, nobody is in it any more, and policy knows that. */
static bool is_spent(const struct campaign *c)
{
    if (c->detected_ms >= 0 || c->n_active > 0)
        return false;
    for (size_t i = 0; i < c->n_members; i++)
        if (c->members[i].told)
            return false;
    return true;
}

/* A place for one campaign more: behind the others, or that of one that is spent. */
static enum status find_place(const struct tracker *tracker, struct campaign_id keep, size_t *ret_index)
{
    enum status st = STATUS_OK;
    size_t index = tracker->n;
    if (index == tracker->n_max)
        for (index = 0; index < tracker->n; index++)
            if (is_spent(tracker->items[index]) && tracker->items[index]->id.value != keep.value)
                break;
    REQUIRE(index < tracker->n_max, STATUS_FULL);
    *ret_index = index;
fail:
    return st;
}

/* Takes the place that find_place gave. */
static uint32_t put_campaign(struct tracker *tracker, size_t index, struct campaign *c)
{
    c->number = tracker->made++;
    if (index < tracker->n)
        campaign_free(tracker->items[index]);
    tracker->items[index] = c;
    tracker->n += index == tracker->n;
    return (uint32_t)index;
}

enum status tracker_create(struct tracker *tracker, const struct graph *graph, const struct group *group,
    int64_t now_ms, struct campaign_id successor_of, uint32_t *ret_index)
{
    enum status st = STATUS_OK;
    size_t index;
    TRY(find_place(tracker, successor_of, &index));
    struct campaign *c = calloc(1, sizeof *c);
    REQUIRE(c, STATUS_NOMEM);
    c->id = make_id(tracker, smallest_founder(graph, group), now_ms);
    c->successor_of = successor_of;
    c->found_by = group->found_by;
    c->first_exchange_ms = c->detected_ms = c->contained_ms = -1;
    *ret_index = put_campaign(tracker, index, c);
fail:
    return st;
}

static void leave(struct tracker *tracker, struct campaign *c, struct campaign_member *m, int64_t now_ms)
{
    if (m->until_ms >= 0)
        return;
    member_leave(c, m, now_ms);
    map_remove(&tracker->member_of, m->account);
}

/* A firm member may come from a campaign that was only suspected, or from one that merges into this. */
static enum status take_in(struct tracker *tracker, uint32_t index, uint64_t account,
    const struct group_member *from, int64_t now_ms)
{
    enum status st = STATUS_OK;
    struct campaign *c = tracker->items[index];
    struct campaign_member *m = NULL;
    uint32_t holder = map_find(&tracker->member_of, account);
    if (holder != MAP_NONE && holder != index) {
        struct campaign *other = tracker->items[holder];
        struct campaign_member *there = member_find(other, account);
        bool stays = other->confirmed && there && there->membership >= MEMBER_LIKELY;
        if (stays || from->grade < MEMBER_LIKELY)
            return STATUS_OK;
        if (there)
            leave(tracker, other, there, now_ms);
    }
    TRY(map_put(&tracker->member_of, account, index));
    TRY(member_join(c, account, now_ms, &m));
    if (!c->confirmed || from->grade > m->membership)
        m->membership = from->grade;
    if (from->objects > 0)
        m->objects = (uint8_t)(from->objects > 255 ? 255 : from->objects);
fail:
    return st;
}

/* Its members leave, and come along if they are to: whether the group has them or not. */
static enum status absorb(
    struct tracker *tracker, uint32_t index, struct campaign *other, bool come, int64_t now_ms)
{
    enum status st = STATUS_OK;
    struct campaign *c = tracker->items[index];
    for (size_t i = 0; i < other->n_members; i++) {
        struct campaign_member *from = &other->members[i];
        struct campaign_member *to;
        bool comes = come && from->until_ms < 0;
        leave(tracker, other, from, now_ms);
        if (!comes)
            continue;
        TRY(map_put(&tracker->member_of, from->account, index));
        TRY(member_join(c, from->account, now_ms, &to));
        to->membership = from->membership > to->membership ? from->membership : to->membership;
        to->objects = from->objects;
    }
    other->confirmed = false;
    other->status = CAMPAIGN_CLOSED;
fail:
    return st;
}

/*
 * Campaigns of which the group holds nearly everything are one with that which lives on. A confirmed campaign is
 * not absorbed by one that is only suspected, nor by a younger one.
 */
static enum status merge_others(struct tracker *tracker, uint32_t index, const struct graph *graph,
    const struct group *group, int64_t now_ms)
{
    enum status st = STATUS_OK;
    const struct campaign *c = tracker->items[index];
    count_shared(tracker, graph, group);
    for (uint32_t i = 0; i < tracker->n; i++) {
        struct campaign *other = tracker->items[i];
        if (i == index || tracker->shared[i] == 0 || tracker_are_parted(tracker, i, index))
            continue;
        if (other->confirmed && (other->number < c->number || !c->confirmed))
            continue;
        if (holds_nearly(tracker->shared[i], shown_members(other, tracker->shared[i])))
            TRY(absorb(tracker, index, other, other->confirmed, now_ms));
    }
fail:
    return st;
}

enum status tracker_hand_over(struct tracker *tracker, uint32_t index, const struct graph *graph,
    const struct group *group, int64_t now_ms, uint32_t *ret_to)
{
    enum status st = STATUS_OK;
    uint32_t most = index;
    size_t shared = 1; /* one account in common is a coincidence */
    count_shared(tracker, graph, group);
    for (uint32_t i = 0; i < tracker->n; i++) {
        if (i == index || !tracker->items[i]->confirmed || tracker->shared[i] <= shared)
            continue;
        shared = tracker->shared[i];
        most = i;
    }
    if (most != index)
        TRY(absorb(tracker, most, tracker->items[index], true, now_ms));
    *ret_to = most;
fail:
    return st;
}

size_t tracker_firm(const struct tracker *tracker, uint32_t index)
{
    return firm_members(tracker->items[index]);
}

enum status tracker_update(struct tracker *tracker, uint32_t index, const struct graph *graph,
    const struct group *group, int64_t now_ms)
{
    enum status st = STATUS_OK;
    struct campaign *c = tracker->items[index];
    TRY(merge_others(tracker, index, graph, group, now_ms));
    if (!c->confirmed)
        for (size_t i = 0; i < c->n_members; i++)
            leave(tracker, c, &c->members[i], now_ms);
    for (size_t i = 0; i < group->n_members; i++)
        if (group->members[i].grade > MEMBER_NONE)
            TRY(take_in(tracker, index, graph->accounts[group->members[i].account].account,
                &group->members[i], now_ms));
fail:
    return st;
}

enum status tracker_take_others(struct tracker *tracker, uint32_t index, const struct graph *graph,
    const uint32_t *accounts, size_t n, enum membership grade, int64_t now_ms)
{
    enum status st = STATUS_OK;
    for (size_t i = 0; i < n; i++) {
        const struct group_member other = { .account = accounts[i], .grade = (uint8_t)grade };
        TRY(take_in(tracker, index, graph->accounts[accounts[i]].account, &other, now_ms));
    }
fail:
    return st;
}

void tracker_close(struct tracker *tracker, uint32_t index, int64_t now_ms)
{
    struct campaign *c = tracker->items[index];
    for (size_t i = 0; i < c->n_members; i++)
        leave(tracker, c, &c->members[i], now_ms);
    c->confirmed = false;
    c->status = CAMPAIGN_CLOSED;
}

/* As it was; what is left of it is marked by MEMBER_NONE. */
static enum status move_member(
    struct tracker *tracker, uint32_t to, struct campaign_member *before, int64_t now_ms)
{
    enum status st = STATUS_OK;
    struct campaign_member *m;
    TRY(member_join(tracker->items[to], before->account, now_ms, &m));
    TRY(map_put(&tracker->member_of, before->account, to)); /* it is there: needs no memory */
    *m = *before;
    m->told = 0;
    before->membership = MEMBER_NONE;
fail:
    return st;
}

enum status tracker_move(
    struct tracker *tracker, uint32_t index, uint32_t to, const uint64_t *accounts, size_t n, int64_t now_ms)
{
    enum status st = STATUS_OK;
    struct campaign *from = tracker->items[index];
    size_t kept = 0, moved = 0;
    for (size_t i = 0; i < n && st == STATUS_OK; i++) {
        struct campaign_member *before = member_find(from, accounts[i]);
        if (!before || before->until_ms >= 0)
            continue;
        st = move_member(tracker, to, before, now_ms);
        moved += st == STATUS_OK;
    }
    for (size_t i = 0; i < from->n_members && moved > 0; i++)
        if (from->members[i].until_ms >= 0 || from->members[i].membership > MEMBER_NONE)
            from->members[kept++] = from->members[i];
    from->n_members = moved > 0 ? kept : from->n_members;
    from->n_active -= moved;
    return st;
}

enum status tracker_divide(struct tracker *tracker, uint32_t index, const uint64_t *accounts, size_t n,
    const struct campaign_parting *parting, int64_t now_ms)
{
    enum status st = STATUS_OK;
    struct campaign *from = tracker->items[index];
    uint64_t first = UINT64_MAX;
    size_t place;
    TRY(find_place(tracker, from->id, &place));
    struct campaign *c = malloc(sizeof *c);
    REQUIRE(c, STATUS_NOMEM);
    for (size_t i = 0; i < n; i++)
        first = accounts[i] < first ? accounts[i] : first;
    from->pool = from->pool.value ? from->pool : from->id;
    from->inherited = true;
    from->apart_ms = 0; /* whether one of them is two again is asked anew */
    *c = *from;
    c->id = make_id(tracker, first, now_ms);
    c->parting = *parting;
    c->members = NULL;
    c->n_members = c->n_active = c->members_capacity = 0;
    tracker->n_parted++;
    TRY(tracker_move(tracker, index, put_campaign(tracker, place, c), accounts, n, now_ms));
fail:
    return st;
}

bool tracker_are_parted(const struct tracker *tracker, uint32_t a, uint32_t b)
{
    return a != b && tracker->items[a]->pool.value &&
           tracker->items[a]->pool.value == tracker->items[b]->pool.value;
}

uint32_t tracker_parted(const struct tracker *tracker, const struct graph *graph, const struct group *group)
{
    if (tracker->n_parted == 0)
        return MAP_NONE;
    count_shared(tracker, graph, group);
    for (uint32_t i = 0; i < tracker->n; i++)
        if (tracker->items[i]->pool.value && (size_t)tracker->shared[i] * 2 > group->n_firm)
            return i;
    return MAP_NONE;
}
