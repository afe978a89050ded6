#include "account/list.h"
#include "engine/engine_state.h"

#include <stdlib.h>

static const int64_t population_every_ms = 600000;

/* A run is as long as its sightings stay in the cache from stage to stage. */
enum { DOOMED_MAX = 1 << 16, RUN_RECORDS = 1024 };

static struct engine_config with_defaults(const struct engine_config *config)
{
    struct engine_config c = *config;
    c.n_threads = c.n_threads ? c.n_threads : 1;
    c.accounts_max = c.accounts_max ? c.accounts_max : 1000000;
    c.issued_bytes = c.issued_bytes ? c.issued_bytes : (size_t)256 << 20;
    c.pending_max = c.pending_max ? c.pending_max : 65536;
    c.tick_ms = c.tick_ms > 0 ? c.tick_ms : 10000;
    c.late_ms = c.late_ms > 0 ? c.late_ms : 10000;
    return c;
}

size_t engine_budget(const struct engine_config *config)
{
    struct engine_config c = with_defaults(config);
    struct account_config accounts = stages_account_config(&c);
    struct object_config objects = stages_object_config(&c);
    size_t by_partition =
        account_table_bytes(&accounts) + objects.singles_bytes + objects.shared_bytes + objects.issued_bytes;
    size_t waiting = c.pending_max * (sizeof(struct record) + sizeof(struct order_slot) + sizeof(uint32_t));
    return by_partition * ENGINE_PARTITIONS + waiting;
}

size_t engine_growth(const struct engine_config *config)
{
    /* At their caps, an account: graph.h (4 edges, a tie object, its own entry and the maps), names.h, policy/stage.h. */
    enum { GRAPH_BYTES = 144, NAME_BYTES = 64, POLICY_BYTES = 96 };
    struct engine_config c = with_defaults(config);
    return (size_t)c.accounts_max * (GRAPH_BYTES + NAME_BYTES + POLICY_BYTES);
}

static enum status source_account(
    void *context, uint64_t account, int64_t now_ms, struct account_profile *ret_profile)
{
    const struct engine *e = context;
    return account_profile(
        e->stages.accounts[account_partition_of(account)].table, account, now_ms, ret_profile);
}

static enum status source_brief(void *context, uint64_t account, struct account_brief *ret_brief)
{
    const struct engine *e = context;
    return account_brief(e->stages.accounts[account_partition_of(account)].table, account, ret_brief);
}

static enum status source_object(void *context, uint64_t object, struct object_profile *ret_profile)
{
    const struct engine *e = context;
    return object_profile(e->stages.objects[object_partition_of(object)].table, object, ret_profile);
}

static void source_mark(void *context, uint64_t account, bool marked)
{
    const struct engine *e = context;
    account_mark(e->stages.accounts[account_partition_of(account)].table, account, marked);
}

static bool source_retract(void *context, uint64_t object, int64_t now_ms)
{
    const struct engine *e = context;
    return object_retract(e->stages.objects[object_partition_of(object)].table, object, now_ms);
}

static enum tier source_tier(void *context, uint64_t account)
{
    const struct engine *e = context;
    struct account_profile profile;
    if (source_account(context, account, e->now_ms, &profile) != STATUS_OK)
        return TIER_UNKNOWN;
    return (enum tier)profile.tier;
}

