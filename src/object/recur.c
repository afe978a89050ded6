#include "object/recur.h"

#include <math.h>

bool object_recurs(double sightings, double accounts, int64_t age_ms)
{
    const double times = 1.5, times_a_day = 0.2, times_most = 8, day_ms = 24 * 3600e3;
    double days = age_ms > 0 ? (double)age_ms / day_ms : 0;
    return sightings >= accounts * fmin(fmax(times * fmin(days, 1), times_a_day * days), times_most);
}
