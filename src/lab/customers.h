/*
 * customers.h: what one kind of benign customer is like: a named, documented model.
 *
 * Model: a population is a YAML file (scenarios/populations/NAME.yaml, built into the program) of shares, medians and
 *   habits; accounts are drawn from it organisation by organisation. Rates are lognormal over accounts (heavy
 *   tails), sessions come as a Poisson process thinned by the rhythm of the country's clock, and have a geometric
 *   number of turns. `trips` names the signals of campaigns.md that it sets off by being what it is.
 * Shapes: shares 0..1; per_day: exchanges an account and day; a weight table is drawn from in proportion.
 * Ownership: customers_load allocates, customer_kinds_free frees.
 * Errors: as base/yaml.h, and STATUS_BAD with the path of a value out of range.
 */
#ifndef LAB_CUSTOMERS_H
#define LAB_CUSTOMERS_H

#include "base/diag.h"
#include "base/span.h"
#include "base/status.h"
#include "corpus/corpus.h"
#include "lab/client.h"
#include "lab/geo.h"

#include <stdbool.h>

enum rhythm {
    RHYTHM_PEOPLE,   /* waking hours, an evening peak */
    RHYTHM_OFFICE,   /* nine to six on working days */
    RHYTHM_EVENING,  /* students: afternoons and evenings, towards a weekly deadline */
    RHYTHM_NIGHTLY,  /* a job at two in the morning */
    RHYTHM_CONSTANT, /* round the clock */
    RHYTHM_COUNT
};

/* Whose a frame, a system prompt or a tool set is. */
enum owner { OWNER_NOBODY, OWNER_ACCOUNT, OWNER_ORGANISATION, OWNER_PUBLIC };
enum task_source {
    TASKS_OWN,     /* another task every time */
    TASKS_SHARED,  /* drawn from a set of tasks_n that the organisation shares */
    TASKS_SEQUENCE /* an own data set from the first to the last, again and again if it has an end (tasks_n) */
};
enum behaviour {
    BEHAVIOUR_NONE,
    BEHAVIOUR_CARRY_OVER,  /* takes a conversation over to the organisation's next account */
    BEHAVIOUR_FAILOVER,    /* sends what failed from the organisation's next account */
    BEHAVIOUR_RELEASE_DAY, /* eight times as much on the day of a release, with the new model */
    BEHAVIOUR_QUOTES       /* asks about what others were answered: shared documents and code */
};

/* Weights, drawn from in proportion. */
struct pool_weights {
    double of[POOL_COUNT];
};
struct network_weights {
    double of[NETWORK_COUNT];
};
struct client_weights {
    double of[CLIENT_FAMILIES];
};
enum { APIS = 3 }; /* openai.chat, openai.responses, anthropic.messages */
struct api_weights {
    double of[APIS];
};

struct text_habits {
    struct pool_weights *pools; /* NULL: chat */
    enum corpus_frame_kind frame;
    enum owner frame_of, system_of, tools_of;
    double system_share; /* of accounts that have the system prompt; 0: all */
    uint32_t system_bytes;
    enum task_source tasks;
    uint32_t tasks_n;
    uint32_t answer_tok; /* median; 0: 130, the median of chat in azure_llm_2023; accounts spread around it */
    double pastes;       /* share of conversations that begin with pasted material */
};

struct call_habits {             /* parameters of the request */
    uint32_t max_tokens;         /* 0: not given */
    uint32_t *temperature_milli; /* NULL: not given */
    uint32_t n;                  /* 0: not given */
    double reasoning, stream;    /* shares of accounts */
};

struct organisation_habits {
    uint32_t size_min, size_max; /* accounts; size_min 0: 1, size_max 0: size_min */
    bool declared, card, domain; /* organisation id in the log; one payment; a mail domain of its own */
    double shared_card;          /* share of accounts whose card is a relative's or a friend's too */
};

enum programme_habit { OF_NO_PROGRAMME, OF_EDUCATION, OF_RESEARCH, OF_STARTUP };

struct account_habits {
    double paid; /* share; the others are on the free tier */
    bool enterprise, business, reseller;
    enum programme_habit programme;
    double joins;       /* share of organisations that sign up during the scenario */
    double age_days;    /* mean age of the others */
    double burst_days;  /* the organisation's accounts sign up within so many days; 0: on their own */
    uint32_t end_users; /* behind one account; 0: none said */
};

struct customers {
    char *name, *title, *about, *source;
    char **trips;
    uint32_t n_trips;
    double share; /* of the benign accounts in the standard mix, in proportion to all shares */
    struct organisation_habits organisation;
    struct account_habits account;
    struct network_weights *networks; /* NULL: home */
    struct client_weights *clients;   /* NULL: python */
    struct api_weights *apis;         /* NULL: chat */

    enum rhythm rhythm;
    double weekend;            /* activity at weekends against working days; 0: the rhythm's own */
    double per_day, sigma;     /* median exchanges an account and day, and the lognormal's spread */
    double turns, gap_s;       /* means; 0: 1 and 40 s */
    double from_day, for_days; /* active only then; for_days 0: always */
    double away;               /* share of days on which its traffic goes elsewhere */
    double burst;              /* mean exchanges a burst (CI, batches); 0: none */

    struct text_habits text;
    struct call_habits call;
    enum behaviour behaviour;
    double behaviour_share; /* of sessions */
};

struct customer_kinds {
    struct customers **items;
    size_t n;
};

/* Whether the numbers that populations and jobs of operators share may be as they are; path is of their group. */
struct places;
MUST_CHECK enum status text_habits_check(
    const struct text_habits *text, const char *path, const struct places *places, struct diag *diag);
MUST_CHECK enum status call_habits_check(
    const struct call_habits *call, const char *path, const struct places *places, struct diag *diag);

/* Reads one YAML text; name is what errors call it. */
MUST_CHECK enum status customers_read(
    struct span yaml, const char *name, struct customers **ret_population, struct diag *diag);
void customers_free(struct customers *population);
/* Every population that is built in, in the order of their names. Borrowed names; customer_kinds_free frees. */
MUST_CHECK enum status customer_kinds_builtin(struct customer_kinds *ret_populations, struct diag *diag);
void customer_kinds_free(struct customer_kinds *populations);
const struct customers *customer_kinds_find(const struct customer_kinds *populations, const char *name);

/* Exchanges an account and day that the model leads to on average. */
double customers_mean_per_day(const struct customers *population);

#endif
