/* Who of a group is tied to others of it by more than the frame that found it. */
#include "grading.h"

static const unsigned provenance = 1U << FAMILY_PROVENANCE, timing = 1U << FAMILY_TIMING;

/* Five accounts from that on have a card, and twenty pairs of customers, who do not show the frame, one each. */
static void a_hand_of_five_and_customers(uint64_t first)
{
    show_all(&graph, OBJECT_PAYMENT, 20, first, first + 4);
    for (uint64_t pair = 0; pair < 20; pair++)
        show_all(&graph, OBJECT_PAYMENT, 30 + pair, 100 + 2 * pair, 101 + 2 * pair);
}

static void a_card_of_three_ties_all_of_them(void **state)
{
    (void)state;
    show_all(&graph, OBJECT_PAYMENT, 2, 3, 5);
    assert_int_equal(tie_up(identity), 3);
    assert_true(is_tied(3) && is_tied(4) && is_tied(5));
    assert_false(is_tied(6));
    tied_clear(&group, tied);
    for (size_t i = 0; i < 200; i++)
        assert_true(tied[i] == 0 && inside[i] == 0 && shown[i] == 0 && count[i] == 0);
}

static void two_cards_that_meet_in_one_account_tie_all_of_them(void **state)
{
    (void)state;
    show_all(&graph, OBJECT_PAYMENT, 2, 3, 4);
    show_all(&graph, OBJECT_PAYMENT, 3, 4, 5);
    assert_int_equal(tie_up(identity), 3);
    tied_clear(&group, tied);
}

static void returned_turns_tie_across_families(void **state)
{
    (void)state;
    a_hand_of_five_and_customers(6);
    show_all(&graph, OBJECT_PAYMENT, 2, 3, 4);
    give_back(&graph, OBJECT_TURN, 3, 4, 5);
    assert_int_equal(tie_up(identity), 5);
    tied_clear(&group, tied);
    group_free(&group);
    assert_int_equal(tie_up(identity | provenance), 7);
    assert_true(is_tied(4) && is_tied(5)); /* the other has a pair's card, and no more */
    tied_clear(&group, tied);
}

static void a_colleagues_conversation_is_a_pairs(void **state)
{
    (void)state;
    a_hand_of_five_and_customers(6);
    show_all(&graph, OBJECT_PAYMENT, 2, 3, 4);
    give_back(&graph, OBJECT_TURN, 3, 4, 5);
    for (uint64_t account = 3; account <= 4; account++)
        graph.accounts[account_index(&graph, account)].named = true;
    assert_int_equal(tie_up(identity | provenance), 5);
    tied_clear(&group, tied);
    group_free(&group);
    merged = true; /* a card of two and a conversation make three */
    the_frame = (struct object_profile){ .accounts = 10, .sightings = 15, .first_ms = T0 };
    assert_int_equal(tie_up(identity | provenance), 7);
    tied_clear(&group, tied);
}

static void a_pair_is_one_person(void **state)
{
    (void)state;
    a_hand_of_five_and_customers(1);
    show_all(&graph, OBJECT_PAYMENT, 3, 7, 8);
    assert_int_equal(tie_up(identity), 5);
    assert_false(is_tied(7) || is_tied(8));
    tied_clear(&group, tied);
}

/*
 * Of two frames the second has two users; one has a card with a user of the first, and both are of that hand, by somebody who
 * shows neither. Said so often.
 */
static void two_frames_and_a_card(uint32_t first_said, uint32_t second_said)
{
    a_hand_of_five_and_customers(1);
    show_all(&graph, OBJECT_SYSTEM, 9, 11, 12);
    show_all(&graph, OBJECT_PAYMENT, 2, 10, 11);
    show(&graph, OBJECT_DEVICE, 4, 11);
    show(&graph, OBJECT_DEVICE, 4, 20);
    show(&graph, OBJECT_PAYMENT, 5, 20);
    show(&graph, OBJECT_PAYMENT, 5, 12);
    show_all(&graph, OBJECT_PAYMENT, 3, 7, 8);
    the_frame = (struct object_profile){ .accounts = 10, .sightings = first_said, .first_ms = T0 };
    another_frame = (struct object_profile){ .accounts = 2, .sightings = second_said, .first_ms = T0 };
    members = 12;
}

/* Of the pair, beside the five. */
static size_t tied_pair(void)
{
    group_free(&group);
    assert_int_not_equal(tie_up(identity), 0);
    size_t n = (size_t)is_tied(10) + is_tied(11);
    tied_clear(&group, tied);
    return n;
}

