#include "account/measures.h"

#include <math.h>
#include <stdlib.h>

/*
 * Three features in 1/256: log2 of the day's rate, log2 of tokens an exchange, share of exchanges that show
 * the top frame (times 8, so that one unit of each is about as surprising). The baseline is a running mean
 * and variance over active days, exponential from BASE_DAYS on; today is never part of what it is compared
 * with.
 */
enum { BASE_DAYS = 16, BASE_MIN = 7, FEATURE_ONE = 256, FOCUS_WEIGHT = 8 };

/* log2 in 1/256, linear between powers of two; 0 for 0. */
static int32_t log2_milli256(uint64_t x)
{
    if (x == 0)
        return 0;
    int whole = 63 - __builtin_clzll(x);
    uint64_t top = x << (63 - whole); /* leading one at bit 63 */
    return whole * FEATURE_ONE + (int32_t)(top >> 55 & 255);
}

static void features_of(const struct account *account, int32_t ret_features[static BASELINE_FEATURES])
{
    uint64_t rate = account->rate_day;
    uint64_t tokens = rate ? account->tokens_day * RATE_ONE / rate : 0;
    uint64_t focus = rate ? (uint64_t)account->rate_focus * FOCUS_WEIGHT * FEATURE_ONE / rate : 0;
    ret_features[0] = log2_milli256(rate);
    ret_features[1] = log2_milli256(tokens + 1);
    ret_features[2] = (int32_t)(focus < INT16_MAX ? focus : INT16_MAX);
}

static void learn(struct account *account)
{
    int32_t features[BASELINE_FEATURES];
    features_of(account, features);
    account->n_base = (uint8_t)(account->n_base + (account->n_base < BASE_DAYS));
    int32_t n = account->n_base;
    for (unsigned i = 0; i < BASELINE_FEATURES; i++) {
        int32_t off = features[i] - account->base_mean[i];
        /* West's update: the variance takes the deviation from the old and the new mean. */
        account->base_mean[i] = (int16_t)(account->base_mean[i] + off / n);
        int64_t square = (int64_t)off * (features[i] - account->base_mean[i]) / FEATURE_ONE;
        int64_t var = account->base_var[i] + (square - account->base_var[i]) / n;
        account->base_var[i] = (uint16_t)(var < 0 ? 0 : var < UINT16_MAX ? var : UINT16_MAX);
    }
}

void account_cohort_leave(struct account_table *table, struct account *account)
{
    if (!(account->flags & ACCOUNT_COHORT))
        return;
    struct cohort *cohort = &table->cohorts[account->tier];
    cohort->accounts--;
    cohort->rate -= account->cohort_rate;
    account->flags &= (uint8_t)~ACCOUNT_COHORT;
}

static void cohort_join(struct account_table *table, struct account *account)
{
    struct cohort *cohort = &table->cohorts[account->tier];
    account_cohort_leave(table, account);
    account->cohort_rate = account->rate_day;
    cohort->accounts++;
    cohort->rate += account->cohort_rate;
    account->flags |= ACCOUNT_COHORT;
}

void account_baseline_apply(struct account_table *table, struct account *account, const struct moment *moment)
{
    if (!moment->new_day || account->exchanges == 0)
        return;
    learn(account);
    cohort_join(table, account);
}

double account_own_deviation(const struct account *account)
{
    int32_t features[BASELINE_FEATURES];
    double largest = 0;
    if (account->n_base < BASE_MIN)
        return NAN;
    features_of(account, features);
    for (unsigned i = 0; i < BASELINE_FEATURES; i++) {
        double off = abs(features[i] - account->base_mean[i]) / (double)FEATURE_ONE;
        double sd = sqrt(account->base_var[i] / (double)FEATURE_ONE);
        /* A quarter of a doubling is nothing, however regular the days before. */
        largest = fmax(largest, off / fmax(sd, 0.25));
    }
    return largest;
}

/* rate_day is a decayed sum; so is per_day once it is scaled as in rate.c. */
double account_cohort_use(const struct account_table *table, const struct account *account, double per_day)
{
    const struct cohort *cohort = &table->cohorts[account->tier];
    if (cohort->accounts == 0 || cohort->rate == 0)
        return NAN;
    const double ln2 = 0.69314718055994531;
    double mean = (double)cohort->rate / (double)cohort->accounts / RATE_ONE * ln2 / 24;
    return per_day / mean;
}
