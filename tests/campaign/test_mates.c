/* Who else is of a hand that a campaign holds. */
#include "campaign/mates.h"

#include "held.h"

enum { HELD = 12, MATE = 100 };

static struct rings identity;
static uint64_t n_exchanges; /* of everybody */

/* Accounts 1 to HELD are held; they show one frame, cards of three and nothing else. */
static int set_up(void **state)
{
    (void)state;
    held_init();
    rings_init(&identity, FAMILY_IDENTITY);
    show_all(&graph, OBJECT_TAIL12, 1, 1, HELD);
    for (uint64_t account = 1; account <= HELD; account++)
        show(&graph, OBJECT_PAYMENT, 1 + (account - 1) / 3, account);
    hold(1, HELD);
    tracker.items[0]->detected_ms = T0;
    n_exchanges = MATES_SENT;
    return 0;
}

static int tear_down(void **state)
{
    rings_fini(&identity);
    return held_fini(state);
}

static enum status brief_of(void *context, uint64_t account, struct account_brief *ret_brief)
{
    (void)context, (void)account;
    *ret_brief = (struct account_brief){ .exchanges = n_exchanges };
    return STATUS_OK;
}
static const struct campaign_source source = { .brief = brief_of };

static void take_at(int64_t now_ms)
{
    uint32_t *count = calloc(graph.n_accounts + 1, sizeof *count);
    assert_non_null(count);
    assert_ok(rings_update(&identity, &graph, true));
    const struct mates_input input = { &graph, &identity, &tracker, &source, count };
    assert_ok(mates_take(&input, now_ms));
    for (size_t i = 0; i < graph.n_accounts; i++)
        assert_int_equal(count[i], 0);
    free(count);
}

static void take(void)
{
    take_at(T0 + HOUR);
}

static enum membership joined(uint64_t account)
{
    const struct campaign_member *m = member_find(tracker.items[0], account);
    bool watched = graph.accounts[account_index(&graph, account)].watched;
    assert_int_equal(watched, m && m->membership >= MEMBER_LIKELY);
    return m ? (enum membership)m->membership : MEMBER_NONE;
}

static void who_shares_the_card_of_three_held_is_asked(void **state)
{
    (void)state;
    show(&graph, OBJECT_PAYMENT, 1, MATE);
    take();
    assert_int_equal(joined(MATE), MEMBER_HALO);
}

static void who_shares_a_device_with_one_of_three_held_is_held(void **state)
{
    (void)state;
    show(&graph, OBJECT_DEVICE, 1, 2);
    show(&graph, OBJECT_DEVICE, 1, MATE);
    take();
    assert_int_equal(joined(MATE), MEMBER_LIKELY);
}

static void a_mate_that_has_sent_hardly_anything_is_asked_first(void **state)
{
    (void)state;
    show(&graph, OBJECT_DEVICE, 1, 2);
    show(&graph, OBJECT_DEVICE, 1, MATE);
    n_exchanges = MATES_SENT - 1;
    take();
    assert_int_equal(joined(MATE), MEMBER_HALO);
    n_exchanges = MATES_SENT;
    take();
    assert_int_equal(joined(MATE), MEMBER_LIKELY);
}

static void days_after_the_detection_it_is_held_whatever_it_has_sent(void **state)
{
    (void)state;
    show(&graph, OBJECT_DEVICE, 1, 2);
    show(&graph, OBJECT_DEVICE, 1, MATE);
    n_exchanges = 0;
    take_at(T0);
    take_at(T0 + MATES_WAIT_MS - 1);
    assert_int_equal(joined(MATE), MEMBER_HALO);
    take_at(T0 + MATES_WAIT_MS);
    assert_int_equal(joined(MATE), MEMBER_LIKELY);
}

static void but_not_within_a_day_of_being_asked(void **state)
{
    (void)state;
    show(&graph, OBJECT_DEVICE, 1, 2);
    show(&graph, OBJECT_DEVICE, 1, MATE);
    n_exchanges = 0;
    take_at(T0 + MATES_WAIT_MS);
    take_at(T0 + MATES_WAIT_MS + MATES_ASKED_MS - 1);
    assert_int_equal(joined(MATE), MEMBER_HALO);
    take_at(T0 + MATES_WAIT_MS + MATES_ASKED_MS);
    assert_int_equal(joined(MATE), MEMBER_LIKELY);
}

