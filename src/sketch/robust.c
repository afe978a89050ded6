#include "sketch/robust.h"

#include <math.h>
#include <stdlib.h>

static const double deviation_of_mad = 1.4826;

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *values, size_t n)
{
    qsort(values, n, sizeof *values, by_value);
    return n % 2 ? values[n / 2] : (values[n / 2 - 1] + values[n / 2]) / 2;
}

struct robust robust_fit(double *values, size_t n, double floor)
{
    struct robust robust = { .scale = floor };
    if (n == 0)
        return robust;
    robust.centre = median(values, n);
    for (size_t i = 0; i < n; i++)
        values[i] = fabs(values[i] - robust.centre);
    robust.scale = fmax(deviation_of_mad * median(values, n), floor);
    return robust;
}
