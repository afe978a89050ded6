/* Who takes up a confirmed campaign between two epochs. */
#include "campaign/arrivals.h"

#include "campaign/lots.h"

#include "held.h"

enum { HELD = 40, NEWCOMER = 100 };

/* Accounts 1 to HELD: held, one frame, cards of four. */
static int set_up(void **state)
{
    (void)state;
    held_init();
    show_all(&graph, OBJECT_TAIL12, 1, 1, HELD);
    for (uint64_t account = 1; account <= HELD; account++)
        show(&graph, OBJECT_PAYMENT, 1 + account / 4, account);
    hold(1, HELD);
    watch_frame(OBJECT_TAIL12, 1);
    return 0;
}

static uint64_t n_exchanges = 1; /* of whoever arrives */
static int64_t began_ms;         /* when it began */
static int64_t now_ms = T0;

static enum status brief_of(void *context, uint64_t account, struct account_brief *ret_brief)
{
    (void)context, (void)account;
    *ret_brief = (struct account_brief){ .exchanges = n_exchanges, .first_seen_ms = began_ms };
    return STATUS_OK;
}
static const struct campaign_source source = { .brief = brief_of };

static enum membership placed(uint64_t account)
{
    struct arrival arrival =
        arrivals_place(&graph, &tracker, &source, account_index(&graph, account), now_ms);
    assert_int_equal(arrival.campaign, arrival.membership == MEMBER_NONE ? MAP_NONE : 0);
    return arrival.membership;
}

static void outsiders_show_the_frame(uint64_t n)
{
    show_all(&graph, OBJECT_TAIL12, 1, 1000, 999 + n);
}

static void who_shows_the_frame_and_a_card_of_several_held_is_held(void **state)
{
    (void)state;
    show(&graph, OBJECT_TAIL12, 1, NEWCOMER);
    show(&graph, OBJECT_PAYMENT, 2, NEWCOMER);
    assert_int_equal(graph.n_arrivals, 2);
    assert_int_equal(graph.arrivals[0], account_index(&graph, NEWCOMER));
    assert_int_equal(placed(NEWCOMER), MEMBER_LIKELY);
}

/* The card is the supplier's, the frame says whose the account is. */
static void a_card_of_another_operator_on_the_pool_ties_as_well(void **state)
{
    (void)state;
    static const struct campaign_parting parting = { .log10_p = -7 };
    const uint64_t card[] = { 4, 5, 6, 7 };
    assert_ok(tracker_divide(&tracker, 0, card, 4, &parting, T0));
    show(&graph, OBJECT_TAIL12, 1, NEWCOMER);
    show(&graph, OBJECT_PAYMENT, 2, NEWCOMER);
    assert_int_equal(placed(NEWCOMER), MEMBER_LIKELY);
    tracker.items[1]->pool.value++; /* strangers */
    assert_int_equal(placed(NEWCOMER), MEMBER_HALO);
}

static void who_shares_a_card_of_those_held_is_asked_unless_it_has_sent_other_things(void **state)
{
    (void)state;
    show(&graph, OBJECT_PAYMENT, 2, NEWCOMER);
    n_exchanges = ARRIVALS_FIRST;
    assert_int_equal(placed(NEWCOMER), MEMBER_HALO);
    n_exchanges = ARRIVALS_FIRST + 1;
    assert_int_equal(placed(NEWCOMER), MEMBER_NONE);
    n_exchanges = 1;
}

static void ask(uint64_t account)
{
    uint32_t index = account_index(&graph, account);
    assert_ok(tracker_take_others(&tracker, 0, &graph, &index, 1, MEMBER_HALO, T0));
    arrivals_burn(&graph, index);
}

/* Accounts 4 to 9 have it, and what is asked of the next is not answered. */
static void who_was_asked_for_a_card_of_six_and_stays_silent_is_held_after_a_day(void **state)
{
    (void)state;
    show_all(&graph, OBJECT_PAYMENT, 2, 8, 9);
    show(&graph, OBJECT_PAYMENT, 2, NEWCOMER);
    now_ms = T0 + 2 * ARRIVALS_WAIT_MS;
    assert_int_equal(placed(NEWCOMER), MEMBER_HALO);
    ask(NEWCOMER);
    now_ms = T0 + ARRIVALS_WAIT_MS - 1;
    assert_int_equal(placed(NEWCOMER), MEMBER_HALO);
    now_ms = T0 + ARRIVALS_WAIT_MS;
    n_exchanges = LOTS_BUSY;
    assert_int_equal(placed(NEWCOMER), MEMBER_HALO);
    n_exchanges = 1;
    assert_int_equal(placed(NEWCOMER), MEMBER_LIKELY);
    now_ms = T0;
}

