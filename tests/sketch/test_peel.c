#include "sketch/peel.h"

#include "support/alloc_sweep.h"
#include "support/random.h"
#include "support/test.h"

#include <math.h>
#include <string.h>

enum { ROWS = 60, COLUMNS = 40 };

/* A small graph that is easy to fill, with its peeling. */
struct bench {
    bool edge[ROWS][COLUMNS];
    size_t n_rows, n_columns;
    uint32_t row_start[ROWS + 1], column[ROWS * COLUMNS];
    uint32_t degree[COLUMNS];
    uint8_t rows[ROWS], columns[COLUMNS];
    uint64_t density;
};

static struct peel_graph graph_of(struct bench *b, bool with_degrees)
{
    uint32_t n = 0;
    for (size_t r = 0; r < b->n_rows; r++) {
        for (size_t c = 0; c < b->n_columns; c++)
            if (b->edge[r][c])
                b->column[n++] = (uint32_t)c;
        b->row_start[r + 1] = n;
    }
    return (struct peel_graph){ b->n_rows, b->n_columns, b->row_start, b->column,
        with_degrees ? b->degree : NULL };
}

static void peel_bench(struct bench *b, bool with_degrees)
{
    struct peel_graph graph = graph_of(b, with_degrees);
    assert_ok(peel(&graph, b->rows, b->columns, &b->density));
}

static uint32_t degree_here(const struct bench *b, size_t c)
{
    uint32_t degree = 0;
    for (size_t r = 0; r < b->n_rows; r++)
        degree += b->edge[r][c];
    return degree;
}

/* Weight of the edges between what is in; by node, if one is given. */
static uint64_t weight_inside(const struct bench *b, const uint64_t *edge, const bool *in, size_t node)
{
    uint64_t weight = 0;
    for (size_t r = 0; r < b->n_rows; r++)
        for (size_t c = 0; c < b->n_columns; c++)
            if (b->edge[r][c] && in[r] && in[b->n_rows + c] &&
                (node == SIZE_MAX || node == r || node == b->n_rows + c))
                weight += edge[c];
    return weight;
}

static uint64_t density_inside(const struct bench *b, const uint64_t *edge, const bool *in)
{
    uint64_t nodes = 0;
    for (size_t i = 0; i < b->n_rows + b->n_columns; i++)
        nodes += in[i];
    return nodes > 0 ? weight_inside(b, edge, in, SIZE_MAX) / nodes : 0;
}

/* The same by its definition: every weight is added up anew at every step. */
static void peel_slowly(struct bench *b, bool with_degrees)
{
    size_t n = b->n_rows + b->n_columns;
    uint64_t edge[COLUMNS] = { 0 };
    bool in[ROWS + COLUMNS] = { false };
    bool best_in[ROWS + COLUMNS] = { false };
    for (size_t c = 0; c < b->n_columns; c++)
        edge[c] = (uint64_t)(1e6 / log((with_degrees ? b->degree[c] : degree_here(b, c)) + 5.0));
    for (size_t i = 0; i < n; i++)
        best_in[i] = in[i] = true;
    b->density = density_inside(b, edge, in);
    for (size_t left = n; left > 1; left--) {
        size_t least = SIZE_MAX;
        uint64_t least_weight = 0;
        for (size_t i = 0; i < n; i++) {
            uint64_t weight = in[i] ? weight_inside(b, edge, in, i) : 0;
            if (in[i] && (least == SIZE_MAX || weight < least_weight)) {
                least = i;
                least_weight = weight;
            }
        }
        in[least] = false;
        uint64_t density = density_inside(b, edge, in);
        if (density > b->density) {
            b->density = density;
            memcpy(best_in, in, sizeof in);
        }
    }
    for (size_t i = 0; i < n; i++) {
        if (i < b->n_rows)
            b->rows[i] = best_in[i];
        else
            b->columns[i - b->n_rows] = best_in[i];
    }
}

static void fill_randomly(struct bench *b, struct test_random *random)
{
    *b =
        (struct bench){ .n_rows = test_random_below(random, 14), .n_columns = test_random_below(random, 10) };
    uint64_t percent = 5 + test_random_below(random, 70);
    for (size_t r = 0; r < b->n_rows; r++)
        for (size_t c = 0; c < b->n_columns; c++)
            b->edge[r][c] = test_random_below(random, 100) < percent;
    for (size_t c = 0; c < b->n_columns; c++)
        b->degree[c] = degree_here(b, c) + (uint32_t)test_random_below(random, 500);
}

