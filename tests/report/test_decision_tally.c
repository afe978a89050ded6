#include "report/decision_tally.h"

#include "support/test.h"

#include <stdio.h>

static void add(struct decision_tally *tally, uint64_t campaign, enum action action, int64_t time_ms)
{
    struct decision decision = { .campaign = { campaign }, .action = action, .time_ms = time_ms };
    snprintf(decision.reason, sizeof decision.reason, "at %d", (int)time_ms);
    assert_ok(decision_tally_add(tally, &decision));
}

static void each_campaign_keeps_its_counts_first_time_and_first_reason(void **state)
{
    (void)state;
    struct decision_tally tally;
    decision_tally_init(&tally, 2);
    add(&tally, 7, ACTION_VERIFY, 1);
    add(&tally, 7, ACTION_VERIFY, 2);
    add(&tally, 0, ACTION_THROTTLE, 3);
    add(&tally, 8, ACTION_VERIFY, 4); /* beyond the most campaigns: only in the total */
    const struct decision_row *row = decision_tally_of(&tally, (struct campaign_id){ 7 });
    assert_int_equal(row->count[ACTION_VERIFY], 2);
    assert_int_equal(row->first_ms[ACTION_VERIFY], 1);
    assert_int_equal(row->last_ms[ACTION_VERIFY], 2);
    assert_string_equal(row->reason[ACTION_VERIFY], "at 1");
    assert_int_equal(decision_tally_of(&tally, (struct campaign_id){ 0 })->count[ACTION_THROTTLE], 1);
    assert_null(decision_tally_of(&tally, (struct campaign_id){ 8 }));
    assert_int_equal(tally.count[ACTION_VERIFY], 3);
    decision_tally_fini(&tally);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_campaign_keeps_its_counts_first_time_and_first_reason),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
