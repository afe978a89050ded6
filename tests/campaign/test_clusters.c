#include "campaign/clusters.h"

#include "fixture.h"
#include "support/alloc_sweep.h"

static struct graph graph;
static struct clusters clusters;

static int set_up(void **state)
{
    (void)state;
    fixture_init(&graph);
    clusters_init(&clusters);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    graph_fini(&graph);
    clusters_fini(&clusters);
    return 0;
}

/* As if enough members of every object hung in strong ties. */
static void build_with_strong_ties(void)
{
    fixture_build(&graph);
    for (size_t i = 0; i < graph.n_objects; i++)
        graph.objects[i].strong = FIND_STRONG_MIN;
}

static void update(uint32_t min_accounts)
{
    assert_ok(clusters_list(&clusters, &graph, false));
    assert_ok(clusters_update(&clusters, &graph, min_accounts));
}

static void cluster(uint32_t min_accounts)
{
    assert_ok(clusters_list(&clusters, &graph, true));
    assert_ok(clusters_update(&clusters, &graph, min_accounts));
}

static size_t n_clusters(void)
{
    size_t n = 0;
    for (size_t from = 0; from < clusters.n_order; from = clusters_end(&clusters, from))
        n++;
    return n;
}

static const struct cluster_frame *frame_of(enum object_kind kind, uint64_t object)
{
    uint32_t index = object_index(&graph, kind, object);
    for (size_t i = 0; i < clusters.n; i++)
        if (clusters.frames[i].object == index)
            return &clusters.frames[i];
    fail();
    return NULL;
}

/* Of how many frames the object's cluster is. */
static size_t size_around(enum object_kind kind, uint64_t object)
{
    size_t n = 0;
    for (size_t i = 0; i < clusters.n_order; i++)
        n += clusters.frames[clusters.order[i]].leader == frame_of(kind, object)->leader;
    return n;
}

static void objects_of_the_same_accounts_are_one_cluster(void **state)
{
    (void)state;
    show_all(&graph, OBJECT_SYSTEM, 1, 1, 20);
    show_all(&graph, OBJECT_LEAD24, 2, 1, 20);
    show_all(&graph, OBJECT_TAIL12, 3, 1, 18);
    show_all(&graph, OBJECT_SYSTEM, 4, 100, 120);
    build_with_strong_ties();
    cluster(5);
    assert_int_equal(n_clusters(), 2);
    assert_int_equal(size_around(OBJECT_SYSTEM, 1), 3);
    assert_int_equal(size_around(OBJECT_SYSTEM, 4), 1);
}

/* Each object shares nearly all of its accounts with the next one, the first and the last share none. */
static void unlike_objects_do_not_chain(void **state)
{
    (void)state;
    enum { OBJECTS = 40, WIDTH = 10 };
    for (uint64_t i = 0; i < OBJECTS; i++)
        show_all(&graph, OBJECT_SYSTEM, i + 1, i + 1, i + WIDTH);
    build_with_strong_ties();
    cluster(5);
    for (size_t from = 0, to; from < clusters.n_order; from = to) {
        uint64_t low = UINT64_MAX;
        uint64_t high = 0;
        to = clusters_end(&clusters, from);
        for (size_t j = from; j < to; j++) {
            uint32_t object = clusters.frames[clusters.order[j]].object;
            uint32_t account = adjacency_at(&graph.columns, object).items[0];
            uint64_t first = graph.accounts[account].account;
            low = first < low ? first : low;
            high = first > high ? first : high;
        }
        assert_true(high - low <= 6); /* a leader at most three steps away to either side */
    }
    assert_int_equal(clusters.n_order, OBJECTS);
}

static void a_popular_object_does_not_swallow_a_rare_one(void **state)
{
    (void)state;
    show_all(&graph, OBJECT_LEAD6, 1, 1, 400);
    show_all(&graph, OBJECT_SYSTEM, 2, 30, 60);
    build_with_strong_ties();
    cluster(5);
    assert_int_equal(n_clusters(), 2);
}

static void objects_of_few_accounts_are_left_out(void **state)
{
    (void)state;
    show_all(&graph, OBJECT_SYSTEM, 1, 1, 4);
    show_all(&graph, OBJECT_SYSTEM, 2, 1, 5);
    build_with_strong_ties();
    cluster(5);
    assert_int_equal(n_clusters(), 1);
    assert_int_equal(clusters.frames[clusters.order[0]].object, object_index(&graph, OBJECT_SYSTEM, 2));
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
    cluster(5);
    assert_int_equal(n_clusters(), 0);
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
    cluster(5);
    assert_int_equal(n_clusters(), 1);
    assert_int_equal(clusters.frames[clusters.order[0]].object, object_index(&graph, OBJECT_SYSTEM, 1));
}

