/* What an account shows of a campaign that does not hold it yet. */
#include "campaign/signs.h"

#include "held.h"

enum { HELD = 12, NEWCOMER = 100, CARD = 50 };

/* Accounts 1 to HELD are held and show frames 1 and 2, which are watched; NEWCOMER and the two behind it share a card. */
static int set_up(void **state)
{
    (void)state;
    held_init();
    show_all(&graph, OBJECT_TAIL6, 1, 1, HELD);
    show_all(&graph, OBJECT_TAIL6, 2, 1, HELD);
    show_all(&graph, OBJECT_PAYMENT, CARD, NEWCOMER, NEWCOMER + 2);
    hold(1, HELD);
    watch_frame(OBJECT_TAIL6, 1);
    watch_frame(OBJECT_TAIL6, 2);
    return 0;
}

static struct sign sign_of(uint64_t account)
{
    return signs_of(&graph, &tracker, account_index(&graph, account));
}

static bool is_lot(uint64_t account)
{
    struct sign sign = sign_of(account);
    assert_int_equal(sign.campaign, 0);
    return signs_lot(&graph, &tracker, account_index(&graph, account), &sign);
}

static void a_watched_frame_of_which_half_are_held_is_a_sign(void **state)
{
    (void)state;
    show(&graph, OBJECT_TAIL6, 2, NEWCOMER);
    struct sign sign = sign_of(NEWCOMER);
    assert_int_equal(sign.campaign, 0);
    assert_false(sign.direct);
    assert_int_equal(sign.with, object_index(&graph, OBJECT_TAIL6, 2));
    show_all(&graph, OBJECT_TAIL6, 2, 200, 200 + HELD - 2);
    assert_int_equal(sign_of(NEWCOMER).campaign, 0);
    show(&graph, OBJECT_TAIL6, 2, 300);
    assert_int_equal(sign_of(NEWCOMER).campaign, MAP_NONE);
}

static void what_is_not_watched_is_no_sign(void **state)
{
    (void)state;
    show_all(&graph, OBJECT_TAIL6, 3, 1, HELD);
    show(&graph, OBJECT_TAIL6, 3, NEWCOMER);
    assert_int_equal(sign_of(NEWCOMER).campaign, MAP_NONE);
    watch_frame(OBJECT_TAIL6, 3);
    assert_int_equal(sign_of(NEWCOMER).campaign, 0);
    tracker.items[0]->confirmed = false;
    assert_int_equal(sign_of(NEWCOMER).campaign, MAP_NONE);
}

static void work_that_moved_to_or_from_the_held_is_a_sign(void **state)
{
    (void)state;
    give_back(&graph, OBJECT_TURN, 5, NEWCOMER + 1, NEWCOMER);
    give_back(&graph, OBJECT_ECHO, 6, 7, NEWCOMER);
    assert_int_equal(sign_of(NEWCOMER).campaign, MAP_NONE);
    give_back(&graph, OBJECT_TURN, 7, 7, NEWCOMER);
    struct sign sign = sign_of(NEWCOMER);
    assert_int_equal(sign.campaign, 0);
    assert_true(sign.direct);
    assert_int_equal(sign.with, account_index(&graph, 7));
    give_back(&graph, OBJECT_REFUSED, 8, NEWCOMER + 1, 8);
    assert_int_equal(sign_of(NEWCOMER + 1).campaign, 0);
}

static void three_who_bear_different_signs_are_a_lot(void **state)
{
    (void)state;
    show(&graph, OBJECT_TAIL6, 1, NEWCOMER);
    assert_false(is_lot(NEWCOMER));
    show_all(&graph, OBJECT_TAIL6, 2, NEWCOMER + 1, NEWCOMER + 2);
    assert_true(is_lot(NEWCOMER));
    assert_true(is_lot(NEWCOMER + 1));
}

/* A couple on one card, of whom one tried a prompt that goes round and the other sent a common task. */
static void two_who_bear_different_signs_are_no_lot(void **state)
{
    (void)state;
    show(&graph, OBJECT_TAIL6, 1, NEWCOMER);
    give_back(&graph, OBJECT_REFUSED, 7, 7, NEWCOMER + 1);
    assert_false(is_lot(NEWCOMER));
    assert_false(is_lot(NEWCOMER + 1));
}

static void a_frame_and_work_that_moved_differ(void **state)
{
    (void)state;
    show_all(&graph, OBJECT_TAIL6, 1, NEWCOMER, NEWCOMER + 1);
    give_back(&graph, OBJECT_TURN, 7, 7, NEWCOMER + 2);
    assert_true(is_lot(NEWCOMER));
    assert_true(is_lot(NEWCOMER + 2));
}

/* A company whose own prompt begins as the operator's does. */
static void three_who_bear_the_same_sign_are_no_lot(void **state)
{
    (void)state;
    show_all(&graph, OBJECT_TAIL6, 1, NEWCOMER, NEWCOMER + 2);
    assert_false(is_lot(NEWCOMER));
}

static void who_bears_the_signs_of_the_other_makes_no_lot_with_it(void **state)
{
    (void)state;
    show_all(&graph, OBJECT_TAIL6, 1, NEWCOMER, NEWCOMER + 1);
    show(&graph, OBJECT_TAIL6, 2, NEWCOMER + 1);
    assert_false(is_lot(NEWCOMER));
    assert_false(is_lot(NEWCOMER + 1));
    show(&graph, OBJECT_TAIL6, 2, NEWCOMER + 2);
    assert_true(is_lot(NEWCOMER));
}

static void members_of_organisations_and_teams_with_a_mail_domain_make_no_lot(void **state)
{
    (void)state;
    show(&graph, OBJECT_TAIL6, 1, NEWCOMER);
    show_all(&graph, OBJECT_TAIL6, 2, NEWCOMER + 1, NEWCOMER + 2);
    assert_true(is_lot(NEWCOMER));
    graph.accounts[account_index(&graph, NEWCOMER + 1)].named = true;
    assert_false(is_lot(NEWCOMER));
    graph.accounts[account_index(&graph, NEWCOMER + 1)].named = false;
    graph.accounts[account_index(&graph, NEWCOMER + 1)].organization = 7;
    assert_false(is_lot(NEWCOMER));
}

static void signs_of_another_campaign_make_no_lot(void **state)
{
    (void)state;
    show_all(&graph, OBJECT_TAIL6, 3, 400, 411);
    hold(400, 411);
    watch_frame(OBJECT_TAIL6, 3);
    show(&graph, OBJECT_TAIL6, 1, NEWCOMER);
    show_all(&graph, OBJECT_TAIL6, 3, NEWCOMER + 1, NEWCOMER + 2);
    assert_false(is_lot(NEWCOMER));
    tracker.items[0]->pool.value = tracker.items[1]->pool.value = 9; /* operators on one pool */
    assert_true(is_lot(NEWCOMER));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, held_fini)
    const struct CMUnitTest tests[] = {
        TEST(a_watched_frame_of_which_half_are_held_is_a_sign),
        TEST(what_is_not_watched_is_no_sign),
        TEST(work_that_moved_to_or_from_the_held_is_a_sign),
        TEST(three_who_bear_different_signs_are_a_lot),
        TEST(two_who_bear_different_signs_are_no_lot),
        TEST(a_frame_and_work_that_moved_differ),
        TEST(three_who_bear_the_same_sign_are_no_lot),
        TEST(who_bears_the_signs_of_the_other_makes_no_lot_with_it),
        TEST(members_of_organisations_and_teams_with_a_mail_domain_make_no_lot),
        TEST(signs_of_another_campaign_make_no_lot),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
