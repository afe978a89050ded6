#include "sketch/clopper_pearson.h"

#include <math.h>

enum { FRACTION_STEPS = 200000, HALVINGS = 200 };

/* Lentz's way; converges fast for x < (a + 1) / (a + b + 2), in the order of the root of a and b steps. */
static double fraction(double a, double b, double x)
{
    const double tiny = 1e-300, close = 1e-15;
    double c = 1, d = 1 - (a + b) * x / (a + 1);
    d = 1 / (fabs(d) < tiny ? tiny : d);
    double value = d;
    for (int m = 1; m <= FRACTION_STEPS; m++) {
        double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
        double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
        d = 1 + even * d;
        c = 1 + even / c;
        d = 1 / (fabs(d) < tiny ? tiny : d);
        c = fabs(c) < tiny ? tiny : c;
        value *= d * c;
        d = 1 + odd * d;
        c = 1 + odd / c;
        d = 1 / (fabs(d) < tiny ? tiny : d);
        c = fabs(c) < tiny ? tiny : c;
        value *= d * c;
        if (fabs(d * c - 1) < close)
            break;
    }
    return value;
}

static double log_gamma(double x)
{
    int sign;
    return lgamma_r(x, &sign); /* lgamma itself keeps the sign in a global */
}

/* P(X <= hits), X binomial with probability p. */
static double at_most(double hits, double trials, double p)
{
    double a = trials - hits, b = hits + 1;
    double front = exp(log_gamma(a + b) - log_gamma(a) - log_gamma(b) + a * log1p(-p) + b * log(p));
    if (1 - p < (a + 1) / (a + b + 2))
        return front * fraction(a, b, 1 - p) / a;
    return 1 - front * fraction(b, a, p) / b;
}

double clopper_pearson_upper(uint64_t hits, uint64_t trials, double confidence)
{
    double tail = (1 - confidence) / 2;
    if (trials == 0)
        return NAN;
    if (hits >= trials)
        return 1;
    if (hits == 0)
        return -expm1(log(tail) / (double)trials);
    double low = (double)hits / (double)trials, high = 1;
    for (int i = 0; i < HALVINGS && high - low > 1e-13 * low; i++) {
        double middle = low + (high - low) / 2;
        if (at_most((double)hits, (double)trials, middle) > tail)
            low = middle;
        else
            high = middle;
    }
    return high;
}
