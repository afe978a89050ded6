#include "lab/gate.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static struct attacker *attacker_of(struct world *world, uint32_t account)
{
    return &world->attackers[world->accounts[account].campaign];
}

void attacker_free(struct attacker *attacker)
{
    free(attacker->pool);
    free(attacker->refused);
}

/* The share of days on which an account rests: the plan's on average, from none to twice as much. */
static double away_of(const struct attacker *attacker, const struct account *who)
{
    struct dice dice = dice_of(who->seed, 58);
    return fmin(2 * attacker->plan->away * dice_unit(&dice), 0.95);
}

static void wait_for_job(struct world *world, uint32_t account, int64_t now_ms)
{
    struct attacker *attacker = attacker_of(world, account);
    const struct account *who = &world->accounts[account];
    double jobs = (double)who->per_day * attacker->pace / talk_session_mix(attacker->plan, who).turns;
    double sessions = jobs / fmax(attacker->plan->sitting, 1) / (1 - away_of(attacker, who));
    /* From its beginning, so that a long sitting takes nothing from the rate. */
    int64_t from_ms = who->sat_ms > 0 ? who->sat_ms : now_ms;
    world->accounts[account].sat_ms = 0;
    int64_t next_ms = rhythm_next_ms(sessions, attacker->week.peak, from_ms, &attacker->dice);
    wheel_set(&world->wheel, account, next_ms > now_ms ? next_ms : now_ms + 1);
}

static enum status found_jobs(struct world *world, struct attacker *attacker)
{
    enum status st = STATUS_OK;
    const struct campaign_plan *plan = attacker->plan;
    for (uint32_t i = 0; i < plan->n_jobs; i++) {
        const struct job_kind *job = &plan->jobs[i];
        attacker->job_weights[i] = (float)((job->share > 0 ? job->share : 1) / fmax(job->turns, 1));
        TRY(talk_choose_frame(world, plan, i, dice_hash(attacker->seed, 200 + i), &attacker->frames[i]));
    }
fail:
    return st;
}

static enum status found(struct world *world, struct attacker *attacker, const struct campaign_plan *plan)
{
    enum status st = STATUS_OK;
    size_t index = (size_t)(attacker - world->attackers);
    attacker->plan = plan;
    attacker->pool_of = -1;
    attacker->pace = 1;
    attacker->week = rhythm_week(plan->rhythm, 0);
    attacker->seed = dice_hash(world->config.seed ^ UINT64_C(0x09e7), index);
    attacker->dice = dice_of(attacker->seed, 1);
    attacker->from_ms = world->start_ms + (int64_t)(plan->from_day * (double)DAY_MS);
    attacker->until_ms =
        plan->for_days > 0 ? attacker->from_ms + (int64_t)(plan->for_days * (double)DAY_MS) : world->end_ms;
    attacker->outage_from_ms = plan->outages_a_week > 0 ? attacker->from_ms : INT64_MAX;
    attacker->outage_until_ms = INT64_MIN;
    attacker->day_ms = world->start_ms;
    attacker->refused = malloc(REFUSED_MAX * sizeof *attacker->refused);
    REQUIRE(attacker->refused, STATUS_NOMEM);
    for (size_t i = 0; plan->pool_of && i < index; i++)
        if (strcmp(world->attackers[i].plan->name, plan->pool_of) == 0)
            attacker->pool_of = (int32_t)i;
    TRY(found_jobs(world, attacker));
    attacker->size = (uint32_t)fmax(1, round(plan->accounts * world->config.scale));
    for (uint32_t i = 0; i < attacker->size; i++) {
        double late = dice_unit(&attacker->dice) * plan->growth_days * (double)DAY_MS;
        TRY(pool_buy(world, attacker, attacker->from_ms + 1 + (int64_t)late, false));
    }
    uint32_t standby = (uint32_t)round(plan->reaction.standby * world->config.scale);
    for (uint32_t i = 0; i < standby; i++)
        TRY(pool_buy(world, attacker, attacker->from_ms + 1, true));
fail:
    return st;
}

enum status attackers_found(struct world *world, struct diag *diag)
{
    enum status st = STATUS_OK;
    (void)diag;
    uint32_t n = world->scenario->n_campaigns;
    world->attackers = calloc(n ? n : 1, sizeof *world->attackers);
    REQUIRE(world->attackers, STATUS_NOMEM);
    for (uint32_t i = 0; i < n; i++) {
        world->n_attackers = i + 1;
        TRY(found(world, &world->attackers[i], &world->scenario->campaigns[i]));
    }
fail:
    return st;
}