static void a_pair_whose_work_is_different_is_tied(void **state)
{
    (void)state;
    two_frames_and_a_card(15, 3);
    assert_int_equal(tied_pair(), 2);
    show(&graph, OBJECT_SYSTEM, 9, 10); /* it shows what the other shows as well */
    assert_int_equal(tied_pair(), 0);
}

static void what_either_of_a_pair_said_once_as_others_did_is_not_its_work(void **state)
{
    (void)state;
    two_frames_and_a_card(14, 3);
    assert_int_equal(tied_pair(), 0);
    two_frames_and_a_card(15, 2);
    assert_int_equal(tied_pair(), 0);
}

static void on_later_days_work_is_said_more_often(void **state)
{
    (void)state;
    two_frames_and_a_card(15, 3);
    the_frame.first_ms = another_frame.first_ms = T0 - 10 * DAY;
    assert_int_equal(tied_pair(), 0);
    the_frame.sightings = 20;
    another_frame.sightings = 4;
    assert_int_equal(tied_pair(), 2);
}

static void what_both_said_once_makes_them_one(void **state)
{
    (void)state;
    two_frames_and_a_card(15, 3);
    show_all(&graph, OBJECT_SYSTEM, PROMPT, 10, 11);
    their_prompt = (struct object_profile){ .accounts = 2, .sightings = 2, .first_ms = T0 };
    assert_int_equal(tied_pair(), 0);
}

/* Accounts 3 to 5 of another card show the frame, and so many others of that card do not. */
static size_t tied_of_a_hand_with_others(uint64_t others)
{
    show_all(&graph, OBJECT_PAYMENT, 2, 3, 5);
    for (uint64_t account = 20; account < 20 + others; account++)
        show(&graph, OBJECT_PAYMENT, 2, account);
    group_free(&group);
    size_t n = tie_up(identity);
    tied_clear(&group, tied);
    return n;
}

static void a_hand_is_in_the_group_as_the_operators_hands_are(void **state)
{
    (void)state;
    a_hand_of_five_and_customers(6);
    assert_int_equal(tied_of_a_hand_with_others(0), 8);
    assert_int_equal(tied_of_a_hand_with_others(5), 5);
    idle = true; /* the five have sent too little to tell */
    assert_int_equal(tied_of_a_hand_with_others(5), 8);
}

static void a_team_with_a_mail_domain_is_tied_in_a_merged_group_by_what_is_said_again(void **state)
{
    (void)state;
    a_hand_of_five_and_customers(6);
    merged = true;
    show_all(&graph, OBJECT_PAYMENT, 2, 3, 5);
    for (uint64_t account = 3; account <= 5; account++)
        graph.accounts[account_index(&graph, account)].named = true;
    the_frame = (struct object_profile){ .accounts = 10, .sightings = 14, .first_ms = T0 };
    assert_int_equal(tie_up(identity), 5);
    tied_clear(&group, tied);
    group_free(&group);
    the_frame.sightings = 15;
    assert_int_equal(tie_up(identity), 8);
    tied_clear(&group, tied);
    group_free(&group);
    merged = false; /* colleagues use one tool */
    assert_int_equal(tie_up(identity), 5);
    tied_clear(&group, tied);
}

static void a_card_ties_nobody_where_cards_do_not_carry_the_group(void **state)
{
    (void)state;
    show_all(&graph, OBJECT_PAYMENT, 2, 3, 9);
    assert_int_equal(tie_up(provenance), 0);
    tied_clear(&group, tied);
}

static void the_family_that_found_a_group_may_tie(void **state)
{
    (void)state;
    struct evidence evidence[FAMILY_COUNT] = { [FAMILY_PROVENANCE] = { .strong = true } };
    assert_int_equal(tied_families(FAMILY_IDENTITY, evidence), identity | provenance);
    assert_int_equal(tied_families(FAMILY_CONTENT, evidence), provenance);
}

static void a_card_shared_with_strangers_ties_nobody(void **state)
{
    (void)state;
    show_all(&graph, OBJECT_PAYMENT, 2, 10, 13);
    assert_int_equal(tie_up(identity), 0);
    tied_clear(&group, tied);
}

/* The queue has other frames: what account 9 hands on, somebody else of three takes. */
static void hand_offs_tie_wherever_the_others_are(void **state)
{
    (void)state;
    give_back(&graph, OBJECT_REFUSED, 2, 9, 11);
    give_back(&graph, OBJECT_REFUSED, 3, 11, 12);
    give_back(&graph, OBJECT_REFUSED, 4, 5, 13); /* a pair */
    assert_int_equal(tie_up(timing), 1);
    assert_true(is_tied(9));
    tied_clear(&group, tied);
    group_free(&group);
    assert_int_equal(tie_up(identity | provenance), 0);
    tied_clear(&group, tied);
}