static void a_card_of_four_holds_nobody_who_is_silent(void **state)
{
    (void)state;
    show(&graph, OBJECT_PAYMENT, 2, NEWCOMER);
    ask(NEWCOMER);
    now_ms = T0 + ARRIVALS_WAIT_MS;
    assert_int_equal(placed(NEWCOMER), MEMBER_HALO);
    now_ms = T0;
}

static void who_was_asked_arrives_again_after_a_day(void **state)
{
    (void)state;
    show(&graph, OBJECT_PAYMENT, 2, NEWCOMER);
    ask(NEWCOMER);
    graph.n_arrivals = 0;
    assert_ok(arrivals_wait(&graph, &tracker, T0 + ARRIVALS_WAIT_MS - 1));
    assert_int_equal(graph.n_arrivals, 0);
    assert_ok(arrivals_wait(&graph, &tracker, T0 + ARRIVALS_WAIT_MS));
    assert_int_equal(graph.n_arrivals, 1);
    assert_int_equal(graph.arrivals[0], account_index(&graph, NEWCOMER));
}

/* A new lot: nobody of it is held. */
static void three_of_one_card_that_begin_with_the_frame_are_held(void **state)
{
    (void)state;
    show_all(&graph, OBJECT_TAIL12, 1, NEWCOMER, NEWCOMER + 2);
    show_all(&graph, OBJECT_PAYMENT, 50, NEWCOMER, NEWCOMER + 2);
    for (uint64_t account = NEWCOMER; account < NEWCOMER + 2; account++) {
        assert_int_equal(placed(account), MEMBER_HALO);
        ask(account);
    }
    assert_int_equal(placed(NEWCOMER + 2), MEMBER_LIKELY);
}

/* A new card of six whose accounts all began after the campaign was found, and have sent more than a newcomer does. */
static void come_after(enum object_kind kind)
{
    tracker.items[0]->detected_ms = T0;
    began_ms = T0 + 1;
    n_exchanges = 10 * ARRIVALS_FIRST;
    show_all(&graph, OBJECT_PAYMENT, 50, NEWCOMER, NEWCOMER + LOTS_YOUNG - 1);
    show(&graph, kind, 1, NEWCOMER);
}

static int forget_who_came(void **state)
{
    began_ms = 0;
    n_exchanges = 1;
    return held_fini(state);
}

static void one_of_a_young_lot_that_shows_the_frame_is_asked_whatever_it_sent(void **state)
{
    (void)state;
    come_after(OBJECT_TAIL12);
    assert_int_equal(placed(NEWCOMER), MEMBER_HALO);
    assert_int_equal(placed(NEWCOMER + 1), MEMBER_NONE);
    began_ms = T0 - 1;
    assert_int_equal(placed(NEWCOMER), MEMBER_NONE);
}

static void once_one_of_a_young_lot_is_asked_all_are(void **state)
{
    (void)state;
    come_after(OBJECT_TAIL12);
    ask(NEWCOMER);
    struct arrival arrival =
        arrivals_place(&graph, &tracker, &source, account_index(&graph, NEWCOMER + 1), now_ms);
    assert_int_equal(arrival.membership, MEMBER_HALO);
    assert_true(arrival.young);
}

static void a_system_prompt_asks_nobody_of_a_young_lot(void **state)
{
    (void)state;
    show_all(&graph, OBJECT_SYSTEM, 1, 1, HELD);
    graph.objects[object_index(&graph, OBJECT_SYSTEM, 1)].watched = true;
    come_after(OBJECT_SYSTEM);
    assert_int_equal(placed(NEWCOMER), MEMBER_NONE);
}

static void who_shows_nothing_but_the_frame_is_asked_at_most(void **state)
{
    (void)state;
    show(&graph, OBJECT_TAIL12, 1, NEWCOMER);
    assert_int_equal(placed(NEWCOMER), MEMBER_HALO);
}

