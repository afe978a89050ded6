#include "account/outage.h"

#include "support/test.h"

enum { MINUTE = 60000 };

static const int64_t t0 = 1700000000000;

/* n exchanges, the first few of which fail. */
static void pass(struct outage *outage, int64_t time_ms, uint32_t n, uint32_t failed)
{
    for (uint32_t i = 0; i < n; i++)
        outage_count(outage, time_ms, i < failed);
}

static void a_few_failures_are_none(void **state)
{
    (void)state;
    struct outage outage = { 0 };
    pass(&outage, t0, 10, OUTAGE_FAILURES - 1);
    assert_false(outage_lasts(&outage));
    pass(&outage, t0, 1, 1);
    assert_true(outage_lasts(&outage));
}

static void many_failures_among_very_many_exchanges_are_none(void **state)
{
    (void)state;
    struct outage outage = { 0 };
    pass(&outage, t0, 20 * OUTAGE_ONE_IN, 20);
    assert_false(outage_lasts(&outage));
    pass(&outage, t0, 1, 1);
    assert_true(outage_lasts(&outage));
}

static void it_is_remembered_for_ten_minutes_and_forgotten_after_twenty(void **state)
{
    (void)state;
    struct outage outage = { 0 };
    pass(&outage, t0, 30, 10);
    pass(&outage, t0 + 11 * MINUTE, 30, 0);
    assert_true(outage_lasts(&outage));
    pass(&outage, t0 + 21 * MINUTE, 30, 0);
    assert_false(outage_lasts(&outage));
    pass(&outage, t0 + 21 * MINUTE, 30, 10);
    pass(&outage, t0 + 300 * MINUTE, 1, 0);
    assert_false(outage_lasts(&outage));
}

static void an_exchange_that_comes_late_counts_as_now(void **state)
{
    (void)state;
    struct outage outage = { 0 };
    pass(&outage, t0 + 15 * MINUTE, 30, 10);
    pass(&outage, t0, 1, 0);
    assert_int_equal(outage.n, 31);
    assert_true(outage_lasts(&outage));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_few_failures_are_none),
        cmocka_unit_test(many_failures_among_very_many_exchanges_are_none),
        cmocka_unit_test(it_is_remembered_for_ten_minutes_and_forgotten_after_twenty),
        cmocka_unit_test(an_exchange_that_comes_late_counts_as_now),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