static void who_is_tied_by_work_may_share_a_card_with_others(void **state)
{
    (void)state;
    a_hand_of_five_and_customers(1);
    show(&graph, OBJECT_PAYMENT, 2, 9);
    show(&graph, OBJECT_PAYMENT, 2, 20);
    show(&graph, OBJECT_PAYMENT, 2, 21);
    give_back(&graph, OBJECT_REFUSED, 2, 9, 11);
    give_back(&graph, OBJECT_REFUSED, 3, 11, 12);
    assert_int_equal(tie_up(timing), 1);
    assert_true(is_tied(9));
    tied_clear(&group, tied);
}

/* What work found, so that hands are not asked. */
static void a_card_of_a_crowd_ties_nobody(void **state)
{
    (void)state;
    found_by = FAMILY_PROVENANCE;
    show_all(&graph, OBJECT_PAYMENT, 2, 8, 10);
    show_all(&graph, OBJECT_PAYMENT, 2, 100, 100 + GRAPH_JOIN_MEMBERS_MAX - 3);
    assert_int_equal(tie_up(identity), 0);
}

/* Two of a hand that is held already live elsewhere now: it may still be the operator's, which keeps it. */
static void a_hand_that_is_held_stays_while_it_may_be_the_operators(void **state)
{
    (void)state;
    a_hand_of_five_and_customers(6);
    size_t n = tied_of_a_hand_with_others(5);
    assert_int_equal(n, 5);
    for (uint64_t account = 3; account <= 5; account++)
        graph.accounts[account_index(&graph, account)].watched = true;
    assert_int_equal(tied_of_a_hand_with_others(5), 8);
}

static void hands_that_another_campaign_holds_are_no_customers(void **state)
{
    (void)state;
    a_hand_of_five_and_customers(6);
    show(&graph, OBJECT_PAYMENT, 2, 2);
    assert_int_equal(tied_of_a_hand_with_others(4), 9);
    for (uint64_t account = 100; account < 140; account++)
        graph.accounts[account_index(&graph, account)].watched = true;
    assert_int_equal(tied_of_a_hand_with_others(4), 5);
}

static void what_work_found_is_not_asked_of_hands(void **state)
{
    (void)state;
    a_hand_of_five_and_customers(6);
    assert_int_equal(tied_of_a_hand_with_others(5), 5);
    group_free(&group);
    found_by = FAMILY_PROVENANCE;
    assert_int_equal(tie_up(identity), 8);
    tied_clear(&group, tied);
}

static void networks_tie_nobody(void **state)
{
    (void)state;
    show_all(&graph, OBJECT_NET, 2, 1, 10);
    assert_int_equal(tie_up(~0U), 0);
    tied_clear(&group, tied);
}

static void an_open_team_is_not_tied_by_its_card(void **state)
{
    (void)state;
    show_all(&graph, OBJECT_PAYMENT, 2, 3, 9);
    assert_ok(graph_build(&graph));
    for (uint64_t account = 3; account <= 9; account++)
        graph.accounts[account_index(&graph, account)].open = true;
    assert_int_equal(tie_up(identity), 0);
    tied_clear(&group, tied);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_card_of_three_ties_all_of_them),
        TEST(two_cards_that_meet_in_one_account_tie_all_of_them),
        TEST(returned_turns_tie_across_families),
        TEST(a_colleagues_conversation_is_a_pairs),
        TEST(a_pair_is_one_person),
        TEST(a_pair_whose_work_is_different_is_tied),
        TEST(what_either_of_a_pair_said_once_as_others_did_is_not_its_work),
        TEST(on_later_days_work_is_said_more_often),
        TEST(what_both_said_once_makes_them_one),
        TEST(a_hand_is_in_the_group_as_the_operators_hands_are),
        TEST(a_team_with_a_mail_domain_is_tied_in_a_merged_group_by_what_is_said_again),
        TEST(a_card_ties_nobody_where_cards_do_not_carry_the_group),
        TEST(the_family_that_found_a_group_may_tie),
        TEST(a_card_shared_with_strangers_ties_nobody),
        TEST(hand_offs_tie_wherever_the_others_are),
        TEST(who_is_tied_by_work_may_share_a_card_with_others),
        TEST(a_card_of_a_crowd_ties_nobody),
        TEST(a_hand_that_is_held_stays_while_it_may_be_the_operators),
        TEST(hands_that_another_campaign_holds_are_no_customers),
        TEST(what_work_found_is_not_asked_of_hands),
        TEST(networks_tie_nobody),
        TEST(an_open_team_is_not_tied_by_its_card),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
