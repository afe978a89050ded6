#include "lab/world_state.h"

#include <math.h>
#include <stdlib.h>

static uint8_t programme_of(const struct customers *population)
{
    static const uint8_t programmes[] = { PROGRAMME_NONE, PROGRAMME_EDUCATION, PROGRAMME_RESEARCH,
        PROGRAMME_STARTUP };
    return programmes[population->account.programme];
}

enum status style_of_habits(struct world *world, const struct text_habits *text,
    const struct call_habits *call, const struct api_weights *apis, uint64_t owner_seed,
    uint64_t organization_seed, struct dice *dice, uint32_t *ret_style)
{
    float weights[APIS] = { 1 };
    for (uint32_t i = 0; apis && i < APIS; i++)
        weights[i] = (float)apis->of[i];
    uint64_t owners[] = { 0, dice_hash(owner_seed, 21), dice_hash(organization_seed, 21), 0 };
    /* Of the public ones some are far more popular than others. */
    owners[OWNER_PUBLIC] = (uint64_t)floor(CORPUS_PUBLIC_SYSTEMS * pow(dice_unit(dice), 2.2));
    struct style style = {
        .system = STYLE_ABSENT,
        .tools = STYLE_ABSENT,
        .system_bytes = text->system_bytes ? text->system_bytes : 400,
        .max_tokens = call->max_tokens ? (int32_t)call->max_tokens : NUMBER_ABSENT,
        .temperature_milli = call->temperature_milli ? (int32_t)*call->temperature_milli : NUMBER_ABSENT,
        .n = call->n ? (int32_t)call->n : NUMBER_ABSENT,
        .answer_tok =
            (uint16_t)fmin(900, dice_lognormal(dice, text->answer_tok ? text->answer_tok : 130, 0.5)),
        .api = (uint8_t)(API_OPENAI_CHAT + dice_pick(dice, weights, APIS)),
    };
    bool has_system = text->system_share <= 0 || dice_chance(dice, text->system_share);
    if (text->system_of != OWNER_NOBODY && has_system)
        style.system = text->system_of == OWNER_PUBLIC
                           ? owners[OWNER_PUBLIC]
                           : CORPUS_PUBLIC_SYSTEMS + (owners[text->system_of] >> 1);
    if (text->tools_of != OWNER_NOBODY)
        style.tools = text->tools_of == OWNER_PUBLIC ? owners[OWNER_PUBLIC] % CORPUS_PUBLIC_TOOLSETS
                                                     : CORPUS_PUBLIC_TOOLSETS + (owners[text->tools_of] >> 1);
    /* A public agent's system prompt and tools belong together. */
    style.flags |= dice_chance(dice, call->reasoning) ? STYLE_REASONING : 0;
    style.flags |= dice_chance(dice, call->stream) ? STYLE_STREAM : 0;
    return world_add_style(world, &style, ret_style);
}

static enum status add_organization(
    struct world *world, uint16_t population, uint32_t n, struct organization **ret_organization)
{
    if (world->n_organizations == world->organizations_capacity) {
        size_t capacity = world->organizations_capacity ? 2 * world->organizations_capacity : 256;
        void *grown = realloc(world->organizations, capacity * sizeof *world->organizations);
        if (!grown)
            return STATUS_NOMEM;
        world->organizations = grown;
        world->organizations_capacity = capacity;
    }
    struct organization *organization = &world->organizations[world->n_organizations++];
    *organization = (struct organization){
        .first = (uint32_t)world->n_accounts,
        .n = n,
        .seed = dice_hash(world->config.seed ^ UINT64_C(0x0126), world->n_organizations),
        .population = population,
    };
    *ret_organization = organization;
    return STATUS_OK;
}

/* What the organisation's members have in common. */
struct common {
    uint64_t home, card, device, domain;
    bool person; /* its accounts are one person's */
    uint8_t country, network, family;
    int64_t born_ms, created_ms;
};

static uint8_t draw_habit(const struct text_habits *text, struct dice *dice)
{
    float weights[POOL_COUNT] = { [POOL_CHAT] = 1 };
    for (uint32_t i = 0; text->pools && i < POOL_COUNT; i++)
        weights[i] = (float)text->pools->of[i];
    return (uint8_t)dice_pick(dice, weights, POOL_COUNT);
}

/* Lognormal over accounts, capped at sixty times the median so that one account cannot be the whole log. */
static float draw_rate(const struct customers *population, struct dice *dice)
{
    double rate = dice_lognormal(dice, population->per_day, population->sigma);
    return (float)fmin(rate, 60 * population->per_day);
}

