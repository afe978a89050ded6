/* Of which hands a group is the work, where customers show it as well. */
#include "campaign/mixture.h"
#include "support/test.h"

#include <math.h>

static struct mixture mixture;

static int set_up(void **state)
{
    (void)state;
    mixture_init(&mixture, 0);
    return 0;
}

static void add(uint32_t hands, uint32_t inside, uint32_t n)
{
    for (uint32_t i = 0; i < hands; i++)
        mixture_add(&mixture, inside, n);
}

/* Rows: hands, inside, of. */
static void add_table(const uint32_t (*rows)[3], size_t n)
{
    for (size_t i = 0; i < n; i++)
        add(rows[i][0], rows[i][1], rows[i][2]);
}

/* By a hundred to one. */
static bool is_told(uint32_t inside, uint32_t n)
{
    return mixture_log10_odds(&mixture, inside, n) >= 2;
}

static void hands_that_are_all_inside_beside_others_that_are_not_are_the_operators(void **state)
{
    (void)state;
    add(20, 10, 10);
    add(100, 0, 3);
    mixture_fit(&mixture);
    assert_true(is_told(10, 10));
    assert_true(is_told(3, 3));
    assert_false(is_told(3, 8));
    assert_true(mixture.p_operator > 0.95 && mixture.p_customer < 0.01);
}

/* As where nine tenths of what the operator's accounts send is other people's. */
static void half_of_a_hand_is_enough_where_hardly_a_customer_shows_it(void **state)
{
    (void)state;
    add(10, 4, 9);
    add(9, 5, 9);
    add(100, 0, 3);
    add(2, 1, 3);
    mixture_fit(&mixture);
    assert_true(is_told(5, 9));
    assert_true(is_told(4, 9));
    assert_false(is_told(3, 9));
}

/* As where an operator uses the tools that customers do. */
static void a_family_is_told_from_nobody_where_every_fourth_customer_shows_it(void **state)
{
    (void)state;
    add(50, 12, 12);
    add(100, 1, 4);
    add(60, 2, 8);
    add(10, 3, 3);
    add(20, 2, 2);
    mixture_fit(&mixture);
    assert_true(is_told(12, 12));
    assert_false(is_told(3, 3));
    assert_false(is_told(2, 2));
    assert_false(is_told(6, 12));
    assert_true(mixture.p_operator > 0.99);
    assert_true(mixture.p_customer > 0.2 && mixture.p_customer < 0.35);
}

/* Nobody is told where all but a few show it: there is no customer to tell an operator from. */
static void a_frame_of_nearly_everybodys_is_nobodys_work(void **state)
{
    (void)state;
    mixture_init(&mixture, 0.9);
    for (uint32_t n = 4; n <= 12; n++) {
        add(20, n, n);
        add(13, n - 1, n);
    }
    mixture_fit(&mixture);
    assert_false(is_told(12, 12));
    assert_false(is_told(4, 4));
    mixture_init(&mixture, 0.8);
    for (uint32_t n = 4; n <= 12; n++) {
        add(8, n, n);
        add(12, n - 1, n);
        add(8, n - 2, n);
        add(5, n - 3, n);
    }
    mixture_fit(&mixture);
    assert_false(is_told(12, 12));
}

/*
 * A table of a simulated service, ten hours after an operator began: of half of his hands some accounts have not shown it yet.
 * Classification EM gives all of them to customers.
 */
static void half_full_hands_do_not_drag_full_ones_to_customers(void **state)
{
    (void)state;
    static const uint32_t table[][3] = { { 126, 0, 1 }, { 19, 1, 1 }, { 57, 0, 2 }, { 10, 1, 2 }, { 7, 2, 2 },
        { 5, 0, 3 }, { 4, 0, 4 }, { 2, 1, 4 }, { 1, 2, 4 }, { 1, 3, 4 }, { 1, 4, 4 }, { 2, 0, 5 },
        { 3, 4, 5 }, { 2, 5, 5 }, { 1, 1, 6 }, { 1, 2, 6 }, { 1, 4, 6 }, { 6, 5, 6 }, { 1, 6, 6 },
        { 1, 1, 7 }, { 3, 4, 7 }, { 2, 5, 7 }, { 1, 7, 7 }, { 1, 1, 8 }, { 2, 2, 8 }, { 3, 7, 8 },
        { 1, 2, 9 }, { 1, 4, 9 }, { 1, 5, 9 }, { 1, 1, 11 }, { 1, 3, 12 } };
    add_table(table, sizeof table / sizeof *table);
    mixture_fit(&mixture);
    assert_true(mixture.p_operator > 0.7 && mixture.p_operator < 0.9);
    assert_true(mixture.p_customer > 0.05 && mixture.p_customer < 0.1);
    assert_true(is_told(5, 5));
    assert_true(is_told(6, 7));
    assert_false(is_told(3, 3));
    assert_false(is_told(3, 5));
}

