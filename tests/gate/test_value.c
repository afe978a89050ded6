/* What a value as it is written says. */
#include "gate/value.h"

#include "support/test.h"

static void a_value_asks_for_reasoning_unless_all_of_it_says_no(void **state)
{
    (void)state;
    static const char *const no[] = { "null", "false", "0", "\"\"", "[]", "{}", "\"none\"",
        "{ \"type\" : \"disabled\" }", "{\"enabled\":false,\"budget\":0,\"x\":[{\"high\":null}]}" };
    static const char *const yes[] = { "true", "1", "-1", "\"minimal\"", "\"\\u006eone\"", "{\"thinking\":1}",
        "{\"effort\":\"none\",\"summary\":\"auto\"}", "[[\"\\\"\"]]", "\"none" };
    for (size_t i = 0; i < sizeof no / sizeof *no; i++)
        if (value_reasons(span_of(no[i])))
            fail_msg("%s", no[i]);
    for (size_t i = 0; i < sizeof yes / sizeof *yes; i++)
        if (!value_reasons(span_of(yes[i])))
            fail_msg("%s", yes[i]);
}

static void numbers_are_rounded_up(void **state)
{
    (void)state;
    assert_int_equal(value_number(SPAN("12")), 12);
    assert_int_equal(value_number(SPAN("1.2e1")), 12);
    assert_int_equal(value_number(SPAN("12.01")), 13);
    assert_int_equal(value_number(SPAN("1e99")), VALUE_MOST);
    assert_int_equal(value_number(SPAN("-1")), -1);
    assert_int_equal(value_number(SPAN("\"12\"")), -1);
    assert_int_equal(value_number(SPAN("12x")), -1);
    assert_int_equal(value_number(SPAN("")), -1);
}

static void the_texts_of_a_list_are_counted(void **state)
{
    (void)state;
    static const struct {
        const char *value;
        int64_t n;
    } rows[] = { { "\"x\"", 1 }, { "[]", 1 }, { "[ \"a\", \"[\\\"]\" ,\"c\"]", 3 }, { "[1,2,3]", 1 },
        { "[[1,2],[3]]", 2 }, { "{\"id\":\"p\",\"a\":[\"b\",\"c\"]}", 1 }, { "[\"a\",\"b", 2 } };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (value_texts(span_of(rows[i].value)) != rows[i].n)
            fail_msg("%s", rows[i].value);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_value_asks_for_reasoning_unless_all_of_it_says_no),
        cmocka_unit_test(numbers_are_rounded_up),
        cmocka_unit_test(the_texts_of_a_list_are_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
