#include "campaign/components.h"

#include "fixture.h"
#include "support/alloc_sweep.h"

static struct graph graph;

static int set_up(void **state)
{
    (void)state;
    fixture_init(&graph);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    graph_fini(&graph);
    return 0;
}

/* As if enough members of every object hung in strong ties. */
static void build_with_strong_ties(void)
{
    fixture_build(&graph);
    for (size_t i = 0; i < graph.n_objects; i++)
        graph.objects[i].strong = FIND_STRONG_MIN;
}

static struct components clusters_of(uint32_t min_accounts)
{
    struct components clusters;
    assert_ok(content_clusters(&graph, min_accounts, &clusters));
    return clusters;
}

static struct components parts_of(enum family family)
{
    struct components parts;
    assert_ok(strong_components(&graph, family, 2, &parts));
    return parts;
}

/* Of how many components the one that holds the item has; 0: none holds it. */
static size_t size_around(const struct components *components, uint32_t item)
{
    for (size_t i = 0; i < components->n; i++)
        for (size_t j = components->start[i]; j < components->start[i + 1]; j++)
            if (components->items[j] == item)
                return components->start[i + 1] - components->start[i];
    return 0;
}

static void objects_of_the_same_accounts_are_one_cluster(void **state)
{
    (void)state;
    show_all(&graph, OBJECT_SYSTEM, 1, 1, 20);
    show_all(&graph, OBJECT_LEAD24, 2, 1, 20);
    show_all(&graph, OBJECT_TAIL12, 3, 1, 18);
    show_all(&graph, OBJECT_SYSTEM, 4, 100, 120);
    build_with_strong_ties();
    struct components clusters = clusters_of(5);
    assert_int_equal(clusters.n, 2);
    assert_int_equal(size_around(&clusters, object_index(&graph, OBJECT_SYSTEM, 1)), 3);
    assert_int_equal(size_around(&clusters, object_index(&graph, OBJECT_SYSTEM, 4)), 1);
    components_fini(&clusters);
}

/* Each object shares nearly all of its accounts with the next one, the first and the last share none. */
static void unlike_objects_do_not_chain(void **state)
{
    (void)state;
    enum { OBJECTS = 40, WIDTH = 10 };
    for (uint64_t i = 0; i < OBJECTS; i++)
        show_all(&graph, OBJECT_SYSTEM, i + 1, i + 1, i + WIDTH);
    build_with_strong_ties();
    struct components clusters = clusters_of(5);
    for (size_t i = 0; i < clusters.n; i++) {
        uint64_t low = UINT64_MAX;
        uint64_t high = 0;
        for (size_t j = clusters.start[i]; j < clusters.start[i + 1]; j++) {
            uint32_t account = adjacency_at(&graph.columns, clusters.items[j]).items[0];
            uint64_t first = graph.accounts[account].account;
            low = first < low ? first : low;
            high = first > high ? first : high;
        }
        assert_true(high - low <= 6); /* a leader at most three steps away to either side */
    }
    assert_int_equal(clusters.start[clusters.n], OBJECTS);
    components_fini(&clusters);
}

static void a_popular_object_does_not_swallow_a_rare_one(void **state)
{
    (void)state;
    show_all(&graph, OBJECT_LEAD6, 1, 1, 400);
    show_all(&graph, OBJECT_SYSTEM, 2, 30, 60);
    build_with_strong_ties();
    struct components clusters = clusters_of(5);
    assert_int_equal(clusters.n, 2);
    components_fini(&clusters);
}

static void objects_of_few_accounts_are_left_out(void **state)
{
    (void)state;
    show_all(&graph, OBJECT_SYSTEM, 1, 1, 4);
    show_all(&graph, OBJECT_SYSTEM, 2, 1, 5);
    build_with_strong_ties();
    struct components clusters = clusters_of(5);
    assert_int_equal(clusters.n, 1);
    assert_int_equal(clusters.items[0], object_index(&graph, OBJECT_SYSTEM, 2));
    components_fini(&clusters);
}

