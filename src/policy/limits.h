/*
 * limits.h: acts on usage over a limit of the account, its organisation or its campaign.
 *
 * Model: the account whose exchange goes over the limit, or uses on beyond it, gets the limit's action for
 *   as long as the policy says, `throttle` at most. Nothing that is in force already is lowered or repeated.
 */
#ifndef POLICY_LIMITS_H
#define POLICY_LIMITS_H

#include "policy/standing.h"

MUST_CHECK enum status limits_apply(
    struct policy_stage *stage, const struct usage *usage, struct decision_list *decisions);

#endif
