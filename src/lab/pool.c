#include "lab/world_state.h"

#include <math.h>
#include <stdlib.h>

/* Accounts are bought in lots that share a card, a device, a domain; 1 an account where identities are clean. */
static uint64_t lot(uint64_t seed, uint64_t bought, double accounts)
{
    return dice_hash(
        seed, accounts > 1 ? (uint64_t)((double)bought / accounts) : bought + (UINT64_C(1) << 40));
}

static uint8_t draw_programme(const struct identity_plan *plan, struct dice *dice)
{
    double x = dice_unit(dice);
    if (x < plan->education)
        return PROGRAMME_EDUCATION;
    if (x < plan->education + plan->research)
        return PROGRAMME_RESEARCH;
    return x < plan->education + plan->research + plan->startup ? PROGRAMME_STARTUP : PROGRAMME_NONE;
}

/* Four in five appear where the plan says. */
static uint8_t draw_country(const struct identity_plan *plan, struct dice *dice)
{
    if (plan->n_countries == 0 || dice_chance(dice, 0.2))
        return (uint8_t)country_draw(dice);
    return (uint8_t)country_find(plan->countries[dice_below(dice, plan->n_countries)]);
}

static void draw_identity(const struct world *world, const struct attacker *attacker, struct account *who,
    uint64_t bought, struct dice *dice)
{
    const struct identity_plan *plan = &attacker->plan->identity;
    /* Who sells the accounts makes their identities; two operators of one supplier share it. */
    uint64_t supplier = attacker->pool_of >= 0 ? world->attackers[attacker->pool_of].seed : attacker->seed;
    identity_draw_network(who, plan->networks, dice);
    identity_draw_client(who, plan->clients, dice);
    who->country = draw_country(plan, dice);
    who->home = who->network == NETWORK_CLOUD ? lot(supplier ^ 5, bought, 40) : dice_hash(who->seed, 31);
    who->tier = dice_chance(dice, plan->paid) ? TIER_PAID : TIER_FREE;
    who->programme = draw_programme(plan, dice);
    who->card =
        who->tier == TIER_FREE ? 0 : lot(supplier ^ 1, bought, plan->card_accounts) | UINT64_C(1) << 62;
    who->device = lot(supplier ^ 2, bought, plan->device_accounts) | UINT64_C(1) << 62;
    who->domain = plan->domain_accounts > 0
                      ? lot(supplier ^ 3, bought, plan->domain_accounts) | UINT64_C(1) << 62
                      : 1 + (uint64_t)(PUBLIC_DOMAINS * pow(dice_unit(dice), 2.5));
    who->signup = dice_hash(who->home, 41);
    who->verified = dice_chance(dice, 0.96) ? VERIFIED_EMAIL : 0;
    who->verified |= dice_chance(dice, 0.45) ? VERIFIED_PHONE : 0;
    who->verified |= who->tier == TIER_PAID ? VERIFIED_CARD : 0;
    if (plan->pinned) {
        struct dice frozen = dice_of(supplier, 51);
        who->flags |= ACCOUNT_PINNED;
        who->family = (uint8_t)(plan->clients ? who->family : CLIENT_AGENT);
        who->platform = (uint8_t)dice_below(&frozen, 3);
        who->version = (uint8_t)dice_below(&frozen, 12);
    } else {
        who->version = (uint8_t)dice_below(dice, 6);
    }
}

/* By the share of requests, so that all lanes are equally busy, and evenly over the order of purchase. */
static uint8_t draw_lane(const struct campaign_plan *plan, uint64_t bought)
{
    double x = fmod((double)bought * 0.6180339887498949, 1), sum = 0, shares = 0;
    for (uint32_t i = 0; i < plan->n_jobs; i++)
        shares += plan->jobs[i].share > 0 ? plan->jobs[i].share : 1;
    for (uint32_t i = 0; i + 1 < plan->n_jobs; i++) {
        sum += plan->jobs[i].share > 0 ? plan->jobs[i].share : 1;
        if (x * shares < sum)
            return (uint8_t)i;
    }
    return (uint8_t)(plan->n_jobs - 1);
}

static enum status enlist(struct attacker *attacker, uint32_t account)
{
    if (attacker->n_pool == attacker->pool_capacity) {
        size_t capacity = attacker->pool_capacity ? 2 * attacker->pool_capacity : 64;
        void *grown = realloc(attacker->pool, capacity * sizeof *attacker->pool);
        if (!grown)
            return STATUS_NOMEM;
        attacker->pool = grown;
        attacker->pool_capacity = capacity;
    }
    attacker->pool[attacker->n_pool++] = account;
    return STATUS_OK;
}

static bool affordable(const struct attacker *attacker)
{
    const struct budget_plan *budget = &attacker->plan->budget;
    if (budget->money > 0 && attacker->cost.spent + budget->account_price > budget->money)
        return false;
    /* The number of identities to be had shrinks with the pool at reduced scale. */
    double share = attacker->plan->accounts ? (double)attacker->size / attacker->plan->accounts : 1;
    return budget->accounts == 0 || (double)attacker->cost.accounts_bought < budget->accounts * share;
}

