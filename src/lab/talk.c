#include "lab/world_state.h"

#include <math.h>

/* Pool weights as an index; NULL: chat. */
static uint8_t draw_pool(const struct pool_weights *pools, struct dice *dice)
{
    float weights[POOL_COUNT];
    if (!pools)
        return POOL_CHAT;
    for (uint32_t i = 0; i < POOL_COUNT; i++)
        weights[i] = (float)pools->of[i];
    return (uint8_t)dice_pick(dice, weights, POOL_COUNT);
}

static uint64_t within(const struct world *world, uint8_t pool, uint64_t task)
{
    uint64_t n = corpus_tasks(world->config.corpus, pool);
    return n == UINT64_MAX ? task : task % n;
}

/* Few enough that what has been said in one conversation fits into the exchange that goes on with it
 * (EXCHANGE_PARTS_MAX); items of a batch are not said again. */
enum { TALK_TURNS_MAX = 600, TALK_ITEMS_MAX = UINT16_MAX };
static uint16_t draw_turns(struct dice *dice, double mean, uint32_t most)
{
    uint32_t n = dice_geometric(dice, mean);
    return (uint16_t)(n < most ? n : most);
}

/* A task of the organisation's, the public's, or the account's own. */
static uint64_t draw_task(
    struct world *world, struct account *who, const struct text_habits *text, uint8_t pool, struct dice *dice)
{
    const struct organization *organization = &world->organizations[who->organization];
    uint64_t task;
    switch (text->tasks) {
    case TASKS_SHARED:
        task = dice_hash(organization->seed, 100 + dice_below(dice, text->tasks_n));
        break;
    case TASKS_SEQUENCE:
        task = (text->frame_of == OWNER_PUBLIC || pool == POOL_EVALUATION ? 0 : who->seed >> 16) +
               (text->tasks_n ? who->next_task % text->tasks_n : who->next_task);
        who->next_task++;
        break;
    default:
        /* One question in fifty is one that everybody asks. */
        task = dice_chance(dice, 0.02) ? dice_below(dice, 400) : dice_u64(dice) >> 8;
        break;
    }
    return within(world, pool, task);
}

/* Whose frame it is decides its number and wording. */
static void draw_frame(
    const struct world *world, const struct account *who, const struct text_habits *text, struct talk *talk)
{
    const struct organization *organization = &world->organizations[who->organization];
    talk->frame_kind = (uint8_t)text->frame;
    switch (text->frame_of) {
    case OWNER_NOBODY:
        talk->frame_kind = FRAME_NONE;
        return;
    case OWNER_ACCOUNT:
        talk->frame = dice_hash(who->seed, 11);
        break;
    case OWNER_ORGANISATION:
        talk->frame = dice_hash(organization->seed, 11);
        break;
    case OWNER_PUBLIC:
        talk->frame = dice_hash(organization->seed, 12) % 6;
        return;
    }
    talk->variant = 1 + dice_hash(talk->frame, 13) % 199;
}

/* Some always send a document along, some never do; on average a share of them. */
static bool pastes(const struct account *who, double share, struct dice *dice)
{
    struct dice own = dice_of(who->seed, 57);
    return share > 0 && dice_chance(dice, pow(dice_unit(&own), (1 - share) / share));
}

void talk_begin_benign(struct world *world, uint32_t account, int64_t now_ms)
{
    (void)now_ms;
    struct account *who = &world->accounts[account];
    const struct customers *population = world->config.populations->items[who->population];
    struct dice *dice = &world->dice;
    struct talk *talk = &who->talk;
    *talk = (struct talk){ .conversation = dice_u64(dice) };
    talk->pool = draw_pool(population->text.pools, dice);
    if (dice_chance(dice, 0.7)) /* most people have one thing they come for */
        talk->pool = who->habit_pool;
    draw_frame(world, who, &population->text, talk);
    talk->task = draw_task(world, who, &population->text, talk->pool, dice);
    bool burst = population->burst > 0;
    double turns = burst ? population->burst : population->turns > 0 ? population->turns : 1;
    talk->turns = draw_turns(dice, turns, burst ? TALK_ITEMS_MAX : TALK_TURNS_MAX);
    talk->flags = burst ? ASK_SINGLE : 0;
    if (pastes(who, population->text.pastes, dice))
        talk->flags |= ASK_PASTES;
    if (population->behaviour == BEHAVIOUR_QUOTES && dice_chance(dice, population->behaviour_share) &&
        said_draw(&world->said, account, dice, &talk->quoted))
        talk->flags |= ASK_QUOTES;
}

