#include "lab/gate.h"

#include <math.h>

static const struct customers *population_of(const struct world *world, const struct account *who)
{
    return world->config.populations->items[who->population];
}

static int64_t local_ms(const struct account *who, int64_t now_ms)
{
    return now_ms + (int64_t)countries[who->country].zone_min * 60000;
}

static bool is_release_day(const struct world *world, int64_t now_ms)
{
    for (uint32_t i = 2; i < world->n_models; i++)
        if (now_ms >= world->released_ms[i] && now_ms < world->released_ms[i] + DAY_MS)
            return true;
    return false;
}

/* Whether it is active at all then: its window, and the days on which its traffic goes elsewhere. */
static bool is_active(const struct world *world, const struct account *who, int64_t now_ms)
{
    const struct customers *population = population_of(world, who);
    int64_t from = world->start_ms + (int64_t)(population->from_day * (double)DAY_MS);
    if (now_ms < from)
        return false;
    if (population->for_days > 0 && now_ms >= from + (int64_t)(population->for_days * (double)DAY_MS))
        return false;
    struct dice dice = dice_of(who->seed, (uint64_t)(now_ms / DAY_MS));
    return population->away <= 0 || !dice_chance(&dice, population->away);
}

enum { RELEASE_RUSH = 8 };

static const struct rhythm_week *week_of(const struct world *world, const struct account *who)
{
    return &world->weeks[who->population];
}

static double peak_of(const struct customers *population, const struct rhythm_week *week)
{
    double peak = week->peak;
    return population->behaviour == BEHAVIOUR_RELEASE_DAY ? peak * RELEASE_RUSH : peak;
}

static double sessions_per_day(const struct customers *population, const struct account *who)
{
    double each = population->burst > 0 ? population->burst : population->turns > 0 ? population->turns : 1;
    return (double)who->per_day / fmax(each, 1);
}

static void wait_for_session(struct world *world, uint32_t account, int64_t now_ms)
{
    const struct account *who = &world->accounts[account];
    const struct customers *population = population_of(world, who);
    wheel_set(&world->wheel, account,
        rhythm_next_ms(sessions_per_day(population, who), peak_of(population, week_of(world, who)), now_ms,
            &world->dice));
}

/* Thinning: a candidate counts with the rhythm's share of its peak. */
static bool begins_now(struct world *world, uint32_t account, int64_t now_ms)
{
    const struct account *who = &world->accounts[account];
    const struct customers *population = population_of(world, who);
    double now = rhythm_at(week_of(world, who), local_ms(who, now_ms));
    if (population->behaviour == BEHAVIOUR_RELEASE_DAY && is_release_day(world, now_ms))
        now *= RELEASE_RUSH;
    return is_active(world, who, now_ms) &&
           dice_chance(&world->dice, now / peak_of(population, week_of(world, who)));
}

/* The next account of the organisation that is free; UINT32_MAX where there is none. */
static uint32_t colleague(const struct world *world, uint32_t account)
{
    const struct organization *organization = &world->organizations[world->accounts[account].organization];
    for (uint32_t i = 1; i < organization->n; i++) {
        uint32_t other = organization->first + (account - organization->first + i) % organization->n;
        if ((world->accounts[other].flags & (ACCOUNT_TALKING | ACCOUNT_KNOWN)) == ACCOUNT_KNOWN)
            return other;
    }
    return UINT32_MAX;
}

static void end_talk(struct world *world, uint32_t account, int64_t now_ms)
{
    world->accounts[account].flags &= (uint16_t)~ACCOUNT_TALKING;
    wait_for_session(world, account, now_ms);
}

/* The conversation, or what failed, goes on from another account of the same organisation. */
static bool move_talk(struct world *world, uint32_t account, int64_t now_ms, double delay_s)
{
    uint32_t other = colleague(world, account);
    if (other == UINT32_MAX)
        return false;
    world->accounts[other].talk = world->accounts[account].talk;
    world->accounts[other].flags |= ACCOUNT_TALKING;
    wheel_set(&world->wheel, other, now_ms + 300 + (int64_t)dice_exponential(&world->dice, delay_s * 1000));
    end_talk(world, account, now_ms);
    return true;
}

