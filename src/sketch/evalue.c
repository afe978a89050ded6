#include "sketch/evalue.h"

#include <math.h>

enum { ALTERNATIVES = 32, MULTIPLES = 20 };

static double log_sum_exp(const double *terms, size_t n)
{
    double most = terms[0];
    for (size_t i = 1; i < n; i++)
        most = terms[i] > most ? terms[i] : most;
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += exp(terms[i] - most);
    return most + log(sum);
}

double evalue_binomial(uint32_t successes, uint32_t trials, double p0)
{
    if (trials == 0)
        return 0;
    p0 = fmin(fmax(p0, 1e-6), 0.999);
    double terms[ALTERNATIVES];
    double hits = (double)successes;
    double misses = trials > successes ? (double)(trials - successes) : 0;
    for (size_t j = 0; j < ALTERNATIVES; j++) {
        double q = p0 + (1 - p0) * ((double)j + 0.5) / ALTERNATIVES;
        terms[j] = hits * log(q / p0) + misses * log((1 - q) / (1 - p0));
    }
    return (log_sum_exp(terms, ALTERNATIVES) - log(ALTERNATIVES)) / M_LN10;
}

double evalue_excess(uint32_t count, double mean)
{
    double terms[MULTIPLES];
    mean = fmax(mean, 1e-12);
    for (size_t j = 0; j < MULTIPLES; j++) {
        double multiple = ldexp(1, (int)j + 1);
        terms[j] = (double)count * log(multiple) - mean * (multiple - 1);
    }
    return (log_sum_exp(terms, MULTIPLES) - log(MULTIPLES)) / M_LN10;
}

/* Log-probability of a gamma-Poisson count with the given mean and shape. */
static double log_gamma_poisson(double count, double mean, double shape)
{
    double p = shape / (shape + mean);
    return lgamma(count + shape) - lgamma(shape) - lgamma(count + 1) + shape * log(p) + count * log1p(-p);
}

double evalue_even_load(const double *counts, const double *exposures, size_t n, double null_shape)
{
    const double even_shape = 25;
    double events = 0;
    double time = 0;
    double log_e = 0;
    size_t used = 0;
    for (size_t i = 0; i < n; i++) {
        if (!(exposures[i] > 0))
            continue;
        if (used >= 2 && events > 0) {
            double mean = events / time * exposures[i];
            log_e += log_gamma_poisson(counts[i], mean, even_shape) -
                     log_gamma_poisson(counts[i], mean, null_shape);
        }
        events += counts[i];
        time += exposures[i];
        used++;
    }
    return used < 3 ? 0 : log_e / M_LN10;
}
