#include "report/listed.h"
#include "support/test.h"

static struct campaign campaigns[8];
static const struct campaign *list[8];
static size_t n;

static void add(enum campaign_status status, size_t n_members, double log10_e)
{
    campaigns[n] =
        (struct campaign){ .id = { 100 + n }, .status = status, .n_members = n_members, .log10_e = log10_e };
    list[n] = &campaigns[n];
    n++;
}

static int set_up(void **state)
{
    (void)state;
    n = 0;
    return 0;
}

static void suspected_groups_without_accounts_are_left_out_and_no_others(void **state)
{
    (void)state;
    add(CAMPAIGN_SUSPECTED, 0, 4);
    add(CAMPAIGN_SUSPECTED, 3, 1);
    add(CAMPAIGN_CLOSED, 0, 9);
    assert_int_equal(listed_choose(list, n), 2);
    assert_ptr_equal(list[0], &campaigns[2]);
    assert_ptr_equal(list[1], &campaigns[1]);
}

static void confirmed_ones_come_as_they_were_found_then_the_strongest_suspicions(void **state)
{
    (void)state;
    static const size_t expected[] = { 1, 3, 4, 2, 5, 0 };
    add(CAMPAIGN_SUSPECTED, 3, 1);
    add(CAMPAIGN_CONFIRMED, 3, 7);
    add(CAMPAIGN_SUSPECTED, 3, 2);
    add(CAMPAIGN_CONTAINED, 3, 30);
    add(CAMPAIGN_SUSPECTED, 3, 5);
    add(CAMPAIGN_SUSPECTED, 3, 2);
    assert_int_equal(listed_choose(list, n), 6);
    for (size_t i = 0; i < 6; i++)
        assert_ptr_equal(list[i], &campaigns[expected[i]]);
}

static void nothing_is_listed_of_nothing(void **state)
{
    (void)state;
    assert_int_equal(listed_choose(list, 0), 0);
}

#define TEST(name) cmocka_unit_test_setup(name, set_up)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(suspected_groups_without_accounts_are_left_out_and_no_others),
        TEST(confirmed_ones_come_as_they_were_found_then_the_strongest_suspicions),
        TEST(nothing_is_listed_of_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