static void who_had_sent_other_things_before_the_frame_is_not_asked(void **state)
{
    (void)state;
    show(&graph, OBJECT_TAIL12, 1, NEWCOMER);
    n_exchanges = ARRIVALS_FIRST;
    assert_int_equal(placed(NEWCOMER), MEMBER_HALO);
    n_exchanges = ARRIVALS_FIRST + 1;
    assert_int_equal(placed(NEWCOMER), MEMBER_NONE);
    show(&graph, OBJECT_PAYMENT, 2, NEWCOMER);
    assert_int_equal(placed(NEWCOMER), MEMBER_LIKELY);
    n_exchanges = 1;
}

static void a_frame_of_few_users_asks_nobody(void **state)
{
    (void)state;
    show_all(&graph, OBJECT_TAIL6, 2, 1, HELD);
    graph.objects[object_index(&graph, OBJECT_TAIL6, 2)].watched = true;
    show(&graph, OBJECT_TAIL6, 2, NEWCOMER);
    assert_int_equal(placed(NEWCOMER), MEMBER_NONE);
}

static void who_shows_a_frame_that_others_use_as_well_joins_nothing(void **state)
{
    (void)state;
    outsiders_show_the_frame(4);
    show(&graph, OBJECT_TAIL12, 1, NEWCOMER);
    assert_int_equal(placed(NEWCOMER), MEMBER_NONE);
}

static void a_frame_of_others_holds_nobody_by_a_card(void **state)
{
    (void)state;
    outsiders_show_the_frame(HELD + 1);
    show(&graph, OBJECT_TAIL12, 1, NEWCOMER);
    assert_int_equal(placed(NEWCOMER), MEMBER_NONE);
    show(&graph, OBJECT_PAYMENT, 2, NEWCOMER);
    assert_int_equal(placed(NEWCOMER), MEMBER_HALO); /* the card is burnt all the same */
}

static void a_system_prompt_that_only_members_use_asks_nobody(void **state)
{
    (void)state;
    show_all(&graph, OBJECT_SYSTEM, 2, 1, HELD);
    graph.objects[object_index(&graph, OBJECT_SYSTEM, 2)].watched = true;
    show(&graph, OBJECT_SYSTEM, 2, NEWCOMER);
    assert_int_equal(placed(NEWCOMER), MEMBER_NONE);
}

static void the_partner_of_one_who_has_no_other_is_only_asked(void **state)
{
    (void)state;
    show(&graph, OBJECT_DEVICE, 77, 1);
    struct tie gone = tie_shown(OBJECT_PAYMENT, 1, 1);
    gone.op = TIE_WITHDRAW;
    assert_ok(graph_add(&graph, &gone));
    show(&graph, OBJECT_DEVICE, 77, NEWCOMER);
    show(&graph, OBJECT_TAIL12, 1, NEWCOMER);
    assert_int_equal(placed(NEWCOMER), MEMBER_HALO);
}

/* Account HELD is alone on its card. */
static void two_partners_who_have_no_other_make_three(void **state)
{
    (void)state;
    show(&graph, OBJECT_DEVICE, 77, HELD);
    show(&graph, OBJECT_DEVICE, 77, NEWCOMER);
    show(&graph, OBJECT_TAIL12, 1, NEWCOMER);
    assert_int_equal(placed(NEWCOMER), MEMBER_HALO);
    show(&graph, OBJECT_DEVICE, 78, 4);
    show(&graph, OBJECT_DEVICE, 78, NEWCOMER);
    assert_int_equal(placed(NEWCOMER), MEMBER_LIKELY);
}

static void one_partner_who_has_another_makes_three(void **state)
{
    (void)state;
    show(&graph, OBJECT_DEVICE, 77, 4);
    show(&graph, OBJECT_DEVICE, 77, NEWCOMER);
    show(&graph, OBJECT_TAIL12, 1, NEWCOMER);
    assert_int_equal(placed(NEWCOMER), MEMBER_LIKELY);
}

static void returned_turns_tie_where_they_carry_the_campaign(void **state)
{
    (void)state;
    give_back(&graph, OBJECT_ECHO, 4, 5, NEWCOMER);
    give_back(&graph, OBJECT_TURN, 5, 6, NEWCOMER);
    give_back(&graph, OBJECT_ECHO, 6, 7, NEWCOMER);
    give_back(&graph, OBJECT_TURN, 7, 9, NEWCOMER);
    show(&graph, OBJECT_TAIL12, 1, NEWCOMER);
    assert_int_equal(placed(NEWCOMER), MEMBER_HALO);
    tracker.items[0]->evidence[FAMILY_PROVENANCE].strong = true;
    assert_int_equal(placed(NEWCOMER), MEMBER_LIKELY);
}

