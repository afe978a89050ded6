#include "policy/stage.h"

#include "policy/decide.h"
#include "policy/limits.h"

#include <stdlib.h>

static void take(struct policy_stage *stage, const struct policy *policy)
{
    stage->policy = policy;
    stage->limits_accounts = policy_wants_usage(policy);
    stage->limits_organizations = limit_is_set(&policy->organization);
    stage->limits_campaigns = limit_is_set(&policy->campaign_limit);
    stage->protects_organizations = policy->blast_radius < 1;
}

enum status policy_stage_new(const struct policy *policy, uint32_t accounts_max,
    const struct policy_source *source, struct policy_stage **ret_stage)
{
    struct policy_stage *stage = calloc(1, sizeof *stage);
    if (!stage)
        return STATUS_NOMEM;
    take(stage, policy);
    if (source)
        stage->source = *source;
    map_init(&stage->index, accounts_max);
    map_init(&stage->tally_index, accounts_max);
    blast_init(&stage->blast, accounts_max);
    volume_init(&stage->volume, accounts_max);
    stage->next_expiry_ms = INT64_MAX;
    stage->day = stage->reconsidered_day = INT64_MIN;
    *ret_stage = stage;
    return STATUS_OK;
}

void policy_stage_free(struct policy_stage *stage)
{
    if (!stage)
        return;
    free(stage->standings);
    free(stage->tallies);
    map_fini(&stage->index);
    map_fini(&stage->tally_index);
    blast_fini(&stage->blast);
    volume_fini(&stage->volume);
    free(stage);
}

/* What counts as wanted is the policy's word, so that everybody is counted anew. */
void policy_stage_take(struct policy_stage *stage, const struct policy *policy)
{
    for (size_t i = 0; i < stage->n; i++)
        standing_begin(stage, &stage->standings[i]);
    take(stage, policy);
    for (size_t i = 0; i < stage->n; i++)
        standing_end(stage, &stage->standings[i]);
    stage->taken_anew = true;
}

static void leave(struct policy_stage *stage, struct standing *standing, const struct verdict *verdict,
    struct decision_list *decisions)
{
    struct move move = { .standing = standing, .time_ms = verdict->time_ms };
    if (standing->campaign.value != verdict->campaign.value)
        return; /* it has moved to another campaign since */
    standing_begin(stage, standing);
    standing->campaign = (struct campaign_id){ 0 };
    standing->membership = MEMBER_NONE;
    standing->spared = SPARED_NOT;
    standing_end(stage, standing);
    if (standing->in_force && standing->acted_for.value != 0)
        decide_release(stage, &move, CAUSE_LEFT, decisions);
}

static enum status apply_verdict(
    struct policy_stage *stage, const struct verdict *verdict, struct decision_list *decisions)
{
    enum status st = STATUS_OK;
    struct standing *standing = standing_find(stage, verdict->account);
    TRY(decision_list_reserve(decisions, 1));
    decide_roll_day(stage, verdict->time_ms);
    if (verdict->membership == MEMBER_NONE) {
        if (standing)
            leave(stage, standing, verdict, decisions);
        return STATUS_OK;
    }
    TRY(blast_see(&stage->blast, verdict->organization, verdict->account));
    TRY(standing_prepare(stage, verdict->campaign));
    if (!standing)
        TRY(standing_add(stage, verdict->account, verdict->organization, &standing));
    if (!standing)
        return STATUS_OK;
    standing_begin(stage, standing);
    standing->organization = verdict->organization;
    standing->campaign = verdict->campaign;
    standing->accounts = verdict->accounts;
    standing->confidence = verdict->confidence;
    standing->families = verdict->families;
    standing->membership = verdict->membership;
    standing->confirmed = verdict->confirmed;
    standing->verified = verdict->verified;
    standing->reseller = verdict->reseller;
    standing_end(stage, standing);
    decide_raise(stage, standing, verdict->time_ms, decisions);
fail:
    return st;
}

enum status policy_apply_verdicts(
    struct policy_stage *stage, const struct verdict *verdicts, size_t n, struct decision_list *decisions)
{
    enum status st = STATUS_OK;
    size_t from = decisions->n;
    for (int membership = MEMBER_CORE; membership >= MEMBER_NONE; membership--) {
        for (size_t i = 0; i < n; i++) {
            if (verdicts[i].membership == membership)
                TRY(apply_verdict(stage, &verdicts[i], decisions));
        }
    }
fail:
    decision_list_sort(decisions, from);
    return st;
}

enum status policy_apply_usage(
    struct policy_stage *stage, const struct usage *usages, size_t n, struct decision_list *decisions)
{
    enum status st = STATUS_OK;
    size_t from = decisions->n;
    for (size_t i = 0; i < n; i++)
        TRY(limits_apply(stage, &usages[i], decisions));
fail:
    decision_list_sort(decisions, from);
    return st;
}