static void but_not_where_two_operators_share_the_pool(void **state)
{
    (void)state;
    tracker.items[0]->pool.value = 1;
    show(&graph, OBJECT_DEVICE, 1, 2);
    show(&graph, OBJECT_DEVICE, 1, MATE);
    n_exchanges = 0;
    take_at(T0);
    take_at(T0 + MATES_WAIT_MS);
    assert_int_equal(joined(MATE), MEMBER_HALO);
}

static void two_who_share_device_and_burnt_card_are_held(void **state)
{
    (void)state;
    show_all(&graph, OBJECT_PAYMENT, 1, MATE, MATE + 1);
    show_all(&graph, OBJECT_DEVICE, 1, MATE, MATE + 1);
    take();
    assert_int_equal(joined(MATE), MEMBER_LIKELY);
    assert_int_equal(joined(MATE + 1), MEMBER_LIKELY);
}

/* The second account of the card's owner does not pay with it. */
static void the_owner_of_a_stolen_card_is_asked_and_its_device_says_nothing(void **state)
{
    (void)state;
    show(&graph, OBJECT_PAYMENT, 1, MATE);
    show_all(&graph, OBJECT_DEVICE, 1, MATE, MATE + 1);
    take();
    assert_int_equal(joined(MATE), MEMBER_HALO);
    assert_int_equal(joined(MATE + 1), MEMBER_HALO);
}

static void two_held_speak_for_nobody(void **state)
{
    (void)state;
    graph.accounts[account_index(&graph, 3)].watched = false;
    show(&graph, OBJECT_PAYMENT, 1, MATE);
    show(&graph, OBJECT_DEVICE, 1, 2);
    show(&graph, OBJECT_DEVICE, 1, MATE);
    take();
    assert_int_equal(joined(MATE), MEMBER_NONE);
}

static void a_quarter_must_be_held(void **state)
{
    (void)state;
    show_all(&graph, OBJECT_PAYMENT, 1, MATE, MATE + 9);
    show_all(&graph, OBJECT_PAYMENT, 2, MATE + 10, MATE + 18);
    take();
    assert_int_equal(joined(MATE), MEMBER_NONE);
    assert_int_equal(joined(MATE + 10), MEMBER_HALO);
}

static void organisations_and_open_teams_are_left_alone(void **state)
{
    (void)state;
    show_all(&graph, OBJECT_PAYMENT, 1, MATE, MATE + 1);
    graph.accounts[account_index(&graph, MATE)].organization = 7;
    graph.accounts[account_index(&graph, MATE + 1)].open = true;
    take();
    assert_int_equal(joined(MATE), MEMBER_NONE);
    assert_int_equal(joined(MATE + 1), MEMBER_NONE);
}

static void a_campaign_that_cards_did_not_test_has_no_mates(void **state)
{
    (void)state;
    show(&graph, OBJECT_PAYMENT, 1, MATE);
    tracker.items[0]->evidence[FAMILY_IDENTITY].strong = false;
    take();
    assert_int_equal(joined(MATE), MEMBER_NONE);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(who_shares_the_card_of_three_held_is_asked),
        TEST(who_shares_a_device_with_one_of_three_held_is_held),
        TEST(a_mate_that_has_sent_hardly_anything_is_asked_first),
        TEST(days_after_the_detection_it_is_held_whatever_it_has_sent),
        TEST(but_not_within_a_day_of_being_asked),
        TEST(but_not_where_two_operators_share_the_pool),
        TEST(two_who_share_device_and_burnt_card_are_held),
        TEST(the_owner_of_a_stolen_card_is_asked_and_its_device_says_nothing),
        TEST(two_held_speak_for_nobody),
        TEST(a_quarter_must_be_held),
        TEST(organisations_and_open_teams_are_left_alone),
        TEST(a_campaign_that_cards_did_not_test_has_no_mates),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
