#include "rival/blocks.h"

#include "support/alloc_sweep.h"
#include "support/random.h"
#include "support/test.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { EDGES_MAX = 20000, SIDE_MAX = 512, FOUND_MAX = 8 };

/* A graph with room, and the blocks that were found in it. */
struct bench {
    struct blocks_edge edges[EDGES_MAX];
    struct blocks_graph graph;
    bool row[FOUND_MAX][SIDE_MAX];
    size_t n_rows[FOUND_MAX];
    uint64_t density[FOUND_MAX];
    size_t n;
};

static struct bench *bench_new(size_t n_rows, size_t n_columns)
{
    struct bench *bench = calloc(1, sizeof *bench);
    assert_non_null(bench);
    bench->graph = (struct blocks_graph){ .n_rows = n_rows, .n_columns = n_columns, .edges = bench->edges };
    return bench;
}

static void tie(struct bench *bench, size_t row, size_t column)
{
    for (size_t i = 0; i < bench->graph.n; i++)
        if (bench->edges[i].row == row && bench->edges[i].column == column)
            return;
    assert_true(bench->graph.n < EDGES_MAX);
    bench->edges[bench->graph.n++] = (struct blocks_edge){ (uint32_t)row, (uint32_t)column };
}

static enum status note_block(void *context, const uint32_t *rows, size_t n, uint64_t density)
{
    struct bench *bench = context;
    assert_true(bench->n < FOUND_MAX);
    for (size_t i = 0; i < n; i++) {
        assert_true(i == 0 || rows[i] > rows[i - 1]);
        bench->row[bench->n][rows[i]] = true;
    }
    bench->n_rows[bench->n] = n;
    bench->density[bench->n++] = density;
    return STATUS_OK;
}

static void find(struct bench *bench, uint64_t least, size_t n_max)
{
    assert_ok(blocks_find(&bench->graph, least, n_max, bench, note_block));
}

/* The authors' example: a sparse 500 x 500 graph with a clique of the first 20 rows and 20 columns. */
static void the_clique_of_the_authors_example_is_found(void **state)
{
    (void)state;
    struct test_random random = { 500 };
    struct bench *bench = bench_new(500, 500);
    for (int i = 0; i < 2500; i++)
        tie(bench, test_random_below(&random, 500), test_random_below(&random, 500));
    for (size_t r = 0; r < 20; r++)
        for (size_t c = 0; c < 20; c++)
            tie(bench, r, c);
    find(bench, 0, 1);
    assert_int_equal(bench->n_rows[0], 20);
    for (size_t r = 0; r < 20; r++)
        assert_true(bench->row[0][r]);
    free(bench);
}

/* Suspiciousness over size, of the nodes in the mask (rows first), by the paper's formula. */
static double density_of(const struct bench *bench, const double *weight, uint32_t mask)
{
    double sum = 0;
    for (size_t i = 0; i < bench->graph.n; i++) {
        size_t column = bench->graph.n_rows + bench->edges[i].column;
        if (mask >> bench->edges[i].row & 1 && mask >> column & 1)
            sum += weight[bench->edges[i].column];
    }
    return sum / __builtin_popcount(mask);
}

/* Theorem: greedy peeling has at least half of the best density. Best by trying every set of nodes. */
static void the_first_block_is_at_least_half_as_dense_as_any(void **state)
{
    (void)state;
    struct test_random random = { 4 };
    print_message("seed %llu\n", (unsigned long long)random.state);
    for (int run = 0; run < 150; run++) {
        struct bench *bench = bench_new(1 + test_random_below(&random, 6), 1 + test_random_below(&random, 5));
        double weight[8] = { 0 };
        double best = 0;
        for (uint64_t i = 0; i < 1 + test_random_below(&random, 25); i++)
            tie(bench, test_random_below(&random, bench->graph.n_rows),
                test_random_below(&random, bench->graph.n_columns));
        for (size_t i = 0; i < bench->graph.n; i++)
            weight[bench->edges[i].column]++;
        for (size_t c = 0; c < 8; c++)
            weight[c] = 1 / log(weight[c] + 5);
        for (uint32_t mask = 1; mask < 1U << (bench->graph.n_rows + bench->graph.n_columns); mask++)
            best = fmax(best, density_of(bench, weight, mask));
        find(bench, 0, 1);
        assert_int_equal(bench->n, 1);
        double found = (double)bench->density[0] / 1e6;
        assert_true(found <= best + 1e-9);
        assert_true(found >= best / 2 - 1e-5);
        free(bench);
    }
}

