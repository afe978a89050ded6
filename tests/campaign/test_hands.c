#include "campaign/hands.h"

#include "weighing.h"

static void accounts_that_share_a_card_are_one_hand(void **state)
{
    (void)state;
    use_frame(1, 10);
    show_all(&graph, OBJECT_PAYMENT, 7, 1, 3);
    show_all(&graph, OBJECT_DEVICE, 8, 3, 4);
    weigh(FAMILY_CONTENT, 1, 10);
    assert_int_equal(hands.n, 7);
    assert_int_equal(hands.shared, 1);
    assert_int_equal(hands.repeated, 1);
}

static void a_hand_with_company_outside_is_shared_and_not_repeated(void **state)
{
    (void)state;
    use_frame(1, 10);
    show(&graph, OBJECT_PAYMENT, 7, 1);
    show(&graph, OBJECT_PAYMENT, 7, 200);
    weigh(FAMILY_CONTENT, 1, 10);
    assert_int_equal(hands.n, 10);
    assert_int_equal(hands.shared, 1);
    assert_int_equal(hands.repeated, 0);
    assert_int_equal(hands.inside, 0);
    assert_int_equal(hands.partners, 1);
}

static void a_declared_organisation_shares_with_nobody(void **state)
{
    (void)state;
    use_frame(1, 10);
    for (uint64_t account = 1; account <= 3; account++)
        show_paid(&graph, OBJECT_PAYMENT, 7, account, 900);
    weigh(FAMILY_CONTENT, 1, 10);
    assert_int_equal(hands.n, 10);
    assert_int_equal(hands.shared, 0);
    assert_int_equal(hands.partners, 0);
}

static void weigh_as_merged(void)
{
    group.merged = true;
    struct evidence_input input = input_of();
    evidence_links(&input, evidence);
}

static void a_firm_with_a_mail_domain_shares_nothing_in_one_frame(void **state)
{
    (void)state;
    use_frame(1, 10);
    show_all(&graph, OBJECT_PAYMENT, 7, 1, 4);
    show_all(&graph, OBJECT_PAYMENT, 8, 5, 6);
    weigh(FAMILY_CONTENT, 1, 10);
    assert_true(hands.shared == 2 && hands.in_company == 6 && hands.inside == 4);
    show_all(&graph, OBJECT_EMAIL_DOMAIN, 8, 1, 4);
    show_all(&graph, OBJECT_EMAIL_DOMAIN, 9, 5, 6);
    weigh(FAMILY_CONTENT, 1, 10);
    assert_true(graph.accounts[account_index(&graph, 6)].named);
    assert_false(graph.accounts[account_index(&graph, 7)].named);
    assert_true(hands.shared == 0 && hands.repeated == 0 && hands.in_company == 0 && hands.partners == 0);
    assert_int_equal(hands.n, 6);
    show(&graph, OBJECT_PAYMENT, 7, 20); /* a colleague who does not show it speaks for them still */
    show(&graph, OBJECT_EMAIL_DOMAIN, 8, 20);
    weigh(FAMILY_CONTENT, 1, 10);
    assert_true(hands.inside == 0 && hands.partners == 1);
    weigh_as_merged();
    assert_true(hands.shared == 2 && hands.in_company == 6 && hands.inside == 4);
    weigh(FAMILY_PROVENANCE, 1, 10); /* no tool */
    assert_int_equal(hands.inside, 4);
}

static void an_open_team_shares_with_nobody(void **state)
{
    (void)state;
    use_frame(1, 10);
    show_all(&graph, OBJECT_PAYMENT, 7, 1, 4);
    show_all(&graph, OBJECT_EMAIL_DOMAIN, 8, 1, 4);
    weigh(FAMILY_CONTENT, 1, 10);
    weigh_as_merged();
    assert_int_equal(hands.shared, 1); /* a domain is cheap: it takes a network of their own as well */
    show_all(&graph, OBJECT_SIGNUP_NET, 9, 1, 2);
    weigh(FAMILY_CONTENT, 1, 10);
    weigh_as_merged();
    assert_int_equal(hands.shared, 0);
    assert_int_equal(hands.n, 10);
}

static void two_accounts_with_a_domain_and_a_network_are_no_team(void **state)
{
    (void)state;
    use_frame(1, 10);
    show_all(&graph, OBJECT_PAYMENT, 7, 1, 2);
    show_all(&graph, OBJECT_EMAIL_DOMAIN, 8, 1, 2);
    show_all(&graph, OBJECT_SIGNUP_NET, 9, 1, 2);
    weigh(FAMILY_CONTENT, 1, 10);
    weigh_as_merged();
    assert_int_equal(hands.shared, 1);
}