enum status engine_new(
    const struct engine_config *config, const struct engine_sink *sink, struct engine **ret_engine)
{
    enum status st = STATUS_OK;
    struct engine *e = calloc(1, sizeof *e);
    REQUIRE(e, STATUS_NOMEM);
    e->config = with_defaults(config);
    e->sink = *sink;
    e->stats.first_ms = e->stats.last_ms = -1;
    /* An observer sees records in their order; limits of accounts ask for what accounts are at their tick. */
    e->run.ticks_max = sink->observe || policy_wants_usage(config->policy) ? 1 : RUN_TICKS;
    names_init(&e->names, (size_t)e->config.accounts_max + 2 * e->config.pending_max + DOOMED_MAX +
                              2 * (size_t)BATCH_RECORDS_MAX);
    TRY(order_init(&e->order, e->config.pending_max, e->config.tick_ms, e->config.late_ms));
    TRY(stages_init(&e->stages, &e->config, &e->sink));
    struct campaign_config campaigns = e->config.policy->campaign;
    campaigns.accounts_max = campaigns.accounts_max ? campaigns.accounts_max : e->config.accounts_max;
    campaigns.edges_max = campaigns.edges_max                               ? campaigns.edges_max
                          : 4 * (size_t)e->config.accounts_max > UINT32_MAX ? UINT32_MAX
                                                                            : 4 * e->config.accounts_max;
    struct campaign_source source = { e, source_account, source_object, source_mark, source_brief,
        source_retract };
    TRY(campaign_stage_new(&campaigns, &source, &e->campaigns));
    struct policy_source tiers = { e, source_tier };
    TRY(policy_stage_new(e->config.policy, e->config.accounts_max, &tiers, &e->policy));
    *ret_engine = e;
    return STATUS_OK;
fail:
    engine_free(e);
    return st;
}

void engine_free(struct engine *engine)
{
    if (!engine)
        return;
    policy_stage_free(engine->policy);
    campaign_stage_free(engine->campaigns);
    stages_fini(&engine->stages);
    order_fini(&engine->order);
    names_fini(&engine->names);
    usage_list_fini(&engine->usages);
    verdict_list_fini(&engine->verdicts);
    decision_list_fini(&engine->decisions);
    free(engine->timelines);
    free(engine->doomed);
    free(engine);
}

static enum status timeline_of(
    struct engine *e, const struct campaign *campaign, struct timeline **ret_timeline)
{
    enum status st = STATUS_OK;
    size_t index = 0;
    while (index < campaign_count(e->campaigns) && campaign_at(e->campaigns, index) != campaign)
        index++;
    if (index >= e->n_timelines) {
        size_t wider = campaign_count(e->campaigns);
        struct timeline *grown = realloc(e->timelines, wider * sizeof *grown);
        REQUIRE(grown, STATUS_NOMEM);
        e->timelines = grown;
        for (size_t i = e->n_timelines; i < wider; i++)
            e->timelines[i] = (struct timeline){ 0 };
        e->n_timelines = wider;
    }
    if (e->timelines[index].campaign != campaign->id.value)
        e->timelines[index] = (struct timeline){ .campaign = campaign->id.value };
    *ret_timeline = &e->timelines[index];
fail:
    return st;
}

static enum status draw_usage(struct engine *e, const struct usage *usages, size_t n)
{
    enum status st = STATUS_OK;
    struct timeline *timeline;
    if (campaign_count(e->campaigns) == 0)
        return STATUS_OK;
    for (size_t i = 0; i < n; i++) {
        const struct campaign *campaign = campaign_of(e->campaigns, usages[i].account);
        if (!campaign)
            continue;
        TRY(timeline_of(e, campaign, &timeline));
        timeline_add(timeline, usages[i].time_ms, 1);
    }
fail:
    return st;
}

static enum status send_decisions(struct engine *e)
{
    enum status st = STATUS_OK;
    decision_list_sort(&e->decisions, 0);
    for (size_t i = 0; i < e->decisions.n; i++) {
        const struct decision *d = &e->decisions.items[i];
        e->stats.decisions[d->action]++;
        TRY(e->sink.decision(e->sink.context, d, names_find(&e->names, d->account)));
    }
    e->decisions.n = 0;
fail:
    return st;
}

static enum status doom(struct engine *e, uint64_t account)
{
    enum status st = STATUS_OK;
    if (e->n_doomed == e->doomed_capacity) {
        size_t wider = e->doomed_capacity ? e->doomed_capacity * 2 : 256;
        uint64_t *grown = realloc(e->doomed, wider * sizeof *grown);
        REQUIRE(grown, STATUS_NOMEM);
        e->doomed = grown;
        e->doomed_capacity = wider;
    }
    e->doomed[e->n_doomed++] = account;
fail:
    return st;
}

static enum status forget_evicted(struct engine *e, size_t tick)
{
    enum status st = STATUS_OK;
    for (unsigned i = 0; i < ENGINE_PARTITIONS; i++) {
        const struct account_partition *p = &e->stages.accounts[i];
        for (size_t j = tick ? p->ends[tick - 1].evicted : 0; j < p->ends[tick].evicted; j++) {
            campaign_forget(e->campaigns, p->evicted[j]);
            TRY(doom(e, p->evicted[j]));
        }
    }
fail:
    return st;
}

