#include "campaign/campaign.h"

#include "campaign/arrivals.h"
#include "campaign/assess.h"
#include "campaign/measure.h"
#include "campaign/merge.h"
#include "campaign/track.h"

#include <stdlib.h>
#include <string.h>

static const double suspicion_log10_e = 3; /* below it a group is not reported */
static const double weak_headroom = 2;     /* what profiles (even load) may still add after the links */
static const int64_t look_again_ms =
    60000; /* a graph that has not grown enough is looked at again after this */
static const int64_t quiet_close_ms = 14LL * 24 * 3600 * 1000;

struct campaign_stage {
    struct campaign_config config;
    struct campaign_source source;
    struct graph graph;
    struct finder finder;
    struct tracker tracker;
    struct assessor assessor;
    int64_t first_ms, epoch_ms; /* epoch_ms: when the last epoch ended */
    int64_t due_ms;             /* when to see next whether one is due */
    uint8_t *updated;           /* by campaign: already continued in this epoch */
};

static struct campaign_config with_defaults(const struct campaign_config *config)
{
    struct campaign_config c = *config;
    c.accounts_max = c.accounts_max ? c.accounts_max : 1U << 20;
    c.edges_max = c.edges_max ? c.edges_max : 4U << 20;
    c.campaigns_max = c.campaigns_max ? c.campaigns_max : 4096;
    c.min_accounts = c.min_accounts ? c.min_accounts : 5;
    c.min_contain_accounts = c.min_contain_accounts ? c.min_contain_accounts : 10;
    c.budget_per_million_months = c.budget_per_million_months > 0 ? c.budget_per_million_months : 10;
    c.homophily = c.homophily > 0 ? c.homophily : 0.2;
    c.min_log10_e = c.min_log10_e > 0 ? c.min_log10_e : 5;
    c.epoch_ms = c.epoch_ms > 0 ? c.epoch_ms : 600000;
    return c;
}

enum status campaign_stage_new(const struct campaign_config *config, const struct campaign_source *source,
    struct campaign_stage **ret_stage)
{
    enum status st = STATUS_OK;
    struct campaign_stage *stage = calloc(1, sizeof *stage);
    REQUIRE(stage, STATUS_NOMEM);
    stage->config = with_defaults(config);
    stage->source = *source;
    stage->first_ms = -1;
    graph_init(&stage->graph, stage->config.accounts_max, stage->config.edges_max);
    finder_init(&stage->finder);
    assessor_init(&stage->assessor, &stage->config, &stage->source, &stage->graph);
    TRY(tracker_init(&stage->tracker, stage->config.campaigns_max, stage->config.accounts_max));
    stage->updated = calloc(stage->config.campaigns_max + 1, 1);
    REQUIRE(stage->updated, STATUS_NOMEM);
    *ret_stage = stage;
    return STATUS_OK;
fail:
    campaign_stage_free(stage);
    return st;
}

void campaign_stage_take(struct campaign_stage *stage, const struct campaign_config *config)
{
    struct campaign_config c = with_defaults(config);
    c.accounts_max = stage->config.accounts_max;
    c.edges_max = stage->config.edges_max;
    c.campaigns_max = stage->config.campaigns_max;
    stage->config = c;
}

void campaign_stage_free(struct campaign_stage *stage)
{
    if (!stage)
        return;
    graph_fini(&stage->graph);
    finder_fini(&stage->finder);
    tracker_fini(&stage->tracker);
    assessor_fini(&stage->assessor);
    free(stage->updated);
    free(stage);
}

enum status campaign_apply(struct campaign_stage *stage, const struct tie *ties, size_t n)
{
    enum status st = STATUS_OK;
    for (size_t i = 0; i < n; i++)
        if (!(stage->config.ignored >> object_kind_info[ties[i].kind].family & 1))
            TRY(graph_add(&stage->graph, &ties[i]));
fail:
    return st;
}

void campaign_forget(struct campaign_stage *stage, uint64_t account)
{
    graph_forget(&stage->graph, account);
}

