#include "campaign/graph.h"

#include "fixture.h"
#include "support/alloc_sweep.h"

enum { ACCOUNTS = 24, OBJECTS = 16, KINDS = 3 };

/* What the graph must hold, by plain tables. Accounts are 1.., objects of three kinds 0.. */
struct naive {
    bool known[ACCOUNTS];
    uint64_t organization[ACCOUNTS];
    bool alive[KINDS][OBJECTS];
    bool edge[ACCOUNTS][KINDS][OBJECTS];
    uint32_t direct[ACCOUNTS][ACCOUNTS][2]; /* by provenance, timing */
};

static const enum object_kind kinds[KINDS] = { OBJECT_PAYMENT, OBJECT_SYSTEM, OBJECT_IP };

static void naive_add(struct naive *naive, const struct tie *tie, size_t kind, size_t object)
{
    naive->known[tie->a] = true;
    if (tie->organization)
        naive->organization[tie->a] = tie->organization;
    if (tie->op == TIE_DIRECT) {
        naive->known[tie->b] = true;
        naive->direct[tie->a][tie->b][tie->kind == OBJECT_REFUSED]++;
        return;
    }
    naive->alive[kind][object] = true;
    naive->edge[tie->a][kind][object] = true;
}

static void naive_withdraw(struct naive *naive, size_t kind, size_t object)
{
    naive->alive[kind][object] = false;
    for (size_t a = 0; a < ACCOUNTS; a++)
        naive->edge[a][kind][object] = false;
}

static void naive_forget(struct naive *naive, size_t account)
{
    naive->known[account] = false;
    naive->organization[account] = 0;
    memset(naive->edge[account], 0, sizeof naive->edge[account]);
    memset(naive->direct[account], 0, sizeof naive->direct[account]);
    for (size_t a = 0; a < ACCOUNTS; a++)
        memset(naive->direct[a][account], 0, sizeof naive->direct[a][account]);
}

static bool holds(struct indices indices, uint32_t index)
{
    for (uint32_t i = 0; i < indices.n; i++)
        if (indices.items[i] == index)
            return true;
    return false;
}

static void assert_ascending(const struct adjacency *lists)
{
    for (uint32_t i = 0; i < lists->n; i++) {
        struct indices list = adjacency_at(lists, i);
        for (uint32_t e = 1; e < list.n; e++)
            assert_true(list.items[e - 1] < list.items[e]);
    }
}

static uint32_t direct_count(const struct graph *graph, uint32_t a, uint32_t b, enum family family)
{
    uint32_t count = 0;
    for (size_t i = 0; i < graph->n_direct; i++)
        if (graph->direct[i].count > 0 && graph->direct[i].a == a && graph->direct[i].b == b &&
            object_kind_info[graph->direct[i].kind].family == family) {
            assert_int_equal(count, 0);
            count = graph->direct[i].count;
        }
    return count;
}

static void assert_edges_equal(const struct graph *graph, const struct naive *naive)
{
    size_t edges = 0;
    for (size_t a = 0; a < ACCOUNTS; a++)
        for (size_t k = 0; k < KINDS; k++)
            for (size_t o = 0; o < OBJECTS; o++) {
                uint32_t account = graph_find_account(graph, a);
                uint32_t object = graph_find_object(graph, object_key(kinds[k], o + 1));
                assert_int_equal(object != MAP_NONE, naive->alive[k][o]);
                if (account == MAP_NONE || object == MAP_NONE)
                    continue;
                edges += naive->edge[a][k][o];
                const struct adjacency *row = kinds[k] == OBJECT_SYSTEM ? &graph->frames : &graph->ties;
                assert_int_equal(holds(adjacency_at(row, account), object), naive->edge[a][k][o]);
                assert_int_equal(holds(adjacency_at(&graph->columns, object), account), naive->edge[a][k][o]);
            }
    assert_int_equal(graph->n_edges, edges);
    assert_int_equal(graph->frames.n_pairs + graph->ties.n_pairs, edges);
    assert_int_equal(graph->columns.n_pairs, edges);
}

/* Cards that another account has, and turns and hand-offs to or from another. */
static uint32_t naive_strong(const struct naive *naive, size_t a)
{
    uint32_t n = 0;
    for (size_t o = 0; o < OBJECTS; o++) {
        size_t shown_by = 0;
        for (size_t other = 0; other < ACCOUNTS; other++)
            shown_by += naive->edge[other][0][o];
        n += naive->edge[a][0][o] && shown_by > 1;
    }
    for (size_t b = 0; b < ACCOUNTS; b++)
        for (size_t handed = 0; handed < 2; handed++)
            n += (naive->direct[a][b][handed] > 0 ? 1U : 0U) + (naive->direct[b][a][handed] > 0 ? 1U : 0U);
    return n;
}

