#include "sketch/contingency.h"

#include "support/alloc_sweep.h"
#include "support/random.h"
#include "support/test.h"

enum { ITEMS = 40 };

static uint32_t count(const uint32_t *labels, uint32_t label, const uint32_t *others, uint32_t other)
{
    uint32_t n = 0;
    for (size_t i = 0; i < ITEMS; i++)
        n += labels[i] == label && (!others || others[i] == other);
    return n;
}

static void every_cell_counts_what_its_clusters_share(void **state)
{
    (void)state;
    struct test_random random = { 7 };
    for (unsigned round = 0; round < 200; round++) {
        uint32_t left[ITEMS], right[ITEMS];
        uint64_t clusters = 1 + test_random_below(&random, ITEMS);
        for (size_t i = 0; i < ITEMS; i++) {
            left[i] = (uint32_t)test_random_below(&random, clusters);
            right[i] = UINT32_MAX - (uint32_t)test_random_below(&random, 5);
        }
        struct contingency table;
        assert_ok(contingency_init(&table, left, right, ITEMS));
        uint32_t items = 0;
        for (size_t i = 0; i < table.n_cells; i++) {
            const struct contingency_cell *cell = &table.cells[i];
            assert_true(cell->n > 0);
            assert_int_equal(cell->n, count(left, cell->left, right, cell->right));
            assert_int_equal(cell->n_left, count(left, cell->left, NULL, 0));
            assert_int_equal(cell->n_right, count(right, cell->right, NULL, 0));
            items += cell->n;
        }
        assert_int_equal(items, ITEMS);
        contingency_fini(&table);
    }
}

static void cells_of_a_right_cluster_lie_together(void **state)
{
    (void)state;
    const uint32_t left[] = { 1, 2, 1, 3, 2 }, right[] = { 9, 8, 8, 9, 9 };
    const uint32_t expected[][3] = { { 1, 8, 1 }, { 2, 8, 1 }, { 1, 9, 1 }, { 2, 9, 1 }, { 3, 9, 1 } };
    struct contingency table;
    assert_ok(contingency_init(&table, left, right, 5));
    assert_int_equal(table.n_cells, 5);
    for (size_t i = 0; i < 5; i++) {
        assert_int_equal(table.cells[i].left, expected[i][0]);
        assert_int_equal(table.cells[i].right, expected[i][1]);
        assert_int_equal(table.cells[i].n, expected[i][2]);
    }
    contingency_fini(&table);
}

static void nothing_has_no_cell(void **state)
{
    (void)state;
    struct contingency table;
    assert_ok(contingency_init(&table, NULL, NULL, 0));
    assert_int_equal(table.n_cells, 0);
    contingency_fini(&table);
}

static void memory_may_run_out_anywhere(void **state)
{
    (void)state;
    const uint32_t labels[] = { 1, 2, 1 };
    struct contingency table = { .n = 77 };
    enum status st = STATUS_NOMEM;
    long nth = 0;
    for (; st != STATUS_OK; nth++) {
        alloc_sweep_arm(nth);
        st = contingency_init(&table, labels, labels, 3);
        bool reached = alloc_sweep_disarm();
        assert_true(reached == (st == STATUS_NOMEM));
        assert_true(st == STATUS_OK || table.n == 77);
    }
    assert_int_equal(nth, 3);
    contingency_fini(&table);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_cell_counts_what_its_clusters_share),
        cmocka_unit_test(cells_of_a_right_cluster_lie_together),
        cmocka_unit_test(nothing_has_no_cell),
        cmocka_unit_test(memory_may_run_out_anywhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
