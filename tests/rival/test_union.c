#include "fixture.h"

static struct traffic traffic;
static struct heard heard;

static int set_up(void **state)
{
    (void)state;
    traffic = (struct traffic){ 0 };
    heard = (struct heard){ 0 };
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    traffic_fini(&traffic);
    heard_fini(&heard);
    return 0;
}

static void run(double threshold, int64_t until_ms)
{
    traffic_sort(&traffic);
    struct detector_config config = { .accounts_max = 1000, .threshold = threshold };
    assert_ok(feed(&union_kind, &config, &traffic, until_ms, &heard));
}

static void pay(uint64_t account, uint64_t card)
{
    facts_at(&traffic, account, T0 + HOUR)->payment = hash_of(OF_PAYMENT, card);
}

static void sent_from(uint64_t account, uint64_t address, int64_t time_ms)
{
    exchange_at(&traffic, account, time_ms)->ip = hash_of(OF_IP, address);
}

/* 1 and 2 by a card, 2 and 3 by a device, 3, 4 and 5 by an address: a chain of five. 6 to 9 are only four. */
static void a_chain_of_shared_attributes_is_suspended_at_midnight(void **state)
{
    (void)state;
    pay(1, 100);
    pay(2, 100);
    for (uint64_t account = 2; account <= 3; account++)
        facts_at(&traffic, account, T0 + HOUR)->device = hash_of(OF_DEVICE, 200);
    for (uint64_t account = 3; account <= 5; account++)
        sent_from(account, 300, T0 + 2 * HOUR);
    for (uint64_t account = 6; account <= 9; account++)
        facts_at(&traffic, account, T0 + HOUR)->signup_ip = hash_of(OF_IP, 400);
    run(0, T0 + 2 * DAY);
    assert_int_equal(heard.n, 5);
    assert_int_equal(heard.n_groups, 5);
    for (uint64_t account = 1; account <= 9; account++) {
        assert_int_equal(heard_of(&heard, account), account <= 5 ? ACTION_SUSPEND : ACTION_OBSERVE);
        assert_int_equal(group_of(&heard, account) != 0, account <= 5);
    }
    assert_int_equal(heard.detections[0].time_ms, T0 + DAY);
}

static void addresses_of_two_days_do_not_add_up(void **state)
{
    (void)state;
    for (uint64_t account = 1; account <= 6; account++)
        sent_from(account, 300, T0 + HOUR + (account <= 3 ? 0 : DAY));
    run(0, 0);
    assert_int_equal(heard.n, 0);
}

static void what_fifty_share_ties_and_what_more_share_does_not(void **state)
{
    (void)state;
    for (uint64_t account = 1; account <= 50; account++)
        pay(account, 100);
    for (uint64_t account = 101; account <= 151; account++)
        pay(account, 101);
    run(0, 0);
    assert_int_equal(heard.n, 50);
    assert_int_equal(heard_of(&heard, 50), ACTION_SUSPEND);
    assert_int_equal(heard_of(&heard, 101), ACTION_OBSERVE);
}

static void an_absent_attribute_ties_nobody(void **state)
{
    (void)state;
    for (uint64_t account = 1; account <= 20; account++) {
        pay(account, 0);
        sent_from(account, 0, T0);
    }
    run(0, 0);
    assert_int_equal(heard.n, 0);
}

static void a_card_number_is_no_device_number(void **state)
{
    (void)state;
    for (uint64_t account = 1; account <= 8; account++) {
        struct account_record *facts = facts_at(&traffic, account, T0);
        if (account % 2)
            facts->payment = 4711;
        else
            facts->device = 4711;
    }
    run(0, 0);
    assert_int_equal(heard.n, 0);
}

static void the_threshold_is_the_size_of_the_smallest_set(void **state)
{
    (void)state;
    for (uint64_t account = 1; account <= 7; account++)
        pay(account, 100);
    run(8, 0);
    assert_int_equal(heard.n, 0);
    run(7, 0);
    assert_int_equal(heard.n, 7);
}

static void a_newcomer_to_a_reported_set_joins_its_group(void **state)
{
    (void)state;
    for (uint64_t account = 1; account <= 5; account++)
        pay(account, 100);
    facts_at(&traffic, 6, T0 + DAY + HOUR)->payment = hash_of(OF_PAYMENT, 100);
    run(0, T0 + 3 * DAY);
    assert_int_equal(heard.n, 6);
    assert_int_equal(heard.detections[5].time_ms, T0 + 2 * DAY);
    assert_int_equal(group_of(&heard, 6), group_of(&heard, 1));
    assert_int_equal(heard.groups[0].detected_ms, T0 + DAY);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            a_chain_of_shared_attributes_is_suspended_at_midnight, set_up, tear_down),
        cmocka_unit_test_setup_teardown(addresses_of_two_days_do_not_add_up, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            what_fifty_share_ties_and_what_more_share_does_not, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_absent_attribute_ties_nobody, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_card_number_is_no_device_number, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_threshold_is_the_size_of_the_smallest_set, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_newcomer_to_a_reported_set_joins_its_group, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