/* Jobs that were refused and wait for whichever account comes next. */

static void put_back(struct attacker *attacker, const struct talk *talk)
{
    if (attacker->refused_n == REFUSED_MAX)
        return; /* the queue is full: the job is lost to the operator */
    attacker->refused[(attacker->refused_first + attacker->refused_n++) % REFUSED_MAX] = *talk;
}

/* An account of another lane takes one only where many wait. */
static bool take_back(struct attacker *attacker, const struct account *who, struct talk *ret_talk)
{
    const struct talk *first = &attacker->refused[attacker->refused_first];
    if (attacker->refused_n == 0)
        return false;
    if (attacker->plan->lanes && first->lane != who->lane && attacker->refused_n <= attacker->alive)
        return false;
    *ret_talk = *first;
    attacker->refused_first = (attacker->refused_first + 1) % REFUSED_MAX;
    attacker->refused_n--;
    return true;
}

enum { PAUSE_S = 60 }; /* between the jobs of a sitting */

/* Some accounts are slow, some are fast. */
static double pace_of(const struct account *who)
{
    struct dice dice = dice_of(who->seed, 55);
    double share =
        0.1 * (double)DAY_MS / 1000 / fmax((double)who->per_day, 1); /* who does much does it faster */
    return dice_lognormal(&dice, 1, 1.1) * fmin(1, share / PAUSE_S);
}

static void end_job(struct world *world, uint32_t account, int64_t now_ms)
{
    struct attacker *attacker = attacker_of(world, account);
    struct account *who = &world->accounts[account];
    who->flags &= (uint16_t)~ACCOUNT_TALKING;
    if (who->sitting > 0)
        who->sitting--;
    if (who->sitting > 0)
        wheel_set(&world->wheel, account,
            now_ms + 900 +
                (int64_t)(PAUSE_S * 1000 * pace_of(who) * dice_lognormal(&attacker->dice, 0.7, 0.9)));
    else
        wait_for_job(world, account, now_ms);
}

/* Another account takes the job over at once, or it goes back into the queue. */
static void hand_off(struct world *world, struct attacker *attacker, uint32_t account, int64_t now_ms)
{
    struct talk *talk = &world->accounts[account].talk;
    const struct reaction_plan *reaction = &attacker->plan->reaction;
    if (!(talk->flags & ASK_EXTRACTION) || talk->tries > 6)
        return;
    talk->tries++;
    uint32_t other = UINT32_MAX;
    if (dice_chance(&attacker->dice, reaction->handoff))
        other = pool_other(world, attacker, account, now_ms);
    if (other == UINT32_MAX) {
        put_back(attacker, talk);
        return;
    }
    double delay_s = reaction->handoff_delay_s > 0 ? reaction->handoff_delay_s : 4;
    attacker->cost.handoffs++;
    world->accounts[other].talk = *talk;
    world->accounts[other].flags |= ACCOUNT_TALKING;
    wheel_set(
        &world->wheel, other, now_ms + 400 + (int64_t)dice_exponential(&attacker->dice, delay_s * 1000));
}

/* Asked to prove who it is: the operator pays for a proof that passes, or gives the account up. */
static enum status face_check(
    struct world *world, struct attacker *attacker, uint32_t account, int64_t now_ms)
{
    struct account *who = &world->accounts[account];
    const struct budget_plan *budget = &attacker->plan->budget;
    if (who->flags & ACCOUNT_CHECKED)
        return STATUS_OK;
    who->flags |= ACCOUNT_CHECKED;
    bool funds = budget->money <= 0 || attacker->cost.spent + budget->verify_price <= budget->money;
    if (!funds || !dice_chance(&attacker->dice, attacker->plan->reaction.verify_pass))
        return pool_lose(world, attacker, account, now_ms);
    attacker->cost.spent += budget->verify_price;
    who->expires_ms = now_ms + (int64_t)dice_exponential(&attacker->dice, 3.0 * (double)HOUR_MS);
    return STATUS_OK;
}