/* As in the first hour, when of most cards one or two accounts came in. */
static void small_hands_are_the_operators_where_his_large_ones_are_most(void **state)
{
    (void)state;
    add(2, 0, 1);
    add(4, 1, 1);
    add(1, 0, 2);
    add(12, 2, 2);
    for (uint32_t n = 3; n <= 5; n++)
        add(2, n, n);
    mixture_fit(&mixture);
    assert_true(mixture.p_customer < 0.05);
    assert_true(is_told(3, 3));
}

/* As where a merged group is half customers': of three families that show it altogether one is the operator's. */
static void small_hands_are_customers_where_these_are_many(void **state)
{
    (void)state;
    add(111, 0, 1);
    add(28, 1, 1);
    add(35, 0, 2);
    add(17, 1, 2);
    add(8, 2, 2);
    for (uint32_t n = 3; n <= 8; n++) {
        add(4, n / 3, n);
        add(4, n / 2, n);
        add(2, n - 1, n);
        add(1, n, n);
    }
    mixture_fit(&mixture);
    assert_true(mixture.p_customer > 0.2);
    assert_false(is_told(3, 3));
    assert_false(is_told(8, 8));
}

/* As of a campaign that was held long ago, which is most of what the service sees. */
static void a_group_of_half_of_all_accounts_is_still_the_operators(void **state)
{
    (void)state;
    mixture_init(&mixture, 0.6);
    add(165, 16, 16);
    add(12, 1, 1);
    add(300, 0, 1);
    add(500, 0, 3);
    mixture_fit(&mixture);
    assert_true(mixture.p_operator > 0.99 && mixture.p_customer < 0.1);
    assert_true(is_told(16, 16));
    assert_false(is_told(3, 9));
}

/* From the second beginning an operator's chance of nearly one half is found as well, less likely, by which four of four are told. */
static void the_likelier_peak_is_taken(void **state)
{
    (void)state;
    static const uint32_t table[][3] = { { 10, 0, 1 }, { 1, 1, 1 }, { 2, 0, 2 }, { 1, 0, 3 }, { 1, 3, 3 },
        { 1, 0, 4 }, { 1, 1, 4 }, { 1, 2, 4 }, { 2, 4, 6 }, { 1, 4, 8 }, { 1, 4, 9 }, { 1, 3, 10 },
        { 1, 4, 10 }, { 1, 6, 10 }, { 1, 5, 11 } };
    add_table(table, sizeof table / sizeof *table);
    mixture_fit(&mixture);
    assert_false(is_told(4, 4));
}

/* As in the first hours of an operator who words its frame by account: customers who show it every fourth time would as well explain them. */
static void of_two_readings_as_likely_that_counts_in_which_customers_hardly_show_it(void **state)
{
    (void)state;
    static const uint32_t rows[][3] = { { 5, 0, 1 }, { 7, 0, 2 }, { 1, 1, 2 }, { 1, 2, 2 }, { 1, 0, 3 },
        { 2, 2, 3 }, { 1, 1, 4 }, { 1, 0, 5 }, { 1, 1, 5 }, { 1, 2, 5 }, { 2, 2, 6 }, { 5, 3, 6 },
        { 1, 4, 6 }, { 1, 5, 6 }, { 1, 6, 6 }, { 1, 0, 7 }, { 2, 5, 7 }, { 1, 5, 8 }, { 1, 8, 8 } };
    add_table(rows, sizeof rows / sizeof *rows);
    mixture_fit(&mixture);
    assert_true(is_told(5, 6));
    assert_false(is_told(3, 6));
}

static void one_hand_partly_inside_beside_one_full_one_may_be_his_as_well(void **state)
{
    (void)state;
    add(20, 0, 2);
    add(1, 3, 8);
    add(1, 5, 5);
    mixture_fit(&mixture);
    assert_true(mixture.p_operator < 0.7); /* not 0.9: the likelier peak is beyond the first beginning */
    assert_true(is_told(5, 5));
    assert_false(is_told(3, 8));
}