/* A batch goes on with its next item: another conversation about another task in the same frame. */
void talk_next_single(struct world *world, uint32_t account)
{
    struct account *who = &world->accounts[account];
    const struct customers *population = world->config.populations->items[who->population];
    who->talk.conversation = dice_u64(&world->dice);
    who->talk.task = draw_task(world, who, &population->text, who->talk.pool, &world->dice);
}

/* Requests of a job of the operator's; a kind's share is one of requests, so that kinds of long jobs are begun less often. */
static double mean_turns(const struct campaign_plan *plan, uint8_t lane)
{
    double sessions = 0, shares = 0;
    if (plan->lanes)
        return fmax(plan->jobs[lane].turns, 1);
    for (uint32_t i = 0; i < plan->n_jobs; i++) {
        double share = plan->jobs[i].share > 0 ? plan->jobs[i].share : 1;
        sessions += share / fmax(plan->jobs[i].turns, 1);
        shares += share;
    }
    return shares / sessions;
}

/* Whoever buys from a relay's account stays with it: some serve people who chat, some programs that ask once. */
static double resold_turns(const struct account *who)
{
    struct dice dice = dice_of(who->seed, 56);
    return fmin(1 + dice_exponential(&dice, 1.6), 8);
}

struct session_mix talk_session_mix(const struct campaign_plan *plan, const struct account *who)
{
    double own_turns = mean_turns(plan, who->lane), their_turns = resold_turns(who);
    double resold = plan->mix / their_turns, own = (1 - plan->mix) / own_turns,
           share = resold / (resold + own);
    return (struct session_mix){ share, share * their_turns + (1 - share) * own_turns };
}

static void resell(
    struct world *world, struct attacker *attacker, const struct account *who, struct talk *talk)
{
    static const float pools[POOL_COUNT] = { [POOL_CHAT] = 0.34F,
        [POOL_KNOWLEDGE] = 0.14F,
        [POOL_WRITING] = 0.14F,
        [POOL_CODE] = 0.24F,
        [POOL_MATH] = 0.04F,
        [POOL_SUPPORT] = 0.02F,
        [POOL_DOCUMENT] = 0.02F,
        [POOL_TRANSLATION] = 0.06F };
    struct dice *dice = &attacker->dice;
    talk->pool = (uint8_t)dice_pick(dice, pools, POOL_COUNT);
    talk->frame_kind = FRAME_NONE;
    talk->task =
        within(world, talk->pool, dice_chance(dice, 0.02) ? dice_below(dice, 400) : dice_u64(dice) >> 8);
    talk->turns = draw_turns(dice, resold_turns(who), TALK_TURNS_MAX);
    talk->flags = pastes(who, 0.4, dice) ? ASK_PASTES : 0;
}

enum status talk_choose_frame(const struct world *world, const struct campaign_plan *plan, uint32_t kind,
    uint64_t about, uint64_t *ret_frame)
{
    enum { TRIES = 16, BEFORE = 100000 };
    enum status st = STATUS_OK;
    struct buffer before = { 0 }, after = { 0 };
    uint64_t best = dice_hash(about, 0);
    size_t least = SIZE_MAX;
    for (uint64_t i = 0; i < TRIES && !plan->opens_with_frame; i++) {
        uint64_t frame = dice_hash(about, i);
        buffer_reset(&before);
        buffer_reset(&after);
        TRY(corpus_frame(world->config.corpus, plan->jobs[kind].text.frame, frame, 0, &before, &after));
        size_t weight = before.n > 0 ? BEFORE + before.n : after.n;
        if (weight < least) {
            least = weight;
            best = frame;
        }
    }
    *ret_frame = best;
fail:
    buffer_fini(&before);
    buffer_fini(&after);
    return st;
}

