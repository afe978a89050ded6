#include "campaign/handoffs.h"

#include "weighing.h"

static uint32_t at(uint64_t account)
{
    return account_index(&graph, account);
}

/* Whom account 1 hands on to or takes over from. */
static uint32_t partner_of_one(void)
{
    fixture_build(&graph);
    assert_ok(rings_update(&identity_rings, &graph, true));
    hands_note_firms(&graph, &identity_rings);
    return handoffs_partner(&graph, &identity_rings, at(1), MAP_NONE);
}

static void a_task_that_moves_on_joins_both_ends(void **state)
{
    (void)state;
    give_back(&graph, OBJECT_REFUSED, 1, 1, 2);
    assert_int_equal(partner_of_one(), at(2));
    assert_int_equal(handoffs_partner(&graph, &identity_rings, at(2), MAP_NONE), at(1));
    assert_int_equal(handoffs_partner(&graph, &identity_rings, at(1), at(2)), MAP_NONE);
}

static void a_returned_turn_is_no_hand_off(void **state)
{
    (void)state;
    give_back(&graph, OBJECT_TURN, 1, 1, 2);
    assert_int_equal(partner_of_one(), MAP_NONE);
}

static void one_hand_hands_nothing_on_to_itself(void **state)
{
    (void)state;
    show_all(&graph, OBJECT_DEVICE, 7, 1, 2);
    give_back(&graph, OBJECT_REFUSED, 1, 1, 2);
    assert_int_equal(partner_of_one(), MAP_NONE);
    give_back(&graph, OBJECT_REFUSED, 2, 1, 3);
    assert_int_equal(partner_of_one(), at(3));
}

/* A firm's gateway fails over between keys, some of which nobody declared. */
static void an_organisation_hands_on_to_nobody(void **state)
{
    (void)state;
    show_paid(&graph, OBJECT_IP, 7, 1, 900);
    give_back(&graph, OBJECT_REFUSED, 1, 1, 2);
    give_back(&graph, OBJECT_REFUSED, 2, 2, 3);
    assert_int_equal(partner_of_one(), MAP_NONE);
    assert_int_equal(handoffs_partner(&graph, &identity_rings, at(2), MAP_NONE), at(3));
}

static void two_are_one_person_and_three_are_a_queue(void **state)
{
    (void)state;
    give_back(&graph, OBJECT_REFUSED, 1, 1, 2);
    give_back(&graph, OBJECT_REFUSED, 2, 2, 1);
    partner_of_one();
    assert_false(handoffs_dispatched(&graph, &identity_rings, at(1)));
    give_back(&graph, OBJECT_REFUSED, 3, 2, 3);
    partner_of_one();
    for (uint64_t account = 1; account <= 3; account++)
        assert_true(handoffs_dispatched(&graph, &identity_rings, at(account)));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_task_that_moves_on_joins_both_ends),
        TEST(a_returned_turn_is_no_hand_off),
        TEST(one_hand_hands_nothing_on_to_itself),
        TEST(an_organisation_hands_on_to_nobody),
        TEST(two_are_one_person_and_three_are_a_queue),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
