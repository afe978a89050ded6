#include "exchange/dialect.h"

#include "support/test.h"

static struct raw_usage absent(void)
{
    struct raw_usage usage;
    raw_usage_clear(&usage);
    return usage;
}

static void what_nobody_says_is_absent(void **state)
{
    (void)state;
    struct raw_usage none = absent();
    struct exchange_usage usage = usage_merge(&none, &none);
    assert_int_equal(usage.input_tok, NUMBER_ABSENT);
    assert_int_equal(usage.output_tok, NUMBER_ABSENT);
    assert_int_equal(usage.reasoning_tok, NUMBER_ABSENT);
    assert_int_equal(usage.cached_tok, NUMBER_ABSENT);
}

static void the_line_speaks_where_the_body_is_silent(void **state)
{
    (void)state;
    struct raw_usage body = absent(), line = absent();
    body.input = 5;
    line.input = 50;
    line.output = 60;
    struct exchange_usage usage = usage_merge(&body, &line);
    assert_int_equal(usage.input_tok, 5);
    assert_int_equal(usage.output_tok, 60);
}

static void cache_tokens_are_part_of_the_input(void **state)
{
    (void)state;
    struct raw_usage body = absent(), line = absent();
    body.input = 1;
    body.cache_creation = 10;
    body.cache_read = 100;
    struct exchange_usage usage = usage_merge(&body, &line);
    assert_int_equal(usage.input_tok, 111);
    assert_int_equal(usage.cached_tok, 100);
    body = absent();
    body.input = 9;
    body.cached = 8;
    usage = usage_merge(&body, &line);
    assert_int_equal(usage.input_tok, 9);
    assert_int_equal(usage.cached_tok, 8);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_nobody_says_is_absent),
        cmocka_unit_test(the_line_speaks_where_the_body_is_silent),
        cmocka_unit_test(cache_tokens_are_part_of_the_input),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