/*
 * Theorem: camouflage, edges of fraudulent rows to honest columns, leaves the weight of the fraud as it was. So what is
 * found is at least half as dense as the fraud alone, however much of it there is, and here it is the fraud itself.
 */
static void camouflage_does_not_hide_a_block(void **state)
{
    (void)state;
    for (size_t camouflage = 0; camouflage <= 60; camouflage += 20) {
        struct test_random random = { 31 + camouflage };
        struct bench *bench = bench_new(300, 120);
        for (size_t r = 0; r < 300; r++)
            for (int i = 0; i < 6; i++)
                tie(bench, r, 10 + test_random_below(&random, 110));
        for (size_t r = 100; r < 125; r++) {
            for (size_t c = 0; c < 10; c++)
                tie(bench, r, c);
            for (size_t i = 0; i < camouflage; i++)
                tie(bench, r, 10 + test_random_below(&random, 110));
        }
        double fraud = 25 * 10 / log(25 + 5) / (25 + 10);
        find(bench, 0, 1);
        assert_true((double)bench->density[0] / 1e6 >= fraud - 1e-5);
        for (size_t r = 100; r < 125; r++)
            assert_true(bench->row[0][r]);
        assert_int_equal(bench->n_rows[0], 25);
        free(bench);
    }
}

static void the_next_block_is_found_once_the_first_is_out(void **state)
{
    (void)state;
    struct bench *bench = bench_new(60, 40);
    for (size_t r = 0; r < 10; r++)
        for (size_t c = 0; c < 8; c++)
            tie(bench, r, c);
    for (size_t r = 20; r < 28; r++)
        for (size_t c = 10; c < 15; c++)
            tie(bench, r, c);
    for (size_t r = 30; r < 60; r++)
        tie(bench, r, 39);
    find(bench, 1000000, 8);
    assert_int_equal(bench->n, 2);
    assert_true(bench->density[0] > bench->density[1] && bench->density[1] >= 1000000);
    for (size_t r = 0; r < 60; r++) {
        assert_int_equal(bench->row[0][r], r < 10);
        assert_int_equal(bench->row[1][r], r >= 20 && r < 28);
    }
    assert_int_equal(bench->graph.n, 30); /* the edges of no block */
    free(bench);
}

static void no_more_blocks_are_given_than_asked_for(void **state)
{
    (void)state;
    struct bench *bench = bench_new(40, 8);
    for (size_t r = 0; r < 40; r++)
        for (size_t c = 0; c < 2; c++)
            tie(bench, r, r / 10 * 2 + c);
    find(bench, 0, 0);
    assert_int_equal(bench->n, 0);
    find(bench, UINT64_MAX, 3);
    assert_int_equal(bench->n, 0);
    assert_int_equal(bench->graph.n, 80);
    free(bench);
}

static int compare_edges(const void *a, const void *b)
{
    return memcmp(a, b, sizeof(struct blocks_edge));
}