/* Drops the names of evicted accounts that no waiting record can need: those named before the oldest that waits. */
static void purge_names(struct engine *e)
{
    uint64_t oldest = order_oldest_arrival(&e->order);
    size_t kept = 0;
    for (size_t i = 0; i < e->n_doomed; i++) {
        uint64_t account = e->doomed[i];
        bool tracked = account_tracked(e->stages.accounts[account_partition_of(account)].table, account);
        if (tracked)
            continue;
        /* A campaign or a decision may still speak of it. */
        bool spoken_of = campaign_of(e->campaigns, account) || policy_knows(e->policy, account);
        if (!spoken_of && names_stamp(&e->names, account) <= oldest)
            names_drop(&e->names, account);
        else
            e->doomed[kept++] = account;
    }
    e->n_doomed = kept;
}

static enum status take_ties(struct engine *e, size_t tick)
{
    enum status st = STATUS_OK;
    for (unsigned i = 0; i < ENGINE_PARTITIONS; i++) {
        const struct object_partition *p = &e->stages.objects[i];
        size_t from = tick ? p->ends.ties[tick - 1] : 0;
        if (p->ends.ties[tick] > from)
            TRY(campaign_apply(e->campaigns, p->ties.items + from, p->ends.ties[tick] - from));
    }
fail:
    return st;
}

static int by_time(const void *a, const void *b)
{
    const struct usage *x = a;
    const struct usage *y = b;
    if (x->time_ms != y->time_ms)
        return x->time_ms < y->time_ms ? -1 : 1;
    return x->account < y->account ? -1 : x->account > y->account;
}

/* The tick's usage from all partitions in the order of its times: limits are crossed by whoever came last. */
static enum status gather_usage(struct engine *e, size_t tick)
{
    enum status st = STATUS_OK;
    e->usages.n = 0;
    for (unsigned i = 0; i < ENGINE_PARTITIONS; i++) {
        const struct account_partition *p = &e->stages.accounts[i];
        size_t from = tick ? p->ends[tick - 1].usages : 0;
        for (size_t j = from; j < p->ends[tick].usages; j++)
            TRY(usage_list_add(&e->usages, &p->usages.items[j]));
    }
    if (e->usages.n > 1)
        qsort(e->usages.items, e->usages.n, sizeof *e->usages.items, by_time);
fail:
    return st;
}

static enum status take_usage(struct engine *e, size_t tick)
{
    enum status st = STATUS_OK;
    TRY(gather_usage(e, tick));
    TRY(policy_apply_usage(e->policy, e->usages.items, e->usages.n, &e->decisions));
    TRY(draw_usage(e, e->usages.items, e->usages.n));
fail:
    return st;
}

/* Verdicts to decisions, and what is due; the decisions of a tick leave in the order of their times. */
static enum status take_verdicts(struct engine *e)
{
    enum status st = STATUS_OK;
    struct campaign_id contained;
    TRY(policy_apply_verdicts(e->policy, e->verdicts.items, e->verdicts.n, &e->decisions));
    TRY(policy_tick(e->policy, e->now_ms, &e->decisions));
    while (policy_take_contained(e->policy, &contained))
        campaign_contained(e->campaigns, contained, e->now_ms);
    TRY(send_decisions(e));
fail:
    return st;
}

static enum status decide(struct engine *e, size_t tick)
{
    enum status st = STATUS_OK;
    TRY(take_ties(e, tick));
    TRY(take_usage(e, tick));
    e->verdicts.n = 0;
    TRY(campaign_tick(e->campaigns, e->now_ms, &e->stages.population, &e->verdicts));
    TRY(take_verdicts(e));
fail:
    return st;
}

static void count_records(struct engine *e, size_t from, size_t n)
{
    for (size_t i = from; i < from + n; i++)
        e->stats.exchanges += order_at(&e->order, i)->kind == RECORD_EXCHANGE;
    e->stats.records += n;
    if (e->stats.first_ms < 0)
        e->stats.first_ms = order_at(&e->order, from)->time_ms;
    e->stats.last_ms = order_at(&e->order, from + n - 1)->time_ms;
}

