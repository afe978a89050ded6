#include "lab/world_state.h"

#include "base/clock.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static enum status grow(void **items, size_t *capacity, size_t n, size_t item)
{
    if (n < *capacity)
        return STATUS_OK;
    size_t more = *capacity ? 2 * *capacity : 64;
    void *grown = realloc(*items, more * item);
    if (!grown)
        return STATUS_NOMEM;
    *items = grown;
    *capacity = more;
    return STATUS_OK;
}

enum status world_add_account(struct world *world, uint32_t *ret_account)
{
    enum status st = STATUS_OK;
    uint32_t actor;
    void *items = world->accounts;
    TRY(grow(&items, &world->accounts_capacity, world->n_accounts, sizeof *world->accounts));
    world->accounts = items;
    TRY(wheel_add(&world->wheel, &actor));
    memset(&world->accounts[actor], 0, sizeof *world->accounts);
    world->accounts[actor].seed = dice_hash(world->config.seed ^ UINT64_C(0xacc0), actor);
    world->accounts[actor].campaign = -1;
    world->n_accounts = (size_t)actor + 1;
    *ret_account = actor;
fail:
    return st;
}

enum status world_add_style(struct world *world, const struct style *style, uint32_t *ret_style)
{
    enum status st = STATUS_OK;
    void *items = world->styles;
    TRY(grow(&items, &world->styles_capacity, world->n_styles, sizeof *world->styles));
    world->styles = items;
    world->styles[world->n_styles] = *style;
    *ret_style = (uint32_t)world->n_styles++;
fail:
    return st;
}

enum status world_happen(struct world *world, struct happening **ret_happening)
{
    enum status st = STATUS_OK;
    void *items = world->happenings;
    TRY(grow(&items, &world->happenings_capacity, world->n_happenings, sizeof *world->happenings));
    world->happenings = items;
    *ret_happening = &world->happenings[world->n_happenings++];
    memset(*ret_happening, 0, sizeof **ret_happening);
fail:
    return st;
}

void said_put(struct said_ring *ring, const struct said *said)
{
    ring->items[ring->n % SAID_RING] = *said;
    ring->n++;
    if (ring->n == 2 * SAID_RING)
        ring->n = SAID_RING;
}

bool said_draw(const struct said_ring *ring, uint32_t account, struct dice *dice, struct said *ret_said)
{
    uint32_t n = ring->n < SAID_RING ? ring->n : SAID_RING;
    for (int tries = 0; n > 0 && tries < 4; tries++) {
        const struct said *said = &ring->items[dice_below(dice, n)];
        if (said->account != account) {
            *ret_said = *said;
            return true;
        }
    }
    return false;
}

/* Two models are older than the log; the others come on their day. */
static void name_models(struct world *world)
{
    snprintf(world->models[0], sizeof world->models[0], "m-large-1");
    snprintf(world->models[1], sizeof world->models[1], "m-small-1");
    world->n_models = 2;
    world->released_ms[0] = world->released_ms[1] = INT64_MIN;
    for (uint32_t i = 0; i < world->scenario->n_releases && world->n_models < MODELS_MAX; i++) {
        const struct release_plan *plan = &world->scenario->releases[i];
        snprintf(world->models[world->n_models], sizeof world->models[0], "%s", plan->model);
        world->released_ms[world->n_models++] = world->start_ms + (int64_t)(plan->day * (double)DAY_MS);
    }
}

static enum status set_weeks(struct world *world)
{
    const struct customer_kinds *kinds = world->config.populations;
    world->weeks = malloc((kinds->n + 1) * sizeof *world->weeks);
    if (!world->weeks)
        return STATUS_NOMEM;
    for (size_t i = 0; i < kinds->n; i++)
        world->weeks[i] = rhythm_week(kinds->items[i]->rhythm, kinds->items[i]->weekend);
    return STATUS_OK;
}

enum status world_new(const struct world_config *config, struct world **ret_world, struct diag *diag)
{
    enum status st = STATUS_OK;
    struct world *world = calloc(1, sizeof *world);
    REQUIRE(world, STATUS_NOMEM);
    world->config = *config;
    world->scenario = config->scenario;
    if (!(world->config.scale > 0))
        world->config.scale = 1;
    const char *start = config->scenario->start ? config->scenario->start : "2026-05-04T00:00:00Z";
    TRY(clock_parse(span_of(start), &world->start_ms));
    world->end_ms = world->start_ms + (int64_t)(config->scenario->days * (double)DAY_MS);
    world->now_ms = world->start_ms;
    world->dice = dice_of(config->seed, 1);
    world->outage_from_ms = world->start_ms + (int64_t)dice_exponential(&world->dice, 9.0 * (double)DAY_MS);
    wheel_init(&world->wheel, WORLD_STEP_MS, world->start_ms);
    name_models(world);
    TRY(set_weeks(world));
    TRY(settle(world, diag));
    TRY(attackers_found(world, diag));
    *ret_world = world;
    return st;
fail:
    world_free(world);
    return st;
}

