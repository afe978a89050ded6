#include "sketch/contingency.h"

#include <stdlib.h>

static int by_value(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

static int by_right(const void *a, const void *b)
{
    const struct contingency_cell *x = a, *y = b;
    if (x->right != y->right)
        return x->right < y->right ? -1 : 1;
    return (x->left > y->left) - (x->left < y->left);
}

static size_t count_cells(const uint64_t *pairs, size_t n)
{
    size_t cells = 0;
    for (size_t i = 0; i < n; i++)
        cells += i == 0 || pairs[i] != pairs[i - 1];
    return cells;
}

static void fill_cells(struct contingency *contingency, const uint64_t *pairs)
{
    struct contingency_cell *cell = contingency->cells;
    for (size_t i = 0; i < contingency->n; i++) {
        if (i > 0 && pairs[i] != pairs[i - 1])
            cell++;
        cell->left = (uint32_t)(pairs[i] >> 32);
        cell->right = (uint32_t)pairs[i];
        cell->n++;
    }
}

/* Cells of one cluster lie together. */
static void fill_left(struct contingency_cell *cells, size_t n)
{
    for (size_t from = 0, to; from < n; from = to) {
        uint32_t sum = 0;
        for (to = from; to < n && cells[to].left == cells[from].left; to++)
            sum += cells[to].n;
        for (size_t i = from; i < to; i++)
            cells[i].n_left = sum;
    }
}

static void fill_right(struct contingency_cell *cells, size_t n)
{
    for (size_t from = 0, to; from < n; from = to) {
        uint32_t sum = 0;
        for (to = from; to < n && cells[to].right == cells[from].right; to++)
            sum += cells[to].n;
        for (size_t i = from; i < to; i++)
            cells[i].n_right = sum;
    }
}

enum status contingency_init(
    struct contingency *contingency, const uint32_t *left, const uint32_t *right, size_t n)
{
    enum status st = STATUS_OK;
    struct contingency made = { .n = n };
    uint64_t *pairs = NULL;
    if (n > 0) {
        REQUIRE(n < UINT32_MAX, STATUS_TOO_BIG);
        pairs = malloc(n * sizeof *pairs);
        REQUIRE(pairs, STATUS_NOMEM);
        for (size_t i = 0; i < n; i++)
            pairs[i] = (uint64_t)left[i] << 32 | right[i];
        qsort(pairs, n, sizeof *pairs, by_value);
        made.n_cells = count_cells(pairs, n);
        made.cells = calloc(made.n_cells, sizeof *made.cells);
        REQUIRE(made.cells, STATUS_NOMEM);
        fill_cells(&made, pairs);
        fill_left(made.cells, made.n_cells);
        qsort(made.cells, made.n_cells, sizeof *made.cells, by_right);
        fill_right(made.cells, made.n_cells);
    }
    *contingency = made;
fail:
    free(pairs);
    return st;
}

void contingency_fini(struct contingency *contingency)
{
    free(contingency->cells);
    *contingency = (struct contingency){ 0 };
}
