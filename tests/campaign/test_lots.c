/* What the cards of an account say about it. */
#include "campaign/lots.h"

#include "held.h"

enum { HELD = 20, CARD = 9, NEW_CARD = 50, DEVICE = 70, NEWCOMER = 100 };

static uint64_t busy_from = 200; /* accounts from here on have sent something */
static int64_t began_ms;         /* when they all did, but for one */
static uint64_t earlier;         /* that one, a millisecond before */

static enum status brief_of(void *context, uint64_t account, struct account_brief *ret_brief)
{
    (void)context;
    *ret_brief = (struct account_brief){ .exchanges = account >= busy_from ? LOTS_BUSY : LOTS_BUSY - 1,
        .first_seen_ms = began_ms - (account == earlier) };
    return STATUS_OK;
}
static const struct campaign_source source = { .brief = brief_of };

/* Accounts 1 to HELD are held and show a frame, 1 to LOTS_HOLD one card. */
static int set_up(void **state)
{
    (void)state;
    busy_from = 200;
    began_ms = T0 - 1; /* before the detection */
    earlier = 0;
    held_init();
    show_all(&graph, OBJECT_TAIL12, 1, 1, HELD);
    show_all(&graph, OBJECT_PAYMENT, CARD, 1, LOTS_HOLD);
    hold(1, HELD);
    watch_frame(OBJECT_TAIL12, 1);
    tracker.items[0]->detected_ms = T0;
    return 0;
}

static struct lot lot_of(uint64_t account)
{
    return lots_of(&graph, &tracker, &source, account_index(&graph, account));
}

static void six_who_are_held_and_nobody_else_close_a_card(void **state)
{
    (void)state;
    show(&graph, OBJECT_PAYMENT, CARD, NEWCOMER);
    struct lot lot = lot_of(NEWCOMER);
    assert_int_equal(lot.campaign, 0);
    assert_int_equal(lot.held, LOTS_HOLD);
    assert_true(lots_closed(&lot) && lots_burnt(&lot));
    lot = lot_of(1);
    assert_int_equal(lot.held, LOTS_HOLD - 1);
    assert_true(!lots_closed(&lot) && lots_burnt(&lot));
}

static void one_who_is_busy_keeps_a_card_open(void **state)
{
    (void)state;
    show(&graph, OBJECT_PAYMENT, CARD, NEWCOMER);
    show(&graph, OBJECT_PAYMENT, CARD, busy_from);
    struct lot lot = lot_of(NEWCOMER);
    assert_int_equal(lot.busy, 1);
    assert_true(!lots_closed(&lot) && lots_burnt(&lot));
    show_all(&graph, OBJECT_PAYMENT, CARD, busy_from + 1, busy_from + LOTS_HOLD);
    lot = lot_of(NEWCOMER);
    assert_false(lots_burnt(&lot));
}

static void who_has_sent_nothing_yet_is_not_busy(void **state)
{
    (void)state;
    show(&graph, OBJECT_PAYMENT, CARD, NEWCOMER);
    show(&graph, OBJECT_PAYMENT, CARD, NEWCOMER + 1);
    struct lot lot = lot_of(NEWCOMER);
    assert_int_equal(lot.busy, 0);
    assert_true(lots_closed(&lot));
}

static void who_is_held_without_the_frame_closes_nothing(void **state)
{
    (void)state;
    show(&graph, OBJECT_PAYMENT, CARD, NEWCOMER);
    graph.objects[object_index(&graph, OBJECT_TAIL12, 1)].watched = false;
    struct lot lot = lot_of(NEWCOMER);
    assert_int_equal(lot.campaign, MAP_NONE);
    assert_int_equal(lot.held + lot.asked + lot.busy, 0);
    assert_false(lots_burnt(&lot));
}

static void who_is_asked_burns_a_card_and_closes_none(void **state)
{
    (void)state;
    uint32_t account;
    show(&graph, OBJECT_TAIL12, 1, NEWCOMER);
    show(&graph, OBJECT_PAYMENT, CARD + 1, NEWCOMER);
    account = account_index(&graph, NEWCOMER);
    assert_ok(tracker_take_others(&tracker, 0, &graph, &account, 1, MEMBER_HALO, T0));
    arrivals_burn(&graph, account);
    show(&graph, OBJECT_PAYMENT, CARD + 1, NEWCOMER + 1);
    struct lot lot = lot_of(NEWCOMER + 1);
    assert_int_equal(lot.asked, 1);
    assert_true(lots_burnt(&lot) && !lots_closed(&lot));
}

/* NEWCOMER has no card, a device of somebody who has one. */
static void a_device_leads_to_the_card_of_the_next(void **state)
{
    (void)state;
    show(&graph, OBJECT_DEVICE, DEVICE, 1);
    show(&graph, OBJECT_DEVICE, DEVICE, NEWCOMER);
    graph.objects[object_index(&graph, OBJECT_DEVICE, DEVICE)].watched = true;
    struct lot lot = lot_of(NEWCOMER);
    assert_int_equal(lot.held, LOTS_HOLD);
}

static void open_teams_and_organisations_are_not_known(void **state)
{
    (void)state;
    show(&graph, OBJECT_PAYMENT, CARD, NEWCOMER);
    graph.accounts[account_index(&graph, 1)].open = true;
    graph.accounts[account_index(&graph, 2)].organization = 7;
    assert_int_equal(lot_of(NEWCOMER).held, LOTS_HOLD - 2);
}