static void a_frame_of_thousands_is_judged_by_a_sample(void **state)
{
    (void)state;
    outsiders_show_the_frame(1000);
    for (uint64_t account = 1000; account < 2000; account++)
        graph.accounts[account_index(&graph, account)].watched = account % 49 != 0;
    show(&graph, OBJECT_TAIL12, 1, NEWCOMER);
    assert_int_equal(placed(NEWCOMER), MEMBER_HALO);
    for (uint64_t account = 1000; account < 2000; account++)
        graph.accounts[account_index(&graph, account)].watched = account % 7 != 0;
    assert_int_equal(placed(NEWCOMER), MEMBER_NONE);
}

static void a_member_of_an_organisation_is_left_to_the_epoch(void **state)
{
    (void)state;
    show_paid(&graph, OBJECT_TAIL12, 1, NEWCOMER, 9);
    show_paid(&graph, OBJECT_PAYMENT, 2, NEWCOMER, 9);
    assert_int_equal(placed(NEWCOMER), MEMBER_NONE);
}

static void a_member_of_an_open_team_is_left_to_the_epoch(void **state)
{
    (void)state;
    show(&graph, OBJECT_TAIL12, 1, NEWCOMER);
    show(&graph, OBJECT_PAYMENT, 2, NEWCOMER);
    graph.accounts[account_index(&graph, NEWCOMER)].open = true;
    assert_int_equal(placed(NEWCOMER), MEMBER_NONE);
}

static void a_member_of_a_firm_with_a_mail_domain_is_left_to_the_epoch(void **state)
{
    (void)state;
    show(&graph, OBJECT_TAIL12, 1, NEWCOMER);
    give_back(&graph, OBJECT_TURN, 5, 9, NEWCOMER);
    give_back(&graph, OBJECT_TURN, 6, 9, NEWCOMER);
    tracker.items[0]->evidence[FAMILY_PROVENANCE].strong = true;
    n_exchanges = ARRIVALS_FIRST + 1;
    assert_int_equal(placed(NEWCOMER), MEMBER_LIKELY);
    graph.accounts[account_index(&graph, NEWCOMER)].named = true;
    assert_int_equal(placed(NEWCOMER), MEMBER_NONE);
    n_exchanges = 1;
}

static void a_tie_with_one_of_an_open_team_does_not_count(void **state)
{
    (void)state;
    for (uint64_t account = 4; account <= 7; account++)
        graph.accounts[account_index(&graph, account)].open = true;
    show(&graph, OBJECT_TAIL12, 1, NEWCOMER);
    show(&graph, OBJECT_PAYMENT, 2, NEWCOMER);
    assert_int_equal(placed(NEWCOMER), MEMBER_HALO);
}

static void a_family_that_does_not_carry_the_campaign_ties_nobody(void **state)
{
    (void)state;
    tracker.items[0]->evidence[FAMILY_IDENTITY].strong = false;
    show(&graph, OBJECT_TAIL12, 1, NEWCOMER);
    show(&graph, OBJECT_PAYMENT, 2, NEWCOMER);
    assert_int_equal(placed(NEWCOMER), MEMBER_HALO);
}

/* Two of another campaign have a card; the frame is not theirs. */
static void a_card_of_another_campaign_ties_nobody_to_this_one(void **state)
{
    (void)state;
    show_all(&graph, OBJECT_PAYMENT, 99, 200, 202);
    hold(200, 202);
    show(&graph, OBJECT_TAIL12, 1, NEWCOMER);
    show(&graph, OBJECT_PAYMENT, 99, NEWCOMER);
    assert_int_equal(placed(NEWCOMER), MEMBER_HALO);
}

static void a_system_prompt_beside_it_does_not_hide_whose_frame_it_is(void **state)
{
    (void)state;
    show_all(&graph, OBJECT_SYSTEM, 2, 1, HELD);
    graph.objects[object_index(&graph, OBJECT_SYSTEM, 2)].watched = true;
    show(&graph, OBJECT_SYSTEM, 2, NEWCOMER);
    show(&graph, OBJECT_TAIL12, 1, NEWCOMER);
    assert_int_equal(placed(NEWCOMER), MEMBER_HALO);
}

