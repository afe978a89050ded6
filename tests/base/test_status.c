#include "support/test.h"

#include <stdbool.h>
#include <string.h>

static void every_status_has_a_phrase_of_its_own(void **state)
{
    (void)state;
    for (enum status a = STATUS_OK; a <= STATUS_MISMATCH; a++) {
        assert_true(strlen(status_text(a)) > 1);
        for (enum status b = STATUS_OK; b < a; b++)
            assert_string_not_equal(status_text(a), status_text(b));
    }
}

static void what_is_no_status_has_a_phrase_too(void **state)
{
    (void)state;
    assert_non_null(status_text((enum status)99));
}

static enum status leave_by(enum status of_call, bool holds, int *ret_reached)
{
    enum status st = STATUS_OK;
    TRY(of_call);
    REQUIRE(holds, STATUS_FULL);
    *ret_reached = 1;
fail:
    return st;
}

static void try_and_require_leave_with_the_status(void **state)
{
    (void)state;
    int reached = 0;
    assert_int_equal(leave_by(STATUS_IO, true, &reached), STATUS_IO);
    assert_int_equal(leave_by(STATUS_OK, false, &reached), STATUS_FULL);
    assert_int_equal(reached, 0);
    assert_ok(leave_by(STATUS_OK, true, &reached));
    assert_int_equal(reached, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_status_has_a_phrase_of_its_own),
        cmocka_unit_test(what_is_no_status_has_a_phrase_too),
        cmocka_unit_test(try_and_require_leave_with_the_status),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