static void fixed_texts_and_unspecific_kinds_are_left_out(void **state)
{
    (void)state;
    show_all(&graph, OBJECT_SYSTEM, 1, 1, 20);
    show_all(&graph, OBJECT_SHAPE, 2, 1, 20);
    show_all(&graph, OBJECT_IP, 3, 1, 20);
    show_all(&graph, OBJECT_PAYMENT, 4, 1, 20);
    build_with_strong_ties();
    graph.objects[object_index(&graph, OBJECT_SYSTEM, 1)].many_tasks = false;
    struct components clusters = clusters_of(5);
    assert_int_equal(clusters.n, 0);
    components_fini(&clusters);
}

static void objects_without_strong_ties_among_their_accounts_are_left_out(void **state)
{
    (void)state;
    show_all(&graph, OBJECT_SYSTEM, 1, 1, 20);
    show_all(&graph, OBJECT_SYSTEM, 2, 31, 50);
    show_all(&graph, OBJECT_PAYMENT, 3, 1, FIND_STRONG_MIN);
    show(&graph, OBJECT_PAYMENT, 4, 31); /* a card that nobody else shows */
    show_all(&graph, OBJECT_PAYMENT, 5, 32, 32 + FIND_STRONG_MIN - 2);
    fixture_build(&graph);
    struct components clusters = clusters_of(5);
    assert_int_equal(clusters.n, 1);
    assert_int_equal(clusters.items[0], object_index(&graph, OBJECT_SYSTEM, 1));
    components_fini(&clusters);
}

static void payments_join_accounts_over_any_number_of_steps(void **state)
{
    (void)state;
    for (uint64_t i = 1; i < 30; i++)
        show_all(&graph, OBJECT_PAYMENT, i, i, i + 1);
    show_all(&graph, OBJECT_DEVICE, 99, 40, 41);
    show(&graph, OBJECT_PAYMENT, 98, 50);
    fixture_build(&graph);
    struct components parts = parts_of(FAMILY_IDENTITY);
    assert_int_equal(parts.n, 2);
    assert_int_equal(size_around(&parts, account_index(&graph, 17)), 30);
    assert_int_equal(size_around(&parts, account_index(&graph, 41)), 2);
    assert_int_equal(size_around(&parts, account_index(&graph, 50)), 0);
    components_fini(&parts);
}

static void weak_and_crowded_objects_join_nobody(void **state)
{
    (void)state;
    show_all(&graph, OBJECT_EMAIL_DOMAIN, 1, 1, 20);
    show_all(&graph, OBJECT_SIGNUP_BURST, 2, 1, 20);
    show_all(&graph, OBJECT_PAYMENT, 3, 1, GRAPH_JOIN_MEMBERS_MAX + 1);
    show_all(&graph, OBJECT_DEVICE, 4, 101, 100 + GRAPH_JOIN_MEMBERS_MAX);
    fixture_build(&graph);
    struct components parts = parts_of(FAMILY_IDENTITY);
    assert_int_equal(parts.n, 1);
    assert_int_equal(size_around(&parts, account_index(&graph, 101)), GRAPH_JOIN_MEMBERS_MAX);
    components_fini(&parts);
}

static void one_return_is_an_accident_two_join(void **state)
{
    (void)state;
    give_back(&graph, OBJECT_TURN, 1, 1, 2);
    give_back(&graph, OBJECT_TURN, 2, 3, 4);
    give_back(&graph, OBJECT_SIGNATURE, 3, 3, 4);
    fixture_build(&graph);
    assert_int_equal(GRAPH_JOIN_TIMES_MIN, 2);
    struct components parts = parts_of(FAMILY_PROVENANCE);
    assert_int_equal(parts.n, 1);
    assert_int_equal(size_around(&parts, account_index(&graph, 3)), 2);
    components_fini(&parts);
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
    struct components parts = parts_of(FAMILY_PROVENANCE);
    assert_int_equal(parts.n, 0);
    components_fini(&parts);
}