void world_free(struct world *world)
{
    if (!world)
        return;
    for (size_t i = 0; i < world->n_attackers; i++)
        attacker_free(&world->attackers[i]);
    free(world->attackers);
    wheel_fini(&world->wheel);
    free(world->weeks);
    free(world->accounts);
    free(world->organizations);
    free(world->styles);
    free(world->happenings);
    free(world);
}

/* The log first speaks of an account: it signs up, or it was there when the log began. */
static enum status introduce(struct world *world, uint32_t account, int64_t now_ms)
{
    enum status st = STATUS_OK;
    struct happening *happening;
    TRY(world_happen(world, &happening));
    happening->time_ms = world->accounts[account].born_ms = now_ms;
    happening->kind = HAPPENING_ACCOUNT;
    happening->account = account;
    happening->who = identity_shown(&world->accounts[account]);
    world->accounts[account].flags |= ACCOUNT_KNOWN;
fail:
    return st;
}

static enum status ring(struct world *world, uint32_t account, int64_t now_ms)
{
    enum status st = STATUS_OK;
    if (!(world->accounts[account].flags & ACCOUNT_KNOWN))
        TRY(introduce(world, account, now_ms));
    if (world->accounts[account].campaign >= 0)
        TRY(attacker_ring(world, account, now_ms));
    else
        TRY(benign_ring(world, account, now_ms));
fail:
    return st;
}

static enum status release(struct world *world)
{
    enum status st = STATUS_OK;
    while (2 + world->next_release < world->n_models &&
           world->released_ms[2 + world->next_release] < world->now_ms + WORLD_STEP_MS) {
        struct happening *happening;
        TRY(world_happen(world, &happening));
        happening->time_ms = world->now_ms;
        happening->kind = HAPPENING_RELEASE;
        happening->model = (uint8_t)(2 + world->next_release++);
    }
fail:
    return st;
}

/* The provider itself fails for some minutes now and then. */
static void provider_outages(struct world *world)
{
    if (world->now_ms < world->outage_until_ms || world->now_ms < world->outage_from_ms)
        return;
    if (world->outage_until_ms < world->outage_from_ms) {
        world->outage_until_ms =
            world->outage_from_ms + (int64_t)dice_exponential(&world->dice, 12.0 * (double)HOUR_MS / 60);
        return;
    }
    world->outage_from_ms = world->now_ms + (int64_t)dice_exponential(&world->dice, 9.0 * (double)DAY_MS);
}

enum status world_step(struct world *world, const struct happening **ret_happenings, size_t *ret_n)
{
    enum status st = STATUS_OK;
    if (world->now_ms >= world->end_ms)
        return STATUS_END;
    world->n_happenings = 0;
    TRY(release(world));
    provider_outages(world);
    TRY(attackers_step(world));
    TRY(wheel_turn(&world->wheel));
    for (size_t i = 0; i < world->wheel.n_due; i++)
        TRY(ring(world, world->wheel.due[i].actor, world->wheel.due[i].time_ms));
    world->now_ms += WORLD_STEP_MS;
    *ret_happenings = world->happenings;
    *ret_n = world->n_happenings;
fail:
    return st;
}

enum status world_decide(
    struct world *world, uint32_t account, enum action action, int64_t now_ms, int64_t expires_ms)
{
    if (account >= world->n_accounts)
        return STATUS_NOT_FOUND;
    struct account *who = &world->accounts[account];
    who->action = (uint8_t)(action == ACTION_RELEASE ? ACTION_OBSERVE : action);
    who->blocked_ms = now_ms;
    who->expires_ms = expires_ms < 0 ? INT64_MAX : expires_ms;
    who->flags &= (uint16_t)~ACCOUNT_CHECKED;
    return STATUS_OK;
}

int64_t world_start_ms(const struct world *world)
{
    return world->start_ms;
}

int64_t world_end_ms(const struct world *world)
{
    return world->end_ms;
}

int64_t world_now_ms(const struct world *world)
{
    return world->now_ms;
}

size_t world_accounts(const struct world *world)
{
    return world->n_accounts;
}

void world_truth(const struct world *world, uint32_t account, struct account_truth *ret_truth)
{
    const struct account *who = &world->accounts[account];
    *ret_truth = (struct account_truth){
        .population =
            who->campaign >= 0 ? "operator" : world->config.populations->items[who->population]->name,
        .campaign = who->campaign,
        .since_ms = who->flags & ACCOUNT_KNOWN ? who->born_ms : -1,
        /* An organisation of one is none. */
        .organization = who->organization != UINT32_MAX && world->organizations[who->organization].n > 1
                            ? who->organization
                            : UINT32_MAX,
        .sent = who->sent,
    };
}

void world_cost(const struct world *world, uint32_t campaign, struct campaign_cost *ret_cost)
{
    *ret_cost = world->attackers[campaign].cost;
}

const char *world_model(const struct world *world, uint8_t model)
{
    return world->models[model];
}

uint64_t world_seed(const struct world *world)
{
    return world->config.seed;
}