static void assert_strong_equal(const struct graph *graph, const struct naive *naive)
{
    for (size_t a = 0; a < ACCOUNTS; a++)
        if (naive->known[a])
            assert_int_equal(graph->accounts[account_index(graph, a)].n_shared +
                                 graph->accounts[account_index(graph, a)].n_linked,
                naive_strong(naive, a));
    for (size_t o = 0; o < OBJECTS; o++) {
        uint32_t strong = 0;
        for (size_t a = 0; a < ACCOUNTS; a++)
            strong += naive->edge[a][1][o] && naive_strong(naive, a) > 0;
        if (naive->alive[1][o])
            assert_int_equal(graph->objects[object_index(graph, OBJECT_SYSTEM, o + 1)].strong, strong);
    }
}

/* Every direct tie is in the chains of its ends, once. */
static void assert_chained(const struct graph *graph)
{
    size_t ends = 0;
    for (uint32_t a = 0; a < graph->n_accounts; a++)
        for (uint32_t e = graph->accounts[a].direct; e; e = graph_direct_next(graph, e, a)) {
            const struct graph_direct *d = &graph->direct[e - 1];
            assert_true(d->count > 0 && (d->a == a || d->b == a));
            ends++;
        }
    assert_int_equal(ends, 2 * (graph->n_direct - graph->empty.direct));
}

static void assert_equal(const struct graph *graph, const struct naive *naive)
{
    size_t direct = 0;
    for (size_t a = 0; a < ACCOUNTS; a++) {
        uint32_t account = graph_find_account(graph, a);
        assert_int_equal(account != MAP_NONE, naive->known[a]);
        if (account == MAP_NONE)
            continue;
        assert_int_equal(graph->accounts[account].account, a);
        assert_int_equal(graph->accounts[account].organization, naive->organization[a]);
        for (size_t b = 0; b < ACCOUNTS; b++) {
            uint32_t other = graph_find_account(graph, b);
            for (int timing = 0; timing < 2 && other != MAP_NONE; timing++) {
                enum family family = timing ? FAMILY_TIMING : FAMILY_PROVENANCE;
                assert_int_equal(direct_count(graph, account, other, family), naive->direct[a][b][timing]);
                direct += naive->direct[a][b][timing] > 0;
            }
        }
    }
    assert_int_equal(graph->n_direct - graph->empty.direct, direct);
    assert_edges_equal(graph, naive);
    assert_strong_equal(graph, naive);
    assert_chained(graph);
    assert_ascending(&graph->frames);
    assert_ascending(&graph->ties);
    assert_ascending(&graph->columns);
}

/* One random event in both; repeated until it succeeds where memory runs out. */
static void step(struct graph *graph, struct naive *naive, struct test_random *random)
{
    size_t kind = test_random_below(random, KINDS);
    size_t object = test_random_below(random, OBJECTS);
    uint64_t a = 1 + test_random_below(random, ACCOUNTS - 1);
    uint64_t b = 1 + test_random_below(random, ACCOUNTS - 1);
    uint64_t what = test_random_below(random, 100);
    struct tie tie = tie_shown(kinds[kind], object + 1, a);
    tie.organization = test_random_below(random, 3) ? 0 : 500 + test_random_below(random, 4);
    if (what < 3) {
        graph_forget(graph, a);
        naive_forget(naive, a);
        return;
    }
    if (what < 6) {
        tie.op = TIE_WITHDRAW;
        naive_withdraw(naive, kind, object);
    } else if (what < 25 && a != b) {
        tie.op = TIE_DIRECT;
        tie.kind = what < 12 ? OBJECT_REFUSED : OBJECT_TURN;
        tie.b = b;
        naive_add(naive, &tie, kind, object);
    } else
        naive_add(naive, &tie, kind, object);
    while (graph_add(graph, &tie) != STATUS_OK)
        alloc_sweep_disarm();
    let_strong_count(graph);
}

static void a_built_graph_equals_a_naive_one(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 20; seed++) {
        struct test_random random = { seed };
        struct naive naive = { 0 };
        struct graph graph;
        print_message("seed %llu\n", (unsigned long long)seed);
        graph_init(&graph, 1000, 100000);
        for (int build = 0; build < 20; build++) {
            for (uint64_t n = test_random_below(&random, 200); n > 0; n--)
                step(&graph, &naive, &random);
            assert_ok(graph_build(&graph));
            assert_false(graph.dirty);
            assert_equal(&graph, &naive);
        }
        assert_true(graph.generation > 0); /* slots were swept */
        assert_int_equal(graph.dropped, 0);
        graph_fini(&graph);
    }
}

