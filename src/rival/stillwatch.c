/*
 * stillwatch.c: our own engine behind the interface of detectors.
 *
 * Model: records go to the engine as they come; every decision becomes a detection, its campaign the group. Reported
 *   are campaigns that stand as confirmed or contained at the end, and those, whatever became of them, that a decision
 *   above `observe` named. Their members are the active ones; of a closed campaign, those that were in it last and are in no other now.
 * Threshold: decades of evidence that a campaign needs at least (campaign.min_log10_e of the policy).
 * Deviation: the engine puts records in order over late_ms, so it decides up to 10 s and a tick after the record.
 */
#include "base/map.h"
#include "engine/engine.h"
#include "rival/kinds.h"

#include <stdlib.h>

enum { NAMED_MAX = 1 << 20 };

struct detector {
    struct engine *engine;
    struct detector_sink sink;
    struct policy *own_policy; /* where the caller gave none */
    struct policy policy;      /* in use; its arrays are borrowed */
    struct u64_map named;      /* campaign that a decision above observe named → index of first_ms */
    int64_t *first_ms;         /* when one first did */
    size_t first_capacity;
};

static enum status note_named(struct detector *d, const struct decision *decision)
{
    enum status st = STATUS_OK;
    uint64_t campaign = decision->campaign.value;
    size_t n = d->named.n;
    if (!campaign || decision->action == ACTION_OBSERVE || decision->action == ACTION_RELEASE)
        return STATUS_OK;
    if (map_find(&d->named, campaign) != MAP_NONE)
        return STATUS_OK;
    if (n == d->first_capacity) {
        size_t wider = n ? 2 * n : 16;
        int64_t *grown = realloc(d->first_ms, wider * sizeof *grown);
        REQUIRE(grown, STATUS_NOMEM);
        d->first_ms = grown;
        d->first_capacity = wider;
    }
    TRY(map_put(&d->named, campaign, (uint32_t)n));
    d->first_ms[n] = decision->time_ms;
fail:
    return st;
}

static enum status take_decision(void *context, const struct decision *decision, struct span account)
{
    (void)account;
    enum status st = STATUS_OK;
    struct detector *d = context;
    TRY(note_named(d, decision));
    TRY(d->sink.detection(d->sink.context, &(struct detection){ .time_ms = decision->time_ms,
                                               .account = decision->account,
                                               .group = decision->campaign.value,
                                               .action = decision->action }));
fail:
    return st;
}

static void stillwatch_close(struct detector *d)
{
    if (!d)
        return;
    engine_free(d->engine);
    policy_free(d->own_policy);
    map_fini(&d->named);
    free(d->first_ms);
    free(d);
}

static enum status choose_policy(struct detector *d, const struct detector_config *config, unsigned ignored)
{
    enum status st = STATUS_OK;
    if (!config->policy)
        TRY(policy_default(config->key, &d->own_policy));
    d->policy = config->policy ? *config->policy : *d->own_policy;
    if (config->threshold > 0)
        d->policy.campaign.min_log10_e = config->threshold;
    d->policy.campaign.ignored = (uint8_t)ignored;
fail:
    return st;
}

static enum status open_without(unsigned ignored, const struct detector_config *config,
    const struct detector_sink *sink, struct detector **ret_detector)
{
    enum status st = STATUS_OK;
    struct detector *d = calloc(1, sizeof *d);
    REQUIRE(d, STATUS_NOMEM);
    d->sink = *sink;
    map_init(&d->named, NAMED_MAX);
    TRY(choose_policy(d, config, ignored));
    struct engine_config engine = {
        .n_threads = config->n_threads, .accounts_max = config->accounts_max, .policy = &d->policy
    };
    TRY(engine_new(&engine, &(struct engine_sink){ .context = d, .decision = take_decision }, &d->engine));
    *ret_detector = d;
    return STATUS_OK;
fail:
    stillwatch_close(d);
    return st;
}

/* The engine, and the engine with the ties of one family of evidence passed over. */
#define OPEN(name, ignored)                                                                                  \
    static enum status open_##name(                                                                          \
        const struct detector_config *config, const struct detector_sink *sink, struct detector **ret)       \
    {                                                                                                        \
        return open_without((ignored), config, sink, ret);                                                   \
    }
OPEN(whole, 0)
OPEN(no_identity, 1u << FAMILY_IDENTITY)
OPEN(no_network, 1u << FAMILY_NETWORK)
OPEN(no_content, 1u << FAMILY_CONTENT)
OPEN(no_timing, 1u << FAMILY_TIMING)
OPEN(no_provenance, 1u << FAMILY_PROVENANCE)