static void a_domain_that_others_show_as_well_opens_no_team(void **state)
{
    (void)state;
    use_frame(1, 10);
    show_all(&graph, OBJECT_PAYMENT, 7, 1, 4);
    show_all(&graph, OBJECT_EMAIL_DOMAIN, 8, 1, 9);
    show_all(&graph, OBJECT_SIGNUP_NET, 9, 1, 4);
    weigh(FAMILY_CONTENT, 1, 10);
    assert_int_equal(hands.shared, 1);
}

static void one_card_counts_for_few_partners_at_most(void **state)
{
    (void)state;
    use_frame(1, 20);
    show_all(&graph, OBJECT_PAYMENT, 7, 1, 20);
    weigh(FAMILY_CONTENT, 1, 20);
    assert_int_equal(hands.partners, HANDS_PARTNERS);
    assert_int_equal(hands.inside, HANDS_PARTNERS);
    show_all(&graph, OBJECT_PAYMENT, 7, 201, 219);
    weigh(FAMILY_CONTENT, 1, 20);
    assert_int_equal(hands.inside, 3);
}

static void who_has_sent_too_little_is_no_partner(void **state)
{
    (void)state;
    use_frame(1, 20);
    show_all(&graph, OBJECT_PAYMENT, 7, 1, 2);
    show_all(&graph, OBJECT_PAYMENT, 7, SILENT_FROM, SILENT_FROM + 3);
    weigh(FAMILY_CONTENT, 1, 20);
    assert_int_equal(hands.inside, 1);
    assert_int_equal(hands.partners, 1);
}

static void returned_turns_chain_hands_not_accounts(void **state)
{
    (void)state;
    use_frame(1, 10);
    show_all(&graph, OBJECT_PAYMENT, 7, 1, 2);
    give_back(&graph, OBJECT_TURN, 1, 1, 2); /* within a hand */
    give_back(&graph, OBJECT_TURN, 2, 2, 3);
    give_back(&graph, OBJECT_TURN, 3, 3, 4);
    give_back(&graph, OBJECT_TURN, 4, 5, 6);
    give_back(&graph, OBJECT_TURN, 5, 7, 200); /* outside */
    weigh(FAMILY_CONTENT, 1, 10);
    assert_int_equal(hands.n, 9);
    assert_int_equal(hands.chains, 6);
    assert_int_equal(hands.pairs, 2);
    assert_int_equal(hands.long_ones, 1);
}

static void halo_accounts_are_of_no_hand(void **state)
{
    (void)state;
    use_frame(1, 10);
    show_all(&graph, OBJECT_PAYMENT, 7, 1, 4);
    weigh(FAMILY_CONTENT, 1, 10);
    for (size_t i = 0; i < group.n_members; i++)
        if (graph.accounts[group.members[i].account].account >= 2)
            group.members[i].membership = MEMBER_HALO;
    struct evidence_input input = input_of();
    evidence_links(&input, evidence);
    assert_int_equal(hands.n, 1);
    assert_int_equal(hands.repeated, 0);
}

static void confirmed_campaigns_are_no_part_of_the_population(void **state)
{
    (void)state;
    struct hands_mass before, after;
    for (uint64_t account = 1; account <= 20; account += 5)
        show_all(&graph, OBJECT_PAYMENT, 100 + account, account, account + 4);
    fixture_build(&graph);
    assert_ok(rings_update(&identity_rings, &graph, true));
    assert_ok(rings_update(&provenance_rings, &graph, true));
    hands_population(&graph, &identity_rings, &provenance_rings, &before);
    assert_int_equal(before.sharing, 4 * HANDS_MOST); /* of five accounts each */
    for (uint64_t account = 1; account <= 5; account++)
        graph.accounts[account_index(&graph, account)].watched = true;
    hands_population(&graph, &identity_rings, &provenance_rings, &after);
    assert_int_equal(after.sharing, 3 * HANDS_MOST);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(accounts_that_share_a_card_are_one_hand),
        TEST(a_hand_with_company_outside_is_shared_and_not_repeated),
        TEST(a_declared_organisation_shares_with_nobody),
        TEST(a_firm_with_a_mail_domain_shares_nothing_in_one_frame),
        TEST(an_open_team_shares_with_nobody),
        TEST(two_accounts_with_a_domain_and_a_network_are_no_team),
        TEST(a_domain_that_others_show_as_well_opens_no_team),
        TEST(one_card_counts_for_few_partners_at_most),
        TEST(who_has_sent_too_little_is_no_partner),
        TEST(returned_turns_chain_hands_not_accounts),
        TEST(halo_accounts_are_of_no_hand),
        TEST(confirmed_campaigns_are_no_part_of_the_population),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
