/*
 * fake_source.h: a campaign stage over accounts and objects that stand in arrays, as partitions would tell them.
 *
 * Model: accounts are 1 to FAKE_ACCOUNTS, each with a payer and tasks of its own, evenly loaded; the test changes what
 *   it is about. A renaming, if there is one, stands between the stage and the arrays.
 */
#ifndef TESTS_CAMPAIGN_FAKE_SOURCE_H
#define TESTS_CAMPAIGN_FAKE_SOURCE_H

#include "campaign/campaign.h"
#include "fixture.h"

#include <math.h>

enum { FAKE_ACCOUNTS = 200, FAKE_USERS = 30 };

struct fake {
    struct account_profile profiles[FAKE_ACCOUNTS + 1]; /* by number; exchanges 0: unknown */
    bool marked[FAKE_ACCOUNTS + 1];
    double slots;       /* distinct tasks of every content object */
    uint64_t sightings; /* of every content object, by FAKE_USERS accounts */
    bool is_public;
    bool idle;     /* nobody repeats any content object */
    uint64_t salt; /* 0: accounts keep their names */
    struct campaign_stage *stage;
    struct verdict_list verdicts;
    int64_t now_ms;
};

static inline uint64_t fake_name(const struct fake *fake, uint64_t account)
{
    return fake->salt ? object_key(OBJECT_IP, account + fake->salt * 1000) : account;
}

/* 0: nobody's name. */
static inline uint64_t fake_number(const struct fake *fake, uint64_t name)
{
    uint64_t account = FAKE_ACCOUNTS;
    while (account > 0 && fake_name(fake, account) != name)
        account--;
    return account;
}

static inline enum status fake_account(
    void *context, uint64_t name, int64_t now_ms, struct account_profile *ret_profile)
{
    const struct fake *fake = context;
    uint64_t account = fake_number(fake, name);
    (void)now_ms;
    if (account == 0 || fake->profiles[account].exchanges == 0)
        return STATUS_NOT_FOUND;
    *ret_profile = fake->profiles[account];
    ret_profile->account = name;
    return STATUS_OK;
}

static inline enum status fake_brief(void *context, uint64_t name, struct account_brief *ret_brief)
{
    struct account_profile profile;
    enum status st = fake_account(context, name, 0, &profile);
    if (st == STATUS_OK)
        *ret_brief = (struct account_brief){
            .organization = profile.organization,
            .exchanges = profile.exchanges,
            .with_text = isnan(profile.novelty) ? 0 : profile.exchanges,
            .first_seen_ms = profile.first_seen_ms,
            .last_seen_ms = profile.last_seen_ms,
        };
    return st;
}

static inline enum status fake_object(void *context, uint64_t object, struct object_profile *ret_profile)
{
    const struct fake *fake = context;
    *ret_profile = (struct object_profile){
        .object = object,
        .shared = true,
        .accounts = FAKE_USERS,
        .slots = fake->slots,
        .sightings = fake->sightings,
        .first_ms = T0,
        .is_public = fake->is_public,
    };
    return STATUS_OK;
}

static inline void fake_mark(void *context, uint64_t name, bool marked)
{
    struct fake *fake = context;
    fake->marked[fake_number(fake, name)] = marked;
}

static inline bool fake_retract(void *context, uint64_t object, int64_t now_ms)
{
    const struct fake *fake = context;
    (void)object;
    (void)now_ms;
    return fake->idle;
}

static inline void fake_init(struct fake *fake)
{
    *fake = (struct fake){ .slots = 5000, .sightings = 300, .now_ms = T0 };
    for (uint64_t account = 1; account <= FAKE_ACCOUNTS; account++)
        fake->profiles[account] = (struct account_profile){ .account = account,
            .payer = 7000 + account,
            .first_seen_ms = T0 - DAY,
            .last_seen_ms = T0,
            .exchanges = 190 + account % 20,
            .input_tok = 1000,
            .output_tok = 2000,
            .active_days = 4,
            .focus = 0.9,
            .novelty = 0.95,
            .night_share = 0.2,
            .tenants = 1 };
}

static inline enum status fake_start(struct fake *fake, const struct campaign_config *config)
{
    struct campaign_source source = { fake, fake_account, fake_object, fake_mark, fake_brief, fake_retract };
    return campaign_stage_new(config, &source, &fake->stage);
}

static inline void fake_fini(struct fake *fake)
{
    campaign_stage_free(fake->stage);
    verdict_list_fini(&fake->verdicts);
    fake->stage = NULL;
}

static inline enum status fake_tie(struct fake *fake, struct tie tie)
{
    tie.a = fake_name(fake, tie.a);
    tie.b = tie.b ? fake_name(fake, tie.b) : 0;
    return campaign_apply(fake->stage, &tie, 1);
}

/* Moves by an epoch and ends it. */
static inline enum status fake_epoch(struct fake *fake)
{
    static const struct population population = { .accounts = 10000, .payer_ratio = 0.96 };
    enum status st = campaign_tick(fake->stage, fake->now_ms, &population, &fake->verdicts);
    if (st != STATUS_OK)
        return st;
    fake->now_ms += HOUR;
    return campaign_tick(fake->stage, fake->now_ms, &population, &fake->verdicts);
}

/* Accounts first to last use one frame, seen from two sides, and live off it. */
static inline enum status fake_frame(struct fake *fake, uint64_t frame, uint64_t first, uint64_t last)
{
    enum status st = STATUS_OK;
    for (uint64_t account = first; account <= last && st == STATUS_OK; account++) {
        st = fake_tie(fake, tie_shown(OBJECT_SYSTEM, frame, account));
        if (st == STATUS_OK)
            st = fake_tie(fake, tie_shown(OBJECT_LEAD24, frame, account));
        fake->profiles[account].top_frame = object_key(OBJECT_SYSTEM, frame);
    }
    return st;
}

/* Three accounts in a row share a card: those from first to last, those left over with the last three. */
static inline enum status fake_cards(struct fake *fake, uint64_t first, uint64_t last)
{
    enum status st = STATUS_OK;
    uint64_t threes = (last - first + 1) / 3;
    for (uint64_t account = first; account <= last && st == STATUS_OK; account++) {
        uint64_t card = (account - first) / 3 < threes ? (account - first) / 3 : threes - 1;
        st = fake_tie(fake, tie_shown(OBJECT_PAYMENT, first + 3 * card, account));
    }
    return st;
}

#endif
