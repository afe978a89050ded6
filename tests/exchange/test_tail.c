#include "exchange/tail.h"

#include "support/test.h"

#include <stdio.h>
#include <stdlib.h>

static struct span found_in(const char *text)
{
    struct span value = { 0 };
    return tail_object(span_of(text), SPAN("\"usage\""), &value) ? value : (struct span){ 0 };
}

static void assert_found(const char *text, const char *value)
{
    struct span found = found_in(text);
    if (!span_is(found, value))
        fail_msg("%.*s instead of %s", (int)found.n, found.data, value);
}

static void assert_nothing(const char *text)
{
    assert_int_equal(found_in(text).n, 0);
}

static void a_member_of_the_root_is_found_wherever_it_stands(void **state)
{
    (void)state;
    assert_found("{\"a\":1,\"usage\":{\"in\":3},\"b\":[{}]}", "{\"in\":3}");
    assert_found("{\"usage\":{}}", "{}");
    assert_found(
        " { \"x\" : [1] ,\n \"usage\" : {\"d\":{\"e\":[1]}} , \"z\":\"}\" } \n", "{\"d\":{\"e\":[1]}}");
}

static void members_of_other_objects_are_passed_over(void **state)
{
    (void)state;
    assert_nothing("{\"a\":{\"usage\":{\"in\":3}}}");
    assert_nothing("{\"a\":[{\"usage\":{\"in\":3}}],\"b\":1}");
    assert_found("{\"usage\":{\"in\":1},\"a\":{\"usage\":{\"in\":2}}}", "{\"in\":1}");
    assert_found("{\"usage\":{\"usage\":{\"in\":2}}}", "{\"usage\":{\"in\":2}}");
}

static void text_that_looks_like_a_member_is_none(void **state)
{
    (void)state;
    assert_nothing("{\"a\":\"{\\\"usage\\\":{}}\"}");
    assert_nothing("{\"a\":\"usage\",\"b\":{}}");
    assert_nothing("{\"a\":[\"usage\"]}");
    assert_found("{\"usage\":{\"n\":\"}\\\"}\"},\"a\":\"x\\\\\"}", "{\"n\":\"}\\\"}\"}");
}

static void of_two_the_last_counts_and_only_objects_do(void **state)
{
    (void)state;
    assert_found("{\"usage\":{\"in\":1},\"usage\":{\"in\":2}}", "{\"in\":2}");
    assert_found("{\"usage\":{\"in\":1},\"usage\":null}", "{\"in\":1}");
    assert_nothing("{\"usage\":7}");
}

static void what_is_cut_short_or_followed_by_more_is_not_found(void **state)
{
    (void)state;
    const char *text = "{\"a\":1,\"usage\":{\"in\":3},\"b\":\"c\"}";
    struct span value;
    for (size_t n = 0; n < strlen(text); n++)
        assert_false(tail_object((struct span){ text, n }, SPAN("\"usage\""), &value));
    assert_nothing("{\"usage\":{}}}");
    assert_nothing("{\"usage\":{}} 1");
}

static void neither_far_from_the_end_nor_often_is_it_looked_for(void **state)
{
    (void)state;
    enum { ROOM = 3 * TAIL_BYTES };
    char *text = malloc(ROOM);
    assert_non_null(text);
    snprintf(text, ROOM, "{\"usage\":{},\"a\":\"%*s\"}", TAIL_BYTES - 64, "");
    assert_found(text, "{}");
    snprintf(text, ROOM, "{\"usage\":{},\"a\":\"%*s\"}", TAIL_BYTES, "");
    assert_nothing(text);
    strcpy(text, "{\"usage\":{}");
    for (int i = 0; i < TAIL_TRIES; i++)
        strcat(text, ",\"a\":{\"usage\":{}}");
    strcat(text, "}");
    assert_nothing(text);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_member_of_the_root_is_found_wherever_it_stands),
        cmocka_unit_test(members_of_other_objects_are_passed_over),
        cmocka_unit_test(text_that_looks_like_a_member_is_none),
        cmocka_unit_test(of_two_the_last_counts_and_only_objects_do),
        cmocka_unit_test(what_is_cut_short_or_followed_by_more_is_not_found),
        cmocka_unit_test(neither_far_from_the_end_nor_often_is_it_looked_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
