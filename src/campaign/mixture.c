#include "campaign/mixture.h"

#include <math.h>
#include <string.h>

static const double chance_floor = 0.02, chance_factor = 1.5, chance_most = 0.5;
static const double chance_before = 0.05, weight_before = 12; /* in accounts */
static const double settled = 1e-4;                           /* neither chance moves any more */

enum { TURNS = 64 };

/* Of the way from customers' chance to 1, where the operator's begins: EM finds the nearest peak only. */
static const double starts[] = { 0.95, 0.4 };
static const double share_at_start = 0.1;

void mixture_init(struct mixture *mixture, double share)
{
    memset(mixture, 0, sizeof *mixture);
    mixture->customers_before = fmax(chance_before, fmin(share, 0.99));
}

static void scale(uint32_t *inside, uint32_t *n)
{
    if (*n <= MIXTURE_MOST)
        return;
    *inside = (uint32_t)((uint64_t)*inside * MIXTURE_MOST / *n);
    *n = MIXTURE_MOST;
}

void mixture_add(struct mixture *mixture, uint32_t inside, uint32_t n)
{
    scale(&inside, &n);
    mixture->hands[inside][n] += n > 0;
}

/* How much likelier k of n are at the one chance than at the other, natural logarithm. */
static double log_ratio(double p, double q, uint32_t inside, uint32_t n)
{
    return inside * log(p / q) + (n - inside) * log((1 - p) / (1 - q));
}

/* What the hands come to, as they are shared out between customers (0) and the operator (1). */
struct tally {
    double hands[2], inside[2], all[2];
    double many; /* the operator's of which MIXTURE_LEAST are inside */
};

static void share_out(struct tally *tally, double operators, double hands, uint32_t inside, uint32_t n)
{
    const double of[2] = { hands * (1 - operators), hands * operators };
    for (unsigned side = 0; side < 2; side++) {
        tally->hands[side] += of[side];
        tally->inside[side] += of[side] * inside;
        tally->all[side] += of[side] * n;
    }
    tally->many += inside < MIXTURE_LEAST ? 0 : of[true];
}

/* The chances and numbers of both kinds. One or two inside may be anybody's: the prior does not count them. */
static void estimate(struct mixture *mixture, const struct tally *tally)
{
    mixture->p_operator = (tally->inside[true] + 0.5) / (tally->all[true] + 1);
    mixture->p_customer = (tally->inside[false] + weight_before * mixture->customers_before) /
                          (tally->all[false] + weight_before);
    mixture->share = (tally->hands[true] + 0.5) / (tally->hands[true] + tally->hands[false] + 1);
    mixture->log10_prior = fmin(0, log10((tally->many + 0.5) / (tally->hands[false] + 0.5)));
}

/* What estimate() takes for known besides the hands. */
static double log_known_before(const struct mixture *mixture)
{
    const double p = mixture->p_operator, q = mixture->p_customer, share = mixture->share;
    const double before = mixture->customers_before;
    return 0.5 * (log(p) + log(1 - p)) + 0.5 * (log(share) + log(1 - share)) +
           weight_before * (before * log(q) + (1 - before) * log(1 - q));
}

/*
 * One turn; the logarithm of the hands' likelihood before it, and of what is known besides. Hands of one or two cannot tell, and there are many: as in
 * classification EM they are all one side's, whichever is likelier.
 */
static double improve(struct mixture *mixture)
{
    struct tally tally = { .many = 0 };
    const double p = mixture->p_operator, q = mixture->p_customer, share = mixture->share;
    double likelihood = log_known_before(mixture);
    for (uint32_t n = 1; n <= MIXTURE_MOST; n++)
        for (uint32_t k = 0; k <= n; k++) {
            double hands = mixture->hands[k][n];
            if (hands == 0)
                continue;
            double odds = share / (1 - share) * exp(log_ratio(p, q, k, n));
            bool small = n < MIXTURE_LEAST;
            double operators = small ? odds > 1 : odds / (1 + odds);
            likelihood += hands * (k * log(q) + (n - k) * log(1 - q) + log(1 - share) +
                                      log(small ? fmax(1, odds) : 1 + odds));
            share_out(&tally, operators, hands, k, n);
        }
    estimate(mixture, &tally);
    return likelihood;
}

static double climb(struct mixture *mixture, double start)
{
    mixture->p_customer = fmin(chance_most, mixture->customers_before);
    mixture->p_operator = mixture->p_customer + start * (1 - mixture->p_customer);
    mixture->share = share_at_start;
    double likelihood = -INFINITY, moved = 1;
    for (unsigned turn = 0; turn < TURNS && moved > settled; turn++) {
        double p = mixture->p_operator, q = mixture->p_customer;
        likelihood = improve(mixture);
        moved = fabs(mixture->p_operator - p) + fabs(mixture->p_customer - q);
    }
    return likelihood;
}

void mixture_fit(struct mixture *mixture)
{
    double best = -INFINITY, from = starts[0];
    for (size_t i = 0; i < sizeof starts / sizeof *starts; i++) {
        double likelihood = climb(mixture, starts[i]);
        from = likelihood > best ? starts[i] : from;
        best = fmax(best, likelihood);
    }
    climb(mixture, from);
}

double mixture_log10_odds(const struct mixture *mixture, uint32_t inside, uint32_t n)
{
    double p = mixture->p_operator;
    double q =
        fmax(mixture->p_customer, fmin(chance_most, chance_floor + chance_factor * mixture->p_customer));
    if (inside < MIXTURE_LEAST || p <= q)
        return -INFINITY; /* two are one person; the lower chance is not the operator's */
    scale(&inside, &n);
    return log_ratio(p, q, inside, n) / M_LN10 + mixture->log10_prior;
}
