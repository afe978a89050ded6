#include "campaign/follow.h"

#include "campaign/arrivals.h"
#include "campaign/links.h"
#include "campaign/measure.h"

#include <string.h>

static const double suspicion_log10_e = 3; /* below it a group is not reported */
static const double weak_headroom = 2;     /* what profiles (even load) may still add after the links */

/* Evidence and look-alikes are those of the fullest view that ever was; a smaller view may only add members. */
static enum status take_assessment(
    struct campaign_stage *stage, struct campaign *c, const struct group *group, const struct assessment *a)
{
    enum status st = STATUS_OK;
    bool was_confirmed = c->confirmed;
    c->confirmed = was_confirmed || a->confirmed;
    if (was_confirmed && a->total < c->log10_e && !(c->inherited && a->confirmed))
        return STATUS_OK;
    c->inherited = false;
    c->two_keys = a->two_keys;
    memcpy(c->checks, a->checks, sizeof c->checks);
    memcpy(c->evidence, a->evidence, sizeof c->evidence);
    c->log10_e = a->total;
    c->threshold = a->threshold;
    c->found_by = group->found_by;
    TRY(links_collect(&stage->graph, group, stage->assessor.count, c));
    measure_links(c, &stage->assessor.recall);
fail:
    return st;
}

/* The successor watch: whoever takes up a confirmed campaign's frames, cards or conversations is looked at soon. */
static void watch(struct campaign_stage *stage, const struct group *group)
{
    struct graph *graph = &stage->graph;
    for (size_t i = 0; i < group->n_objects; i++)
        graph->objects[group->objects[i]].watched = true;
    for (size_t i = 0; i < group->n_members; i++)
        if (group->members[i].grade >= MEMBER_LIKELY)
            arrivals_watch(graph, group->members[i].account);
}

/* Who was a member of a campaign that ended is nobody's sign of anything. */
void follow_close(struct campaign_stage *stage, uint32_t index, int64_t now_ms)
{
    struct graph *graph = &stage->graph;
    const struct campaign *c = stage->tracker.items[index];
    for (size_t i = 0; i < c->n_members && c->confirmed; i++) {
        uint32_t account =
            c->members[i].until_ms < 0 ? graph_find_account(graph, c->members[i].account) : LOOKUP_NONE;
        if (account == LOOKUP_NONE)
            continue;
        graph->n_watched -= graph->accounts[account].watched;
        graph->accounts[account].watched = false;
    }
    tracker_close(&stage->tracker, index, now_ms);
}

/* Whether a confirmed group was found by any of it. */
static bool is_watched(const struct campaign_stage *stage, const struct group *group)
{
    for (size_t i = 0; i < group->n_objects; i++)
        if (stage->graph.objects[group->objects[i]].watched)
            return true;
    return false;
}

/*
 * What a campaign was not found by may become public without its being let go: accounts that send other people's requests
 * show what those say. Of an operator that shares its pool with others, fewer are tied among themselves than when the pool was contained: that
 * its frames seem public is no reason to let it go.
 */
static bool releases(const struct campaign_stage *stage, const struct campaign *c, const struct group *group,
    const struct check checks[static CHECK_COUNT])
{
    struct check said[CHECK_COUNT];
    memcpy(said, checks, sizeof said);
    said[CHECK_PUBLIC_FRAME].holds &= c->pool.value == 0 && is_watched(stage, group);
    return checks_release(said);
}

