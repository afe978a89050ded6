/*
 * account_state.h: the layout of an account and of the table, for account/ and its tests.
 *
 * Model: hot integers only; what is derived is derived in profile.c. Whatever is a function of the time
 *   of the last exchange (its hour, day, decay cell) is not stored but computed from last_ms.
 * Units: rates in 1/RATE_ONE exchanges; traits in 1/256 of the record's 0..255; features as in
 *   baseline.c.
 * Memory: 512 bytes an account, packed in the order of their coming, so that only as many are touched as there are;
 *   and 8 in the index.
 */
#ifndef ACCOUNT_ACCOUNT_STATE_H
#define ACCOUNT_ACCOUNT_STATE_H

#include "account/account.h"
#include "account/outage.h"
#include "account/population.h"
#include "base/pages.h"
#include "exchange/event.h"
#include "sketch/gap_histogram.h"

enum {
    FOCUS_KEYS = 6,
    MODEL_KEYS = 3,
    SLOTS_LOG2 = 6, /* 64 registers of 4 bits: 13 % */
    RECENT_BYTES = 39,
    BASELINE_FEATURES = 3,
    FACTS = 5,
    TRAITS = CAP_COUNT + ELICIT_COUNT,
    RATE_ONE = 256,
    BUCKET_SLOTS = 8,
    HINTS = 4,
    PROVENANCE_PER_HOUR = 64,
    HOUR_OF_DAY_MAX = 1000, /* exchanges of one hour that the shape of the day counts */
};

#define MINUTE_MS INT64_C(60000)
#define HOUR_MS INT64_C(3600000)
#define DAY_MS INT64_C(86400000)
#define CELL_MS INT64_C(56250) /* an hour has EWMA_STEPS of them */

enum { FACET_SESSION, FACET_END_USER, FACET_CLIENT, FACET_COUNTRY, FACETS };

/* Bits of account.flags. */
enum {
    ACCOUNT_MARKED = 1,
    ACCOUNT_LIMITED = 2,  /* the last exchange was refused, or an enforcement came after it */
    ACCOUNT_COHORT = 4,   /* counted in its cohort */
    ACCOUNT_STEADY = 8,   /* counted as established in the population */
    ACCOUNT_COUNTRY = 16, /* country comes from an account event */
};

struct account {
    uint64_t id;
    int64_t created_ms; /* -1 unknown */
    int64_t first_ms;   /* first exchange; before any, the first event */
    int64_t last_ms;    /* latest exchange; before any, the latest event */
    uint64_t organization, payment;
    uint64_t input_tok, output_tok, tokens_day;
    uint32_t exchanges, refused, errors, with_text, follow_ups;
    uint32_t rate_hour, rate_day, rate_week, rate_focus; /* focus: exchanges a day that show the top frame */
    uint32_t today, ramp_level, ramp_s; /* exchanges of this day; level first reached ramp_s after first_ms */
    uint32_t quiet_gap_s;
    uint32_t limit_s, limit_task; /* when the last limit came, and the task before it or refused by it */
    uint32_t release_lag_s;
    uint32_t cohort_rate; /* what it adds to its cohort */
    uint32_t focus_keys[FOCUS_KEYS], model_keys[MODEL_KEYS];
    uint64_t top_frame;
    uint64_t facets[FACETS];
    uint16_t focus_counts[FOCUS_KEYS], focus_errors[FOCUS_KEYS], focus_n;
    uint16_t model_counts[MODEL_KEYS], model_errors[MODEL_KEYS], model_n;
    uint16_t hours[24], this_hour;
    uint16_t gaps[GAP_BINS];
    uint16_t languages, tenants_before, tenants_today;
    uint16_t retried, silenced, moved; /* after a limit */
    uint16_t active_days, country;
    uint16_t facts[FACTS]; /* fingerprints of what its events have shown, see emit.c */
    int16_t base_mean[BASELINE_FEATURES];
    uint16_t base_var[BASELINE_FEATURES];
    uint16_t traits[TRAITS];
    uint8_t n_base, n_traits;
    uint8_t slots[(1 << SLOTS_LOG2) / 2];
    uint8_t recent[RECENT_BYTES];
    uint8_t content_n, provenance_n; /* exchanges of this hour that emitted such sightings */
    uint8_t weekdays[7]; /* hours with an exchange, by day of the week from Thursday on, as 1970 began */
    uint8_t release, flags;
    uint8_t tier, programme, verified;
    int8_t reseller;
};

_Static_assert(sizeof(struct account) <= 512, "an account stays in 512 bytes");

struct cohort {
    uint64_t accounts, rate; /* sum of cohort_rate */
};

struct account_table {
    uint32_t buckets, bucket_slots; /* places of a bucket follow each other in the index */
    uint32_t content_per_hour;
    bool usage_all;
    uint64_t *index; /* low half of an id, then its slot + 1; 0: free */
    struct account *slots;
    struct pages index_pages, slot_pages;
    uint64_t hints[HINTS]; /* see account_prefetch */
    unsigned hint;
    struct account_stats stats;
    struct cohort cohorts[TIER_COUNT];
    struct population_sketch population;
    uint64_t release_model;
    int64_t release_ms;
    struct outage outage; /* of the provider */
    uint8_t release;      /* rises with each release, skips 0 */
};

/* Borrows the account; NULL where it is not tracked. */
struct account *account_at(const struct account_table *table, uint64_t id);
/* The same, but makes room and an empty account first seen now. */
struct account *account_obtain(
    struct account_table *table, uint64_t id, int64_t now_ms, uint64_t *ret_evicted);

#endif