static void peeling_equals_its_definition(void **state)
{
    (void)state;
    struct test_random random = { 4711 };
    print_message("seed %llu\n", (unsigned long long)random.state);
    for (int run = 0; run < 400; run++) {
        struct bench fast = { .n_rows = 0 };
        fill_randomly(&fast, &random);
        struct bench slow = fast;
        bool with_degrees = run % 2;
        peel_bench(&fast, with_degrees);
        peel_slowly(&slow, with_degrees);
        assert_int_equal(fast.density, slow.density);
        assert_memory_equal(fast.rows, slow.rows, sizeof slow.rows);
        assert_memory_equal(fast.columns, slow.columns, sizeof slow.columns);
    }
}

/* Twelve rows share six rare columns; all sixty use popular ones, the twelve as much as anybody. */
static void a_dense_block_is_found_under_camouflage(void **state)
{
    (void)state;
    struct test_random random = { 99 };
    print_message("seed %llu\n", (unsigned long long)random.state);
    struct bench b = { .n_rows = 60, .n_columns = 40 };
    for (size_t r = 0; r < b.n_rows; r++) {
        for (size_t c = 0; c < 34; c++)
            b.edge[r][c] = test_random_below(&random, 100) < 15;
        for (size_t c = 34; c < 40 && r >= 20 && r < 32; c++)
            b.edge[r][c] = true;
    }
    for (size_t c = 0; c < 40; c++)
        b.degree[c] = c < 34 ? 100000 : 12;
    peel_bench(&b, true);
    for (size_t r = 0; r < b.n_rows; r++)
        assert_int_equal(b.rows[r], r >= 20 && r < 32);
    for (size_t c = 34; c < b.n_columns; c++)
        assert_int_equal(b.columns[c], 1);
}

static void an_empty_graph_has_no_density(void **state)
{
    (void)state;
    struct bench b = { .density = 5 };
    peel_bench(&b, false);
    assert_int_equal(b.density, 0);
}

static void nodes_without_edges_are_kept_until_something_is_denser(void **state)
{
    (void)state;
    struct bench b = { .n_rows = 3, .n_columns = 2 };
    peel_bench(&b, false);
    assert_int_equal(b.density, 0);
    assert_int_equal(b.rows[0] + b.rows[1] + b.rows[2] + b.columns[0] + b.columns[1], 5);
    b.edge[1][1] = true;
    peel_bench(&b, false);
    assert_int_equal(b.rows[0] + b.rows[2] + b.columns[0], 0);
    assert_int_equal(b.rows[1] + b.columns[1], 2);
}

/* Equal nodes go one after the other: whichever is first, the set that is left at the densest moment is the same. */
static void of_equally_dense_sets_the_largest_is_kept(void **state)
{
    (void)state;
    struct bench b = { .n_rows = 9, .n_columns = 7 };
    for (size_t r = 0; r < 8; r++)
        for (size_t c = 0; c < 3; c++)
            b.edge[r][r < 4 ? c : c + 3] = true;
    b.edge[8][6] = true;
    peel_bench(&b, false);
    for (size_t r = 0; r < 9; r++)
        assert_int_equal(b.rows[r], r < 8);
    for (size_t c = 0; c < 7; c++)
        assert_int_equal(b.columns[c], c < 6);
}

static void running_out_of_memory_leaves_the_outputs_untouched(void **state)
{
    (void)state;
    struct bench b = { .n_rows = 4, .n_columns = 3, .density = 77 };
    memset(b.edge[1], 1, 3);
    memset(b.rows, 9, sizeof b.rows);
    memset(b.columns, 9, sizeof b.columns);
    struct peel_graph graph = graph_of(&b, false);
    enum status st = STATUS_NOMEM;
    for (long n = 0; st != STATUS_OK; n++) {
        assert_int_equal(b.density, 77);
        assert_int_equal(b.rows[1] + b.columns[2], 18);
        alloc_sweep_arm(n);
        st = peel(&graph, b.rows, b.columns, &b.density);
        assert_int_equal(alloc_sweep_disarm(), st != STATUS_OK);
        assert_true(st == STATUS_OK || st == STATUS_NOMEM);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(peeling_equals_its_definition),
        cmocka_unit_test(a_dense_block_is_found_under_camouflage),
        cmocka_unit_test(an_empty_graph_has_no_density),
        cmocka_unit_test(nodes_without_edges_are_kept_until_something_is_denser),
        cmocka_unit_test(of_equally_dense_sets_the_largest_is_kept),
        cmocka_unit_test(running_out_of_memory_leaves_the_outputs_untouched),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
