/*
 * decide.h: takes a decision on one account: what its standing asks for, and putting that in force.
 *
 * Model: decide_target is the ladder after allow-list, verification, group size (standing.h), blast radius
 *   and the day's budget; decide_raise puts it in force where it is more than what is.
 * Errors: none; the caller reserves room in the list first, one item a call.
 */
#ifndef POLICY_DECIDE_H
#define POLICY_DECIDE_H

#include "policy/standing.h"

struct move {
    struct standing *standing;
    int64_t time_ms;
    struct reason reason;
};

/* Starts the day's budget anew when the time is on a later day. */
void decide_roll_day(struct policy_stage *stage, int64_t time_ms);
/* false: the standing asks for nothing. */
bool decide_target(
    const struct policy_stage *stage, const struct standing *standing, struct reason *ret_reason);
bool decide_is_held_back(enum spared spared);
/* Puts move->reason.action in force; campaign 0: for the account alone. */
void decide_enact(struct policy_stage *stage, const struct move *move, struct campaign_id campaign,
    uint8_t families, struct decision_list *decisions);
void decide_release(
    struct policy_stage *stage, struct move *move, enum cause cause, struct decision_list *decisions);
/* Raises the action if the standing asks for more; else only notes what the action rests on now. */
void decide_raise(
    struct policy_stage *stage, struct standing *standing, int64_t time_ms, struct decision_list *decisions);

#endif
