#include "sketch/rand_index.h"

#include <math.h>

double rand_index_adjusted(const struct contingency *contingency)
{
    /* Twice the pairs: n (n - 1); a cluster's sum comes together from its cells. */
    uint64_t both = 0, left = 0, right = 0;
    for (size_t i = 0; i < contingency->n_cells; i++) {
        const struct contingency_cell *cell = &contingency->cells[i];
        both += (uint64_t)cell->n * (cell->n - 1);
        left += (uint64_t)cell->n * (cell->n_left - 1);
        right += (uint64_t)cell->n * (cell->n_right - 1);
    }
    if (left == 0 && right == 0)
        return NAN;
    uint64_t all = (uint64_t)contingency->n * (contingency->n - 1);
    if (left == all && right == all)
        return 1;
    double chance = (double)left * (double)right / (double)all;
    return ((double)both - chance) / (((double)left + (double)right) / 2 - chance);
}
