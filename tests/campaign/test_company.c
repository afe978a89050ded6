/* With whom an account shares a card, a device or a conversation. */
#include "campaign/company.h"
#include "held.h"

enum { ONE = 1, ANOTHER, A_THIRD, STRANGER };

static uint8_t inside[16]; /* by account index */
static const unsigned identity = 1U << FAMILY_IDENTITY, provenance = 1U << FAMILY_PROVENANCE;

/* Three accounts with one card; a stranger, who gave something back to the third. */
static int set_up(void **state)
{
    (void)state;
    held_init();
    show_all(&graph, OBJECT_PAYMENT, 1, ONE, A_THIRD);
    show(&graph, OBJECT_PAYMENT, 2, STRANGER);
    show(&graph, OBJECT_TAIL6, 3, STRANGER);
    give_back(&graph, OBJECT_TURN, 4, STRANGER, A_THIRD);
    assert_ok(graph_build(&graph));
    memset(inside, 0, sizeof inside);
    return 0;
}

static uint32_t index_of(uint64_t account)
{
    return account_index(&graph, account);
}

static uint32_t partner_of(uint64_t account, unsigned families)
{
    const struct company_search search = { .graph = &graph, .inside = inside, .families = families };
    return company_partner(&search, index_of(account), MAP_NONE, COMPANY_MEMBER);
}

static bool has_many(uint64_t account, unsigned families)
{
    const struct company_search search = { .graph = &graph, .inside = inside, .families = families };
    return company_many(&search, index_of(account));
}

static void who_shows_the_same_card_is_a_partner_if_he_is_inside(void **state)
{
    (void)state;
    assert_int_equal(partner_of(ONE, identity), MAP_NONE);
    inside[index_of(ANOTHER)] = COMPANY_MEMBER;
    assert_int_equal(partner_of(ONE, identity), index_of(ANOTHER));
    assert_int_equal(partner_of(ANOTHER, identity), MAP_NONE);
    assert_int_equal(partner_of(ONE, provenance), MAP_NONE);
}

static void a_conversation_makes_partners_where_it_is_asked_for(void **state)
{
    (void)state;
    inside[index_of(A_THIRD)] = COMPANY_MEMBER;
    assert_int_equal(partner_of(STRANGER, identity), MAP_NONE);
    assert_int_equal(partner_of(STRANGER, provenance), index_of(A_THIRD));
}

static void colleagues_cards_make_no_partners_where_one_tool_is_asked_about(void **state)
{
    (void)state;
    struct company_search search = { .graph = &graph, .inside = inside, .families = ~0U, .one_tool = true };
    inside[index_of(ANOTHER)] = inside[index_of(STRANGER)] = COMPANY_MEMBER;
    assert_int_equal(company_partner(&search, index_of(ONE), MAP_NONE, COMPANY_MEMBER), index_of(ANOTHER));
    graph.accounts[index_of(ONE)].named = graph.accounts[index_of(A_THIRD)].named = true;
    assert_int_equal(company_partner(&search, index_of(ONE), MAP_NONE, COMPANY_MEMBER), MAP_NONE);
    assert_int_equal(
        company_partner(&search, index_of(A_THIRD), MAP_NONE, COMPANY_MEMBER), index_of(STRANGER));
    search.one_tool = false;
    assert_int_equal(company_partner(&search, index_of(ONE), MAP_NONE, COMPANY_MEMBER), index_of(ANOTHER));
}

static void two_partners_are_many(void **state)
{
    (void)state;
    inside[index_of(ANOTHER)] = COMPANY_MEMBER;
    assert_false(has_many(ONE, identity));
    inside[index_of(A_THIRD)] = COMPANY_MEMBER;
    assert_true(has_many(ONE, identity));
    inside[index_of(STRANGER)] = COMPANY_MEMBER;
    assert_false(has_many(STRANGER, provenance));
}

static void the_accounts_of_an_open_team_have_no_partners_by_their_card(void **state)
{
    (void)state;
    inside[index_of(ANOTHER)] = COMPANY_MEMBER;
    graph.accounts[index_of(ONE)].open = true;
    assert_int_equal(partner_of(ONE, identity), MAP_NONE);
}

static void a_partner_who_is_held_is_found_whatever_group_he_is_of(void **state)
{
    (void)state;
    assert_int_equal(company_held(&graph, index_of(ONE), MAP_NONE, identity), MAP_NONE);
    graph.accounts[index_of(ANOTHER)].watched = true;
    assert_int_equal(company_held(&graph, index_of(ONE), MAP_NONE, identity), index_of(ANOTHER));
    assert_int_equal(company_held(&graph, index_of(ONE), index_of(ANOTHER), identity), MAP_NONE);
    graph.accounts[index_of(ANOTHER)].organization = 7;
    assert_int_equal(company_held(&graph, index_of(ONE), MAP_NONE, identity), MAP_NONE);
}

static void a_card_of_a_crowd_leads_to_nobody_who_is_held(void **state)
{
    (void)state;
    graph.accounts[index_of(ANOTHER)].watched = true;
    show_all(&graph, OBJECT_PAYMENT, 1, 100, 100 + GRAPH_JOIN_MEMBERS_MAX);
    assert_int_equal(company_held(&graph, index_of(ONE), MAP_NONE, identity), MAP_NONE);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, held_fini)
    const struct CMUnitTest tests[] = {
        TEST(who_shows_the_same_card_is_a_partner_if_he_is_inside),
        TEST(a_conversation_makes_partners_where_it_is_asked_for),
        TEST(two_partners_are_many),
        TEST(colleagues_cards_make_no_partners_where_one_tool_is_asked_about),
        TEST(the_accounts_of_an_open_team_have_no_partners_by_their_card),
        TEST(a_partner_who_is_held_is_found_whatever_group_he_is_of),
        TEST(a_card_of_a_crowd_leads_to_nobody_who_is_held),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
