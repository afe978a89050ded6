/* Groups that are kept from epoch to epoch are those that a finder who knows nothing finds. */
#include "campaign/find.h"

#include "fixture.h"
#include "support/alloc_sweep.h"

enum { ACCOUNTS = 120, MIN_ACCOUNTS = 5 };

/* Frames of overlapping users, cards in short chains, turns, addresses; some go, some are forgotten. */
static enum status change(struct graph *graph, struct test_random *random)
{
    enum status st = STATUS_OK;
    for (uint64_t n = test_random_below(random, 50); n > 0 && st == STATUS_OK; n--) {
        uint64_t frame = 1 + test_random_below(random, 15);
        uint64_t what = test_random_below(random, 100);
        uint64_t account = 1 + (test_random_below(random, 30) + frame / 3 * 20) % ACCOUNTS;
        enum object_kind kind = frame % 3 ? OBJECT_SYSTEM : OBJECT_LEAD12;
        struct tie tie = tie_shown(kind, frame, account);
        if (what < 4)
            tie.op = TIE_WITHDRAW;
        else if (what < 20)
            tie = tie_shown(OBJECT_PAYMENT, account / 3 + 1, account + n % 2);
        else if (what < 30)
            tie = tie_returned(OBJECT_TURN, n, account, account % 25 + 1);
        else if (what < 40)
            tie = tie_shown(OBJECT_IP, frame, account);
        if (what >= 95)
            graph_forget(graph, account);
        else
            st = graph_add(graph, &tie);
    }
    return st;
}

/* Frames turn out to be such one by one. */
static void note_frames(struct graph *graph, struct test_random *random)
{
    for (size_t i = 0; i < graph->n_objects; i++)
        if (object_specificity(graph->objects[i].kind) > 0 && test_random_below(random, 3) > 0)
            graph->objects[i].many_tasks = graph->objects[i].recurs = true;
}

static const struct group *group_like(const struct finder *finder, const struct group *group)
{
    for (size_t i = 0; i < finder->groups.n; i++) {
        const struct group *g = &finder->groups.items[i];
        if (g->found_by == group->found_by && g->root == group->root)
            return g;
    }
    return NULL;
}

static void assert_same_groups(const struct finder *kept, const struct finder *anew)
{
    assert_int_equal(kept->groups.n, anew->groups.n);
    for (size_t i = 0; i < anew->groups.n; i++) {
        const struct group *a = &anew->groups.items[i];
        const struct group *b = group_like(kept, a);
        assert_non_null(b);
        assert_int_equal(a->n_members, b->n_members);
        assert_int_equal(a->n_firm, b->n_firm);
        assert_int_equal(a->n_objects, b->n_objects);
        for (size_t j = 0; j < a->n_members; j++) {
            assert_int_equal(a->members[j].account, b->members[j].account);
            assert_int_equal(a->members[j].objects, b->members[j].objects);
            assert_int_equal(a->members[j].membership, b->members[j].membership);
        }
        for (size_t j = 0; j < a->n_objects; j++)
            assert_int_equal(a->objects[j], b->objects[j]);
    }
}

static void assert_found_anew(const struct graph *graph, const struct finder *kept)
{
    struct finder anew;
    finder_init(&anew);
    assert_ok(finder_begin(&anew, graph));
    assert_ok(find_groups(&anew, graph, MIN_ACCOUNTS));
    assert_same_groups(kept, &anew);
    finder_fini(&anew);
}

static void kept_groups_equal_those_found_anew_over_random_histories(void **state)
{
    (void)state;
    size_t groups[FAMILY_COUNT] = { 0 };
    for (uint64_t seed = 1; seed <= 30; seed++) {
        struct test_random random = { seed };
        struct graph graph;
        struct finder finder;
        print_message("seed %llu\n", (unsigned long long)seed);
        fixture_init(&graph);
        finder_init(&finder);
        for (int epoch = 0; epoch < 80; epoch++) {
            assert_ok(change(&graph, &random));
            let_strong_count(&graph);
            assert_ok(graph_build(&graph));
            assert_ok(finder_begin(&finder, &graph));
            note_frames(&graph, &random);
            assert_ok(find_groups(&finder, &graph, MIN_ACCOUNTS));
            assert_found_anew(&graph, &finder);
            graph_seen(&graph);
            for (size_t i = 0; i < finder.groups.n; i++)
                groups[finder.groups.items[i].found_by]++;
        }
        assert_true(graph.generation > 0); /* indices have moved */
        finder_fini(&finder);
        graph_fini(&graph);
    }
    assert_true(groups[FAMILY_CONTENT] > 500 && groups[FAMILY_IDENTITY] > 500);
    assert_true(groups[FAMILY_PROVENANCE] > 500);
}

static void an_epoch_that_ran_out_of_memory_loses_no_group(void **state)
{
    (void)state;
    struct test_random random = { 5 };
    struct graph graph;
    struct finder finder;
    fixture_init(&graph);
    finder_init(&finder);
    for (long nth = 0; nth < 60; nth++) {
        assert_ok(change(&graph, &random));
        assert_ok(graph_build(&graph));
        alloc_sweep_arm(nth % 20);
        enum status st = finder_begin(&finder, &graph);
        if (st == STATUS_OK)
            st = find_groups(&finder, &graph, MIN_ACCOUNTS);
        alloc_sweep_disarm();
        if (st != STATUS_OK)
            continue; /* nothing was seen: the next epoch makes up for it */
        assert_found_anew(&graph, &finder);
        graph_seen(&graph);
        note_frames(&graph, &random);
    }
    finder_fini(&finder);
    graph_fini(&graph);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(kept_groups_equal_those_found_anew_over_random_histories),
        cmocka_unit_test(an_epoch_that_ran_out_of_memory_loses_no_group),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
