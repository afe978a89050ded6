/*
 * campaign_bench: how long the end of a tick lasts where campaigns are looked for, in a large graph in which a large
 * campaign grows.
 *
 * Model: accounts (1,000,000) share openings with some others each, an address with one, and one in ten a card with
 *   another; one in a hundred is in a frame of 20 accounts that are at work on many tasks. Beside them a campaign of
 *   25,000 grows by an equal part in each of 40 epochs: frame seen from three sides, a card for twelve, turns
 *   that come back. In each epoch a thousand of the others show something else, a hundred are forgotten, and ten
 *   objects withdrawn. Profiles and objects are told at no cost. Half of what grows comes in a tick that ends no epoch, where
 *   arrivals are held. The times of a tick and of an epoch are those of campaign_tick, their
 *   ties' that of campaign_apply and campaign_forget. bench_campaign [accounts [campaign]] prints one JSON object.
 */
#include "bench.h"
#include "campaign/campaign.h"

#include <stdio.h>
#include <stdlib.h>

enum {
    EPOCHS = 40,
    NOISE = 1000,
    FORGOTTEN = 100,
    WITHDRAWN = 10,
    USERS = 20,
    LOT = 12,
    FIRST_OF_CAMPAIGN = 1 << 30
};

static const int64_t tick_ms = 10 * 1000, hour_ms = 3600 * 1000;

struct bench {
    struct campaign_stage *stage;
    struct verdict_list verdicts;
    struct tie *waiting;
    size_t n_waiting, waiting_room;
    uint32_t accounts, campaign;
    uint64_t seed, ties;
    int64_t now_ms;
    double apply_us;
    bool failed;
};

static enum status source_account(
    void *context, uint64_t account, int64_t now_ms, struct account_profile *ret_profile)
{
    (void)context;
    *ret_profile = (struct account_profile){ .account = account,
        .payer = account,
        .first_seen_ms = now_ms - hour_ms,
        .last_seen_ms = now_ms,
        .exchanges = 100 + account % 7,
        .active_days = 3,
        .focus = 0.9,
        .novelty = 0.95,
        .top_frame = object_key(OBJECT_SYSTEM, FIRST_OF_CAMPAIGN) };
    return STATUS_OK;
}

static enum status source_brief(void *context, uint64_t account, struct account_brief *ret_brief)
{
    (void)context;
    *ret_brief = (struct account_brief){ .exchanges = 100 + account % 7 };
    return STATUS_OK;
}

static enum status source_object(void *context, uint64_t object, struct object_profile *ret_profile)
{
    (void)context;
    *ret_profile = (struct object_profile){
        .object = object, .shared = true, .accounts = 30, .slots = 50000, .sightings = 60000, .first_ms = -1
    };
    return STATUS_OK;
}

static void source_mark(void *context, uint64_t account, bool marked)
{
    (void)context;
    (void)account;
    (void)marked;
}

/* One frame in ten turns out to be what nobody repeats. */
static bool source_retract(void *context, uint64_t object, int64_t now_ms)
{
    (void)context;
    (void)now_ms;
    return object % 10 == 0;
}

static void add(
    struct bench *b, enum tie_op op, enum object_kind kind, uint64_t object, uint64_t a, uint64_t other)
{
    struct tie tie = { .object = object_key(kind, object + 1),
        .a = a,
        .b = other,
        .time_ms = b->now_ms,
        .op = (uint8_t)op,
        .kind = (uint8_t)kind };
    if (b->n_waiting == b->waiting_room) {
        size_t room = b->waiting_room ? b->waiting_room * 2 : 1024;
        struct tie *grown = realloc(b->waiting, room * sizeof *grown);
        if (!grown)
            exit(1);
        b->waiting = grown;
        b->waiting_room = room;
    }
    b->waiting[b->n_waiting++] = tie;
}

static void show(struct bench *b, enum object_kind kind, uint64_t object, uint64_t account)
{
    add(b, TIE_MEMBER, kind, object, account, 0);
}

static void add_others(struct bench *b)
{
    for (uint64_t account = 1; account <= b->accounts; account++) {
        show(b, OBJECT_LEAD12, random_next(&b->seed) % (b->accounts / 10 + 1), account);
        show(b, OBJECT_IP, account / 2, account);
        if (account % 10 < 2)
            show(b, OBJECT_PAYMENT, account / 10, account);
        if (random_next(&b->seed) % 100 < 1)
            show(b, OBJECT_SYSTEM, account / 100 / USERS, account);
    }
}

