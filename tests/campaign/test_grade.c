#include "campaign/grade.h"
#include "fixture.h"

static struct graph graph;
static struct group group;
static uint8_t inside[200], tied[200];
static const unsigned identity = 1U << FAMILY_IDENTITY, provenance = 1U << FAMILY_PROVENANCE;

/* Accounts 1 to 10 show one frame; firm, all of them. */
static int set_up(void **state)
{
    (void)state;
    group = (struct group){ 0 };
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

/* The families that carry the group. */
static size_t tie_up(unsigned families)
{
    assert_ok(graph_build(&graph));
    group = group_of(&graph, FAMILY_CONTENT, 1, 10);
    for (size_t i = 0; i < graph.n_objects; i++)
        if (graph.objects[i].kind == OBJECT_SYSTEM)
            group.objects[group.n_objects++] = (uint32_t)i;
    return grade_tied(&graph, &group, families, inside, tied);
}

static bool is_tied(uint64_t account)
{
    return tied[graph_find_account(&graph, account)];
}

static void a_card_of_three_ties_all_of_them(void **state)
{
    (void)state;
    show_all(&graph, OBJECT_PAYMENT, 2, 3, 5);
    assert_int_equal(tie_up(identity), 3);
    assert_true(is_tied(3) && is_tied(4) && is_tied(5));
    assert_false(is_tied(6));
    grade_clear(&group, tied);
    for (size_t i = 0; i < 200; i++)
        assert_true(tied[i] == 0 && inside[i] == 0);
}

static void two_cards_that_meet_in_one_account_tie_all_of_them(void **state)
{
    (void)state;
    show_all(&graph, OBJECT_PAYMENT, 2, 3, 4);
    show_all(&graph, OBJECT_PAYMENT, 3, 4, 5);
    assert_int_equal(tie_up(identity), 3);
    grade_clear(&group, tied);
}

static void returned_turns_tie_across_families(void **state)
{
    (void)state;
    show_all(&graph, OBJECT_PAYMENT, 2, 3, 4);
    give_back(&graph, OBJECT_TURN, 3, 4, 5);
    assert_int_equal(tie_up(identity), 0);
    grade_clear(&group, tied);
    group_free(&group);
    assert_int_equal(tie_up(identity | provenance), 3);
    grade_clear(&group, tied);
}

static void a_pair_is_one_person(void **state)
{
    (void)state;
    show_all(&graph, OBJECT_PAYMENT, 2, 3, 4);
    show_all(&graph, OBJECT_PAYMENT, 3, 7, 8);
    assert_int_equal(tie_up(identity), 0);
    grade_clear(&group, tied);
}

static void a_card_ties_nobody_where_cards_do_not_carry_the_group(void **state)
{
    (void)state;
    show_all(&graph, OBJECT_PAYMENT, 2, 3, 9);
    assert_int_equal(tie_up(provenance), 0);
    grade_clear(&group, tied);
}

static void the_family_that_found_a_group_may_tie(void **state)
{
    (void)state;
    struct evidence evidence[FAMILY_COUNT] = { [FAMILY_PROVENANCE] = { .strong = true } };
    assert_int_equal(grade_families(FAMILY_IDENTITY, evidence), identity | provenance);
    assert_int_equal(grade_families(FAMILY_CONTENT, evidence), provenance);
}

static void a_card_shared_with_strangers_ties_nobody(void **state)
{
    (void)state;
    show_all(&graph, OBJECT_PAYMENT, 2, 10, 13);
    assert_int_equal(tie_up(identity), 0);
    grade_clear(&group, tied);
}

static void networks_tie_nobody(void **state)
{
    (void)state;
    show_all(&graph, OBJECT_NET, 2, 1, 10);
    assert_int_equal(tie_up(~0U), 0);
    grade_clear(&group, tied);
}

static void the_core_is_tied_and_lives_off_the_frame(void **state)
{
    (void)state;
    struct account_profile profile = {
        .exchanges = 3, .focus = 0.5, .top_frame = object_key(OBJECT_SYSTEM, 1)
    };
    tie_up(identity);
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
    tie_up(identity);
    assert_int_equal(grade_member(&graph, &group, &profile, false), MEMBER_HALO);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_card_of_three_ties_all_of_them),
        TEST(two_cards_that_meet_in_one_account_tie_all_of_them),
        TEST(returned_turns_tie_across_families),
        TEST(a_pair_is_one_person),
        TEST(a_card_ties_nobody_where_cards_do_not_carry_the_group),
        TEST(the_family_that_found_a_group_may_tie),
        TEST(a_card_shared_with_strangers_ties_nobody),
        TEST(networks_tie_nobody),
        TEST(the_core_is_tied_and_lives_off_the_frame),
        TEST(a_prompt_of_its_own_keeps_an_account_at_the_edge),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
