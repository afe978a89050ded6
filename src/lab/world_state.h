/*
 * world_state.h: what the files of the world share: its state, and who does what.
 *
 * Shapes: times in ms; accounts, organisations and styles are indices.
 */
#ifndef LAB_WORLD_STATE_H
#define LAB_WORLD_STATE_H

#include "lab/identity.h"
#include "lab/wheel.h"
#include "lab/world.h"

#define HOUR_MS INT64_C(3600000)
#define DAY_MS (24 * HOUR_MS)
/* The log makes the acquaintance of older accounts in its first minutes; nobody sends anything before. */
enum { SETTLING_MS = 120000 };

struct organization {
    uint32_t first, n; /* its accounts follow each other */
    uint64_t seed;
    uint16_t population;
};

/* Numbers of cards, devices and mail domains already given out. */
struct mint {
    uint64_t cards, devices, domains;
};

/* The last answers given in a group, for who quotes them; a ring. */
enum { SAID_RING = 256 };
struct said_ring {
    struct said items[SAID_RING];
    uint32_t n; /* ever put */
};

/* A rhythm with its figures over a week. */
struct rhythm_week {
    enum rhythm rhythm;
    double weekend, mean, peak; /* peak: against the mean of a week */
};

enum { REFUSED_MAX = 4096, MODELS_MAX = 16, JOBS_MAX = 64, WINNERS = 64 };

struct attacker {
    const struct campaign_plan *plan;
    int32_t pool_of; /* index of the operator whose supplier it shares; -1 */
    uint32_t *pool;  /* its accounts, dead ones included, in the order of their purchase */
    size_t n_pool, pool_capacity;
    uint32_t size, alive, standby_alive; /* scaled size of the pool; accounts in use; waiting */
    uint32_t lost, lost_today;
    int64_t from_ms, until_ms, rest_until_ms, outage_from_ms, outage_until_ms, day_ms;
    double pace; /* 1: as planned */
    struct rhythm_week week;
    bool switched;
    uint64_t seed, next_task;
    uint64_t next_raid;
    struct talk *refused; /* jobs that wait for another account: a ring */
    uint32_t refused_first, refused_n;
    struct said_ring said;
    uint64_t winners[WINNERS]; /* probes that were answered; a ring */
    uint32_t n_winners;
    uint64_t frames[JOBS_MAX]; /* of each kind of job */
    float job_weights[JOBS_MAX];
    struct campaign_cost cost;
    struct dice dice;
};

struct world {
    struct world_config config;
    const struct scenario *scenario;
    int64_t start_ms, end_ms, now_ms;
    struct wheel wheel;
    struct account *accounts;
    size_t n_accounts, accounts_capacity;
    struct organization *organizations;
    size_t n_organizations, organizations_capacity;
    struct style *styles;
    size_t n_styles, styles_capacity;
    struct attacker *attackers;
    size_t n_attackers;
    struct happening *happenings;
    size_t n_happenings, happenings_capacity;
    struct mint mint;
    struct said_ring said; /* what benign accounts were answered and may have published */
    struct dice dice;
    uint64_t serial;
    char models[MODELS_MAX][32];
    int64_t released_ms[MODELS_MAX]; /* of the model; the first two are older than the log */
    uint32_t n_models;
    size_t next_release;
    int64_t outage_from_ms, outage_until_ms; /* of the provider */
    struct rhythm_week *weeks;               /* of each population */
};

/* world.c */
MUST_CHECK enum status world_add_account(struct world *world, uint32_t *ret_account);
MUST_CHECK enum status world_add_style(struct world *world, const struct style *style, uint32_t *ret_style);
MUST_CHECK enum status world_happen(struct world *world, struct happening **ret_happening);
void said_put(struct said_ring *ring, const struct said *said);
/* One that was not given to this account; false where there is none. */
bool said_draw(const struct said_ring *ring, uint32_t account, struct dice *dice, struct said *ret_said);

/* settle.c: accounts of benign organisations, before the first step. */
MUST_CHECK enum status settle(struct world *world, struct diag *diag);
MUST_CHECK enum status style_of_habits(struct world *world, const struct text_habits *text,
    const struct call_habits *call, const struct api_weights *apis, uint64_t owner_seed,
    uint64_t organization_seed, struct dice *dice, uint32_t *ret_style);

/* rhythm.c */
struct rhythm_week rhythm_week(enum rhythm rhythm, double weekend);
double rhythm_at(const struct rhythm_week *week, int64_t local_ms); /* mean 1 over a week */
/* The next candidate time of a thinned Poisson process, `peak` times as fast as `per_day`. */
int64_t rhythm_next_ms(double per_day, double peak, int64_t now_ms, struct dice *dice);

/* talk.c: what the account will talk about. */
void talk_begin_benign(struct world *world, uint32_t account, int64_t now_ms);
void talk_next_single(struct world *world, uint32_t account);
MUST_CHECK enum status talk_begin_job(
    struct world *world, struct attacker *attacker, uint32_t account, int64_t now_ms);
/* What opens a prompt is the first thing that is compared: a frame, by a number, that stands behind the task and is
 * short, unless the plan does not care. */
MUST_CHECK enum status talk_choose_frame(const struct world *world, const struct campaign_plan *plan,
    uint32_t kind, uint64_t about, uint64_t *ret_frame);
/* Of the sessions of an account of an operator: the share that is resold so that the share of requests is the plan's
 * mix, and the mean number of requests. */
struct session_mix {
    double resold, turns;
};
struct session_mix talk_session_mix(const struct campaign_plan *plan, const struct account *who);

/* benign.c, attacker.c: an account's timer has rung. */
MUST_CHECK enum status benign_ring(struct world *world, uint32_t account, int64_t now_ms);
MUST_CHECK enum status attacker_ring(struct world *world, uint32_t account, int64_t now_ms);
MUST_CHECK enum status attackers_found(struct world *world, struct diag *diag);
/* Once a step: raids, outages, what a day's losses lead to. */
MUST_CHECK enum status attackers_step(struct world *world);
void attacker_free(struct attacker *attacker);
/* pool.c */
MUST_CHECK enum status pool_buy(
    struct world *world, struct attacker *attacker, int64_t born_ms, bool standby);
MUST_CHECK enum status pool_lose(
    struct world *world, struct attacker *attacker, uint32_t account, int64_t now_ms);
/* Another live account of the pool that is not busy; UINT32_MAX: none found. */
uint32_t pool_other(struct world *world, struct attacker *attacker, uint32_t account, int64_t now_ms);

#endif
