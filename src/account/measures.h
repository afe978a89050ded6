/*
 * measures.h: the measures of one account, one file each: rate, rhythm, focus, facets, limits, baseline.
 *
 * Model: apply.c works out the moment of an exchange once; each measure then folds the exchange into the
 *   state. Time never runs backwards for an account: an exchange that arrives late counts at the time of
 *   the latest.
 * Order of calls: baseline before rate (it samples the days before today), focus before emission.
 */
#ifndef ACCOUNT_MEASURES_H
#define ACCOUNT_MEASURES_H

#include "account/account_state.h"

struct moment {
    int64_t now_ms;
    int64_t gap_ms; /* since the exchange before; -1 at the first */
    uint32_t hour, day;
    bool new_hour, new_day;                     /* against the exchange before; true at the first */
    uint32_t cells_hour, cells_day, cells_week; /* decay steps since the exchange before */
};
struct moment moment_of(const struct account *account, int64_t time_ms);

/* rate.c */
struct rates {
    double hour, day, week; /* exchanges an hour at the three scales */
    double tokens_day;
};
void account_rate_apply(
    struct account *account, const struct moment *moment, const struct exchange_record *exchange);
struct rates account_rates(const struct account *account, int64_t now_ms);

/* rhythm.c */
void account_rhythm_apply(struct account *account, const struct moment *moment);
double account_night_share(const struct account *account);
double account_weekend_share(const struct account *account);

/* focus.c */
void account_focus_apply(struct account *account, const struct exchange_record *exchange);
/* Whether an opening or ending, counted already with this exchange, was surely shown before. */
bool account_frame_recurs(const struct account *account, uint64_t key);
double account_focus(const struct account *account);
double account_top_model_share(const struct account *account);
double account_novelty(const struct account *account);

/* facets.c */
void account_facets_apply(
    struct account *account, const struct moment *moment, const struct exchange_record *exchange);
uint16_t account_tenants(const struct account *account);

/* limits.c */
bool status_is_limit(uint16_t status);   /* 429, 403 */
bool status_is_refusal(uint16_t status); /* these and 529: the task may be sent again elsewhere */
void account_limits_apply(
    struct account *account, const struct moment *moment, const struct exchange_record *exchange);
void account_limits_enforced(struct account *account, int64_t time_ms, enum enforcement action);

/* baseline.c */
void account_baseline_apply(
    struct account_table *table, struct account *account, const struct moment *moment);
void account_cohort_leave(struct account_table *table, struct account *account);
double account_own_deviation(const struct account *account);
double account_cohort_use(const struct account_table *table, const struct account *account, double per_day);

#endif
