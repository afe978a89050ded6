#include "lab/world_state.h"

#include <math.h>

/* Another desk suspends a share of the accounts in use: enforcement lines in the log. */
static enum status raid(struct world *world, struct operator* operator, double share)
{
    enum status st = STATUS_OK;
    for (size_t i = 0; i < operator->n_pool; i++) {
        struct account *who = &world->accounts[operator->pool[i]];
        bool in_use = !(who->flags & (ACCOUNT_DEAD | ACCOUNT_STANDBY | ACCOUNT_BANNED));
        if (!in_use || !(who->flags & ACCOUNT_KNOWN) || !dice_chance(&operator->dice, share))
            continue;
        struct happening *happening;
        who->flags |= ACCOUNT_BANNED;
        TRY(world_happen(world, &happening));
        happening->time_ms = world->now_ms;
        happening->kind = HAPPENING_ENFORCEMENT;
        happening->action = ENFORCEMENT_SUSPENDED;
        happening->account = operator->pool[i];
    }
fail:
    return st;
}

static enum status raids(struct world *world, struct operator* operator)
{
    enum status st = STATUS_OK;
    const struct campaign_plan *plan = operator->plan;
    while (operator->next_raid<plan->n_raids) {
        const struct raid *next = &plan->raids[operator->next_raid];
        if (world->now_ms < world->start_ms + (int64_t)(next->day * (double)DAY_MS))
            break;
        operator->next_raid++;
        TRY(raid(world, operator, next->share));
    }
fail:
    return st;
}

/* The stand-by pool takes over: its accounts begin to pull jobs. */
static void switch_pool(struct world *world, struct operator* operator)
{
    operator->switched = true;
    operator->cost.switches++;
    operator->alive += operator->standby_alive;
    operator->standby_alive = 0;
    for (size_t i = 0; i < operator->n_pool; i++) {
        uint32_t account = operator->pool[i];
        struct account *who = &world->accounts[account];
        if (!(who->flags & ACCOUNT_STANDBY) || who->flags & ACCOUNT_DEAD)
            continue;
        who->flags &= (uint16_t)~ACCOUNT_STANDBY;
        wheel_set(&world->wheel, account,
            world->now_ms + (int64_t)dice_exponential(&operator->dice, 0.5 * (double)HOUR_MS));
    }
}

/* A pipeline of the operator's own stands still now and then. */
static void outages(const struct world *world, struct operator* operator)
{
    const struct campaign_plan *plan = operator->plan;
    if (plan->outages_a_week <= 0 || world->now_ms < operator->outage_until_ms)
        return;
    double gap_ms = 7 * (double)DAY_MS / plan->outages_a_week;
    operator->outage_from_ms = world->now_ms +(int64_t) dice_exponential(&operator->dice, gap_ms);
    operator->outage_until_ms = operator->outage_from_ms +(int64_t)
        dice_exponential(&operator->dice, plan->outage_minutes * 60000);
}

/* At the end of a day the operator counts what it lost. */
static void day_ends(const struct world *world, struct operator* operator)
{
    const struct reaction_plan *reaction = &operator->plan->reaction;
    double bad_day = reaction->bad_day > 0 ? reaction->bad_day : 0.2;
    if (operator->lost_today >= bad_day * fmax(operator->size, 1)) {
        if (reaction->slow_down > 0)
            operator->pace = fmax(operator->pace * reaction->slow_down, 0.1);
        if (reaction->rest_hours > 0) {
            operator->rest_until_ms = world->now_ms +(int64_t)(reaction->rest_hours *(double)HOUR_MS);
            operator->cost.rests++;
        }
    } else if (operator->lost_today == 0) {
        operator->pace = fmin(1, operator->pace * 1.25);
    }
    operator->lost_today = 0;
    operator->day_ms += DAY_MS;
}

enum status operators_step(struct world *world)
{
    enum status st = STATUS_OK;
    for (size_t i = 0; i < world->n_operators; i++) {
        struct operator* operator= & world->operators[i];
        const struct reaction_plan *reaction = &operator->plan->reaction;
        TRY(raids(world, operator));
        outages(world, operator);
        if (world->now_ms >= operator->day_ms + DAY_MS)
            day_ends(world, operator);
        if (!operator->switched && reaction->standby> 0 && operator->lost >= reaction->switch_at *
             operator->size)
            switch_pool(world, operator);
    }
fail:
    return st;
}
