/*
 * evalue.h: evidence against a null as e-values, in decades.
 *
 * Model: an e-value has expectation at most 1 under the null, so P(e >= 1/a) <= a; products of e-values of
 *   independent data are e-values. All functions return log10 e.
 *   Binomial: s successes in t trials against success probability <= p0, by a uniform mixture of 32 alternatives
 *   in (p0, 1): e = mean_j (q_j/p0)^s ((1-q_j)/(1-p0))^(t-s).
 *   Excess: a count of independent rare events of mean <= m, however their chances differ: e = mean_j r_j^count exp(-m (r_j - 1)),
 *   r_j = 2, 4, ..., 2^20; E[r^count] <= exp(m (r - 1)).
 *   Even load: counts of accounts, each over its own exposure, under a common rate. Alternative: gamma-Poisson of
 *   shape 25 (one dispatcher), null: gamma-Poisson of shape k0 (people and tenants, k0 about 0.5 to 1). The common
 *   rate is predicted from the accounts before, so that the ratio is a betting score; the order must not depend on
 *   the counts.
 * Source: Vovk, Wang, "E-values: calibration, combination and applications", Annals of Statistics 2021. The
 *   even-load score is ours.
 * Shapes: counts and exposures >= 0; accounts with exposure 0 are passed over.
 * Cost: 32 exponentials, 20 for the excess; one lgamma pair an account.
 */
#ifndef SKETCH_EVALUE_H
#define SKETCH_EVALUE_H

#include <stddef.h>
#include <stdint.h>

/* p0 is clamped to [1e-6, 0.999]; t = 0 gives 0. */
double evalue_binomial(uint32_t successes, uint32_t trials, double p0);

/* mean is at least 1e-12. */
double evalue_excess(uint32_t count, double mean);

/* counts[i] events in exposure[i] units of time. Fewer than 3 accounts give 0. */
double evalue_even_load(const double *counts, const double *exposures, size_t n, double null_shape);

#endif
