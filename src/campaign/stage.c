#include "campaign/stage.h"

#include "campaign/arrivals.h"
#include "campaign/divide.h"
#include "campaign/follow.h"
#include "campaign/lots.h"
#include "campaign/mates.h"
#include "campaign/measure.h"
#include "campaign/merge.h"
#include "object/recur.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const int64_t look_again_ms =
    60000; /* a graph that has not grown enough is looked at again after this */
static const int64_t note_all_ms = 3600 * 1000;
static const int64_t quiet_close_ms = 14LL * 24 * 3600 * 1000;

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
    c.min_log10_e = c.min_log10_e > 0 ? c.min_log10_e : 4;
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
    queues_init(&stage->queues);
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
    queues_fini(&stage->queues);
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
        struct arrival arrival = arrivals_place(graph, &stage->tracker, &stage->source, account, now_ms);
        bool joined = map_find(&stage->tracker.member_of, graph->accounts[account].account) != MAP_NONE;
        if (arrival.campaign == MAP_NONE || (arrival.membership < MEMBER_LIKELY && joined))
            continue; /* whoever is asked already is not asked again */
        TRY(tracker_take_others(
            &stage->tracker, arrival.campaign, graph, &account, 1, arrival.membership, now_ms));
        stage->updated[arrival.campaign] = 1;
        if (arrival.membership >= MEMBER_LIKELY)
            arrivals_watch(graph, account);
        else if (arrival.young || lots_begun(graph, account))
            arrivals_burn(graph, account);
        else
            continue;
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
            follow_close(stage, i, now_ms);
    }
}

/*
 * A fixed text that many send is no frame; once an object was seen with many tasks it stays one. Those whose users are
 * the same as in the last epoch are looked at every hour.
 */
static void note_frames(struct campaign_stage *stage, int64_t now_ms)
{
    const struct clusters *listed = &stage->finder.clusters;
    bool all = stage->finder.anew || now_ms - stage->noted_ms >= note_all_ms; /* anew: the marks were swept */
    stage->noted_ms = all ? now_ms : stage->noted_ms;
    for (size_t i = 0; i < listed->n; i++) {
        uint32_t index = listed->frames[i].object;
        struct graph_object *object = &stage->graph.objects[index];
        struct object_profile profile;
        if (object->dead || object->strong < FIND_STRONG_MIN ||
            (!all && !marks_has(&stage->graph.changed, index)) ||
            graph_degree(&stage->graph, index) < stage->config.min_accounts ||
            stage->source.object(stage->source.context, object->object, &profile) != STATUS_OK)
            continue;
        object->many_tasks |= profile.slots * 2 >= profile.accounts;
        object->recurs = object_recurs((double)profile.sightings, profile.accounts,
            profile.first_ms >= 0 ? now_ms - profile.first_ms : 0);
    }
}

/* Whoever shows a confirmed campaign what an arrival would, and whoever is of a hand that is mostly held. */
static enum status hold_others(struct campaign_stage *stage, int64_t now_ms)
{
    enum status st = STATUS_OK;
    struct graph *graph = &stage->graph;
    struct tracker *tracker = &stage->tracker;
    const struct mates_input mates = { graph, &stage->finder.rings[0], tracker, &stage->source,
        stage->assessor.scratch.count };
    if (graph->n_watched == 0)
        return STATUS_OK;
    for (uint32_t i = 0; i < graph->n_accounts; i++) {
        struct arrival arrival = { .campaign = MAP_NONE };
        if (graph_hangs(&graph->accounts[i]))
            arrival = arrivals_place(graph, tracker, &stage->source, i, now_ms);
        if (arrival.campaign == MAP_NONE || arrival.membership < MEMBER_LIKELY)
            continue;
        TRY(tracker_take_others(tracker, arrival.campaign, graph, &i, 1, arrival.membership, now_ms));
        arrivals_watch(graph, i);
        TRY(arrivals_follow(graph, i));
    }
    TRY(mates_take(&mates, now_ms));
    for (size_t i = 0; i < tracker->n; i++)
        if (tracker->items[i]->confirmed)
            measure_people(tracker->items[i], NULL, 0);
fail:
    return st;
}

static enum status run_epoch(struct campaign_stage *stage, int64_t now_ms,
    const struct population *population, struct verdict_list *verdicts)
{
    enum status st = STATUS_OK;
    struct group_list *groups = &stage->finder.groups;
    TRY(arrivals_wait(&stage->graph, &stage->tracker, now_ms));
    if (stage->graph.n_arrivals > 0)
        TRY(admit_arrivals(stage, now_ms, verdicts));
    size_t from = verdicts->n;
    TRY(idle_take_out(&stage->idle, &stage->graph, &stage->source, now_ms));
    TRY(graph_build(&stage->graph));
    TRY(assessor_begin(&stage->assessor, stage->first_ms, now_ms, population->accounts));
    memset(stage->updated, 0, stage->tracker.n_max + 1);
    look_up_organizations(stage);
    TRY(finder_begin(&stage->finder, &stage->graph));
    note_frames(stage, now_ms);
    close_public(stage, now_ms);
    TRY(find_groups(&stage->finder, &stage->graph, stage->config.min_accounts));
    assessor_take_rings(&stage->assessor, &stage->finder.rings[0], &stage->finder.rings[1]);
    graph_seen(&stage->graph);
    TRY(queues_update(&stage->queues, &stage->graph, &stage->finder.rings[0]));
    const struct merge_input merge = { &stage->graph, &stage->finder.rings[0], &stage->tracker,
        population->accounts };
    TRY(merge_groups(&merge, groups));
    if (groups->n > 0)
        qsort(groups->items, groups->n, sizeof *groups->items, by_size);
    for (size_t i = 0; i < groups->n; i++)
        TRY(follow_group(stage, &groups->items[i], now_ms));
    TRY(hold_others(stage, now_ms));
    TRY(divide_campaigns(stage, now_ms));
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
    stage->noted_ms = 0;
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
        .state_bytes = graph_bytes(&stage->graph) + queues_bytes(&stage->queues) +
                       finder_bytes(&stage->finder) + map_bytes(&stage->tracker.member_of) +
                       assessor_bytes(&stage->assessor),
    };
}
