#include "lab/gate.h"

static const struct {
    int64_t every_ms, burst_ms; /* a request's cost, and how far ahead of time the account may be */
} tiers[TIER_COUNT] = {
    [TIER_UNKNOWN] = { 12000, 240000 },
    [TIER_FREE] = { 12000, 240000 },
    [TIER_PAID] = { 1000, 120000 },
    [TIER_VERIFIED] = { 500, 120000 },
    [TIER_ENTERPRISE] = { 30, 120000 },
};

/* Generic cell rate algorithm: the theoretical arrival time may be ahead of the clock by the burst. */
static bool over_rate(struct account *account, int64_t now_ms)
{
    int64_t begin = account->limit_ms > now_ms ? account->limit_ms : now_ms;
    if (begin - now_ms > tiers[account->tier].burst_ms)
        return true;
    account->limit_ms = begin + tiers[account->tier].every_ms;
    return false;
}

static enum action in_force(const struct account *account, int64_t now_ms)
{
    return now_ms >= account->blocked_ms && now_ms < account->expires_ms ? account->action : ACTION_OBSERVE;
}

static uint16_t status_of(struct world *world, struct account *account, int64_t now_ms)
{
    enum action action = in_force(account, now_ms);
    if (account->flags & ACCOUNT_BANNED || action == ACTION_SUSPEND || action == ACTION_VERIFY)
        return 403;
    if (over_rate(account, now_ms) || (action == ACTION_THROTTLE && dice_chance(&world->dice, 0.75)))
        return 429;
    bool outage = now_ms >= world->outage_from_ms && now_ms < world->outage_until_ms;
    if (outage && dice_chance(&world->dice, 0.33))
        return 503;
    double x = dice_unit(&world->dice);
    return x < 0.002 ? 500 : x < 0.004 ? 503 : x < 0.007 ? 429 : x < 0.009 ? 400 : 200;
}

/* Everybody moves to a new model in time: some on the day, most in weeks. */
static uint8_t model_of(const struct world *world, const struct account *account, int64_t now_ms)
{
    uint8_t model = (account->seed >> 8 & 15) < 5; /* a third like the small one */
    double pivot = account->campaign >= 0 ? world->attackers[account->campaign].plan->pivot : 0.08;
    for (uint32_t i = 2; i < world->n_models; i++) {
        struct dice dice = dice_of(account->seed, i);
        double lag = dice_chance(&dice, pivot) ? dice_unit(&dice) * 0.9 : 1 + dice_exponential(&dice, 15);
        if (now_ms >= world->released_ms[i] + (int64_t)(lag * (double)DAY_MS))
            model = (uint8_t)i;
    }
    return model;
}

/* What is asked comes with the job, whoever had it first; which API, streaming and reasoning are the client's that sends it. */
static struct style spoken_by(const struct world *world, const struct account *who, uint32_t of_job)
{
    struct style style = world->styles[of_job];
    const struct style *own = &world->styles[who->style];
    style.api = own->api;
    style.flags = own->flags;
    return style;
}

enum status gate_send(struct world *world, uint32_t account, int64_t now_ms, struct gate_answer *ret_answer)
{
    enum status st = STATUS_OK;
    struct happening *happening;
    TRY(world_happen(world, &happening));
    struct account *who = &world->accounts[account];
    struct ask *ask = &happening->ask;
    happening->time_ms = now_ms;
    happening->kind = HAPPENING_ASK;
    happening->account = account;
    ask->style = who->talk.style ? who->talk.style - 1U : who->style;
    if (who->talk.answer_tok == 0)
        who->talk.answer_tok = world->styles[ask->style].answer_tok;
    happening->who = identity_shown(who);
    happening->style = spoken_by(world, who, ask->style);
    ask->talk = who->talk;
    ask->account = account;
    ask->serial = world->serial++;
    ask->status = status_of(world, who, now_ms);
    ask->model = model_of(world, who, now_ms);
    const struct customers *population = world->config.populations->items[who->population];
    if (who->campaign < 0 && population->account.end_users > 0)
        ask->end_user = 1 + (uint32_t)(dice_hash(who->talk.conversation, 3) % population->account.end_users);
    bool restricted = ask->status == 200 && in_force(who, now_ms) == ACTION_RESTRICT;
    if (restricted)
        ask->talk.flags |= ASK_RESTRICTED;
    who->sent++;
    *ret_answer = (struct gate_answer){ ask->status, restricted };
fail:
    return st;
}
