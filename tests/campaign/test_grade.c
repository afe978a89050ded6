#include "campaign/grade.h"
#include "fixture.h"

static struct graph graph;
static struct group group;
static uint32_t count[200];
static uint8_t inside[200], tied[200];

/* Accounts 1 to 10 show one frame; firm, all of them. */
static int set_up(void **state)
{
    (void)state;
    fixture_init(&graph);
    show_all(&graph, OBJECT_SYSTEM, 1, 1, 10);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    group_free(&group);
    graph_fini(&graph);
    return 0;
}

static size_t tie_up(void)
{
    assert_ok(graph_build(&graph));
    group = group_of(&graph, FAMILY_CONTENT, 1, 10);
    for (size_t i = 0; i < graph.n_objects; i++)
        if (graph.objects[i].kind == OBJECT_SYSTEM)
            group.objects[group.n_objects++] = (uint32_t)i;
    return grade_tied(&graph, &group, count, inside, tied);
}

static bool is_tied(uint64_t account)
{
    return tied[graph_find_account(&graph, account)];
}

static void a_card_shared_inside_ties_both(void **state)
{
    (void)state;
    show_all(&graph, OBJECT_PAYMENT, 2, 3, 4);
    assert_int_equal(tie_up(), 2);
    assert_true(is_tied(3) && is_tied(4));
    assert_false(is_tied(5));
    grade_clear(&group, tied);
    for (size_t i = 0; i < 200; i++)
        assert_true(tied[i] == 0 && inside[i] == 0 && count[i] == 0);
}

static void a_card_shared_with_a_stranger_ties_nobody(void **state)
{
    (void)state;
    show_all(&graph, OBJECT_PAYMENT, 2, 10, 11);
    assert_int_equal(tie_up(), 0);
    grade_clear(&group, tied);
}

static void networks_tie_nobody(void **state)
{
    (void)state;
    show_all(&graph, OBJECT_NET, 2, 1, 10);
    assert_int_equal(tie_up(), 0);
    grade_clear(&group, tied);
}

static void the_core_is_tied_and_lives_off_the_frame(void **state)
{
    (void)state;
    struct account_profile profile = {
        .exchanges = 3, .focus = 0.5, .top_frame = object_key(OBJECT_SYSTEM, 1)
    };
    tie_up();
    assert_int_equal(grade_member(&graph, &group, &profile, true), MEMBER_CORE);
    assert_int_equal(grade_member(&graph, &group, &profile, false), MEMBER_LIKELY);
    profile.exchanges = 2;
    assert_int_equal(grade_member(&graph, &group, &profile, false), MEMBER_HALO);
    assert_int_equal(grade_member(&graph, &group, &profile, true), MEMBER_LIKELY);
}

static void a_prompt_of_its_own_keeps_an_account_at_the_edge(void **state)
{
    (void)state;
    struct account_profile profile = { .exchanges = 90, .focus = 0.9, .top_frame = 4711 };
    tie_up();
    assert_int_equal(grade_member(&graph, &group, &profile, false), MEMBER_HALO);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_card_shared_inside_ties_both),
        TEST(a_card_shared_with_a_stranger_ties_nobody),
        TEST(networks_tie_nobody),
        TEST(the_core_is_tied_and_lives_off_the_frame),
        TEST(a_prompt_of_its_own_keeps_an_account_at_the_edge),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
