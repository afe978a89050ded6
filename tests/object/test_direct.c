#include "sightings.h"

static struct sighting issue(uint64_t anchor, uint64_t account, int64_t time_ms)
{
    return direct(OBJECT_ECHO, VERB_ISSUE, anchor, account, time_ms);
}

static struct sighting give_back(uint64_t anchor, uint64_t account, int64_t time_ms)
{
    return direct(OBJECT_ECHO, VERB_RETURN, anchor, account, time_ms);
}

static void what_was_issued_to_one_and_comes_back_from_another_ties_them(void **state)
{
    (void)state;
    struct object_table *table = new_table();
    int64_t start = T0 / HOUR * HOUR;
    assert_int_equal(apply(table, issue(5, 1, start), NULL, NULL), 0);
    assert_int_equal(apply(table, give_back(5, 1, start + HOUR), NULL, NULL), 0);
    struct tie tie = { 0 };
    assert_int_equal(apply(table, give_back(5, 2, start + 2 * HOUR), NULL, &tie), 1);
    assert_int_equal(tie.op, TIE_DIRECT);
    assert_int_equal(tie.kind, OBJECT_ECHO);
    assert_int_equal(tie.a, 1);
    assert_int_equal(tie.b, 2);
    assert_int_equal(tie.lag_s, 7200);
    assert_int_equal(apply(table, give_back(5, 2, start + 3 * HOUR - 1), NULL, NULL), 0);
    assert_int_equal(apply(table, give_back(5, 2, start + 3 * HOUR), NULL, NULL), 1);
    assert_int_equal(apply(table, give_back(5, 3, start + 3 * HOUR), NULL, NULL), 1);
    assert_int_equal(apply(table, give_back(6, 3, start + 3 * HOUR), NULL, NULL), 0);
    object_table_free(table);
}

static void one_organisation_or_payer_hands_outputs_around_freely(void **state)
{
    (void)state;
    struct object_table *table = new_table();
    struct sighting out = issue(5, 1, T0), in = give_back(5, 2, T0);
    out.organization = out.payer = in.organization = in.payer = 900;
    apply(table, out, NULL, NULL);
    assert_int_equal(apply(table, in, NULL, NULL), 0);
    struct sighting paid_out = issue(6, 3, T0), paid_in = give_back(6, 4, T0);
    paid_out.payer = paid_in.payer = 77;
    apply(table, paid_out, NULL, NULL);
    assert_int_equal(apply(table, paid_in, NULL, NULL), 0);
    in.organization = in.payer = 901;
    struct tie tie = { 0 };
    assert_int_equal(apply(table, in, NULL, &tie), 1);
    assert_int_equal(tie.organization, 900);
    object_table_free(table);
}

static void a_common_phrase_ties_nobody(void **state)
{
    (void)state;
    struct object_table *table = new_table();
    for (uint64_t account = 1; account <= 3; account++)
        apply(table, issue(5, account, T0), NULL, NULL);
    assert_int_equal(apply(table, give_back(5, 9, T0), NULL, NULL), 0);
    object_table_free(table);
}

static void an_output_issued_to_two_ties_both_the_older_first(void **state)
{
    (void)state;
    struct object_table *table = new_table();
    apply(table, issue(5, 2, T0), NULL, NULL);
    apply(table, issue(5, 1, T0 + HOUR), NULL, NULL);
    struct sighting in = give_back(5, 9, T0 + 2 * HOUR);
    struct tie_list ties = { 0 };
    assert_ok(object_apply(table, &in, 1, NULL, &ties));
    assert_int_equal(ties.n, 2);
    assert_int_equal(ties.items[0].a, 2);
    assert_int_equal(ties.items[1].a, 1);
    tie_list_fini(&ties);
    object_table_free(table);
}

static void retention_expires(void **state)
{
    (void)state;
    struct object_config config = { 1 << 18, 1 << 18, 1 << 16, .issued_retention_ms = DAY };
    struct object_table *table;
    assert_ok(object_table_new(&config, &table));
    apply(table, issue(5, 1, T0), NULL, NULL);
    apply(table, issue(6, 1, T0), NULL, NULL);
    assert_int_equal(apply(table, give_back(5, 2, T0 + DAY), NULL, NULL), 1);
    assert_int_equal(apply(table, give_back(6, 2, T0 + DAY + 2 * HOUR), NULL, NULL), 0);
    object_table_free(table);
}

static void a_published_output_stops_tying(void **state)
{
    (void)state;
    struct object_table *table = new_table();
    apply(table, issue(5, 1, T0), NULL, NULL);
    size_t ties = 0;
    for (uint64_t account = 2; account <= 50; account++)
        ties += apply(table, give_back(5, account, T0), NULL, NULL);
    assert_int_equal(ties, 9);
    object_table_free(table);
}

static struct sighting refuse(uint64_t task, uint64_t account, int64_t time_ms)
{
    return direct(OBJECT_REFUSED, VERB_ISSUE, task, account, time_ms);
}

static struct sighting send_task(uint64_t task, uint64_t account, int64_t time_ms)
{
    return direct(OBJECT_REFUSED, VERB_RETURN, task, account, time_ms);
}

static void a_refused_task_resumed_by_another_account_ties_within_the_window(void **state)
{
    (void)state;
    struct object_table *table = new_table();
    apply(table, refuse(5, 1, T0), NULL, NULL);
    struct tie tie = { 0 };
    assert_int_equal(apply(table, send_task(5, 2, T0 + 90 * SECOND), NULL, &tie), 1);
    assert_int_equal(tie.a, 1);
    assert_int_equal(tie.b, 2);
    assert_int_equal(tie.lag_s, 90);
    apply(table, refuse(6, 1, T0), NULL, NULL);
    assert_int_equal(apply(table, send_task(6, 2, T0 + 601 * SECOND), NULL, NULL), 0);
    apply(table, refuse(7, 1, T0), NULL, NULL);
    assert_int_equal(apply(table, send_task(7, 1, T0 + SECOND), NULL, NULL), 0);
    assert_int_equal(apply(table, send_task(7, 2, T0 + 2 * SECOND), NULL, NULL), 0);
    object_table_free(table);
}

static void a_popular_task_or_an_own_key_pool_is_no_hand_off(void **state)
{
    (void)state;
    struct object_table *table = new_table();
    for (uint64_t account = 1; account <= 4; account++)
        apply(table, send_task(5, account, T0), NULL, NULL);
    apply(table, refuse(5, 1, T0 + SECOND), NULL, NULL);
    assert_int_equal(apply(table, send_task(5, 2, T0 + 2 * SECOND), NULL, NULL), 0);
    struct sighting out = refuse(6, 1, T0), in = send_task(6, 2, T0 + SECOND);
    out.organization = in.organization = 900;
    apply(table, out, NULL, NULL);
    assert_int_equal(apply(table, in, NULL, NULL), 0);
    object_table_free(table);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_issued_to_one_and_comes_back_from_another_ties_them),
        cmocka_unit_test(one_organisation_or_payer_hands_outputs_around_freely),
        cmocka_unit_test(a_common_phrase_ties_nobody),
        cmocka_unit_test(an_output_issued_to_two_ties_both_the_older_first),
        cmocka_unit_test(retention_expires),
        cmocka_unit_test(a_published_output_stops_tying),
        cmocka_unit_test(a_refused_task_resumed_by_another_account_ties_within_the_window),
        cmocka_unit_test(a_popular_task_or_an_own_key_pool_is_no_hand_off),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
