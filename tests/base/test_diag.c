#include "base/diag.h"
#include "support/test.h"

#include <string.h>

static void field_and_reason_are_set_and_the_position_stays(void **state)
{
    (void)state;
    struct diag diag = { .file = "log", .line = 7, .column = 3, .offset = 99 };
    diag_set(&diag, "request.model", "must be %s, not %d", "a string", 5);
    assert_string_equal(diag.field, "request.model");
    assert_string_equal(diag.reason, "must be a string, not 5");
    assert_string_equal(diag.file, "log");
    assert_int_equal(diag.line, 7);
    assert_int_equal(diag.column, 3);
    assert_int_equal(diag.offset, 99);
}

static void what_is_too_long_is_cut_and_ended(void **state)
{
    (void)state;
    char text[1000];
    struct diag diag;
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    memset(&diag, 0xff, sizeof diag);
    diag_set(&diag, text, "%s", text);
    assert_int_equal(strlen(diag.field), sizeof diag.field - 1);
    assert_int_equal(strlen(diag.reason), sizeof diag.reason - 1);
}

static void what_a_terminal_might_obey_is_replaced(void **state)
{
    (void)state;
    struct diag diag;
    diag_set(&diag, "a\x1b[31m", "%s",
        "\xc2\x9b"
        "1m\n\x7f caf\xc3\xa9 \xc2\xa0.");
    assert_string_equal(diag.field, "a?[31m");
    assert_string_equal(diag.reason, "??1m?? caf\xc3\xa9 \xc2\xa0.");
}

static void nobody_needs_to_listen(void **state)
{
    (void)state;
    diag_set(NULL, "field", "reason");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(field_and_reason_are_set_and_the_position_stays),
        cmocka_unit_test(what_is_too_long_is_cut_and_ended),
        cmocka_unit_test(what_a_terminal_might_obey_is_replaced),
        cmocka_unit_test(nobody_needs_to_listen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