/* Applies the ticks that are closed: accounts and objects of all at once, then campaigns and policy one by one. */
static enum status apply_run(struct engine *e)
{
    enum status st = STATUS_OK;
    struct run *run = &e->run;
    size_t done = 0;
    TRY(stages_run_ticks(&e->stages, &e->order, run->n_records, run->n_ticks));
    for (size_t tick = 0; tick < run->n_ticks; tick++) {
        e->now_ms = run->end_ms[tick];
        count_records(e, done, run->n_records[tick]);
        done += run->n_records[tick];
        TRY(decide(e, tick));
        TRY(forget_evicted(e, tick));
    }
    e->stats.ticks += run->n_ticks;
    run->n_ticks = 0;
    order_drop(&e->order, done);
fail:
    return st;
}

/* Ends a run where it would show: before the population is measured, and with the tick that may end an epoch. */
static enum status close_tick(struct engine *e, bool finish)
{
    enum status st = STATUS_OK;
    struct run *run = &e->run;
    int64_t end_ms;
    size_t n = order_tick(&e->order, finish, &end_ms);
    int64_t before_ms = run->n_ticks ? run->end_ms[run->n_ticks - 1] : e->now_ms;
    int64_t now_ms = end_ms > before_ms ? end_ms : before_ms;
    if (e->population_ms == 0 || now_ms - e->population_ms >= population_every_ms) {
        TRY(apply_run(e));
        stages_measure_population(&e->stages);
        e->population_ms = now_ms;
    }
    order_close(&e->order, n);
    run->n_records[run->n_ticks] = n;
    run->end_ms[run->n_ticks++] = now_ms;
    if (run->n_ticks == run->ticks_max || e->order.n_closed >= RUN_RECORDS ||
        now_ms >= campaign_due_ms(e->campaigns))
        TRY(apply_run(e));
fail:
    return st;
}

/* Closes what is due before the next record. */
static enum status make_way(struct engine *e)
{
    enum status st = STATUS_OK;
    while (order_full(&e->order) || order_due(&e->order)) {
        if (order_full(&e->order) && e->order.n_closed > 0)
            TRY(apply_run(e));
        else
            TRY(close_tick(e, false));
    }
fail:
    return st;
}

enum status engine_batch(struct engine *engine, const struct record_batch *batch)
{
    enum status st = STATUS_OK;
    if (engine->n_doomed >= DOOMED_MAX / 2)
        purge_names(engine);
    for (size_t i = 0; i < batch->n_names; i++)
        TRY(names_add(&engine->names, batch->names[i].account, record_batch_name_at(batch, i),
            engine->order.arrivals + batch->n));
    for (size_t i = 0; i < batch->n; i++) {
        TRY(make_way(engine));
        order_lend(&engine->order, &batch->records[i]);
    }
    TRY(apply_run(engine));
    order_own(&engine->order);
fail:
    return st;
}

void engine_take_policy(struct engine *engine, const struct policy *policy)
{
    bool wants_usage = policy_wants_usage(policy);
    engine->config.policy = policy;
    engine->run.ticks_max = engine->sink.observe || wants_usage ? 1 : RUN_TICKS;
    for (unsigned i = 0; i < ENGINE_PARTITIONS; i++)
        account_table_watch(engine->stages.accounts[i].table, wants_usage);
    campaign_stage_take(engine->campaigns, &policy->campaign);
    policy_stage_take(engine->policy, policy);
}

enum status engine_finish(struct engine *engine)
{
    enum status st = STATUS_OK;
    order_end(&engine->order);
    while (engine->order.n_waiting > engine->order.n_closed)
        TRY(close_tick(engine, true));
    TRY(apply_run(engine));
    stages_measure_population(&engine->stages);
    engine->verdicts.n = 0;
    TRY(campaign_flush(engine->campaigns, engine->now_ms, &engine->stages.population, &engine->verdicts));
    TRY(take_verdicts(engine));
    campaign_refresh(engine->campaigns, engine->now_ms);
fail:
    return st;
}