static void what_ran_out_of_memory_can_be_done_again(void **state)
{
    (void)state;
    for (long nth = 0; nth < 60; nth++) {
        struct test_random random = { 5 };
        struct naive naive = { 0 };
        struct graph graph;
        graph_init(&graph, 1000, 100000);
        alloc_sweep_arm(nth);
        for (int n = 0; n < 1200; n++) {
            step(&graph, &naive, &random);
            if (n % 300 == 299)
                while (graph_build(&graph) != STATUS_OK)
                    alloc_sweep_disarm();
        }
        alloc_sweep_disarm();
        assert_ok(graph_build(&graph));
        assert_equal(&graph, &naive);
        graph_fini(&graph);
    }
}

static void a_hand_off_ties_nobody_before_it_counts(void **state)
{
    (void)state;
    struct graph graph;
    fixture_init(&graph);
    struct tie tie = tie_returned(OBJECT_REFUSED, 5, 1, 2);
    show(&graph, OBJECT_SYSTEM, 9, 1);
    assert_ok(graph_add(&graph, &tie));
    fixture_build(&graph);
    uint32_t frame = object_index(&graph, OBJECT_SYSTEM, 9);
    for (uint32_t linked = 0; linked < 2; linked++) {
        uint32_t other;
        struct graph_walk walk = graph_walk_strong(&graph, account_index(&graph, 1));
        assert_int_equal(graph_walk_next(&graph, &walk, &other) != NULL, linked);
        assert_int_equal(graph_hangs(&graph.accounts[account_index(&graph, 2)]), linked);
        assert_int_equal(graph.objects[frame].strong, linked);
        graph_count_direct(&graph, &graph.direct[0]);
        graph_count_direct(&graph, &graph.direct[0]); /* twice is once */
    }
    graph_forget(&graph, 2);
    assert_false(graph_hangs(&graph.accounts[account_index(&graph, 1)]));
    graph_fini(&graph);
}

static void a_hand_off_with_the_held_counts_at_once_if_it_is_prompt(void **state)
{
    (void)state;
    for (unsigned late = 0; late < 2; late++) {
        struct graph graph;
        fixture_init(&graph);
        struct tie tie = tie_returned(OBJECT_REFUSED, 5, 1, 2);
        tie.lag_s = (uint16_t)(GRAPH_PROMPT_S + late);
        show(&graph, OBJECT_SYSTEM, 9, 1);
        graph.accounts[account_index(&graph, 1)].watched = true;
        assert_ok(graph_add(&graph, &tie));
        assert_int_equal(graph_hangs(&graph.accounts[account_index(&graph, 2)]), !late);
        assert_int_equal(graph.n_arrivals, !late);
        graph_fini(&graph);
    }
}

static void duplicates_are_dropped(void **state)
{
    (void)state;
    struct graph graph;
    fixture_init(&graph);
    for (int i = 0; i < 5; i++)
        show(&graph, OBJECT_IP, 1, 7);
    fixture_build(&graph);
    assert_int_equal(graph_degree(&graph, object_index(&graph, OBJECT_IP, 1)), 1);
    show(&graph, OBJECT_IP, 1, 7);
    fixture_build(&graph);
    assert_int_equal(graph.n_edges, 1);
    graph_fini(&graph);
}

static void an_object_keeps_the_time_of_its_first_tie(void **state)
{
    (void)state;
    struct graph graph;
    fixture_init(&graph);
    struct tie tie = tie_shown(OBJECT_IP, 1, 7);
    assert_ok(graph_add(&graph, &tie));
    tie.time_ms += HOUR;
    tie.a = 8;
    assert_ok(graph_add(&graph, &tie));
    assert_int_equal(graph.objects[0].first_ms, T0);
    graph_fini(&graph);
}

static void what_does_not_fit_is_dropped_and_counted(void **state)
{
    (void)state;
    struct graph graph;
    graph_init(&graph, 3, 5);
    show_all(&graph, OBJECT_IP, 1, 1, 4); /* the fourth account has no place */
    assert_int_equal(graph.dropped, 1);
    show_all(&graph, OBJECT_IP, 2, 1, 3); /* the sixth edge neither */
    assert_int_equal(graph.dropped, 2);
    give_back(&graph, OBJECT_TURN, 1, 1, 4);
    assert_int_equal(graph.dropped, 3);
    assert_ok(graph_build(&graph));
    assert_int_equal(graph.n_accounts, 3);
    assert_int_equal(graph.n_edges, 5);
    graph_fini(&graph);
}

