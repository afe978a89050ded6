#include "rival/edges.h"

#include "support/alloc_sweep.h"
#include "support/random.h"
#include "support/test.h"

#include <stdlib.h>
#include <string.h>

static void a_pair_has_one_edge_which_keeps_its_value(void **state)
{
    (void)state;
    struct edges edges;
    struct edge *edge;
    edges_init(&edges, 10);
    assert_ok(edges_add(&edges, 900, 3, &edge));
    assert_int_equal(edge->value, 0);
    edge->value = 5;
    assert_ok(edges_add(&edges, 901, 3, &edge));
    assert_int_equal(edge->value, 0);
    assert_ok(edges_add(&edges, 900, 3, &edge));
    assert_int_equal(edge->value, 5);
    assert_ok(edges_add(&edges, 0, 3, &edge));
    assert_null(edge);
    assert_int_equal(edges.n, 2);
    assert_int_equal(edges.left_out, 0);
    edges_clear(&edges);
    assert_ok(edges_add(&edges, 900, 3, &edge));
    assert_int_equal(edge->value, 0);
    edges_fini(&edges);
}

static void a_full_graph_leaves_pairs_out_and_counts_them(void **state)
{
    (void)state;
    struct edges edges;
    struct edge *edge;
    edges_init(&edges, 3);
    for (uint32_t account = 0; account < 5; account++) {
        assert_ok(edges_add(&edges, 900 + account % 2, account, &edge));
        assert_int_equal(edge == NULL, account >= 3);
    }
    assert_int_equal(edges.left_out, 2);
    assert_ok(edges_add(&edges, 901, 1, &edge));
    assert_non_null(edge);
    edges_fini(&edges);
}

/* Against a plain matrix: which pairs there are, their order by object, and what is left after pruning. */
static void the_graph_is_that_of_a_matrix(void **state)
{
    (void)state;
    enum { OBJECTS = 30, ACCOUNTS = 40 };
    struct test_random random = { 11 };
    print_message("seed %llu\n", (unsigned long long)random.state);
    uint64_t matrix[OBJECTS][ACCOUNTS] = { { 0 } };
    struct edges edges;
    struct edge *edge;
    edges_init(&edges, 10000);
    for (uint64_t i = 1; i < 600; i++) {
        uint64_t object = test_random_below(&random, OBJECTS);
        uint64_t account = test_random_below(&random, ACCOUNTS);
        assert_ok(edges_add(&edges, 500 + object, (uint32_t)account, &edge));
        assert_int_equal(edge->value, matrix[object][account]);
        edge->value = matrix[object][account] = i;
    }
    for (uint64_t least = 0; least <= 400; least += 200) {
        uint32_t *start;
        uint32_t *order;
        size_t n = 0;
        assert_ok(edges_prune(&edges, least));
        assert_ok(edges_by_object(&edges, &start, &order));
        for (size_t o = 0; o < edges.objects.n; o++)
            for (uint32_t i = start[o]; i < start[o + 1]; i++) {
                const struct edge *e = &edges.items[order[i]];
                assert_int_equal(e->object, o);
                assert_int_equal(matrix[edges.objects.hashes[o] - 500][e->account], e->value);
                assert_true(i == start[o] || order[i - 1] < order[i]);
            }
        for (size_t o = 0; o < OBJECTS; o++)
            for (size_t a = 0; a < ACCOUNTS; a++)
                n += matrix[o][a] > 0 && matrix[o][a] >= least;
        assert_int_equal(start[edges.objects.n], edges.n);
        assert_int_equal(edges.n, n);
        assert_int_equal(start[edges.objects.n], n);
        free(start);
        free(order);
    }
    edges_fini(&edges);
}

static void few_old_edges_stay_until_they_are_a_quarter(void **state)
{
    (void)state;
    struct edges edges;
    struct edge *edge;
    edges_init(&edges, 100);
    for (uint32_t account = 0; account < 20; account++) {
        assert_ok(edges_add(&edges, 900, account, &edge));
        edge->value = account;
    }
    assert_ok(edges_prune(&edges, 4));
    assert_int_equal(edges.n, 20);
    assert_ok(edges_prune(&edges, 5));
    assert_int_equal(edges.n, 15);
    edges_fini(&edges);
}

static void running_out_of_memory_leaves_the_outputs_untouched(void **state)
{
    (void)state;
    struct edges edges;
    struct edge *edge;
    edges_init(&edges, 100);
    enum status st = STATUS_NOMEM;
    for (long n = 0; st != STATUS_OK; n++) {
        edge = (struct edge *)&edges;
        alloc_sweep_arm(n);
        st = edges_add(&edges, 9, 1, &edge);
        assert_int_equal(alloc_sweep_disarm(), st != STATUS_OK);
        assert_int_equal(edge == (struct edge *)&edges, st != STATUS_OK);
        assert_int_equal(edges.n, st == STATUS_OK);
    }
    assert_ok(edges_add(&edges, 9, 2, &edge));
    edge->value = 1;
    st = STATUS_NOMEM;
    for (long n = 0; st != STATUS_OK; n++) {
        alloc_sweep_arm(n);
        st = edges_prune(&edges, 1);
        assert_int_equal(alloc_sweep_disarm(), st != STATUS_OK);
        assert_int_equal(edges.n, st == STATUS_OK ? 1 : 2);
    }
    edges_fini(&edges);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_pair_has_one_edge_which_keeps_its_value),
        cmocka_unit_test(a_full_graph_leaves_pairs_out_and_counts_them),
        cmocka_unit_test(the_graph_is_that_of_a_matrix),
        cmocka_unit_test(few_old_edges_stay_until_they_are_a_quarter),
        cmocka_unit_test(running_out_of_memory_leaves_the_outputs_untouched),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
