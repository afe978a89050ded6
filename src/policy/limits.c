#include "policy/limits.h"

#include "policy/decide.h"

/* Acts on one account for going over a limit; campaign 0 where the limit is not a campaign's. */
static enum status act_on_excess(struct policy_stage *stage, const struct usage *usage,
    const struct limit *limit, struct reason reason, struct campaign_id campaign,
    struct decision_list *decisions)
{
    enum status st = STATUS_OK;
    struct standing *standing = standing_find(stage, usage->account);
    reason.action = limit->action;
    if (standing && campaign.value && (standing->verified || standing->reseller) &&
        reason.action > ACTION_VERIFY)
        reason.action = ACTION_VERIFY;
    if (standing && standing->in_force && (enum action)standing->action >= reason.action)
        return STATUS_OK;
    if (policy_allows(stage->policy, usage->account, usage->organization))
        return STATUS_OK;
    TRY(decision_list_reserve(decisions, 1));
    if (!standing)
        TRY(standing_add(stage, usage->account, usage->organization, &standing));
    if (!standing)
        return STATUS_OK;
    struct move move = { .standing = standing, .time_ms = usage->time_ms, .reason = reason };
    move.reason.spared = standing->spared;
    decide_enact(stage, &move, campaign, 1 << FAMILY_VOLUME, decisions);
fail:
    return st;
}

static enum status check_volume(struct policy_stage *stage, const struct usage *usage, double cost,
    enum cause cause, struct campaign_id campaign, struct decision_list *decisions)
{
    enum status st = STATUS_OK;
    struct volume_window *window;
    bool new_day;
    uint64_t key = cause == CAUSE_VOLUME         ? usage->account
                   : cause == CAUSE_ORGANIZATION ? usage->organization
                                                 : campaign.value;
    TRY(volume_at(&stage->volume, key, usage->time_ms, &window, &new_day));
    volume_add(window, usage, cost);
    if (cause == CAUSE_VOLUME && new_day && stage->source.tier)
        window->tier = (uint8_t)stage->source.tier(stage->source.context, usage->account);
    const struct limit *limit = cause == CAUSE_VOLUME         ? &stage->policy->account[window->tier]
                                : cause == CAUSE_ORGANIZATION ? &stage->policy->organization
                                                              : &stage->policy->campaign_limit;
    struct reason reason = { .cause = cause, .excess = volume_excess(window, limit) };
    if (reason.excess != EXCESS_NONE)
        TRY(act_on_excess(stage, usage, limit, reason, campaign, decisions));
fail:
    return st;
}

enum status limits_apply(
    struct policy_stage *stage, const struct usage *usage, struct decision_list *decisions)
{
    enum status st = STATUS_OK;
    struct campaign_id none = { 0 };
    if (stage->protects_organizations)
        TRY(blast_see(&stage->blast, usage->organization, usage->account));
    if (!stage->limits_accounts && !stage->limits_organizations && !stage->limits_campaigns)
        return STATUS_OK;
    double cost = policy_cost(stage->policy, usage);
    if (stage->limits_accounts)
        TRY(check_volume(stage, usage, cost, CAUSE_VOLUME, none, decisions));
    if (stage->limits_organizations && usage->organization)
        TRY(check_volume(stage, usage, cost, CAUSE_ORGANIZATION, none, decisions));
    const struct standing *standing = stage->limits_campaigns ? standing_find(stage, usage->account) : NULL;
    if (standing && standing->campaign.value)
        TRY(check_volume(stage, usage, cost, CAUSE_CAMPAIGN, standing->campaign, decisions));
fail:
    return st;
}