/* The account's own style, for what is resold through it, then one a kind of job; one API: it is one client. */
static enum status add_styles(
    struct world *world, const struct attacker *attacker, uint32_t account, struct dice *dice)
{
    enum status st = STATUS_OK;
    static const struct text_habits plain = { 0 };
    const struct campaign_plan *plan = attacker->plan;
    uint64_t seed = world->accounts[account].seed;
    struct api_weights api = { { 0 } };
    float weights[APIS] = { 1 };
    uint32_t style;
    for (uint32_t i = 0; plan->identity.apis && i < APIS; i++)
        weights[i] = (float)plan->identity.apis->of[i];
    api.of[dice_pick(dice, weights, APIS)] = 1;
    TRY(style_of_habits(world, &plain, &plan->call, &api, seed, attacker->seed, dice, &style));
    world->accounts[account].style = style;
    for (uint32_t i = 0; i < plan->n_jobs; i++)
        TRY(style_of_habits(
            world, &plan->jobs[i].text, &plan->call, &api, seed, dice_hash(attacker->seed, i), dice, &style));
fail:
    return st;
}

enum status pool_buy(struct world *world, struct attacker *attacker, int64_t born_ms, bool standby)
{
    enum status st = STATUS_OK;
    uint32_t number;
    if (!affordable(attacker))
        return st;
    TRY(world_add_account(world, &number));
    TRY(enlist(attacker, number));
    struct account *who = &world->accounts[number];
    struct dice dice = dice_of(attacker->seed, 1000 + attacker->cost.accounts_bought);
    const struct identity_plan *plan = &attacker->plan->identity;
    who->campaign = (int32_t)(attacker - world->attackers);
    draw_identity(world, attacker, who, attacker->cost.accounts_bought, &dice);
    int64_t age = (int64_t)(dice_exponential(&dice, plan->age_days) * (double)DAY_MS);
    who->created_ms = born_ms - age;
    who->active_ms = born_ms;
    who->lane = draw_lane(attacker->plan, attacker->cost.accounts_bought);
    who->organization = UINT32_MAX;
    double sigma = attacker->plan->sigma;
    double rate = standby && attacker->plan->reaction.standby_per_day > 0
                      ? attacker->plan->reaction.standby_per_day
                      : attacker->plan->per_day;
    who->per_day = (float)(rate * dice_lognormal(&dice, exp(-sigma * sigma / 2), sigma));
    if (standby)
        who->flags |= ACCOUNT_STANDBY;
    TRY(add_styles(world, attacker, number, &dice));
    attacker->cost.accounts_bought++;
    attacker->cost.spent += attacker->plan->budget.account_price;
    *(standby ? &attacker->standby_alive : &attacker->alive) += 1;
    if (standby)
        return st; /* the log does not speak of it before it is used */
    /* An account that is older than the log is in it from its beginning. */
    int64_t known_ms = born_ms;
    if (who->created_ms < world->start_ms) {
        known_ms = world->start_ms + dice_below(&dice, SETTLING_MS);
        who->active_ms = born_ms > known_ms ? born_ms : known_ms;
    }
    wheel_set(&world->wheel, number, known_ms);
fail:
    return st;
}

/* The operator gives an account up and, if it may, buys another. */
enum status pool_lose(struct world *world, struct attacker *attacker, uint32_t account, int64_t now_ms)
{
    enum status st = STATUS_OK;
    struct account *who = &world->accounts[account];
    const struct reaction_plan *reaction = &attacker->plan->reaction;
    if (who->flags & ACCOUNT_DEAD)
        return st;
    who->flags |= ACCOUNT_DEAD;
    bool standby = who->flags & ACCOUNT_STANDBY;
    *(standby ? &attacker->standby_alive : &attacker->alive) -= 1;
    attacker->lost++;
    attacker->lost_today++;
    if (reaction->replace_hours > 0)
        TRY(pool_buy(world, attacker,
            now_ms + (int64_t)dice_exponential(&attacker->dice, reaction->replace_hours * (double)HOUR_MS),
            false));
fail:
    return st;
}

uint32_t pool_other(struct world *world, struct attacker *attacker, uint32_t account, int64_t now_ms)
{
    for (int tries = 0; tries < 8 && attacker->n_pool > 1; tries++) {
        uint32_t other = attacker->pool[dice_below(&attacker->dice, (uint32_t)attacker->n_pool)];
        const struct account *who = &world->accounts[other];
        bool free = !(who->flags & (ACCOUNT_DEAD | ACCOUNT_STANDBY | ACCOUNT_TALKING));
        bool lane = !attacker->plan->lanes || who->lane == world->accounts[account].lane;
        if (other != account && free && lane && who->flags & ACCOUNT_KNOWN && who->active_ms <= now_ms)
            return other;
    }
    return UINT32_MAX;
}
