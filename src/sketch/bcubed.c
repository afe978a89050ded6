#include "sketch/bcubed.h"

#include <math.h>

struct bcubed bcubed_measure(const struct contingency *contingency)
{
    double precision = 0, recall = 0, n = (double)contingency->n;
    if (contingency->n == 0)
        return (struct bcubed){ NAN, NAN };
    for (size_t i = 0; i < contingency->n_cells; i++) {
        const struct contingency_cell *cell = &contingency->cells[i];
        double square = (double)cell->n * cell->n;
        precision += square / cell->n_right;
        recall += square / cell->n_left;
    }
    return (struct bcubed){ precision / n, recall / n };
}
