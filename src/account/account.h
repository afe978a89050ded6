/*
 * account.h: what one account does, in at most 512 bytes, and what it shows.
 *
 * Model: per account: exponentially weighted rates at 1 h, 1 d and 7 d; ramp (time from the first
 *   exchange to 80 % of the peak day) and use against the plan's usual; shape of the week (24 hours and 7 days,
 *   fading over 28 days) and longest quiet gap; log-spaced histogram of gaps; focus (Space-Saving over
 *   frames) and novelty (distinct slots over exchanges); follow-ups; model mix and time from a release to
 *   its adoption; facets that many tenants behind one account would multiply (languages, countries,
 *   sessions, end users, clients); what follows a limit (same task again, silence, another task);
 *   distance from its own slow baseline and from its cohort (tier).
 * Source: Metwally et al., "Efficient computation of frequent and top-k elements", 2005; Flajolet et al.,
 *   "HyperLogLog", 2007; Whang et al., "A linear-time probabilistic counting algorithm", 1990.
 * Memory: 520 bytes an account (state 512, index 8), all reserved at start; capacity is rounded down to a
 *   multiple of 8. An account lives in one of two buckets of 8; when both are full the one seen longest
 *   ago goes (ties: first seen first, then id) and is counted, marked accounts (in a campaign) last. The
 *   first goes at 0.81 of a capacity of 1,000, 0.68 of 1,000,000; 4 % once as many as capacity have come.
 * Cost: 0.36 us a record with 9.5 sightings at 10,000 accounts (bench/account_bench.c).
 * Threads: one table a partition, no sharing. No clock: time comes with the records.
 * Benign look-alikes: every single measure here is met by ordinary tenants (docs: campaigns.md section
 *   7); nothing in this layer decides anything.
 * Evasion: jitter, mixed traffic and many light accounts; object/ and campaign/ pool over accounts.
 */
#ifndef ACCOUNT_ACCOUNT_H
#define ACCOUNT_ACCOUNT_H

#include "account/sighting.h"
#include "base/status.h"
#include "record/record.h"

#include <stddef.h>

struct account; /* account_state.h: layout, for account/ and tests */
struct account_table;

struct account_config {
    uint32_t capacity;         /* accounts in this table */
    uint32_t content_per_hour; /* content sightings an account may emit in an hour; 0: 8 */
    bool usage_all;            /* usage of every account, not only of those with an organisation or marked */
};

/* Grows as needed; owned by the caller; reset each tick. */
struct sighting_list {
    struct sighting *items;
    size_t n, capacity;
};
void sighting_list_fini(struct sighting_list *list);

/* What was used in a tick by an account that belongs to an organisation or is marked, for budgets. */
struct usage {
    uint64_t account, organization, model;
    int64_t time_ms;
    uint32_t input_tok, output_tok;
};
struct usage_list {
    struct usage *items;
    size_t n, capacity;
};
void usage_list_fini(struct usage_list *list);

struct account_stats {
    uint64_t accounts, created; /* tracked now; ever */
    uint64_t evicted;
    uint64_t content_left_out;    /* exchanges with content beyond content_per_hour */
    uint64_t provenance_left_out; /* exchanges with direct facts beyond 64 an hour of one account */
    uint64_t state_bytes;
};

/* A copy of the measures, for campaigns, policy and explain. Shares 0..1; NAN where nothing was measured. */
struct account_profile {
    uint64_t account, organization, payer;
    int64_t created_ms, first_seen_ms, last_seen_ms; /* created_ms -1 unknown */
    uint64_t exchanges, refused, errors;             /* refused: 429 and 403; errors: other >= 400 */
    uint64_t input_tok, output_tok;
    double per_hour, per_day, per_week; /* rates, exchanges an hour at the three scales */
    double tokens_per_day, ramp_hours;
    double cohort_use;      /* day rate over the cohort's mean */
    double active_days;     /* days with at least one exchange */
    double quiet_gap_hours; /* longest gap between exchanges */
    double night_share;     /* share of the quietest 6 successive hours of the day; 0.25 is flat */
    double weekend_share;   /* share of the quietest 2 successive weekdays in its active hours; 2/7 is flat */
    double gap_cv;          /* coefficient of variation of gaps, from the histogram */
    double focus;           /* share of the commonest frame among content sightings */
    uint64_t top_frame;     /* its object key */
    double novelty;         /* distinct slots over exchanges with text */
    double follow_up, top_model_share;
    double release_lag_hours; /* from the last release to the first use of that model; NAN never */
    double tenants; /* largest of sessions in an hour and end users, clients, countries, languages in a day */
    double retry_share;   /* after a limit: same task again */
    double silence_share; /* after a limit: nothing for an hour */
    double own_deviation; /* |z| of the last day against its own baseline, over rate, size and focus */
    double capability[CAP_COUNT], elicitation[ELICIT_COUNT];
    uint8_t tier, programme, verified;
    int8_t reseller;
    uint16_t country;
    uint8_t adopter; /* ADOPTER_ bits now */
    bool marked;
};

/* What is asked of very many accounts: the same as in the profile, without measuring. */
struct account_brief {
    uint64_t organization, exchanges, with_text; /* with_text: exchanges whose text was there */
    int64_t first_seen_ms, last_seen_ms;         /* first_seen_ms -1: it has sent nothing */
};

MUST_CHECK enum status account_table_new(
    const struct account_config *config, struct account_table **ret_table);
void account_table_free(struct account_table *table);
/* Usage of every account from now on, or no longer. */
void account_table_watch(struct account_table *table, bool usage_all);

/* Applies one record of any kind but a release, appends its sightings (and usage). Creates the account if it
 * is new; ret_evicted (may be NULL) gets the id of the account that made room, else 0. STATUS_NOMEM leaves the
 * account updated but the lists short. */
MUST_CHECK enum status account_apply(struct account_table *table, const struct record *record,
    struct sighting_list *sightings, struct usage_list *usages, uint64_t *ret_evicted);
void account_release(struct account_table *table, const struct record *record);

void account_mark(struct account_table *table, uint64_t id, bool marked);
MUST_CHECK enum status account_profile(
    const struct account_table *table, uint64_t account, int64_t now_ms, struct account_profile *ret_profile);
MUST_CHECK enum status account_brief(
    const struct account_table *table, uint64_t account, struct account_brief *ret_brief);
bool account_tracked(const struct account_table *table, uint64_t account);
/* Bytes that account_table_new will reserve. */
size_t account_table_bytes(const struct account_config *config);
void account_stats(const struct account_table *table, struct account_stats *ret_stats);

/* Hints that the account's state will be needed 8 or so records from now; call it once a record. */
void account_prefetch(struct account_table *table, uint64_t id);

#endif
