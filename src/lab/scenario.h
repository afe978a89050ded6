/*
 * scenario.h: one experiment: how long, who the honest customers are, and which operators run campaigns among them.
 *
 * Model: a YAML file (scenarios/NAME.yaml, built into the program, or the user's own). An operator has a pool of
 *   accounts bought with budgets, a queue of jobs of several kinds that the accounts pull from, a way of hiding
 *   (paraphrase, mixing, clean identities), and reactions to what its accounts see.
 * Source: campaigns.md sections 1 to 3 and 8 for what operators were reported to do.
 * Shapes: shares 0..1, times in the unit of the name, money in dollars; 0 stands for "none" or "no limit".
 * Ownership: scenario_load allocates, scenario_free frees.
 * Errors: as customers.h.
 */
#ifndef LAB_SCENARIO_H
#define LAB_SCENARIO_H

#include "lab/customers.h"

enum paraphrase {
    PARAPHRASE_NONE,
    PARAPHRASE_ACCOUNT, /* each account has wordings of its own */
    PARAPHRASE_REQUEST  /* every request is worded anew */
};

/* One kind of work in an operator's queue. */
struct job_kind {
    double share; /* of the jobs; 0: 1 */
    struct text_habits text;
    double turns;    /* mean exchanges a job; 0: 1 */
    double quotes;   /* share that feeds back what another account of the pool was answered */
    double replays;  /* share that carries a reasoning signature issued in another conversation */
    double attempts; /* times each task is sent (samples, self-consistency); 0: 1 */
    double refused;  /* share of techniques that the provider's own safeguard refuses, visibly */
};

struct identity_plan {
    double card_accounts, device_accounts, domain_accounts; /* accounts that share one; 0: 1, clean */
    double age_days;                                        /* mean age when first used; 0: fresh */
    double paid, education, research, startup;              /* shares */
    struct network_weights *networks;
    struct client_weights *clients;
    struct api_weights *apis;
    bool pinned;      /* one frozen client version for the whole pool */
    char **countries; /* where most of the accounts appear to be; NULL: everywhere */
    uint32_t n_countries;
};

struct budget_plan {
    uint32_t accounts; /* that may ever be bought; 0: no limit */
    double money;      /* 0: no limit */
    double account_price, verify_price, exchange_price;
};

struct reaction_plan {
    double handoff; /* share of refused jobs that another account takes over within seconds; the rest wait */
    double handoff_delay_s; /* mean; 0: 4 */
    double replace_hours;   /* mean delay until a banned account is replaced; 0: never */
    double verify_pass;     /* share of identity checks that the operator can pay its way through */
    double slow_down;       /* factor on the pace after a bad day; 0: none */
    double rest_hours;      /* the whole pool rests after a bad day */
    double bad_day;         /* share of the pool lost in a day that makes it bad; 0: 0.2 */
    double switch_at;       /* share of the pool lost at which the stand-by pool takes over */
    uint32_t standby;       /* accounts of the stand-by pool */
    double standby_per_day; /* their rate; 0: as the first pool's */
};

/* What another desk did about it, outside the detector: enforcement events in the log. */
struct raid {
    double day, share; /* of the pool in use */
};

struct campaign_plan {
    char *name, *title, *source;
    uint32_t accounts;
    double exchanges; /* reported in all, for the tests; 0: not reported */
    double per_day,
        sigma; /* requests an account and day, resold ones included: mean, and spread over accounts */
    double from_day, for_days; /* for_days 0: to the end */
    double growth_days;        /* the accounts come in over so many days */
    double mix;                /* share of requests that are other people's, resold */
    double sitting;            /* mean number of jobs that an account does in a row; 0: 1 */
    double away;               /* share of days on which an account rests, in turns */
    bool lanes;                /* each account serves one kind of job; else each serves them all */
    bool opens_with_frame;     /* prompts may begin with the frame; else the task comes first */
    enum paraphrase paraphrase;
    enum rhythm rhythm;
    uint64_t dataset; /* tasks in the queue; 0: no end */
    bool sampled;     /* tasks are drawn with replacement instead of one after the other */
    double outages_a_week, outage_minutes;
    double pivot; /* share that moves to a new model within a day of its release */
    struct job_kind *jobs;
    uint32_t n_jobs;
    struct call_habits call;
    struct identity_plan identity;
    struct budget_plan budget;
    struct reaction_plan reaction;
    struct raid *raids;
    uint32_t n_raids;
    char *pool_of; /* a campaign before it whose supplier made these accounts too */
};

struct benign_use {
    char *population;
    uint32_t accounts;
};

struct release_plan {
    double day;
    char *model;
};

struct scenario {
    char *name, *title, *about, *source;
    double days;
    char *start;              /* RFC 3339; NULL: 2026-05-04 */
    double scale;             /* that the results in docs/results.md use; 0: 1 */
    uint32_t benign_accounts; /* of the standard mix */
    double benign_share; /* of exchanges, instead of a number of accounts: their number follows from it */
    struct benign_use *benign; /* beside the standard mix, or instead of it */
    uint32_t n_benign;
    bool undeclared; /* no customer's organisation is named in the log, whatever its population says */
    struct campaign_plan *campaigns;
    uint32_t n_campaigns;
    struct release_plan *releases;
    uint32_t n_releases;
};

/* name_or_path: a file if it has a slash or ends in .yaml, else one of those built in. */
MUST_CHECK enum status scenario_load(
    const char *name_or_path, struct scenario **ret_scenario, struct diag *diag);
MUST_CHECK enum status scenario_read(
    struct span yaml, const char *name, struct scenario **ret_scenario, struct diag *diag);
void scenario_free(struct scenario *scenario);
/* Exchanges a campaign sends a day, at full scale. */
double campaign_plan_per_day(const struct campaign_plan *plan);

#endif