static enum status stillwatch_batch(struct detector *d, const struct detector_batch *batch)
{
    return engine_batch(d->engine, batch->records);
}

static enum status stillwatch_finish(struct detector *d)
{
    return engine_finish(d->engine);
}

static bool is_reported(const struct detector *d, const struct campaign *campaign)
{
    return campaign->status == CAMPAIGN_CONFIRMED || campaign->status == CAMPAIGN_CONTAINED ||
           map_find(&d->named, campaign->id.value) != MAP_NONE;
}

/* When the last members left, for a campaign that nobody is in any more; -1 otherwise. */
static int64_t end_of(const struct campaign *campaign)
{
    int64_t last_ms = -1;
    for (size_t i = 0; i < campaign->n_members && campaign->n_active == 0; i++)
        if (campaign->members[i].until_ms > last_ms)
            last_ms = campaign->members[i].until_ms;
    return last_ms;
}

/* A decision may have named it while it was only suspected, before it counted as detected, or without that. */
static int64_t detected_at(const struct detector *d, const struct campaign *campaign)
{
    uint32_t named = map_find(&d->named, campaign->id.value);
    int64_t detected_ms = campaign->detected_ms;
    if (named != MAP_NONE && (detected_ms < 0 || d->first_ms[named] < detected_ms))
        detected_ms = d->first_ms[named];
    return detected_ms;
}

static enum status give_members(
    const struct detector *d, const struct campaign *campaign, void *context, detector_group_each each)
{
    enum status st = STATUS_OK;
    int64_t end_ms = end_of(campaign);
    struct detector_group membership = { .group = campaign->id.value,
        .detected_ms = detected_at(d, campaign) };
    for (size_t i = 0; i < campaign->n_members; i++) {
        const struct campaign_member *member = &campaign->members[i];
        const struct campaign *now_in = engine_campaign_of(d->engine, member->account);
        if (member->until_ms != end_ms || (now_in && now_in != campaign))
            continue;
        membership.account = member->account;
        TRY(each(context, &membership));
    }
fail:
    return st;
}

static int by_id(const void *a, const void *b)
{
    uint64_t x = (*(const struct campaign *const *)a)->id.value;
    uint64_t y = (*(const struct campaign *const *)b)->id.value;
    return (x > y) - (x < y);
}

static enum status stillwatch_groups(const struct detector *d, void *context, detector_group_each each)
{
    enum status st = STATUS_OK;
    size_t n = 0;
    const struct campaign **reported = calloc(engine_campaigns(d->engine) + 1, sizeof(void *));
    REQUIRE(reported, STATUS_NOMEM);
    for (size_t i = 0; i < engine_campaigns(d->engine); i++)
        if (is_reported(d, engine_campaign_at(d->engine, i)))
            reported[n++] = engine_campaign_at(d->engine, i);
    qsort(reported, n, sizeof(void *), by_id);
    for (size_t i = 0; i < n; i++)
        TRY(give_members(d, reported[i], context, each));
fail:
    free(reported);
    return st;
}

static uint64_t stillwatch_state_bytes(const struct detector *d)
{
    struct engine_stats stats;
    engine_stats(d->engine, &stats);
    return stats.accounts.state_bytes + stats.objects.state_bytes + stats.campaigns.state_bytes +
           stats.policy_bytes + stats.names_bytes + stats.pending_bytes + map_bytes(&d->named) +
           d->first_capacity * sizeof *d->first_ms;
}

#define KIND(kind, name_, summary_, opener_, ablation_)                                                      \
    const struct detector_kind kind = {                                                                      \
        .name = (name_),                                                                                     \
        .summary = (summary_),                                                                               \
        .ablation = (ablation_),                                                                             \
        .open = open_##opener_,                                                                              \
        .batch = stillwatch_batch,                                                                           \
        .finish = stillwatch_finish,                                                                         \
        .groups = stillwatch_groups,                                                                         \
        .state_bytes = stillwatch_state_bytes,                                                               \
        .close = stillwatch_close,                                                                           \
    }
#define ABLATION "the engine without this family of evidence"

KIND(stillwatch_kind, "stillwatch",
    "this project's engine: accounts, objects, campaigns, policy; threshold: decades of evidence", whole,
    false);
KIND(no_identity_kind, "no-identity", ABLATION, no_identity, true);
KIND(no_network_kind, "no-network", ABLATION, no_network, true);
KIND(no_content_kind, "no-content", ABLATION, no_content, true);
KIND(no_timing_kind, "no-timing", ABLATION, no_timing, true);
KIND(no_provenance_kind, "no-provenance", ABLATION, no_provenance, true);