static void nobody_joins_a_campaign_that_is_only_suspected(void **state)
{
    (void)state;
    tracker.items[0]->confirmed = false;
    show(&graph, OBJECT_TAIL12, 1, NEWCOMER);
    show(&graph, OBJECT_PAYMENT, 2, NEWCOMER);
    struct arrival arrival =
        arrivals_place(&graph, &tracker, &source, account_index(&graph, NEWCOMER), now_ms);
    assert_int_equal(arrival.campaign, MAP_NONE);
}

static void whoever_shares_something_with_one_who_is_held_arrives(void **state)
{
    (void)state;
    show(&graph, OBJECT_DEVICE, 77, NEWCOMER);
    show(&graph, OBJECT_DEVICE, 77, NEWCOMER + 1);
    assert_int_equal(graph.n_arrivals, 0);
    arrivals_watch(&graph, account_index(&graph, NEWCOMER));
    assert_int_equal(graph.n_arrivals, 0);
    assert_ok(arrivals_follow(&graph, account_index(&graph, NEWCOMER)));
    assert_int_equal(graph.n_arrivals, 1);
    assert_int_equal(graph.arrivals[0], account_index(&graph, NEWCOMER + 1));
}

static void no_more_arrive_than_are_remembered(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < GRAPH_ARRIVALS + 2; i++)
        assert_ok(graph_arrive(&graph, 0));
    assert_int_equal(graph.n_arrivals, GRAPH_ARRIVALS);
    assert_true(graph.alarmed);
    assert_ok(graph_build(&graph));
    assert_int_equal(graph.n_arrivals, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, held_fini)
#define TEST_OF_LOT(name) cmocka_unit_test_setup_teardown(name, set_up, forget_who_came)
int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(who_shows_the_frame_and_a_card_of_several_held_is_held),
        TEST(a_card_of_another_operator_on_the_pool_ties_as_well),
        TEST(who_shares_a_card_of_those_held_is_asked_unless_it_has_sent_other_things),
        TEST(who_was_asked_for_a_card_of_six_and_stays_silent_is_held_after_a_day),
        TEST(a_card_of_four_holds_nobody_who_is_silent),
        TEST(who_was_asked_arrives_again_after_a_day),
        TEST(three_of_one_card_that_begin_with_the_frame_are_held),
        TEST_OF_LOT(one_of_a_young_lot_that_shows_the_frame_is_asked_whatever_it_sent),
        TEST_OF_LOT(once_one_of_a_young_lot_is_asked_all_are),
        TEST_OF_LOT(a_system_prompt_asks_nobody_of_a_young_lot),
        TEST(who_shows_nothing_but_the_frame_is_asked_at_most),
        TEST(who_had_sent_other_things_before_the_frame_is_not_asked),
        TEST(a_frame_of_few_users_asks_nobody),
        TEST(who_shows_a_frame_that_others_use_as_well_joins_nothing),
        TEST(a_frame_of_others_holds_nobody_by_a_card),
        TEST(a_system_prompt_that_only_members_use_asks_nobody),
        TEST(the_partner_of_one_who_has_no_other_is_only_asked),
        TEST(two_partners_who_have_no_other_make_three),
        TEST(one_partner_who_has_another_makes_three),
        TEST(returned_turns_tie_where_they_carry_the_campaign),
        TEST(a_frame_of_thousands_is_judged_by_a_sample),
        TEST(a_member_of_an_organisation_is_left_to_the_epoch),
        TEST(a_member_of_an_open_team_is_left_to_the_epoch),
        TEST(a_member_of_a_firm_with_a_mail_domain_is_left_to_the_epoch),
        TEST(a_tie_with_one_of_an_open_team_does_not_count),
        TEST(a_family_that_does_not_carry_the_campaign_ties_nobody),
        TEST(a_card_of_another_campaign_ties_nobody_to_this_one),
        TEST(a_system_prompt_beside_it_does_not_hide_whose_frame_it_is),
        TEST(nobody_joins_a_campaign_that_is_only_suspected),
        TEST(whoever_shares_something_with_one_who_is_held_arrives),
        TEST(no_more_arrive_than_are_remembered),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
