#include "rival/ledger.h"

#include "fixture.h"

static struct ledger ledger;
static struct heard heard;

static int set_up(void **state)
{
    (void)state;
    ledger_init(&ledger, 1000);
    heard = (struct heard){ .now_ms = INT64_MAX };
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    ledger_fini(&ledger);
    heard_fini(&heard);
    return 0;
}

/* Reports accounts first to last as one cluster. */
static void report(uint64_t first, uint64_t last, int64_t now_ms)
{
    uint64_t accounts[100];
    size_t n = 0;
    for (uint64_t account = first; account <= last; account++)
        accounts[n++] = hash_of(OF_ACCOUNT, account);
    struct detector_sink sink = { &heard, hear_detection };
    assert_ok(ledger_report(&ledger, accounts, n, now_ms, ACTION_SUSPEND, &sink));
}

static void list(void)
{
    heard.n_groups = 0;
    assert_ok(ledger_groups(&ledger, &heard, hear_group));
}

static void an_account_is_detected_once(void **state)
{
    (void)state;
    report(1, 5, 10);
    assert_int_equal(heard.n, 5);
    report(1, 7, 20);
    assert_int_equal(heard.n, 7);
    assert_int_equal(heard.detections[6].time_ms, 20);
    assert_int_equal(heard.detections[6].group, heard.detections[0].group);
    assert_true(ledger_knows(&ledger, hash_of(OF_ACCOUNT, 7)));
    assert_false(ledger_knows(&ledger, hash_of(OF_ACCOUNT, 8)));
}

static void a_group_keeps_its_id_and_its_first_time_while_it_grows(void **state)
{
    (void)state;
    report(1, 5, 10);
    report(20, 29, 10);
    report(4, 12, 30);
    list();
    assert_int_equal(heard.n_groups, 22);
    for (uint64_t account = 1; account <= 12; account++)
        assert_int_equal(group_of(&heard, account), group_of(&heard, 1));
    assert_true(group_of(&heard, 20) != group_of(&heard, 1));
    for (size_t i = 0; i < heard.n_groups; i++)
        assert_int_equal(heard.groups[i].detected_ms, 10);
    for (size_t i = 1; i < heard.n_groups; i++)
        assert_true(heard.groups[i - 1].group < heard.groups[i].group ||
                    (heard.groups[i - 1].group == heard.groups[i].group &&
                        heard.groups[i - 1].account < heard.groups[i].account));
}

static void groups_that_turn_out_to_be_one_become_the_larger_of_them(void **state)
{
    (void)state;
    report(1, 5, 10);
    report(6, 12, 20);
    list();
    uint64_t larger = group_of(&heard, 6);
    report(1, 12, 30);
    list();
    for (uint64_t account = 1; account <= 12; account++)
        assert_int_equal(group_of(&heard, account), larger);
    assert_int_equal(heard.n, 12);
}

static void of_equal_groups_the_older_gives_the_id(void **state)
{
    (void)state;
    report(1, 5, 10);
    report(6, 10, 20);
    list();
    uint64_t older = group_of(&heard, 1);
    report(1, 10, 30);
    list();
    assert_int_equal(group_of(&heard, 10), older);
}

static void a_full_ledger_detects_no_more(void **state)
{
    (void)state;
    ledger_fini(&ledger);
    ledger_init(&ledger, 3);
    report(1, 5, 10);
    assert_int_equal(heard.n, 3);
    list();
    assert_int_equal(heard.n_groups, 3);
    assert_int_equal(ledger.accounts.left_out, 2);
}

static void what_the_sink_returns_comes_back(void **state)
{
    (void)state;
    struct detector_sink sink = { &heard, hear_detection };
    heard.answer = STATUS_FULL;
    assert_int_equal(ledger_report(&ledger, (uint64_t[]){ 5, 6 }, 2, 1, ACTION_SUSPEND, &sink), STATUS_FULL);
    assert_int_equal(heard.n, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(an_account_is_detected_once, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            a_group_keeps_its_id_and_its_first_time_while_it_grows, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            groups_that_turn_out_to_be_one_become_the_larger_of_them, set_up, tear_down),
        cmocka_unit_test_setup_teardown(of_equal_groups_the_older_gives_the_id, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_full_ledger_detects_no_more, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_the_sink_returns_comes_back, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
