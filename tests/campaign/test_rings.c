#include "campaign/rings.h"

#include "fixture.h"
#include "support/alloc_sweep.h"

static struct graph graph;
static struct rings identity;
static struct rings provenance;

static int set_up(void **state)
{
    (void)state;
    fixture_init(&graph);
    rings_init(&identity, FAMILY_IDENTITY);
    rings_init(&provenance, FAMILY_PROVENANCE);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    graph_fini(&graph);
    rings_fini(&identity);
    rings_fini(&provenance);
    return 0;
}

static void update(struct rings *rings, bool anew)
{
    assert_ok(rings_update(rings, &graph, anew));
}

/* Parts of two or more. */
static size_t n_parts(struct rings *rings)
{
    size_t n = 0;
    for (uint32_t i = 0; i < rings->n; i++)
        n += rings_root(rings, i) == i && rings_size(rings, i) > 1;
    return n;
}

static size_t size_around(const struct rings *rings, uint64_t account)
{
    return rings_size(rings, account_index(&graph, account));
}

static void payments_join_accounts_over_any_number_of_steps(void **state)
{
    (void)state;
    for (uint64_t i = 1; i < 30; i++)
        show_all(&graph, OBJECT_PAYMENT, i, i, i + 1);
    show_all(&graph, OBJECT_DEVICE, 99, 40, 41);
    show(&graph, OBJECT_PAYMENT, 98, 50);
    fixture_build(&graph);
    update(&identity, true);
    assert_int_equal(n_parts(&identity), 2);
    assert_int_equal(size_around(&identity, 17), 30);
    assert_int_equal(size_around(&identity, 41), 2);
    assert_int_equal(size_around(&identity, 50), 1);
}

static void weak_and_crowded_objects_join_nobody(void **state)
{
    (void)state;
    show_all(&graph, OBJECT_EMAIL_DOMAIN, 1, 1, 20);
    show_all(&graph, OBJECT_SIGNUP_BURST, 2, 1, 20);
    show_all(&graph, OBJECT_PAYMENT, 3, 1, GRAPH_JOIN_MEMBERS_MAX + 1);
    show_all(&graph, OBJECT_DEVICE, 4, 101, 100 + GRAPH_JOIN_MEMBERS_MAX);
    fixture_build(&graph);
    update(&identity, true);
    assert_int_equal(n_parts(&identity), 1);
    assert_int_equal(size_around(&identity, 101), GRAPH_JOIN_MEMBERS_MAX);
}

static void one_return_is_an_accident_two_join(void **state)
{
    (void)state;
    give_back(&graph, OBJECT_TURN, 1, 1, 2);
    give_back(&graph, OBJECT_TURN, 2, 3, 4);
    give_back(&graph, OBJECT_SIGNATURE, 3, 3, 4);
    fixture_build(&graph);
    assert_int_equal(GRAPH_JOIN_TIMES_MIN, 2);
    update(&provenance, true);
    assert_int_equal(n_parts(&provenance), 1);
    assert_int_equal(size_around(&provenance, 3), 2);
}

static void echoes_join_nobody(void **state)
{
    (void)state;
    give_back(&graph, OBJECT_TURN, 20, 3, 4); /* once: an accident */
    for (uint64_t i = 1; i < 10; i++) {
        give_back(&graph, OBJECT_ECHO, i, 1, 2);
        give_back(&graph, OBJECT_ECHO, i, 3, 4);
    }
    fixture_build(&graph);
    update(&provenance, true);
    assert_int_equal(n_parts(&provenance), 0);
}

static void each_family_has_its_own_components(void **state)
{
    (void)state;
    show_all(&graph, OBJECT_PAYMENT, 1, 1, 5);
    for (uint64_t i = 1; i < 4; i++)
        give_back(&graph, OBJECT_TURN, i, 5, 6);
    fixture_build(&graph);
    update(&identity, true);
    update(&provenance, true);
    assert_int_equal(size_around(&identity, 5), 5);
    assert_int_equal(size_around(&provenance, 5), 2);
}

enum { ACCOUNTS = 150, CARDS = 60 };

/* By flooding: the smallest index that hangs together with each account. */
static void flood(enum family family, uint32_t root[static 2 * ACCOUNTS * 60])
{
    for (uint32_t i = 0; i < graph.n_accounts; i++)
        root[i] = i;
    for (bool again = true; again;) {
        again = false;
        for (uint32_t o = 0; o < graph.n_objects; o++) {
            const struct object_kind_info *kind = &object_kind_info[graph.objects[o].kind];
            struct indices members = adjacency_at(&graph.columns, o);
            if (kind->family != family || !kind->strong || members.n > GRAPH_JOIN_MEMBERS_MAX)
                continue;
            for (uint32_t i = 0; i < members.n * members.n; i++)
                if (root[members.items[i / members.n]] > root[members.items[i % members.n]]) {
                    root[members.items[i / members.n]] = root[members.items[i % members.n]];
                    again = true;
                }
        }
        for (size_t i = 0; i < graph.n_direct; i++) {
            const struct graph_direct *d = &graph.direct[i];
            const struct object_kind_info *kind = &object_kind_info[d->kind];
            if (kind->family != family || !d->counts || d->count < GRAPH_JOIN_TIMES_MIN ||
                root[d->a] == root[d->b])
                continue;
            root[d->a] = root[d->b] = root[d->a] < root[d->b] ? root[d->a] : root[d->b];
            again = true;
        }
    }
}