/* Renews what the standing still asks for, else releases, and starts anew with what it asks for instead. */
static enum status expire(
    struct policy_stage *stage, struct standing *standing, int64_t now_ms, struct decision_list *decisions)
{
    enum status st = STATUS_OK;
    struct move move = { .standing = standing, .time_ms = now_ms };
    TRY(decision_list_reserve(decisions, 2));
    bool wanted = standing->acted_for.value != 0 && decide_target(stage, standing, &move.reason);
    if (wanted && move.reason.action >= (enum action)standing->action) {
        if (move.reason.action == (enum action)standing->action && standing->confirmed)
            move.reason.cause = CAUSE_RENEWED;
        decide_enact(stage, &move, standing->campaign, standing->families, decisions);
        return STATUS_OK;
    }
    decide_release(stage, &move, CAUSE_EXPIRED, decisions);
    if (standing->campaign.value && decide_target(stage, standing, &move.reason) &&
        move.reason.action > ACTION_OBSERVE)
        decide_enact(stage, &move, standing->campaign, standing->families, decisions);
fail:
    return st;
}

static enum status expire_due(struct policy_stage *stage, int64_t now_ms, struct decision_list *decisions)
{
    enum status st = STATUS_OK;
    int64_t next = INT64_MAX;
    for (size_t i = 0; i < stage->n; i++) {
        struct standing *standing = &stage->standings[i];
        if (!standing->in_force || standing->expires_ms < 0)
            continue;
        if (standing->expires_ms <= now_ms)
            TRY(expire(stage, standing, now_ms, decisions));
        if (standing->expires_ms >= 0 && standing->expires_ms < next)
            next = standing->expires_ms;
    }
    stage->next_expiry_ms = next;
fail:
    return st;
}

/* Those held back, as a new day has its own budget and organisations may have grown; all, after another policy. */
static enum status reconsider(
    struct policy_stage *stage, bool all, int64_t now_ms, struct decision_list *decisions)
{
    enum status st = STATUS_OK;
    for (size_t i = 0; i < stage->n && (all || stage->held_back > 0); i++) {
        if (!all && !decide_is_held_back(stage->standings[i].spared))
            continue;
        TRY(decision_list_reserve(decisions, 1));
        decide_raise(stage, &stage->standings[i], now_ms, decisions);
    }
fail:
    return st;
}

enum status policy_tick(struct policy_stage *stage, int64_t now_ms, struct decision_list *decisions)
{
    enum status st = STATUS_OK;
    size_t from = decisions->n;
    decide_roll_day(stage, now_ms);
    if (now_ms >= stage->next_expiry_ms)
        TRY(expire_due(stage, now_ms, decisions));
    if (stage->taken_anew || stage->day != stage->reconsidered_day)
        TRY(reconsider(stage, stage->taken_anew, now_ms, decisions));
    stage->reconsidered_day = stage->day;
    stage->taken_anew = false;
    stage->next_tally = 0;
fail:
    decision_list_sort(decisions, from);
    return st;
}

bool policy_take_contained(struct policy_stage *stage, struct campaign_id *ret_campaign)
{
    while (stage->policy->mode == MODE_ENFORCED && stage->next_tally < stage->n_tallies) {
        struct campaign_tally *tally = &stage->tallies[stage->next_tally++];
        bool whole = tally->wanted > 0 && tally->contained == tally->wanted;
        bool tell = whole && !tally->told;
        tally->told = whole;
        if (tell) {
            *ret_campaign = tally->id;
            return true;
        }
    }
    return false;
}

enum action policy_in_force(const struct policy_stage *stage, uint64_t account, int64_t now_ms)
{
    const struct standing *standing = standing_find(stage, account);
    if (!standing || !standing->in_force || stage->policy->mode == MODE_SHADOW)
        return ACTION_OBSERVE;
    if (standing->expires_ms >= 0 && standing->expires_ms <= now_ms)
        return ACTION_OBSERVE;
    return standing->action;
}

void policy_stats(const struct policy_stage *stage, struct policy_stats *ret_stats)
{
    *ret_stats = (struct policy_stats){
        .accounts = stage->n,
        .organizations = stage->blast.n,
        .campaigns = stage->n_tallies,
        .windows = stage->volume.n,
        .accounts_refused = stage->refused,
        .windows_evicted = stage->volume.evicted,
        .held_back = stage->held_back,
        .state_bytes = sizeof *stage + stage->capacity * sizeof *stage->standings + map_bytes(&stage->index) +
                       stage->tallies_capacity * sizeof *stage->tallies + map_bytes(&stage->tally_index) +
                       blast_bytes(&stage->blast) + volume_bytes(&stage->volume),
    };
}

bool policy_knows(const struct policy_stage *stage, uint64_t account)
{
    const struct standing *standing = standing_find(stage, account);
    return standing && (standing->in_force || standing->campaign.value != 0);
}