static void a_group_of_everybody_is_nobodys_work(void **state)
{
    (void)state;
    mixture_init(&mixture, 1);
    add(5, 4, 4);
    mixture_fit(&mixture);
    assert_false(is_told(4, 4));
    assert_true(mixture_log10_odds(&mixture, 4, 4) == mixture_log10_odds(&mixture, 4, 4));
}

static void the_more_customers_there_are_the_more_it_takes(void **state)
{
    (void)state;
    add(10, 8, 8);
    add(40, 0, 3);
    mixture_fit(&mixture);
    double odds = mixture_log10_odds(&mixture, 3, 3);
    add(4000, 0, 3);
    mixture_fit(&mixture);
    assert_true(mixture_log10_odds(&mixture, 3, 3) < odds - 1);
}

/* What decision 026 says of its price. */
static void half_full_hands_are_not_told_among_ten_thousand_of_customers(void **state)
{
    (void)state;
    add(20, 4, 9);
    add(300, 0, 3);
    mixture_fit(&mixture);
    assert_true(is_told(4, 9));
    add(9700, 0, 3);
    mixture_fit(&mixture);
    assert_false(is_told(4, 9));
}

/* Nobody but the operator shares a card. */
static void where_no_customer_is_known_little_is_taken_to_be_known_of_them(void **state)
{
    (void)state;
    add(1, 3, 3);
    mixture_fit(&mixture);
    assert_true(is_told(3, 3));
    mixture_init(&mixture, 0.5);
    add(1, 3, 3);
    mixture_fit(&mixture);
    assert_false(is_told(3, 3));
}

static void who_has_not_sent_enough_counts_for_nobody(void **state)
{
    (void)state;
    add(3, 3, 3);
    mixture_fit(&mixture);
    double odds = mixture_log10_odds(&mixture, 3, 3);
    add(100, 0, 0);
    mixture_fit(&mixture);
    assert_true(mixture_log10_odds(&mixture, 3, 3) == odds);
}

static void two_accounts_are_one_person(void **state)
{
    (void)state;
    add(20, 10, 10);
    add(100, 0, 3);
    mixture_fit(&mixture);
    assert_true(isinf(mixture_log10_odds(&mixture, 2, 2)));
    assert_true(is_told(3, 3));
}

static void of_a_large_hand_the_share_counts(void **state)
{
    (void)state;
    add(20, 160, 160);
    add(100, 0, 64);
    mixture_fit(&mixture);
    assert_int_equal(mixture.hands[MIXTURE_MOST][MIXTURE_MOST], 20);
    assert_true(is_told(300, 400));
    assert_float_equal(mixture_log10_odds(&mixture, 160, 160), mixture_log10_odds(&mixture, 16, 16), 1e-12);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup(name, set_up)
    const struct CMUnitTest tests[] = {
        TEST(hands_that_are_all_inside_beside_others_that_are_not_are_the_operators),
        TEST(half_of_a_hand_is_enough_where_hardly_a_customer_shows_it),
        TEST(a_family_is_told_from_nobody_where_every_fourth_customer_shows_it),
        TEST(a_frame_of_nearly_everybodys_is_nobodys_work),
        TEST(half_full_hands_do_not_drag_full_ones_to_customers),
        TEST(small_hands_are_the_operators_where_his_large_ones_are_most),
        TEST(small_hands_are_customers_where_these_are_many),
        TEST(a_group_of_half_of_all_accounts_is_still_the_operators),
        TEST(the_likelier_peak_is_taken),
        TEST(of_two_readings_as_likely_that_counts_in_which_customers_hardly_show_it),
        TEST(one_hand_partly_inside_beside_one_full_one_may_be_his_as_well),
        TEST(a_group_of_everybody_is_nobodys_work),
        TEST(the_more_customers_there_are_the_more_it_takes),
        TEST(half_full_hands_are_not_told_among_ten_thousand_of_customers),
        TEST(where_no_customer_is_known_little_is_taken_to_be_known_of_them),
        TEST(who_has_not_sent_enough_counts_for_nobody),
        TEST(two_accounts_are_one_person),
        TEST(of_a_large_hand_the_share_counts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