static void cards_that_do_not_carry_the_campaign_say_nothing(void **state)
{
    (void)state;
    show(&graph, OBJECT_PAYMENT, CARD, NEWCOMER);
    tracker.items[0]->evidence[FAMILY_IDENTITY].strong = false;
    assert_int_equal(lot_of(NEWCOMER).campaign, MAP_NONE);
}

static void a_card_of_more_than_join_says_nothing(void **state)
{
    (void)state;
    show(&graph, OBJECT_PAYMENT, CARD, NEWCOMER);
    show_all(&graph, OBJECT_PAYMENT, CARD, NEWCOMER + 1, NEWCOMER + GRAPH_JOIN_MEMBERS_MAX);
    assert_int_equal(lot_of(NEWCOMER).campaign, MAP_NONE);
}

/* So many of one card, none of whom the campaign knows. */
static bool young(uint32_t n, uint32_t campaign)
{
    show_all(&graph, OBJECT_PAYMENT, NEW_CARD, NEWCOMER, NEWCOMER + n - 1);
    return lots_are_young(&graph, &tracker, &source, account_index(&graph, NEWCOMER), campaign);
}

static void six_who_all_began_after_the_detection_are_a_young_lot(void **state)
{
    (void)state;
    assert_false(young(LOTS_YOUNG, 0));
    began_ms = T0;
    struct tie gone = tie_shown(OBJECT_PAYMENT, NEW_CARD, NEWCOMER + 1);
    gone.op = TIE_WITHDRAW;
    assert_true(young(LOTS_YOUNG, 0));
    assert_ok(graph_add(&graph, &gone));
    assert_false(lots_are_young(&graph, &tracker, &source, account_index(&graph, NEWCOMER), 0));
}

static void one_who_sent_something_before_makes_a_lot_old(void **state)
{
    (void)state;
    began_ms = T0;
    earlier = NEWCOMER + 3;
    assert_false(young(LOTS_YOUNG, 0));
}

static void who_has_sent_nothing_yet_makes_no_lot_old(void **state)
{
    (void)state;
    began_ms = -1;
    assert_true(young(LOTS_YOUNG, 0));
}

static void a_firm_with_a_mail_domain_is_no_young_lot(void **state)
{
    (void)state;
    began_ms = T0;
    assert_true(young(LOTS_YOUNG, 0));
    graph.accounts[account_index(&graph, NEWCOMER + 1)].named = true;
    assert_false(young(LOTS_YOUNG, 0));
    graph.accounts[account_index(&graph, NEWCOMER + 1)].named = false;
    graph.accounts[account_index(&graph, NEWCOMER + 2)].organization = 7;
    assert_false(young(LOTS_YOUNG, 0));
}

static void a_lot_is_as_young_as_the_first_of_the_campaigns_that_go_on_says(void **state)
{
    (void)state;
    began_ms = T0;
    show_all(&graph, OBJECT_TAIL12, 2, 300, 310);
    uint32_t later = hold(300, 310);
    tracker.items[later]->detected_ms = T0 + 1;
    assert_false(young(LOTS_YOUNG, later));
    tracker.items[later]->successor_of = tracker.items[0]->id;
    assert_true(young(LOTS_YOUNG, later));
}

static void a_young_lot_is_burnt_by_one_however_many_are_busy(void **state)
{
    (void)state;
    began_ms = T0;
    uint32_t account;
    busy_from = NEWCOMER;
    show_all(&graph, OBJECT_PAYMENT, NEW_CARD, NEWCOMER, NEWCOMER + LOTS_YOUNG - 1);
    show(&graph, OBJECT_TAIL12, 1, NEWCOMER);
    account = account_index(&graph, NEWCOMER);
    assert_ok(tracker_take_others(&tracker, 0, &graph, &account, 1, MEMBER_HALO, T0));
    arrivals_burn(&graph, account);
    struct lot lot = lot_of(NEWCOMER + 1);
    assert_int_equal(lot.busy, LOTS_YOUNG - 2);
    assert_true(lot.young && lots_burnt(&lot));
    earlier = NEWCOMER + 3;
    lot = lot_of(NEWCOMER + 1);
    assert_false(lot.young || lots_burnt(&lot));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, held_fini)
int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(six_who_are_held_and_nobody_else_close_a_card),
        TEST(one_who_is_busy_keeps_a_card_open),
        TEST(who_has_sent_nothing_yet_is_not_busy),
        TEST(who_is_held_without_the_frame_closes_nothing),
        TEST(who_is_asked_burns_a_card_and_closes_none),
        TEST(a_device_leads_to_the_card_of_the_next),
        TEST(open_teams_and_organisations_are_not_known),
        TEST(cards_that_do_not_carry_the_campaign_say_nothing),
        TEST(a_card_of_more_than_join_says_nothing),
        TEST(six_who_all_began_after_the_detection_are_a_young_lot),
        TEST(one_who_sent_something_before_makes_a_lot_old),
        TEST(who_has_sent_nothing_yet_makes_no_lot_old),
        TEST(a_firm_with_a_mail_domain_is_no_young_lot),
        TEST(a_lot_is_as_young_as_the_first_of_the_campaigns_that_go_on_says),
        TEST(a_young_lot_is_burnt_by_one_however_many_are_busy),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
