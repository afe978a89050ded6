#include "campaign/divide.h"

#include "campaign/apart.h"

#include <stdlib.h>

/* The contained campaign that the group is a view of; MAP_NONE: there is none, or the group is only a piece of it. */
static uint32_t contained_by(const struct campaign_stage *stage, const struct group *whole)
{
    struct track_match match = tracker_match(&stage->tracker, &stage->graph, whole);
    if (match.index == MAP_NONE || !match.covers || !match.within ||
        stage->tracker.items[match.index]->status != CAMPAIGN_CONTAINED)
        return MAP_NONE;
    return match.index;
}

/* Accounts of one operator that the campaign holds. */
static size_t list_accounts(const struct campaign_stage *stage, const struct operators *operators,
    uint8_t owner, uint32_t campaign, uint64_t *ret_accounts)
{
    size_t n = 0;
    for (size_t i = 0; i < operators->n_users; i++) {
        uint64_t account = stage->graph.accounts[operators->users[i].account].account;
        if (operators->users[i].owner == owner && map_find(&stage->tracker.member_of, account) == campaign)
            ret_accounts[n++] = account;
    }
    return n;
}

static enum status part_campaign(
    struct campaign_stage *stage, uint32_t campaign, const struct operators *operators, int64_t now_ms)
{
    enum status st = STATUS_OK;
    uint64_t *accounts = malloc((operators->n_users + 1) * sizeof *accounts);
    REQUIRE(accounts, STATUS_NOMEM);
    for (uint8_t i = 1; i < operators->n; i++) {
        size_t n = list_accounts(stage, operators, i, campaign, accounts);
        if (n < stage->config.min_contain_accounts)
            continue;
        const struct campaign_parting parting = { operators->bridges, operators->items[i].bridges,
            operators->items[i].across, operators->lanes, operators->items[i].log10_p };
        st = tracker_divide(&stage->tracker, campaign, accounts, n, &parting, now_ms);
        if (st == STATUS_FULL)
            st = STATUS_OK; /* campaigns_max: they stay one */
        REQUIRE(st == STATUS_OK, st);
    }
fail:
    free(accounts);
    return st;
}

/* Lanes of a pool that is being found come and go: what one look tells apart is one operator two hours later. */
static bool stay_apart(struct campaign *campaign, const struct operators *operators, int64_t now_ms)
{
    if (operators->n < 2)
        campaign->apart_ms = 0;
    else if (campaign->apart_ms == 0)
        campaign->apart_ms = now_ms;
    return campaign->apart_ms > 0 && now_ms - campaign->apart_ms >= DIVIDE_AFTER_MS;
}

static enum status divide_group(
    struct campaign_stage *stage, const struct group *whole, uint32_t campaign, int64_t now_ms)
{
    enum status st = STATUS_OK;
    struct operators operators = { 0 };
    const struct apart_input input = { &stage->graph, &stage->finder.groups, whole,
        stage->config.min_contain_accounts };
    TRY(apart_find(&input, &operators));
    if (stay_apart(stage->tracker.items[campaign], &operators, now_ms))
        TRY(part_campaign(stage, campaign, &operators, now_ms));
fail:
    operators_fini(&operators);
    return st;
}

/* Of those who use a frame of this operator's: who is another's so far, for want of a frame. Others are placed by it. */
static size_t list_strays(
    struct campaign_stage *stage, const struct group *group, uint32_t campaign, uint64_t *ret_accounts)
{
    size_t n = 0;
    const struct tracker *tracker = &stage->tracker;
    for (size_t i = 0; i < group->n_members; i++) {
        uint64_t account = stage->graph.accounts[group->members[i].account].account;
        uint32_t holder =
            group->members[i].membership >= MEMBER_LIKELY ? map_find(&tracker->member_of, account) : MAP_NONE;
        if (holder == MAP_NONE || (holder != campaign && !tracker_are_parted(tracker, holder, campaign)))
            continue;
        struct campaign_member *member = member_find(tracker->items[holder], account);
        if (holder != campaign && !member->placed)
            ret_accounts[n++] = account;
        member->placed |= holder == campaign;
    }
    return n;
}

static enum status place_strays(
    struct campaign_stage *stage, const struct group *group, uint32_t campaign, int64_t now_ms)
{
    enum status st = STATUS_OK;
    uint64_t *accounts = malloc((group->n_members + 1) * sizeof *accounts);
    REQUIRE(accounts, STATUS_NOMEM);
    size_t n = list_strays(stage, group, campaign, accounts);
    for (uint32_t i = 0; i < stage->tracker.n && n > 0; i++)
        if (tracker_are_parted(&stage->tracker, i, campaign))
            TRY(tracker_move(&stage->tracker, i, campaign, accounts, n, now_ms));
fail:
    free(accounts);
    return st;
}

/* The other operator with whose members the account hands work to and fro, more than with those of its own; MAP_NONE: none. */
static uint32_t works_with(const struct campaign_stage *stage, uint64_t account, uint32_t campaign)
{
    const struct graph *graph = &stage->graph;
    const struct tracker *tracker = &stage->tracker;
    uint32_t index = graph_find_account(graph, account), with = MAP_NONE, there = 0, here = 0;
    uint32_t next = index == LOOKUP_NONE ? 0 : graph->accounts[index].direct;
    for (; next; next = graph_direct_next(graph, next, index)) {
        const struct graph_direct *direct = &graph->direct[next - 1];
        uint64_t other = graph->accounts[direct->a == index ? direct->b : direct->a].account;
        uint32_t holder = direct->kind == OBJECT_ECHO ? MAP_NONE : map_find(&tracker->member_of, other);
        const struct campaign_member *member =
            holder == MAP_NONE ? NULL : member_find(tracker->items[holder], other);
        if (!member || !member->placed)
            continue;
        here += holder == campaign;
        if (holder == campaign || !tracker_are_parted(tracker, holder, campaign))
            continue;
        with = with == MAP_NONE ? holder : with;
        there += holder == with;
    }
    return there > here ? with : MAP_NONE;
}

/* Who shows no frame any more, or never did, may have taken over or left work. */
static enum status place_workers(struct campaign_stage *stage, uint32_t campaign, int64_t now_ms)
{
    enum status st = STATUS_OK;
    const struct campaign *c = stage->tracker.items[campaign];
    for (size_t i = c->pool.value ? c->n_members : 0; i-- > 0;) {
        uint64_t account = c->members[i].account;
        uint32_t to = c->members[i].placed || c->members[i].until_ms >= 0
                          ? MAP_NONE
                          : works_with(stage, account, campaign);
        if (to != MAP_NONE)
            TRY(tracker_move(&stage->tracker, campaign, to, &account, 1, now_ms));
    }
fail:
    return st;
}

enum status divide_campaigns(struct campaign_stage *stage, int64_t now_ms)
{
    enum status st = STATUS_OK;
    const struct group_list *groups = &stage->finder.groups;
    for (size_t i = 0; i < groups->n; i++) {
        const struct group *group = &groups->items[i];
        uint32_t campaign = group->merged ? contained_by(stage, group) : MAP_NONE;
        if (campaign != MAP_NONE)
            TRY(divide_group(stage, group, campaign, now_ms));
        campaign = group->part ? tracker_parted(&stage->tracker, &stage->graph, group) : MAP_NONE;
        if (campaign != MAP_NONE)
            TRY(place_strays(stage, group, campaign, now_ms));
    }
    for (uint32_t i = 0; i < stage->tracker.n; i++)
        TRY(place_workers(stage, i, now_ms));
fail:
    return st;
}