static void swaps_keep_every_degree_and_make_no_duplicate(void **state)
{
    (void)state;
    struct test_random random = { 6 };
    struct bench *bench = bench_new(80, 50);
    size_t before[2][128] = { { 0 } };
    for (int i = 0; i < 600; i++)
        tie(bench, test_random_below(&random, 80), test_random_below(&random, 50));
    struct blocks_edge *old = calloc(bench->graph.n, sizeof *old);
    memcpy(old, bench->edges, bench->graph.n * sizeof *old);
    for (size_t i = 0; i < bench->graph.n; i++) {
        before[0][old[i].row]++;
        before[1][old[i].column]++;
    }
    assert_ok(blocks_swap(&bench->graph, 9));
    size_t same = 0;
    for (size_t i = 0; i < bench->graph.n; i++) {
        same += memcmp(&old[i], &bench->edges[i], sizeof *old) == 0;
        before[0][bench->edges[i].row]--;
        before[1][bench->edges[i].column]--;
    }
    for (size_t i = 0; i < 128; i++)
        assert_int_equal(before[0][i] + before[1][i], 0);
    assert_true(same < bench->graph.n / 4);
    qsort(bench->edges, bench->graph.n, sizeof *bench->edges, compare_edges);
    for (size_t i = 1; i < bench->graph.n; i++)
        assert_true(compare_edges(&bench->edges[i - 1], &bench->edges[i]) != 0);
    free(old);
    free(bench);
}

/* A planted block is denser than its null; a graph that is random already is about as dense as its null. */
static void the_null_tells_a_block_from_chance(void **state)
{
    (void)state;
    struct test_random random = { 12 };
    for (int planted = 0; planted < 2; planted++) {
        struct bench *bench = bench_new(400, 300);
        uint64_t by_chance;
        for (int i = 0; i < 1200; i++)
            tie(bench, test_random_below(&random, 400), test_random_below(&random, 300));
        for (size_t r = 0; r < 20 && planted; r++)
            for (size_t c = 0; c < 12; c++)
                tie(bench, r, c);
        assert_ok(blocks_null(&bench->graph, 3, &by_chance));
        find(bench, 0, 1);
        double ratio = (double)bench->density[0] / (double)by_chance;
        assert_true(planted ? ratio > 1.5 : ratio < 1.15);
        free(bench);
    }
}

static void an_empty_graph_has_no_blocks(void **state)
{
    (void)state;
    struct bench *bench = bench_new(0, 0);
    uint64_t by_chance = 7;
    find(bench, 0, 3);
    assert_int_equal(bench->n, 0);
    assert_ok(blocks_null(&bench->graph, 1, &by_chance));
    assert_int_equal(by_chance, 0);
    free(bench);
}

static void running_out_of_memory_leaves_the_outputs_untouched(void **state)
{
    (void)state;
    struct bench *bench = bench_new(9, 4);
    for (size_t r = 0; r < 9; r++)
        for (size_t c = 0; c < 4; c++)
            tie(bench, r, c);
    enum status st = STATUS_NOMEM;
    for (long n = 0; st != STATUS_OK; n++) {
        uint64_t by_chance = 7;
        alloc_sweep_arm(n);
        st = blocks_null(&bench->graph, 1, &by_chance);
        assert_int_equal(alloc_sweep_disarm(), st != STATUS_OK);
        assert_int_equal(by_chance == 7, st != STATUS_OK);
    }
    st = STATUS_NOMEM;
    for (long n = 0; st != STATUS_OK; n++) {
        alloc_sweep_arm(n);
        st = blocks_find(&bench->graph, 0, 1, bench, note_block);
        assert_int_equal(alloc_sweep_disarm(), st != STATUS_OK);
        assert_int_equal(bench->n, st == STATUS_OK);
    }
    free(bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_clique_of_the_authors_example_is_found),
        cmocka_unit_test(the_first_block_is_at_least_half_as_dense_as_any),
        cmocka_unit_test(camouflage_does_not_hide_a_block),
        cmocka_unit_test(the_next_block_is_found_once_the_first_is_out),
        cmocka_unit_test(no_more_blocks_are_given_than_asked_for),
        cmocka_unit_test(swaps_keep_every_degree_and_make_no_duplicate),
        cmocka_unit_test(the_null_tells_a_block_from_chance),
        cmocka_unit_test(an_empty_graph_has_no_blocks),
        cmocka_unit_test(running_out_of_memory_leaves_the_outputs_untouched),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