static enum status job_refused(
    struct world *world, uint32_t account, int64_t now_ms, const struct gate_answer *answer)
{
    enum status st = STATUS_OK;
    struct attacker *attacker = attacker_of(world, account);
    struct account *who = &world->accounts[account];
    attacker->cost.refused++;
    hand_off(world, attacker, account, now_ms);
    if (answer->status == 403 && who->action == ACTION_VERIFY && !(who->flags & ACCOUNT_BANNED))
        TRY(face_check(world, attacker, account, now_ms));
    else if (answer->status == 403 || answer->restricted)
        TRY(pool_lose(world, attacker, account, now_ms));
    end_job(world, account, now_ms);
fail:
    return st;
}

static void job_answered(struct world *world, uint32_t account, int64_t now_ms)
{
    struct attacker *attacker = attacker_of(world, account);
    struct account *who = &world->accounts[account];
    struct talk *talk = &who->talk;
    if ((talk->flags & (ASK_EXTRACTION | ASK_REFUSED)) == ASK_EXTRACTION)
        said_put(&attacker->said, &(struct said){ talk->conversation, talk->task, account, talk->turn,
                                      talk->answer_tok, talk->pool });
    talk->tries = 0;
    if (talk->flags & ASK_REFUSED) {
        attacker->cost.refused++;
        end_job(world, account, now_ms);
        return;
    }
    if (talk->frame_kind == FRAME_PROBE && attacker->n_winners < WINNERS)
        attacker->winners[attacker->n_winners++] = talk->frame;
    if (++talk->turn >= talk->turns) {
        end_job(world, account, now_ms);
        return;
    }
    double gap_s = talk->flags & ASK_EXTRACTION ? 30 : 50;
    wheel_set(&world->wheel, account,
        now_ms + 500 + (int64_t)(gap_s * 1000 * pace_of(who) * dice_lognormal(&attacker->dice, 0.7, 0.8)));
}

static bool at_rest(const struct attacker *attacker, int64_t now_ms)
{
    return now_ms < attacker->rest_until_ms ||
           (now_ms >= attacker->outage_from_ms && now_ms < attacker->outage_until_ms);
}

static bool job_due(struct attacker *attacker, const struct account *who, int64_t now_ms)
{
    int64_t local = now_ms + (int64_t)countries[who->country].zone_min * 60000;
    struct dice day = dice_of(who->seed, (uint64_t)(now_ms / DAY_MS));
    if (dice_chance(&day, away_of(attacker, who)))
        return false;
    return dice_chance(&attacker->dice, rhythm_at(&attacker->week, local) / attacker->week.peak);
}

enum status attacker_ring(struct world *world, uint32_t account, int64_t now_ms)
{
    enum status st = STATUS_OK;
    struct gate_answer answer;
    struct attacker *attacker = attacker_of(world, account);
    struct account *who = &world->accounts[account];
    if (who->flags & (ACCOUNT_DEAD | ACCOUNT_STANDBY) || now_ms >= attacker->until_ms)
        return st;
    if (now_ms < who->active_ms) {
        wheel_set(&world->wheel, account, who->active_ms);
        return st;
    }
    if (at_rest(attacker, now_ms)) {
        who->sitting = 0;
        who->sat_ms = 0;
        end_job(world, account, now_ms < attacker->rest_until_ms ? attacker->rest_until_ms : now_ms);
        return st;
    }
    if (!(who->flags & ACCOUNT_TALKING)) {
        bool settling = now_ms < world->start_ms + SETTLING_MS;
        if (settling || (who->sitting == 0 && !job_due(attacker, who, now_ms))) {
            wait_for_job(world, account, now_ms);
            return st;
        }
        if (who->sitting == 0) {
            who->sitting = (uint16_t)dice_geometric(&attacker->dice, attacker->plan->sitting);
            who->sat_ms = now_ms;
        }
        if (!take_back(attacker, who, &who->talk))
            TRY(talk_begin_job(world, attacker, account, now_ms));
        who->flags |= ACCOUNT_TALKING;
    }
    attacker->cost.attempts++;
    attacker->cost.spent += attacker->plan->budget.exchange_price;
    TRY(gate_send(world, account, now_ms, &answer));
    if (answer.status == 200 && !answer.restricted)
        job_answered(world, account, now_ms);
    else
        TRY(job_refused(world, account, now_ms, &answer));
fail:
    return st;
}