static uint8_t draw_tier(const struct customers *population, struct dice *dice)
{
    if (population->account.enterprise)
        return TIER_ENTERPRISE;
    if (population->account.business)
        return TIER_VERIFIED;
    return dice_chance(dice, population->account.paid) ? TIER_PAID : TIER_FREE;
}

static uint8_t draw_verified(const struct account *who, const struct customers *population, struct dice *dice)
{
    uint8_t verified = dice_chance(dice, 0.96) ? VERIFIED_EMAIL : 0;
    verified |= dice_chance(dice, 0.45) ? VERIFIED_PHONE : 0;
    verified |= who->tier != TIER_FREE ? VERIFIED_CARD : 0;
    verified |= population->account.business ? VERIFIED_BUSINESS : 0;
    return verified;
}

static void draw_card(struct world *world, struct account *who, const struct customers *population,
    const struct common *common, struct dice *dice)
{
    if (who->tier == TIER_FREE)
        return;
    uint64_t given = world->mint.cards;
    /* A relative's or friend's card: somebody's who came before. */
    if (common->card)
        who->card = common->card;
    else if (given > 0 && dice_chance(dice, population->organisation.shared_card))
        who->card = given - dice_below(dice, given > 8 ? 8 : (uint32_t)given);
    else
        who->card = ++world->mint.cards;
}

static int64_t draw_birth(const struct world *world, const struct customers *population,
    const struct common *common, struct dice *dice, int64_t *ret_created_ms)
{
    double burst_days = population->account.burst_days;
    int64_t late = burst_days > 0 ? (int64_t)(dice_unit(dice) * burst_days * (double)DAY_MS) : 0;
    *ret_created_ms = common->created_ms + late;
    if (common->born_ms > 0)
        return common->born_ms + late;
    if (*ret_created_ms > world->start_ms)
        return *ret_created_ms;
    return world->start_ms + dice_below(dice, SETTLING_MS);
}

static enum status settle_account(struct world *world, const struct customers *population,
    struct organization *organization, struct common *common)
{
    enum status st = STATUS_OK;
    uint32_t number;
    struct dice dice = dice_of(world->config.seed ^ UINT64_C(0x5e77), world->n_accounts);
    uint64_t organization_seed = organization->seed;
    TRY(world_add_account(world, &number));
    struct account *who = &world->accounts[number];
    who->population = organization->population;
    who->organization = (uint32_t)(organization - world->organizations);
    who->country = common->country;
    who->network = common->network;
    if (organization->n == 1 || population->networks == NULL)
        identity_draw_network(who, population->networks, &dice);
    bool shared = who->network == NETWORK_OFFICE || who->network == NETWORK_CLOUD || common->person;
    who->home = shared ? common->home : dice_hash(who->seed, 31);
    identity_draw_client(who, population->clients, &dice);
    if (common->family < CLIENT_FAMILIES)
        who->family = common->family;
    who->tier = draw_tier(population, &dice);
    who->programme = programme_of(population);
    who->verified = draw_verified(who, population, &dice);
    draw_card(world, who, population, common, &dice);
    who->device = common->device ? common->device : ++world->mint.devices;
    who->domain =
        common->domain ? common->domain : 1 + (uint64_t)(PUBLIC_DOMAINS * pow(dice_unit(&dice), 2.5));
    who->signup = dice_hash(who->home, 41);
    bool declared = population->organisation.declared && !world->scenario->undeclared;
    who->flags |= declared ? ACCOUNT_DECLARED : 0;
    who->flags |= population->account.reseller ? ACCOUNT_RESELLER : 0;
    who->per_day = draw_rate(population, &dice);
    who->habit_pool = draw_habit(&population->text, &dice);
    int64_t born_ms = draw_birth(world, population, common, &dice, &who->created_ms);
    who->version = (uint8_t)(dice_below(&dice, 6)); /* releases behind */
    TRY(style_of_habits(world, &population->text, &population->call, population->apis, who->seed,
        organization_seed, &dice, &world->accounts[number].style));
    wheel_set(&world->wheel, number, born_ms);
fail:
    return st;
}