static void assert_flooded(struct rings *rings)
{
    static uint32_t root[2 * ACCOUNTS * 60];
    static uint32_t size[2 * ACCOUNTS * 60];
    assert_true(graph.n_accounts <= sizeof root / sizeof root[0]);
    memset(size, 0, sizeof size);
    flood(rings->family, root);
    for (uint32_t i = 0; i < graph.n_accounts; i++)
        size[root[i]]++;
    for (uint32_t i = 0; i < graph.n_accounts; i++) {
        assert_int_equal(rings_root(rings, i), root[i]);
        assert_int_equal(rings_size(rings, i), size[root[i]]);
    }
}

static void change(struct test_random *random)
{
    for (uint64_t n = test_random_below(random, 90); n > 0; n--) {
        uint64_t a = 1 + test_random_below(random, ACCOUNTS), b = 1 + test_random_below(random, ACCOUNTS);
        uint64_t what = test_random_below(random, 100);
        uint64_t card = 1 + test_random_below(random, test_random_below(random, 2) ? CARDS : 2);
        struct tie tie = tie_shown(what % 2 ? OBJECT_PAYMENT : OBJECT_IP, card, a);
        if (what < 3)
            graph_forget(&graph, a);
        else if (what < 8)
            tie.op = card > 2 || test_random_below(random, 10) == 0 ? TIE_WITHDRAW : TIE_MEMBER;
        else if (what < 40)
            tie = tie_returned(what < 35 ? OBJECT_TURN : OBJECT_ECHO, n, a, a % 40 + 1);
        else if (what < 50)
            tie = tie_returned(OBJECT_SIGNATURE, n, a, b);
        if (what >= 3)
            assert_ok(graph_add(&graph, &tie));
    }
}

/* Cards 1 and 2 cross the number of members beyond which they join nobody. */
static void kept_rings_equal_flooded_ones_over_random_histories(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 12; seed++) {
        struct test_random random = { seed };
        print_message("seed %llu\n", (unsigned long long)seed);
        graph_fini(&graph);
        fixture_init(&graph);
        uint32_t generation = UINT32_MAX;
        uint32_t most = 0;
        for (int epoch = 0; epoch < 120; epoch++) {
            change(&random);
            if (epoch % 2)
                let_strong_count(&graph);
            assert_ok(graph_build(&graph));
            update(&identity, graph.generation != generation);
            update(&provenance, graph.generation != generation);
            assert_flooded(&identity);
            assert_flooded(&provenance);
            generation = graph.generation;
            graph_seen(&graph);
            uint32_t card = graph_find_object(&graph, object_key(OBJECT_PAYMENT, 1));
            most = card != MAP_NONE && graph_degree(&graph, card) > most ? graph_degree(&graph, card) : most;
        }
        assert_true(most > GRAPH_JOIN_MEMBERS_MAX && generation > 0);
    }
}

static void only_what_changed_is_marked(void **state)
{
    (void)state;
    show_all(&graph, OBJECT_PAYMENT, 1, 1, 5);
    show_all(&graph, OBJECT_PAYMENT, 2, 11, 15);
    assert_ok(graph_build(&graph));
    update(&identity, true);
    graph_seen(&graph);
    update(&identity, false);
    assert_true(marks_next(&identity.changed, 0) == SIZE_MAX);
    show(&graph, OBJECT_PAYMENT, 2, 16);
    assert_ok(graph_build(&graph));
    update(&identity, false);
    assert_int_equal(marks_next(&identity.changed, 0), account_index(&graph, 11));
    assert_true(marks_next(&identity.changed, account_index(&graph, 11) + 1) == SIZE_MAX);
    assert_int_equal(size_around(&identity, 16), 6);
}

static void what_ran_out_of_memory_is_done_anew(void **state)
{
    (void)state;
    show_all(&graph, OBJECT_PAYMENT, 1, 1, 50);
    assert_ok(graph_build(&graph));
    enum status st = STATUS_NOMEM;
    for (long n = 0; st != STATUS_OK; n++) {
        alloc_sweep_arm(n);
        st = rings_update(&identity, &graph, true);
        assert_int_equal(alloc_sweep_disarm(), st != STATUS_OK);
    }
    assert_flooded(&identity);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(payments_join_accounts_over_any_number_of_steps),
        TEST(weak_and_crowded_objects_join_nobody),
        TEST(one_return_is_an_accident_two_join),
        TEST(echoes_join_nobody),
        TEST(each_family_has_its_own_components),
        TEST(kept_rings_equal_flooded_ones_over_random_histories),
        TEST(only_what_changed_is_marked),
        TEST(what_ran_out_of_memory_is_done_anew),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