/* Every probe is another technique, until one is found to work: then half of the requests use one that did. */
static enum status probe(
    const struct world *world, struct attacker *attacker, uint32_t kind, uint64_t number, uint64_t *ret_frame)
{
    struct dice *dice = &attacker->dice;
    uint32_t n = attacker->n_winners < WINNERS ? attacker->n_winners : WINNERS;
    if (n == 0 || !dice_chance(dice, 0.5))
        return talk_choose_frame(world, attacker->plan, kind, dice_hash(attacker->seed, number), ret_frame);
    *ret_frame = attacker->winners[dice_below(dice, n)];
    return STATUS_OK;
}

static enum status take_job(
    struct world *world, struct attacker *attacker, const struct account *who, struct talk *talk)
{
    enum status st = STATUS_OK;
    struct dice *dice = &attacker->dice;
    const struct campaign_plan *plan = attacker->plan;
    uint32_t kind = plan->lanes ? who->lane : dice_pick(dice, attacker->job_weights, plan->n_jobs);
    const struct job_kind *job = &plan->jobs[kind];
    uint64_t number = plan->sampled ? dice_u64(dice) >> 8 : attacker->next_task++;
    if (job->attempts > 1)
        number = (uint64_t)((double)number / job->attempts);
    if (plan->dataset > 0)
        number %= plan->dataset;
    talk->flags = ASK_EXTRACTION;
    talk->lane = (uint8_t)kind;
    talk->pool = draw_pool(job->text.pools, dice);
    talk->task = within(world, talk->pool, (attacker->seed >> 20) + number);
    talk->frame_kind = (uint8_t)job->text.frame;
    talk->frame = attacker->frames[kind];
    if (talk->frame_kind == FRAME_PROBE)
        TRY(probe(world, attacker, kind, number, &talk->frame));
    if (plan->paraphrase == PARAPHRASE_ACCOUNT)
        talk->variant = 1 + dice_hash(who->seed, kind) % 100000;
    else if (plan->paraphrase == PARAPHRASE_REQUEST)
        talk->variant = 1 + (dice_u64(dice) >> 32);
    /* Whether a technique works is a fact about it: it is refused every time or never. */
    struct dice technique = dice_of(talk->frame, 17);
    if (dice_chance(&technique, job->refused))
        talk->flags |= ASK_REFUSED;
    talk->turns = draw_turns(dice, job->turns > 0 ? job->turns : 1, TALK_TURNS_MAX);
    talk->style = who->style + 1 + kind + 1; /* the account's styles of jobs follow its own */
    if (pastes(who, job->text.pastes, dice))
        talk->flags |= ASK_PASTES;
    if (dice_chance(dice, job->quotes) && said_draw(&attacker->said, UINT32_MAX, dice, &talk->quoted))
        talk->flags |= ASK_QUOTES;
    else if (dice_chance(dice, job->replays) && said_draw(&attacker->said, UINT32_MAX, dice, &talk->quoted))
        talk->flags |= ASK_REPLAYS;
fail:
    return st;
}

enum status talk_begin_job(struct world *world, struct attacker *attacker, uint32_t account, int64_t now_ms)
{
    (void)now_ms;
    struct account *who = &world->accounts[account];
    who->talk = (struct talk){ .conversation = dice_u64(&attacker->dice) };
    if (dice_chance(&attacker->dice, talk_session_mix(attacker->plan, who).resold))
        resell(world, attacker, who, &who->talk);
    else
        return take_job(world, attacker, who, &who->talk);
    return STATUS_OK;
}