/* Evidence and look-alikes are those of the fullest view that ever was; a smaller view may only add members. */
static enum status take_assessment(
    struct campaign_stage *stage, struct campaign *c, const struct group *group, const struct assessment *a)
{
    enum status st = STATUS_OK;
    bool was_confirmed = c->confirmed;
    c->confirmed = was_confirmed || a->confirmed;
    if (was_confirmed && a->total < c->log10_e)
        return STATUS_OK;
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
static void close_campaign(struct campaign_stage *stage, uint32_t index, int64_t now_ms)
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

static enum status continue_campaign(struct campaign_stage *stage, const struct track_match *match,
    const struct group *group, const struct assessment *a, int64_t now_ms)
{
    enum status st = STATUS_OK;
    uint32_t index = match->index;
    bool covers = match->covers;
    struct campaign *c = stage->tracker.items[index];
    if (match->covers && match->within && c->confirmed && checks_release(a->checks)) {
        close_campaign(stage, index, now_ms);
        return STATUS_OK;
    }
    if (!a->confirmed && (!covers || (c->confirmed && !match->within)))
        return STATUS_OK; /* another view of accounts that the campaign holds, and nothing that stands by itself */
    TRY(tracker_update(&stage->tracker, index, &stage->graph, group, now_ms));
    if (a->confirmed) {
        watch(stage, group);
        TRY(tracker_take_others(&stage->tracker, index, &stage->graph, stage->assessor.mates.items,
            stage->assessor.mates.n, MEMBER_HALO, now_ms));
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

static enum status assess_group(struct campaign_stage *stage, struct group *group, int64_t now_ms)
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

/* Larger groups first: a campaign is continued by its fullest view. */
static int by_size(const void *a, const void *b)
{
    const struct group *x = a;
    const struct group *y = b;
    if (x->n_firm != y->n_firm)
        return x->n_firm > y->n_firm ? -1 : 1;
    if (x->found_by != y->found_by)
        return x->found_by < y->found_by ? -1 : 1;
    return x->root < y->root ? -1 : x->root > y->root;
}

static void mark_members(struct campaign_stage *stage, const struct verdict_list *verdicts, size_t from)
{
    for (size_t i = from; i < verdicts->n; i++)
        stage->source.mark(stage->source.context, verdicts->items[i].account,
            campaign_of(stage, verdicts->items[i].account) != NULL);
}

/* Ties do not always carry it. */
static void look_up_organization(struct campaign_stage *stage, struct graph_account *account)
{
    struct account_brief brief;
    if (account->account && stage->source.brief(stage->source.context, account->account, &brief) == STATUS_OK)
        account->organization = brief.organization;
}

/* Of accounts that are new since the last epoch. */
static void look_up_organizations(struct campaign_stage *stage)
{
    struct graph *graph = &stage->graph;
    for (size_t i = graph->n_known; i < graph->n_accounts; i++)
        look_up_organization(stage, &graph->accounts[i]);
}

/* Who is held here may be what the next was waiting for: the list grows meanwhile. */
static enum status admit_arrivals(struct campaign_stage *stage, int64_t now_ms, struct verdict_list *verdicts)
{
    enum status st = STATUS_OK;
    struct graph *graph = &stage->graph;
    size_t from = verdicts->n;
    memset(stage->updated, 0, stage->tracker.n_max + 1);
    for (size_t i = 0; i < graph->n_arrivals; i++) {
        uint32_t account = graph->arrivals[i];
        if (!graph->accounts[account].watched)
            look_up_organization(stage, &graph->accounts[account]);
        struct arrival arrival = arrivals_place(graph, &stage->tracker, account);
        if (arrival.campaign == MAP_NONE)
            continue;
        TRY(tracker_take_others(
            &stage->tracker, arrival.campaign, graph, &account, 1, arrival.membership, now_ms));
        stage->updated[arrival.campaign] = 1;
        if (arrival.membership < MEMBER_LIKELY)
            continue;
        arrivals_watch(graph, account);
        TRY(arrivals_follow(graph, account));
    }
    graph->n_arrivals = 0;
    for (size_t i = 0; i < stage->tracker.n; i++) {
        if (!stage->updated[i])
            continue;
        measure_people(stage->tracker.items[i], NULL, 0);
        TRY(members_tell(
            stage->tracker.items[i], now_ms, stage->source.account, stage->source.context, verdicts));
    }
    mark_members(stage, verdicts, from);
fail:
    return st;
}

/* A public object leaves the graph, so no group would speak for its users any more: their campaign ends here. */
static void close_public(struct campaign_stage *stage, int64_t now_ms)
{
    for (uint32_t i = 0; i < stage->tracker.n; i++) {
        const struct campaign *c = stage->tracker.items[i];
        size_t frames = 0;
        size_t published = 0;
        for (size_t j = 0; j < c->n_links && c->n_active > 0; j++) {
            struct object_profile object;
            if (object_specificity(c->links[j].kind) == 0 ||
                recall_object(&stage->assessor.recall, c->links[j].object, &object) != STATUS_OK)
                continue;
            frames++;
            published += object.is_public;
        }
        if (frames > 0 && published * 2 >= frames)
            close_campaign(stage, i, now_ms);
    }
}

/* A fixed text that many send is no frame; once an object was seen with many tasks it stays one. */
static void note_frames(struct campaign_stage *stage)
{
    const struct clusters *listed = &stage->finder.clusters;
    for (size_t i = 0; i < listed->n; i++) {
        uint32_t index = listed->frames[i].object;
        struct graph_object *object = &stage->graph.objects[index];
        struct object_profile profile;
        if (object->dead || object->many_tasks || object->strong < FIND_STRONG_MIN ||
            graph_degree(&stage->graph, index) < stage->config.min_accounts ||
            stage->source.object(stage->source.context, object->object, &profile) != STATUS_OK)
            continue;
        object->many_tasks = profile.slots * 2 >= profile.accounts;
    }
}

static enum status run_epoch(struct campaign_stage *stage, int64_t now_ms,
    const struct population *population, struct verdict_list *verdicts)
{
    enum status st = STATUS_OK;
    struct group_list *groups = &stage->finder.groups;
    size_t from = verdicts->n;
    TRY(graph_build(&stage->graph));
    TRY(assessor_begin(&stage->assessor, stage->first_ms, now_ms, population->accounts));
    memset(stage->updated, 0, stage->tracker.n_max + 1);
    look_up_organizations(stage);
    TRY(finder_begin(&stage->finder, &stage->graph));
    note_frames(stage);
    close_public(stage, now_ms);
    TRY(find_groups(&stage->finder, &stage->graph, stage->config.min_accounts));
    assessor_take_rings(&stage->assessor, &stage->finder.rings[0], &stage->finder.rings[1]);
    graph_seen(&stage->graph);
    const struct merge_input merge = { &stage->graph, &stage->finder.rings[0], population->accounts };
    TRY(merge_groups(&merge, groups));
    if (groups->n > 0)
        qsort(groups->items, groups->n, sizeof *groups->items, by_size);
    for (size_t i = 0; i < groups->n; i++)
        TRY(assess_group(stage, &groups->items[i], now_ms));
    merge_undo(groups);
    for (size_t i = 0; i < stage->tracker.n; i++)
        TRY(members_tell(
            stage->tracker.items[i], now_ms, stage->source.account, stage->source.context, verdicts));
    mark_members(stage, verdicts, from);
fail:
    return st;
}

/* Campaigns are assessed anew in every epoch: a large graph waits until it has grown, but at most EPOCH_WAIT. */
static bool epoch_is_due(const struct campaign_stage *stage, int64_t now_ms)
{
    enum { EPOCH_WAIT = 6, GROWTH_PERCENT = 10 };
    const struct graph *graph = &stage->graph;
    int64_t waited_ms = now_ms - stage->epoch_ms;
    if (!graph->dirty)
        return false;
    return graph->alarmed || waited_ms >= EPOCH_WAIT * stage->config.epoch_ms ||
           graph->n_grown * 100 >= graph->n_built * GROWTH_PERCENT;
}

int64_t campaign_due_ms(const struct campaign_stage *stage)
{
    return stage->first_ms < 0 || stage->graph.n_watched > 0 ? INT64_MIN : stage->due_ms;
}

enum status campaign_tick(struct campaign_stage *stage, int64_t now_ms, const struct population *population,
    struct verdict_list *verdicts)
{
    if (stage->first_ms < 0) {
        stage->first_ms = stage->epoch_ms = now_ms;
        stage->due_ms = now_ms + stage->config.epoch_ms;
    }
    if (now_ms < stage->due_ms)
        return stage->graph.n_arrivals > 0 ? admit_arrivals(stage, now_ms, verdicts) : STATUS_OK;
    if (!epoch_is_due(stage, now_ms)) {
        stage->due_ms =
            now_ms + (stage->config.epoch_ms < look_again_ms ? stage->config.epoch_ms : look_again_ms);
        return STATUS_OK;
    }
    stage->epoch_ms = now_ms;
    stage->due_ms = now_ms + stage->config.epoch_ms;
    return run_epoch(stage, now_ms, population, verdicts);
}

enum status campaign_flush(struct campaign_stage *stage, int64_t now_ms, const struct population *population,
    struct verdict_list *verdicts)
{
    return stage->graph.dirty && stage->first_ms >= 0 ? run_epoch(stage, now_ms, population, verdicts)
                                                      : STATUS_OK;
}

void campaign_refresh(struct campaign_stage *stage, int64_t now_ms)
{
    recall_begin(&stage->assessor.recall, now_ms);
    for (size_t i = 0; i < stage->tracker.n; i++) {
        struct campaign *c = stage->tracker.items[i];
        size_t n = 0;
        int64_t last = -1;
        if (c->n_active == 0 || assessor_reserve(&stage->assessor, c->n_members) != STATUS_OK)
            continue; /* what was measured at the last test stands */
        for (size_t j = 0; j < c->n_members; j++) {
            if (c->members[j].until_ms >= 0 || c->members[j].membership < MEMBER_LIKELY)
                continue;
            struct account_profile *p = &stage->assessor.profiles[n];
            if (recall_account(&stage->assessor.recall, c->members[j].account, p) != STATUS_OK)
                continue;
            last = p->last_seen_ms > last ? p->last_seen_ms : last;
            n++;
        }
        if (n > 0)
            measure_members(c, stage->assessor.profiles, n);
        measure_links(c, &stage->assessor.recall);
        if (last >= 0 && now_ms - last > quiet_close_ms)
            c->status = CAMPAIGN_CLOSED;
    }
}

void campaign_contained(struct campaign_stage *stage, struct campaign_id id, int64_t now_ms)
{
    for (size_t i = 0; i < stage->tracker.n; i++) {
        struct campaign *c = stage->tracker.items[i];
        if (c->id.value != id.value || c->status != CAMPAIGN_CONFIRMED)
            continue;
        c->status = CAMPAIGN_CONTAINED;
        c->contained_ms = now_ms;
    }
}

size_t campaign_count(const struct campaign_stage *stage)
{
    return stage->tracker.n;
}

const struct campaign *campaign_at(const struct campaign_stage *stage, size_t i)
{
    return stage->tracker.items[i];
}

const struct campaign *campaign_of(const struct campaign_stage *stage, uint64_t account)
{
    uint32_t index = map_find(&stage->tracker.member_of, account);
    return index == MAP_NONE ? NULL : stage->tracker.items[index];
}

void campaign_stats(const struct campaign_stage *stage, struct campaign_stats *ret_stats)
{
    *ret_stats = (struct campaign_stats){
        .accounts = stage->graph.n_accounts - stage->graph.empty.accounts,
        .objects = stage->graph.n_objects - stage->graph.empty.objects,
        .edges = stage->graph.n_edges,
        .edges_dropped = stage->graph.dropped,
        .groups_tested = stage->assessor.tests,
        .state_bytes = graph_bytes(&stage->graph) + finder_bytes(&stage->finder) +
                       map_bytes(&stage->tracker.member_of) + assessor_bytes(&stage->assessor),
    };
}
