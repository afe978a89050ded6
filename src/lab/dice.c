#include "lab/dice.h"

#include <math.h>

double dice_exponential(struct dice *dice, double mean)
{
    return -mean * log1p(-dice_unit(dice));
}

double dice_normal(struct dice *dice)
{
    double radius = sqrt(-2 * log1p(-dice_unit(dice)));
    return radius * cos(6.283185307179586 * dice_unit(dice));
}

double dice_lognormal(struct dice *dice, double median, double sigma)
{
    return median * exp(sigma * dice_normal(dice));
}

uint32_t dice_geometric(struct dice *dice, double mean)
{
    if (mean <= 1)
        return 1;
    double n = floor(log1p(-dice_unit(dice)) / log1p(-1 / mean));
    return n < 1e6 ? (uint32_t)n + 1 : 1000000;
}

/* Small means by multiplication (Knuth), large ones by the normal with the same mean and variance. */
uint32_t dice_poisson(struct dice *dice, double mean)
{
    if (mean <= 0)
        return 0;
    if (mean > 60) {
        double n = floor(mean + sqrt(mean) * dice_normal(dice) + 0.5);
        return n < 0 ? 0 : (uint32_t)n;
    }
    double limit = exp(-mean), product = dice_unit(dice);
    uint32_t n = 0;
    while (product > limit) {
        product *= dice_unit(dice);
        n++;
    }
    return n;
}

uint32_t dice_pick(struct dice *dice, const float *weights, uint32_t n)
{
    double sum = 0;
    for (uint32_t i = 0; i < n; i++)
        sum += (double)weights[i];
    double at = dice_unit(dice) * sum;
    uint32_t last = n - 1;
    for (uint32_t i = 0; i < n; i++) {
        if (!(weights[i] > 0))
            continue;
        at -= (double)weights[i];
        if (at < 0)
            return i;
        last = i; /* rounding may leave a rest behind the last that has a weight */
    }
    return last;
}
