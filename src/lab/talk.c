#include "lab/world_state.h"

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

static void resell(struct world *world, struct operator* operator, struct talk * talk)
{
    static const float pools[POOL_COUNT] = { [POOL_CHAT] = 0.34F,
        [POOL_KNOWLEDGE] = 0.14F,
        [POOL_WRITING] = 0.14F,
        [POOL_CODE] = 0.24F,
        [POOL_MATH] = 0.04F,
        [POOL_SUPPORT] = 0.02F,
        [POOL_DOCUMENT] = 0.02F,
        [POOL_TRANSLATION] = 0.06F };
    struct dice *dice = &operator->dice;
    talk->pool = (uint8_t)dice_pick(dice, pools, POOL_COUNT);
    talk->frame_kind = FRAME_NONE;
    talk->task =
        within(world, talk->pool, dice_chance(dice, 0.02) ? dice_below(dice, 400) : dice_u64(dice) >> 8);
    talk->turns = draw_turns(dice, 3, TALK_TURNS_MAX);
}

/* Every probe is another technique, until one is found to work: then half of the requests use one that did. */
static uint64_t probe(const struct operator* operator, uint64_t number, struct dice *dice)
{
    uint32_t n = operator->n_winners<WINNERS ? operator->n_winners : WINNERS;
    return n > 0 && dice_chance(dice, 0.5)   ? operator->winners[dice_below(dice, n)] : number;
}

static void take_job(
    struct world *world, struct operator* operator, const struct account * who, struct talk *talk)
{
    struct dice *dice = &operator->dice;
    const struct campaign_plan *plan = operator->plan;
    uint32_t kind = dice_pick(dice, operator->job_weights, plan->n_jobs);
    const struct job_kind *job = &plan->jobs[kind];
    uint64_t number = plan->sampled ? dice_u64(dice) >> 8 : operator->next_task++;
    if (job->attempts > 1)
        number = (uint64_t)((double)number / job->attempts);
    if (plan->dataset > 0)
        number %= plan->dataset;
    talk->flags = ASK_EXTRACTION;
    talk->pool = draw_pool(job->text.pools, dice);
    talk->task = within(world, talk->pool, (operator->seed>> 20) + number);
    talk->frame_kind = (uint8_t)job->text.frame;
    talk->frame = dice_hash(operator->seed, 200 + kind);
    if (talk->frame_kind == FRAME_PROBE)
        talk->frame = probe(operator, number, dice);
    if (plan->paraphrase == PARAPHRASE_ACCOUNT)
        talk->variant = 1 + dice_hash(who->seed, kind) % 100000;
    else if (plan->paraphrase == PARAPHRASE_REQUEST)
        talk->variant = 1 + (dice_u64(dice) >> 32);
    /* Whether a technique works is a fact about it: it is refused every time or never. */
    struct dice technique = dice_of(talk->frame, 17);
    if (dice_chance(&technique, job->refused))
        talk->flags |= ASK_REFUSED;
    talk->turns = draw_turns(dice, job->turns > 0 ? job->turns : 1, TALK_TURNS_MAX);
    talk->style = operator->styles[kind] + 1;
    if (dice_chance(dice, job->quotes) && said_draw(&operator->said, UINT32_MAX, dice, &talk->quoted))
        talk->flags |= ASK_QUOTES;
    else if (dice_chance(dice, job->replays) && said_draw(&operator->said, UINT32_MAX, dice, &talk->quoted))
        talk->flags |= ASK_REPLAYS;
}

void talk_begin_job(struct world *world, struct operator* operator, uint32_t account, int64_t now_ms)
{
    (void)now_ms;
    struct account *who = &world->accounts[account];
    who->talk = (struct talk){ .conversation = dice_u64(&operator->dice) };
    if (dice_chance(&operator->dice, operator->resale))
        resell(world, operator, & who->talk);
    else
        take_job(world, operator, who, &who->talk);
}
