/*
 * rules.h: the operator's word on what each tier may use at the gateway, from where, and how much.
 *
 * Model: one YAML file (config/edge.yaml is the commented default). Tiers; what a capability asks of an account's
 *   verification; rates for keys, accounts (by tier), organisations and campaigns; what `throttle` and `restrict` mean.
 *   What the file leaves out is not limited.
 * Shapes: rates are per minute (cost: per hour), bursts in seconds of the rate; 0: no limit. Countries are two capital
 *   letters; network classes are the words of the network list.
 * Errors: STATUS_BAD with diag line, column, path and reason; unknown keys are errors; STATUS_TOO_BIG above 1 MiB.
 * Ownership: rules_load allocates, rules_free frees.
 */
#ifndef GATE_RULES_H
#define GATE_RULES_H

#include "base/diag.h"
#include "base/span.h"
#include "base/status.h"
#include "exchange/event.h"
#include "gate/gcra.h"

/* What a tier can be denied, as bits; in the file by these words. */
enum {
    USE_REASONING = 1, /* reasoning: readable reasoning, thinking blocks, encrypted reasoning */
    USE_LOGPROBS = 2,  /* logprobs */
    USE_CHOICES = 4,   /* choices: n above 1 */
    USE_BATCH = 8,     /* batch: the batch endpoints */
    USE_MODELS = 16,   /* models: listing the models */
};
enum { USES = 5 };
extern const char *const use_names[USES];

enum rate_unit { RATE_REQUESTS, RATE_INPUT_TOK, RATE_OUTPUT_TOK, RATE_COST, RATE_UNITS };
extern const char *const rate_unit_names[RATE_UNITS];

struct rules_rate {
    uint64_t requests_per_minute, input_tokens_per_minute, output_tokens_per_minute;
    double cost_per_hour;
    uint64_t burst_seconds;          /* 0: 60 */
    struct gcra_rate of[RATE_UNITS]; /* the same, as counters read them */
};

struct rules_names {
    char **items;
    uint32_t n;
};

struct rules_tier {
    struct rules_names models;                   /* names, or beginnings that end in *; none: all */
    uint32_t deny;                               /* USE_ bits */
    uint64_t choices, output_tokens, body_bytes; /* the most; 0: no limit */
    struct rules_names countries, networks;      /* denied */
    struct rules_rate rate;                      /* of each account */
};

/* VERIFIED_ bits that an account must have for a use; any one of them is enough. */
struct rules_verify {
    uint32_t uses[USES];
};

struct rules_price {
    char *model; /* as in rules_tier.models */
    double input_per_million, output_per_million;
};

struct rules {
    uint64_t version;
    char *step_up_url; /* where an account is verified; NULL: none */
    struct rules_tier tiers[TIER_COUNT];
    struct rules_verify verify;
    struct rules_rate key, organization, campaign; /* of each */
    struct rules_rate throttle;                    /* of an account under that decision */
    uint64_t restrict_output_tokens;               /* the most under that decision; 0: 512 */
    struct rules_price *prices;
    uint32_t n_prices;
};

MUST_CHECK enum status rules_load(const char *path, struct rules **ret_rules, struct diag *diag);
void rules_free(struct rules *rules);

/* Whether a name is in the list, or begins like one of its entries that end in *. */
bool rules_match(const struct rules_names *names, struct span name);
/* Of the first price that fits; 0 where none does. */
double rules_cost(const struct rules *rules, struct span model, double input_tok, double output_tok);

#endif
