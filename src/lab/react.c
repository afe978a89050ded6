#include "lab/world_state.h"

#include <math.h>

/* Another desk suspends a share of the accounts in use: enforcement lines in the log. */
static enum status raid(struct world *world, struct attacker *attacker, double share)
{
    enum status st = STATUS_OK;
    for (size_t i = 0; i < attacker->n_pool; i++) {
        struct account *who = &world->accounts[attacker->pool[i]];
        bool in_use = !(who->flags & (ACCOUNT_DEAD | ACCOUNT_STANDBY | ACCOUNT_BANNED));
        if (!in_use || !(who->flags & ACCOUNT_KNOWN) || !dice_chance(&attacker->dice, share))
            continue;
        struct happening *happening;
        who->flags |= ACCOUNT_BANNED;
        TRY(world_happen(world, &happening));
        happening->time_ms = world->now_ms;
        happening->kind = HAPPENING_ENFORCEMENT;
        happening->action = ENFORCEMENT_SUSPENDED;
        happening->account = attacker->pool[i];
    }
fail:
    return st;
}

static enum status raids(struct world *world, struct attacker *attacker)
{
    enum status st = STATUS_OK;
    const struct campaign_plan *plan = attacker->plan;
    while (attacker->next_raid < plan->n_raids) {
        const struct raid *next = &plan->raids[attacker->next_raid];
        if (world->now_ms < world->start_ms + (int64_t)(next->day * (double)DAY_MS))
            break;
        attacker->next_raid++;
        TRY(raid(world, attacker, next->share));
    }
fail:
    return st;
}

/* The stand-by pool takes over: its accounts begin to pull jobs. */
static void switch_pool(struct world *world, struct attacker *attacker)
{
    attacker->switched = true;
    attacker->cost.switches++;
    attacker->alive += attacker->standby_alive;
    attacker->standby_alive = 0;
    for (size_t i = 0; i < attacker->n_pool; i++) {
        uint32_t account = attacker->pool[i];
        struct account *who = &world->accounts[account];
        if (!(who->flags & ACCOUNT_STANDBY) || who->flags & ACCOUNT_DEAD)
            continue;
        who->flags &= (uint16_t)~ACCOUNT_STANDBY;
        wheel_set(&world->wheel, account,
            world->now_ms + (int64_t)dice_exponential(&attacker->dice, 0.5 * (double)HOUR_MS));
    }
}

/* A pipeline of the operator's own stands still now and then. */
static void outages(const struct world *world, struct attacker *attacker)
{
    const struct campaign_plan *plan = attacker->plan;
    if (plan->outages_a_week <= 0 || world->now_ms < attacker->outage_until_ms)
        return;
    double gap_ms = 7 * (double)DAY_MS / plan->outages_a_week;
    attacker->outage_from_ms = world->now_ms + (int64_t)dice_exponential(&attacker->dice, gap_ms);
    attacker->outage_until_ms =
        attacker->outage_from_ms + (int64_t)dice_exponential(&attacker->dice, plan->outage_minutes * 60000);
}

/* At the end of a day the operator counts what it lost. */
static void day_ends(const struct world *world, struct attacker *attacker)
{
    const struct reaction_plan *reaction = &attacker->plan->reaction;
    double bad_day = reaction->bad_day > 0 ? reaction->bad_day : 0.2;
    if (attacker->lost_today >= bad_day * fmax(attacker->size, 1)) {
        if (reaction->slow_down > 0)
            attacker->pace = fmax(attacker->pace * reaction->slow_down, 0.1);
        if (reaction->rest_hours > 0) {
            attacker->rest_until_ms = world->now_ms + (int64_t)(reaction->rest_hours * (double)HOUR_MS);
            attacker->cost.rests++;
        }
    } else if (attacker->lost_today == 0) {
        attacker->pace = fmin(1, attacker->pace * 1.25);
    }
    attacker->lost_today = 0;
    attacker->day_ms += DAY_MS;
}

enum status attackers_step(struct world *world)
{
    enum status st = STATUS_OK;
    for (size_t i = 0; i < world->n_attackers; i++) {
        struct attacker *attacker = &world->attackers[i];
        const struct reaction_plan *reaction = &attacker->plan->reaction;
        TRY(raids(world, attacker));
        outages(world, attacker);
        if (world->now_ms >= attacker->day_ms + DAY_MS)
            day_ends(world, attacker);
        if (!attacker->switched && reaction->standby > 0 &&
            attacker->lost >= reaction->switch_at * attacker->size)
            switch_pool(world, attacker);
    }
fail:
    return st;
}