static enum status continue_campaign(struct campaign_stage *stage, const struct track_match *match,
    const struct group *group, const struct assessment *a, int64_t now_ms)
{
    enum status st = STATUS_OK;
    uint32_t index = match->index;
    bool covers = match->covers;
    struct campaign *c = stage->tracker.items[index];
    if (match->covers && match->within && c->confirmed && releases(stage, c, group, a->checks)) {
        follow_close(stage, index, now_ms);
        return STATUS_OK;
    }
    if (!a->confirmed && (!covers || (c->confirmed && !match->within)))
        return STATUS_OK; /* another view of accounts that the campaign holds, and nothing that stands by itself */
    TRY(tracker_update(&stage->tracker, index, &stage->graph, group, now_ms));
    if (a->confirmed) {
        watch(stage, group);
        /* Others of the group are held by another campaign, and too few are left for one of their own. */
        if (tracker_firm(&stage->tracker, index) < stage->config.min_contain_accounts) {
            uint32_t to;
            TRY(tracker_hand_over(&stage->tracker, index, &stage->graph, group, now_ms, &to));
            if (to != index) {
                measure_people(stage->tracker.items[to], NULL, 0); /* how sure it is of those who came */
                return STATUS_OK;
            }
        }
    }
    if ((covers && !a->held) || !c->confirmed)
        TRY(take_assessment(stage, c, group, a));
    if (c->confirmed && c->detected_ms < 0) {
        c->detected_ms = now_ms;
        c->status = CAMPAIGN_CONFIRMED;
    }
    measure_members(c, stage->assessor.profiles, a->n_profiles);
    measure_people(c, stage->assessor.profiles, a->n_profiles);
    stage->updated[index] = 1;
fail:
    return st;
}

static bool is_held(const struct campaign_stage *stage, const struct group *group)
{
    for (size_t i = 0; i < group->n_members; i++)
        if (!stage->graph.accounts[group->members[i].account].watched)
            return false;
    return true;
}

/* As long as the campaign lives that it was settled for. */
static bool stays_settled(const struct campaign_stage *stage, struct group *group)
{
    const struct tracker *tracker = &stage->tracker;
    if (!group->settled)
        return false;
    uint32_t index = map_find(&tracker->member_of, stage->graph.accounts[group->members[0].account].account);
    if (index == MAP_NONE || !tracker->items[index]->confirmed ||
        tracker->items[index]->id.value != group->settled)
        group->settled = 0;
    return group->settled;
}

/*
 * One view of many of a confirmed campaign, all of whose members are held: nothing is left to say. What it was found
 * by is watched: the campaign may have moved there.
 */
static bool settles(struct campaign_stage *stage, struct group *group, const struct track_match *match)
{
    if (match->index == MAP_NONE || !match->within || match->covers || !is_held(stage, group) ||
        !stage->tracker.items[match->index]->confirmed)
        return false;
    group->settled = stage->tracker.items[match->index]->id.value;
    for (size_t i = 0; i < group->n_objects; i++)
        stage->graph.objects[group->objects[i]].watched = true;
    return true;
}

enum status follow_group(struct campaign_stage *stage, struct group *group, int64_t now_ms)
{
    enum status st = STATUS_OK;
    struct assessment a = { .total = 0 };
    if (group->dull || group->part || stays_settled(stage, group))
        return STATUS_OK;
    struct track_match match = tracker_match(&stage->tracker, &stage->graph, group);
    if (settles(stage, group, &match))
        return STATUS_OK;
    bool known = match.index != MAP_NONE;
    assess_links(&stage->assessor, group, &a);
    if (!known && (!a.two_keys || a.total + weak_headroom < suspicion_log10_e)) {
        group->dull = !a.two_keys;
        return STATUS_OK;
    }
    st = assess_members(&stage->assessor, group, &a);
    if (st == STATUS_NOT_FOUND)
        st = STATUS_OK; /* every member was evicted */
    if (st != STATUS_OK || a.n_profiles == 0)
        goto fail;
    if (known && stage->updated[match.index])
        match.covers = false; /* it was continued by a fuller view already */
    if (!known) {
        if (!a.two_keys || a.total < suspicion_log10_e)
            goto fail; /* not suspicious enough to be reported: nothing failed */
        st = tracker_create(&stage->tracker, &stage->graph, group, now_ms,
            tracker_before(&stage->tracker, &stage->graph, group), &match.index);
        if (st == STATUS_FULL) {
            st = STATUS_OK; /* campaigns_max: stated limit, seen in campaign_count */
            goto fail;
        }
        REQUIRE(st == STATUS_OK, st);
        match.covers = match.within = true;
    }
    TRY(continue_campaign(stage, &match, group, &a, now_ms));
fail:
    assess_clear(&stage->assessor, group);
    return st;
}
