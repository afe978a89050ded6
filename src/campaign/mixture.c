#include "campaign/mixture.h"

#include <math.h>
#include <string.h>

static const double chance_floor = 0.02, chance_factor = 1.5, chance_most = 0.5;
static const double chance_before = 0.05, weight_before = 4; /* in accounts */

void mixture_init(struct mixture *mixture, double share)
{
    memset(mixture, 0, sizeof *mixture);
    mixture->customers_before = fmax(chance_before, fmin(share, 1));
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

/* How much likelier k of n are if the hand is the operator's, log10. */
static double log_ratio(const struct mixture *mixture, uint32_t inside, uint32_t n)
{
    double q =
        fmax(mixture->p_customer, fmin(chance_most, chance_floor + chance_factor * mixture->p_customer));
    if (inside == 0 || mixture->p_operator <= q)
        return -INFINITY;
    return inside * log10(mixture->p_operator / q) +
           (n - inside) * log10((1 - mixture->p_operator) / (1 - q));
}

/* The chances and numbers of both kinds, as the hands are taken to be. One or two inside may be anybody's: they are not counted. */
static void estimate(struct mixture *mixture)
{
    double hands[2] = { 0, 0 }, inside[2] = { 0, 0 }, all[2] = { 0, 0 };
    for (uint32_t k = 0; k <= MIXTURE_MOST; k++)
        for (uint32_t n = k; n <= MIXTURE_MOST; n++) {
            double here = mixture->hands[k][n];
            bool operators = mixture->operators[k][n];
            hands[operators] += operators && k < MIXTURE_LEAST ? 0 : here;
            inside[operators] += here * k;
            all[operators] += here * n;
        }
    mixture->p_operator = (inside[true] + 0.5) / (all[true] + 1);
    mixture->p_customer =
        (inside[false] + weight_before * mixture->customers_before) / (all[false] + weight_before);
    mixture->log10_prior = fmin(0, log10((hands[true] + 0.5) / (hands[false] + 0.5)));
}

/* Whether any hand changed sides. */
static bool classify(struct mixture *mixture)
{
    bool changed = false;
    for (uint32_t k = 0; k <= MIXTURE_MOST; k++)
        for (uint32_t n = k; n <= MIXTURE_MOST; n++) {
            bool operators = log_ratio(mixture, k, n) + mixture->log10_prior > 0;
            changed |= operators != mixture->operators[k][n] && mixture->hands[k][n] > 0;
            mixture->operators[k][n] = operators;
        }
    return changed;
}

void mixture_fit(struct mixture *mixture)
{
    enum { TURNS = 16 };
    for (uint32_t k = 0; k <= MIXTURE_MOST; k++)
        for (uint32_t n = k; n <= MIXTURE_MOST; n++)
            mixture->operators[k][n] = k > 1;
    estimate(mixture);
    for (unsigned turn = 0; turn < TURNS && classify(mixture); turn++)
        estimate(mixture);
}

double mixture_log10_odds(const struct mixture *mixture, uint32_t inside, uint32_t n)
{
    bool pair = inside < MIXTURE_LEAST;
    scale(&inside, &n);
    return pair ? -INFINITY : log_ratio(mixture, inside, n) + mixture->log10_prior;
}
