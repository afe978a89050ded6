#include "policy/decide.h"

#define DAY_MS INT64_C(86400000)

/* The list has room. */
static void write_decision(const struct policy_stage *stage, const struct move *move, enum action action,
    uint8_t families, struct decision_list *decisions)
{
    const struct standing *standing = move->standing;
    struct decision *decision = &decisions->items[decisions->n++];
    *decision = (struct decision){
        .time_ms = move->time_ms,
        .expires_ms = action == ACTION_RELEASE ? -1 : standing->expires_ms,
        .account = standing->account,
        .campaign = standing->acted_for,
        .action = action,
        .mode = stage->policy->mode,
        .confidence = standing->acted_for.value ? standing->confidence : 1,
        .families = families,
    };
    reason_write(&move->reason, decision->reason);
}

/* Puts the move's action in force for the campaign (0: for the account alone). */
void decide_enact(struct policy_stage *stage, const struct move *move, struct campaign_id campaign,
    uint8_t families, struct decision_list *decisions)
{
    struct standing *standing = move->standing;
    enum action action = move->reason.action;
    bool was_contained = standing_is_contained(standing);
    int64_t lasts_ms = stage->policy->expiry_ms[action];
    standing_begin(stage, standing);
    standing->in_force = true;
    standing->action = (uint8_t)action;
    standing->acted_for = campaign;
    standing->spared = (uint8_t)move->reason.spared;
    standing->expires_ms = lasts_ms > 0 ? move->time_ms + lasts_ms : -1;
    standing_end(stage, standing);
    if (standing->expires_ms >= 0 && standing->expires_ms < stage->next_expiry_ms)
        stage->next_expiry_ms = standing->expires_ms;
    if (!was_contained && standing_is_contained(standing))
        stage->contained_today++;
    write_decision(stage, move, action, families, decisions);
}

void decide_release(
    struct policy_stage *stage, struct move *move, enum cause cause, struct decision_list *decisions)
{
    struct standing *standing = move->standing;
    move->reason.cause = cause;
    move->reason.action = standing->action;
    write_decision(stage, move, ACTION_RELEASE, standing->families, decisions);
    standing_begin(stage, standing);
    standing->in_force = false;
    standing->acted_for = (struct campaign_id){ 0 };
    standing->expires_ms = -1;
    standing_end(stage, standing);
}

void decide_roll_day(struct policy_stage *stage, int64_t time_ms)
{
    int64_t day = time_ms / DAY_MS;
    if (day > stage->day) {
        stage->day = day;
        stage->contained_today = 0;
    }
}

/* What the standing asks for now, blast radius and budget applied. false: nothing. */
bool decide_target(
    const struct policy_stage *stage, const struct standing *standing, struct reason *ret_reason)
{
    const struct policy *policy = stage->policy;
    enum action action;
    enum spared spared;
    if (!standing_wants(policy, standing, &action, &spared))
        return false;
    if (action >= ACTION_RESTRICT && !standing_is_contained(standing)) {
        if (blast_exceeded(
                &stage->blast, standing->organization, policy->blast_radius, policy->blast_radius_min))
            spared = SPARED_ORGANIZATION;
        else if (policy->contain_per_day && stage->contained_today >= policy->contain_per_day)
            spared = SPARED_BUDGET;
        if (decide_is_held_back(spared))
            action = ACTION_VERIFY;
    }
    *ret_reason = (struct reason){
        .cause = standing->confirmed ? CAUSE_MEMBER : CAUSE_SUSPECTED,
        .action = action,
        .spared = spared,
        .accounts = standing->accounts,
        .families = standing->families,
    };
    return true;
}

bool decide_is_held_back(enum spared spared)
{
    return spared == SPARED_ORGANIZATION || spared == SPARED_BUDGET;
}

void decide_raise(
    struct policy_stage *stage, struct standing *standing, int64_t time_ms, struct decision_list *decisions)
{
    struct move move = { .standing = standing, .time_ms = time_ms };
    if (!decide_target(stage, standing, &move.reason))
        return;
    if (!standing->in_force || move.reason.action > (enum action)standing->action) {
        decide_enact(stage, &move, standing->campaign, standing->families, decisions);
        return;
    }
    standing_begin(stage, standing);
    standing->spared = decide_is_held_back(move.reason.spared) ? (uint8_t)move.reason.spared : SPARED_NOT;
    if (standing->acted_for.value != 0)
        standing->acted_for = standing->campaign;
    standing_end(stage, standing);
}