static struct common draw_common(struct world *world, const struct customers *population, struct dice *dice)
{
    struct account sample = { 0 };
    struct common common = {
        .home = dice_u64(dice), .country = (uint8_t)country_draw(dice), .family = CLIENT_FAMILIES
    };
    identity_draw_network(&sample, population->networks, dice);
    common.network = sample.network;
    common.card = population->organisation.card ? ++world->mint.cards : 0;
    common.domain = population->organisation.domain ? PUBLIC_DOMAINS + ++world->mint.domains : 0;
    int64_t age = (int64_t)(dice_exponential(dice, population->account.age_days) * (double)DAY_MS);
    if (dice_chance(dice, population->account.joins))
        common.born_ms = common.created_ms =
            world->start_ms + (int64_t)(dice_unit(dice) * (double)(world->end_ms - world->start_ms));
    else if (population->for_days > 0 && population->account.burst_days > 0)
        common.born_ms = common.created_ms = /* a hackathon: its accounts come with it */
            world->start_ms + (int64_t)((population->from_day - 0.5) * (double)DAY_MS) + 1;
    else
        common.created_ms = world->start_ms - age - DAY_MS;
    return common;
}

/* Two accounts of one person share what a person has. */
static void one_person(struct world *world, const struct customers *population, struct common *common)
{
    if (population->behaviour != BEHAVIOUR_CARRY_OVER)
        return;
    common->person = true;
    common->device = ++world->mint.devices;
}

static enum status settle_population(struct world *world, uint16_t index, double wanted)
{
    enum status st = STATUS_OK;
    const struct customers *population = world->config.populations->items[index];
    struct dice dice = dice_of(world->config.seed ^ UINT64_C(0x707), index);
    uint32_t size_min = population->organisation.size_min ? population->organisation.size_min : 1;
    uint32_t size_max = population->organisation.size_max ? population->organisation.size_max : size_min;
    /* At least one organisation of every population that is there at all. */
    for (double settled = 0; settled == 0 || settled + size_min / 2.0 < wanted;) {
        struct organization *organization;
        uint32_t n = size_min + dice_below(&dice, size_max - size_min + 1);
        TRY(add_organization(world, index, n, &organization));
        size_t at = world->n_organizations - 1;
        struct common common = draw_common(world, population, &dice);
        one_person(world, population, &common);
        for (uint32_t i = 0; i < n; i++)
            TRY(settle_account(world, population, &world->organizations[at], &common));
        settled += n;
    }
fail:
    return st;
}

/* Benign accounts of the standard mix that give benign traffic its share of all exchanges. */
static double standard_accounts(const struct world *world)
{
    const struct scenario *scenario = world->scenario;
    double mean = 0, shares = 0, campaigns = 0;
    if (!(scenario->benign_share > 0))
        return scenario->benign_accounts * world->config.scale;
    for (size_t i = 0; i < world->config.populations->n; i++) {
        const struct customers *population = world->config.populations->items[i];
        double active = population->for_days > 0 ? fmin(1, population->for_days / scenario->days) : 1;
        double born = 1 - population->account.joins / 2;
        mean += population->share * customers_mean_per_day(population) * active * born;
        shares += population->share;
    }
    for (uint32_t i = 0; i < scenario->n_campaigns; i++) {
        const struct campaign_plan *plan = &scenario->campaigns[i];
        double days = plan->for_days > 0 ? plan->for_days : scenario->days - plan->from_day;
        double growth = plan->growth_days;
        campaigns +=
            campaign_plan_per_day(plan) * (growth < days ? days - growth / 2 : days * days / (2 * growth));
    }
    mean = mean / shares * scenario->days;
    return campaigns * scenario->benign_share / (1 - scenario->benign_share) / mean * world->config.scale;
}

enum status settle(struct world *world, struct diag *diag)
{
    enum status st = STATUS_OK;
    const struct scenario *scenario = world->scenario;
    const struct customer_kinds *populations = world->config.populations;
    double accounts = standard_accounts(world), shares = 0;
    for (size_t i = 0; i < populations->n; i++)
        shares += populations->items[i]->share;
    for (size_t i = 0; i < populations->n && accounts > 0; i++)
        if (populations->items[i]->share > 0)
            TRY(settle_population(world, (uint16_t)i, accounts * populations->items[i]->share / shares));
    for (uint32_t i = 0; i < scenario->n_benign; i++) {
        const struct customers *found = customer_kinds_find(populations, scenario->benign[i].population);
        if (!found)
            diag_set(diag, scenario->benign[i].population, "no population of that name is built in");
        REQUIRE(found, STATUS_BAD);
        for (uint16_t k = 0; k < populations->n; k++)
            if (populations->items[k] == found)
                TRY(settle_population(world, k, scenario->benign[i].accounts * world->config.scale));
    }
fail:
    return st;
}
