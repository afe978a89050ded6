#include "sketch/shapiro.h"

#include <assert.h>
#include <math.h>

/* Sum of c[i] x^i, by Horner's rule. */
static double polynomial(const double *c, size_t n, double x)
{
    double sum = 0;
    for (size_t i = n; i-- > 0;)
        sum = sum * x + c[i];
    return sum;
}

double shapiro_normal_quantile(double p)
{
    static const double centre_up[] = { 3.3871327179, 50.434271938, 159.29113202, 59.109374720 };
    static const double centre_down[] = { 1, 17.895169469, 78.757757664, 67.187563600 };
    static const double near_up[] = { 1.4234372777, 2.7568153900, 1.3067284816, 0.17023821103 };
    static const double near_down[] = { 1, 0.73700164250, 0.12021132975 };
    static const double far_up[] = { 6.6579051150, 3.0812263860, 0.42868294337, 0.017337203997 };
    static const double far_down[] = { 1, 0.24197894225, 0.012258202635 };
    double q = p - 0.5;
    if (fabs(q) <= 0.425) {
        double r = 0.180625 - q * q;
        return q * polynomial(centre_up, 4, r) / polynomial(centre_down, 4, r);
    }
    double r = sqrt(-log(q < 0 ? p : 1 - p));
    double tail = r <= 5 ? polynomial(near_up, 4, r - 1.6) / polynomial(near_down, 3, r - 1.6)
                         : polynomial(far_up, 4, r - 5) / polynomial(far_down, 3, r - 5);
    return q < 0 ? -tail : tail;
}

/*
 * Weights of the largest n / 2 numbers, the largest first; those of the smallest are their negatives. Royston gives the
 * outermost one or two by polynomials in 1 / sqrt(n); the others are normal scores scaled so that all squares sum to 1.
 */
static void weights_of(size_t n, double *ret_weights)
{
    static const double first[] = { 0, 0.221157, -0.147981, -2.07119, 4.434685, -2.706056 };
    static const double second[] = { 0, 0.042981, -0.293762, -1.752461, 5.682633, -3.582633 };
    size_t half = n / 2, set = n > 5 ? 2 : 1;
    double squares = 0, left, scale, x = 1 / sqrt((double)n);
    if (n == 3) {
        ret_weights[0] = sqrt(0.5);
        return;
    }
    assert(half >= 2);
    for (size_t i = 0; i < half; i++) {
        ret_weights[i] = -shapiro_normal_quantile(((double)i + 0.625) / ((double)n + 0.25));
        squares += 2 * ret_weights[i] * ret_weights[i];
    }
    double norm = sqrt(squares), outer[2];
    outer[0] = polynomial(first, 6, x) + ret_weights[0] / norm;
    outer[1] = polynomial(second, 6, x) + ret_weights[1] / norm;
    left = 1;
    for (size_t i = 0; i < set; i++) {
        squares -= 2 * ret_weights[i] * ret_weights[i];
        left -= 2 * outer[i] * outer[i];
        ret_weights[i] = outer[i];
    }
    scale = sqrt(left / squares);
    for (size_t i = set; i < half; i++)
        ret_weights[i] *= scale;
}

double shapiro_w(const float *sorted, size_t n)
{
    double weights[SHAPIRO_MAX / 2];
    double mean = 0, spread = 0, fit = 0, norm = 0;
    assert(n >= SHAPIRO_MIN && n <= SHAPIRO_MAX);
    weights_of(n, weights);
    for (size_t i = 0; i < n; i++)
        mean += (double)sorted[i];
    mean /= (double)n;
    for (size_t i = 0; i < n; i++)
        spread += ((double)sorted[i] - mean) * ((double)sorted[i] - mean);
    if (spread <= 0)
        return 1;
    for (size_t i = 0; i < n / 2; i++) {
        fit += weights[i] * ((double)sorted[n - 1 - i] - (double)sorted[i]);
        norm += 2 * weights[i] * weights[i];
    }
    double w = fit * fit / (spread * norm);
    return w < 1 ? w : 1;
}