static void each_family_has_its_own_components(void **state)
{
    (void)state;
    show_all(&graph, OBJECT_PAYMENT, 1, 1, 5);
    for (uint64_t i = 1; i < 4; i++)
        give_back(&graph, OBJECT_TURN, i, 5, 6);
    fixture_build(&graph);
    struct components identity = parts_of(FAMILY_IDENTITY);
    struct components provenance = parts_of(FAMILY_PROVENANCE);
    assert_int_equal(size_around(&identity, account_index(&graph, 5)), 5);
    assert_int_equal(size_around(&provenance, account_index(&graph, 5)), 2);
    components_fini(&identity);
    components_fini(&provenance);
}

static void components_come_in_the_order_of_their_first_item(void **state)
{
    (void)state;
    struct test_random random = { 12 };
    print_message("seed %llu\n", (unsigned long long)random.state);
    for (int i = 0; i < 150; i++)
        show(&graph, OBJECT_PAYMENT, 1 + test_random_below(&random, 60), 1 + test_random_below(&random, 100));
    fixture_build(&graph);
    struct components parts = parts_of(FAMILY_IDENTITY);
    assert_true(parts.n > 1);
    for (size_t i = 0; i < parts.n; i++) {
        assert_true(i == 0 || parts.items[parts.start[i - 1]] < parts.items[parts.start[i]]);
        for (size_t j = parts.start[i] + 1; j < parts.start[i + 1]; j++)
            assert_true(parts.items[j - 1] < parts.items[j]);
    }
    components_fini(&parts);
}

static void running_out_of_memory_leaves_the_output_untouched(void **state)
{
    (void)state;
    for (uint64_t i = 0; i < 12; i++)
        show_all(&graph, OBJECT_SYSTEM, i + 1, 10 * i + 1, 10 * i + 8);
    show_all(&graph, OBJECT_PAYMENT, 1, 1, 12);
    build_with_strong_ties();
    for (int strong = 0; strong < 2; strong++) {
        struct components out = { .n = 77 };
        enum status st = STATUS_NOMEM;
        for (long n = 0; st != STATUS_OK; n++) {
            assert_int_equal(out.n, 77);
            alloc_sweep_arm(n);
            st = strong ? strong_components(&graph, FAMILY_IDENTITY, 2, &out)
                        : content_clusters(&graph, 5, &out);
            assert_int_equal(alloc_sweep_disarm(), st != STATUS_OK);
            assert_true(st == STATUS_OK || st == STATUS_NOMEM);
        }
        components_fini(&out);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(objects_of_the_same_accounts_are_one_cluster, set_up, tear_down),
        cmocka_unit_test_setup_teardown(unlike_objects_do_not_chain, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_popular_object_does_not_swallow_a_rare_one, set_up, tear_down),
        cmocka_unit_test_setup_teardown(objects_of_few_accounts_are_left_out, set_up, tear_down),
        cmocka_unit_test_setup_teardown(fixed_texts_and_unspecific_kinds_are_left_out, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            objects_without_strong_ties_among_their_accounts_are_left_out, set_up, tear_down),
        cmocka_unit_test_setup_teardown(payments_join_accounts_over_any_number_of_steps, set_up, tear_down),
        cmocka_unit_test_setup_teardown(weak_and_crowded_objects_join_nobody, set_up, tear_down),
        cmocka_unit_test_setup_teardown(one_return_is_an_accident_two_join, set_up, tear_down),
        cmocka_unit_test_setup_teardown(echoes_join_nobody, set_up, tear_down),
        cmocka_unit_test_setup_teardown(each_family_has_its_own_components, set_up, tear_down),
        cmocka_unit_test_setup_teardown(components_come_in_the_order_of_their_first_item, set_up, tear_down),
        cmocka_unit_test_setup_teardown(running_out_of_memory_leaves_the_output_untouched, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