/* A world of frames that grow, shrink, go and come. */
static void change(struct test_random *random)
{
    enum { FRAMES = 12, USERS = 60 };
    for (uint64_t n = test_random_below(random, 40); n > 0; n--) {
        uint64_t frame = 1 + test_random_below(random, FRAMES);
        uint64_t account = 1 + test_random_below(random, USERS);
        uint64_t what = test_random_below(random, 100);
        struct tie tie = tie_shown(OBJECT_SYSTEM, frame, account);
        tie.op = what < 3 ? TIE_WITHDRAW : TIE_MEMBER;
        if (what >= 95)
            graph_forget(&graph, account);
        else if (what >= 85)
            tie = tie_shown(OBJECT_PAYMENT, account / 2 + 1, account);
        else
            tie.a = 1 + (account + frame / 3 * 20) % USERS; /* three frames each have much the same users */
        assert_ok(graph_add(&graph, &tie));
    }
}

/* The frames of each cluster, by the object of the leader. */
static void assert_same_clusters(const struct clusters *a, const struct clusters *b)
{
    assert_int_equal(a->n_order, b->n_order);
    for (size_t i = 0; i < a->n; i++)
        for (size_t j = 0; j < b->n; j++) {
            if (a->frames[i].object != b->frames[j].object)
                continue;
            uint32_t led_by = a->frames[i].leader;
            assert_int_equal(led_by == MAP_NONE, b->frames[j].leader == MAP_NONE);
            if (led_by != MAP_NONE)
                assert_int_equal(a->frames[led_by].object, b->frames[b->frames[j].leader].object);
        }
}

static void kept_clusters_equal_those_found_anew(void **state)
{
    (void)state;
    size_t stood = 0;
    size_t fell = 0;
    for (uint64_t seed = 1; seed <= 20; seed++) {
        struct test_random random = { seed };
        print_message("seed %llu\n", (unsigned long long)seed);
        graph_fini(&graph);
        fixture_init(&graph);
        uint32_t generation = 0;
        clusters_fini(&clusters);
        clusters_init(&clusters);
        for (int epoch = 0; epoch < 60; epoch++) {
            struct clusters again;
            change(&random);
            fixture_build(&graph);
            clusters_init(&again);
            assert_ok(clusters_list(&clusters, &graph, generation != graph.generation || epoch == 0));
            assert_ok(clusters_update(&clusters, &graph, 5));
            assert_ok(clusters_list(&again, &graph, true));
            assert_ok(clusters_update(&again, &graph, 5));
            assert_same_clusters(&clusters, &again);
            for (size_t from = 0; from < clusters.n_order; from = clusters_end(&clusters, from)) {
                bool stands = clusters.frames[clusters.frames[clusters.order[from]].leader].stands;
                stood += stands;
                fell += !stands;
            }
            clusters_fini(&again);
            generation = graph.generation;
            graph_seen(&graph);
        }
    }
    assert_true(stood > 100 && fell > 100);
}

static void a_cluster_stands_while_its_frames_do(void **state)
{
    (void)state;
    show_all(&graph, OBJECT_SYSTEM, 1, 1, 20);
    show_all(&graph, OBJECT_LEAD24, 2, 1, 20);
    show_all(&graph, OBJECT_SYSTEM, 3, 31, 50);
    build_with_strong_ties();
    cluster(5);
    const struct cluster_frame *one = frame_of(OBJECT_SYSTEM, 1), *three = frame_of(OBJECT_SYSTEM, 3);
    assert_false(clusters.frames[one->leader].stands);
    graph_seen(&graph);
    update(5);
    assert_true(clusters.frames[one->leader].stands && clusters.frames[three->leader].stands);
    show(&graph, OBJECT_LEAD24, 2, 21);
    assert_ok(graph_build(&graph));
    graph.objects[object_index(&graph, OBJECT_LEAD24, 2)].strong = FIND_STRONG_MIN;
    update(5);
    assert_false(clusters.frames[frame_of(OBJECT_SYSTEM, 1)->leader].stands);
    assert_true(clusters.frames[frame_of(OBJECT_SYSTEM, 3)->leader].stands);
}

static void what_ran_out_of_memory_is_found_anew(void **state)
{
    (void)state;
    for (uint64_t i = 0; i < 12; i++)
        show_all(&graph, OBJECT_SYSTEM, i + 1, 10 * i + 1, 10 * i + 8);
    build_with_strong_ties();
    enum status st = STATUS_NOMEM;
    for (long n = 0; st != STATUS_OK; n++) {
        alloc_sweep_arm(n);
        st = clusters_list(&clusters, &graph, true);
        if (st == STATUS_OK)
            st = clusters_update(&clusters, &graph, 5);
        assert_int_equal(alloc_sweep_disarm(), st != STATUS_OK);
        assert_true(st == STATUS_OK || st == STATUS_NOMEM);
    }
    assert_int_equal(n_clusters(), 12);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(objects_of_the_same_accounts_are_one_cluster),
        TEST(unlike_objects_do_not_chain),
        TEST(a_popular_object_does_not_swallow_a_rare_one),
        TEST(objects_of_few_accounts_are_left_out),
        TEST(fixed_texts_and_unspecific_kinds_are_left_out),
        TEST(objects_without_strong_ties_among_their_accounts_are_left_out),
        TEST(kept_clusters_equal_those_found_anew),
        TEST(a_cluster_stands_while_its_frames_do),
        TEST(what_ran_out_of_memory_is_found_anew),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