/* Accounts first to last of the campaign come in. */
static void grow(struct bench *b, uint64_t first, uint64_t last)
{
    for (uint64_t i = first; i < last; i++) {
        uint64_t account = FIRST_OF_CAMPAIGN + i;
        show(b, OBJECT_SYSTEM, FIRST_OF_CAMPAIGN, account);
        show(b, OBJECT_LEAD24, FIRST_OF_CAMPAIGN, account);
        show(b, OBJECT_TAIL12, FIRST_OF_CAMPAIGN, account);
        show(b, OBJECT_PAYMENT, FIRST_OF_CAMPAIGN + i / LOT, account);
        if (i > 0)
            add(b, TIE_DIRECT, OBJECT_TURN, i, account - 1, account);
    }
}

static void move_others(struct bench *b)
{
    for (int i = 0; i < NOISE; i++) {
        uint64_t random = random_next(&b->seed);
        show(b, OBJECT_LEAD12, (random >> 32) % (b->accounts / 10 + 1), random % b->accounts + 1);
    }
    double start = now_us();
    for (int i = 0; i < FORGOTTEN; i++)
        campaign_forget(b->stage, random_next(&b->seed) % b->accounts + 1);
    b->apply_us += now_us() - start;
    for (int i = 0; i < WITHDRAWN; i++)
        add(b, TIE_WITHDRAW, OBJECT_IP, random_next(&b->seed) % (b->accounts / 2), 0, 0);
}

static void apply(struct bench *b)
{
    double start = now_us();
    b->failed |= campaign_apply(b->stage, b->waiting, b->n_waiting) != STATUS_OK;
    b->apply_us += now_us() - start;
    b->ties += b->n_waiting;
    b->n_waiting = 0;
}

/* Ends a tick so much later; returns how long it took. */
static double end_tick(struct bench *b, int64_t passed_ms)
{
    struct population population = { .accounts = b->accounts, .payer_ratio = 0.96 };
    b->now_ms += passed_ms;
    double start = now_us();
    b->failed |= campaign_tick(b->stage, b->now_ms, &population, &b->verdicts) != STATUS_OK;
    return now_us() - start;
}

int main(int argc, char **argv)
{
    struct bench b = { .accounts = argc > 1 ? (uint32_t)strtoul(argv[1], NULL, 10) : 1000000,
        .campaign = argc > 2 ? (uint32_t)strtoul(argv[2], NULL, 10) : 25000,
        .seed = 1,
        .now_ms = INT64_C(1760000000000) };
    struct campaign_config config = { .accounts_max = b.accounts + b.campaign,
        .edges_max = 4 * (b.accounts + b.campaign) };
    struct campaign_source source = { &b, source_account, source_object, source_mark, source_brief,
        source_retract };
    struct campaign_stats stats;
    double epochs[EPOCHS], ticks[EPOCHS];
    if (b.accounts < 100 || campaign_stage_new(&config, &source, &b.stage) != STATUS_OK)
        return 1;
    end_tick(&b, hour_ms);
    add_others(&b);
    apply(&b);
    double first_us = end_tick(&b, hour_ms);
    double apply_first_us = b.apply_us / (double)b.ties;
    b.apply_us = 0;
    b.ties = 0;
    for (uint64_t i = 0; i < EPOCHS; i++) {
        uint64_t first = b.campaign * i / EPOCHS, last = b.campaign * (i + 1) / EPOCHS;
        grow(&b, first, (first + last) / 2);
        apply(&b);
        ticks[i] = end_tick(&b, tick_ms);
        grow(&b, (first + last) / 2, last);
        move_others(&b);
        apply(&b);
        epochs[i] = end_tick(&b, hour_ms);
    }
    qsort(epochs, EPOCHS, sizeof *epochs, by_value);
    qsort(ticks, EPOCHS, sizeof *ticks, by_value);
    campaign_stats(b.stage, &stats);
    printf(
        "{\"bench\":\"campaign\",\"accounts\":%u,\"campaign\":%u,\"epochs\":%d,\"first_epoch_ms\":%.1f,"
        "\"epoch_ms\":%.2f,\"worst_epoch_ms\":%.2f,\"tick_ms\":%.2f,\"worst_tick_ms\":%.2f,\"us_per_tie_"
        "first\":%.3f,\"us_per_tie\":%.3f,"
        "\"edges\":%llu,\"campaigns\":%zu,\"members\":%zu,\"state_bytes\":%llu,\"bytes_per_account\":%.1f}\n",
        b.accounts, b.campaign, EPOCHS, first_us / 1e3, epochs[EPOCHS / 2] / 1e3, epochs[EPOCHS - 1] / 1e3,
        ticks[EPOCHS / 2] / 1e3, ticks[EPOCHS - 1] / 1e3, apply_first_us, b.apply_us / (double)b.ties,
        (unsigned long long)stats.edges, campaign_count(b.stage),
        campaign_count(b.stage) ? campaign_at(b.stage, 0)->n_active : 0,
        (unsigned long long)stats.state_bytes, (double)stats.state_bytes / (double)(b.accounts + b.campaign));
    campaign_stage_free(b.stage);
    verdict_list_fini(&b.verdicts);
    free(b.waiting);
    return b.failed;
}
