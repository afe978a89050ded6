#include "campaign/sweep.h"

#include "fixture.h"
#include "support/alloc_sweep.h"

enum { ACCOUNTS = 400 };

static struct graph graph;

static int set_up(void **state)
{
    (void)state;
    fixture_init(&graph);
    for (uint64_t account = 1; account < ACCOUNTS; account++) {
        show_all(&graph, OBJECT_PAYMENT, account, account, account + 1);
        show(&graph, OBJECT_SYSTEM, account % 7 + 1, account);
        give_back(&graph, OBJECT_TURN, account, account, account + 1);
    }
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    graph_fini(&graph);
    return 0;
}

/* Every third account goes. */
static void forget_some(void)
{
    for (uint64_t account = 3; account <= ACCOUNTS; account += 3)
        graph_forget(&graph, account);
}

static void slots_are_swept_when_a_sixteenth_is_empty(void **state)
{
    (void)state;
    assert_false(sweep_is_due(&graph));
    for (uint64_t account = 1; account <= 40; account++)
        graph_forget(&graph, account);
    assert_false(sweep_is_due(&graph));
    graph_forget(&graph, 41);
    graph_forget(&graph, 42);
    assert_true(sweep_is_due(&graph));
}

static void what_is_left_keeps_its_order_and_its_ties(void **state)
{
    (void)state;
    forget_some();
    assert_ok(sweep_graph(&graph));
    assert_int_equal(graph.generation, 1);
    assert_int_equal(graph.n_accounts, ACCOUNTS - ACCOUNTS / 3);
    for (size_t i = 0; i < graph.n_accounts; i++) {
        uint64_t account = graph.accounts[i].account;
        assert_true(account % 3 != 0);
        assert_int_equal(account_index(&graph, account), i);
        assert_true(i == 0 || graph.accounts[i - 1].account < account);
        uint64_t partner = account % 3 == 1 ? account + 1 : account - 1;
        if (partner > ACCOUNTS)
            continue;
        uint32_t card = object_index(&graph, OBJECT_PAYMENT, account < partner ? account : partner);
        assert_true(adjacency_has(&graph.ties, (uint32_t)i, card));
        assert_true(adjacency_has(&graph.columns, card, account_index(&graph, partner)));
        const struct graph_direct *d = &graph.direct[graph.accounts[i].direct - 1];
        assert_int_equal(graph.accounts[d->a].account + graph.accounts[d->b].account, account + partner);
        assert_int_equal(graph_direct_next(&graph, graph.accounts[i].direct, (uint32_t)i), 0);
        assert_int_equal(
            map_find(&graph.direct_index, graph_pair_key(d->a, d->b, d->kind)), d - graph.direct);
    }
}

static void without_memory_the_graph_stays_as_it_was(void **state)
{
    (void)state;
    forget_some();
    for (long nth = 0; nth < 3; nth++) {
        alloc_sweep_arm(nth);
        assert_int_equal(sweep_graph(&graph), STATUS_NOMEM);
        alloc_sweep_disarm();
        assert_int_equal(graph.n_accounts, ACCOUNTS);
        assert_int_equal(graph.generation, 0);
    }
    assert_ok(sweep_graph(&graph));
    assert_int_equal(graph.empty.accounts + graph.empty.objects + graph.empty.direct, 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(slots_are_swept_when_a_sixteenth_is_empty),
        TEST(what_is_left_keeps_its_order_and_its_ties),
        TEST(without_memory_the_graph_stays_as_it_was),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