static void go_on(struct world *world, uint32_t account, int64_t now_ms)
{
    struct account *who = &world->accounts[account];
    const struct customers *population = population_of(world, who);
    double gap_s = population->gap_s > 0 ? population->gap_s : 40;
    if (population->behaviour == BEHAVIOUR_CARRY_OVER && who->talk.turn > 0 &&
        dice_chance(&world->dice, population->behaviour_share / fmax(population->turns, 1)) &&
        move_talk(world, account, now_ms, 20 * gap_s))
        return;
    struct dice own = dice_of(who->seed, 55); /* some are slow, some are fast */
    gap_s *= dice_lognormal(&own, 1, 0.6);
    wheel_set(&world->wheel, account,
        now_ms + 400 + (int64_t)(gap_s * 1000 * dice_lognormal(&world->dice, 0.8, 0.8)));
}

static void remember(struct world *world, uint32_t account)
{
    const struct talk *talk = &world->accounts[account].talk;
    if (dice_chance(&world->dice, 0.05))
        said_put(&world->said, &(struct said){ talk->conversation, talk->task, account, talk->turn,
                                   talk->answer_tok, talk->pool });
}

static void answered(struct world *world, uint32_t account, int64_t now_ms)
{
    struct account *who = &world->accounts[account];
    remember(world, account);
    who->talk.tries = 0;
    if (++who->talk.turn >= who->talk.turns) {
        end_talk(world, account, now_ms);
        return;
    }
    if (who->talk.flags & ASK_SINGLE) {
        who->talk.turns--;
        who->talk.turn = 0;
        talk_next_single(world, account);
    }
    go_on(world, account, now_ms);
}

/* Tries again after a while, from another account where there is one set up for that, or gives up. */
static void refused(struct world *world, uint32_t account, int64_t now_ms, uint16_t status)
{
    struct account *who = &world->accounts[account];
    const struct customers *population = population_of(world, who);
    bool passing = status == 429 || status >= 500;
    if (passing && population->behaviour == BEHAVIOUR_FAILOVER &&
        dice_chance(&world->dice, population->behaviour_share) && move_talk(world, account, now_ms, 2))
        return;
    if (!passing || ++who->talk.tries > 3) {
        end_talk(world, account, now_ms);
        return;
    }
    double wait_s = status == 429 ? 12 : 4;
    wheel_set(&world->wheel, account,
        now_ms + 500 + (int64_t)dice_exponential(&world->dice, wait_s * 1000 * (1 << who->talk.tries)));
}

/* Asked for an identity check: nearly all customers pass it in their own time. */
static void verify(struct world *world, uint32_t account, int64_t now_ms)
{
    struct account *who = &world->accounts[account];
    struct dice dice = dice_of(who->seed, 77);
    who->flags |= ACCOUNT_CHECKED;
    if (dice_chance(&dice, 0.92))
        who->expires_ms = now_ms + (int64_t)dice_exponential(&dice, 6.0 * (double)HOUR_MS);
}

enum status benign_ring(struct world *world, uint32_t account, int64_t now_ms)
{
    enum status st = STATUS_OK;
    struct gate_answer answer;
    struct account *who = &world->accounts[account];
    if (!(who->flags & ACCOUNT_TALKING)) {
        if (now_ms < world->start_ms + SETTLING_MS || !begins_now(world, account, now_ms)) {
            wait_for_session(world, account, now_ms);
            return st;
        }
        talk_begin_benign(world, account, now_ms);
        who->flags |= ACCOUNT_TALKING;
    }
    TRY(gate_send(world, account, now_ms, &answer));
    if (answer.status == 200) {
        if (answer.restricted) /* nothing of value came back: nobody builds on that */
            end_talk(world, account, now_ms);
        else
            answered(world, account, now_ms);
        return st;
    }
    if (answer.status == 403 && who->action == ACTION_VERIFY && !(who->flags & ACCOUNT_CHECKED))
        verify(world, account, now_ms);
    refused(world, account, now_ms, answer.status);
fail:
    return st;
}