static void a_build_makes_room_where_something_was_forgotten(void **state)
{
    (void)state;
    struct graph graph;
    graph_init(&graph, 3, 3);
    show_all(&graph, OBJECT_IP, 1, 1, 3);
    graph_forget(&graph, 2);
    assert_ok(graph_build(&graph));
    show(&graph, OBJECT_IP, 1, 4);
    assert_int_equal(graph.dropped, 0);
    assert_ok(graph_build(&graph));
    assert_int_equal(graph_degree(&graph, 0), 3);
    graph_fini(&graph);
}

static void a_withdrawn_object_starts_anew(void **state)
{
    (void)state;
    struct graph graph;
    fixture_init(&graph);
    show_all(&graph, OBJECT_IP, 1, 1, 6);
    struct tie tie = tie_shown(OBJECT_IP, 1, 0);
    tie.op = TIE_WITHDRAW;
    assert_ok(graph_add(&graph, &tie));
    assert_ok(graph_add(&graph, &tie)); /* once more says nothing */
    show(&graph, OBJECT_IP, 1, 9);
    fixture_build(&graph);
    assert_int_equal(graph.n_objects - graph.empty.objects, 1);
    assert_int_equal(graph_degree(&graph, object_index(&graph, OBJECT_IP, 1)), 1);
    graph_fini(&graph);
}

static bool is_marked(const struct marks *marks, uint32_t index)
{
    return marks_next(marks, index) == index;
}

static void what_changed_is_marked_until_it_was_seen(void **state)
{
    (void)state;
    struct graph graph;
    fixture_init(&graph);
    show_all(&graph, OBJECT_SYSTEM, 1, 1, 5);
    show_all(&graph, OBJECT_SYSTEM, 2, 3, 5);
    show_all(&graph, OBJECT_PAYMENT, 3, 1, 1);
    fixture_build(&graph);
    graph_seen(&graph);
    assert_true(marks_next(&graph.changed, 0) == SIZE_MAX);
    show(&graph, OBJECT_PAYMENT, 3, 2); /* 1 and 2 hang in strong ties now, of which frame 1 counts two */
    assert_true(is_marked(&graph.changed, object_index(&graph, OBJECT_PAYMENT, 3)));
    assert_true(is_marked(&graph.changed, object_index(&graph, OBJECT_SYSTEM, 1)));
    assert_false(is_marked(&graph.changed, object_index(&graph, OBJECT_SYSTEM, 2)));
    assert_int_equal(graph.objects[object_index(&graph, OBJECT_SYSTEM, 1)].strong, 2);
    give_back(&graph, OBJECT_TURN, 9, 4, 5);
    assert_true(marks_next(&graph.restrung, 0) == SIZE_MAX);
    give_back(&graph, OBJECT_TURN, 9, 4, 5);
    assert_true(is_marked(&graph.restrung, account_index(&graph, 4)));
    graph_fini(&graph);
}

static void a_weak_return_does_not_count_as_a_strong_one(void **state)
{
    (void)state;
    struct graph graph;
    fixture_init(&graph);
    give_back(&graph, OBJECT_TURN, 1, 1, 2);
    give_back(&graph, OBJECT_ECHO, 2, 1, 2);
    give_back(&graph, OBJECT_ECHO, 3, 3, 4);
    give_back(&graph, OBJECT_TURN, 4, 3, 4);
    assert_int_equal(graph.n_direct, 2);
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(graph.direct[i].kind, OBJECT_TURN);
        assert_int_equal(graph.direct[i].count, 1);
    }
    graph_fini(&graph);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_built_graph_equals_a_naive_one),
        cmocka_unit_test(a_hand_off_ties_nobody_before_it_counts),
        cmocka_unit_test(what_ran_out_of_memory_can_be_done_again),
        cmocka_unit_test(a_hand_off_with_the_held_counts_at_once_if_it_is_prompt),
        cmocka_unit_test(duplicates_are_dropped),
        cmocka_unit_test(an_object_keeps_the_time_of_its_first_tie),
        cmocka_unit_test(what_does_not_fit_is_dropped_and_counted),
        cmocka_unit_test(a_build_makes_room_where_something_was_forgotten),
        cmocka_unit_test(a_withdrawn_object_starts_anew),
        cmocka_unit_test(what_changed_is_marked_until_it_was_seen),
        cmocka_unit_test(a_weak_return_does_not_count_as_a_strong_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
