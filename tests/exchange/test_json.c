#include "exchange/json.h"

#include "support/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The value of the key "v" of {"v":<text>}, which lives until the next call. */
static struct json *json;

static enum status value_of(const char *text, struct json_value *ret_value)
{
    static char line[512];
    struct json_items members;
    struct span key;
    memset(line, 0, sizeof line);
    snprintf(line, sizeof line - JSON_PADDING, "{\"v\":%s}", text);
    enum status st = json_open(json, span_of(line), &members);
    if (st == STATUS_OK)
        st = json_next_member(json, &members, &key, ret_value);
    if (st == STATUS_OK)
        assert_true(span_is(key, "v"));
    return st;
}

static void whole_numbers_are_whole_however_written(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum status st;
        int64_t number;
    } cases[] = { { "0", STATUS_OK, 0 }, { "-7", STATUS_OK, -7 }, { "2048.0", STATUS_OK, 2048 },
        { "2e3", STATUS_OK, 2000 }, { "9007199254740992", STATUS_OK, INT64_C(9007199254740992) },
        { "9007199254740993", STATUS_TOO_BIG, 0 }, { "18446744073709551616", STATUS_TOO_BIG, 0 },
        { "1e400", STATUS_TOO_BIG, 0 }, { "1.5", STATUS_MISMATCH, 0 }, { "\"1\"", STATUS_MISMATCH, 0 },
        { "true", STATUS_MISMATCH, 0 }, { "01", STATUS_BAD, 0 }, { "1.", STATUS_BAD, 0 },
        { "-", STATUS_BAD, 0 }, { "1x", STATUS_BAD, 0 }, { "nul", STATUS_BAD, 0 } };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct json_value value;
        int64_t number = 0;
        assert_ok(value_of(cases[i].text, &value));
        if (json_int(&value, &number) != cases[i].st || number != cases[i].number)
            fail_msg("%s", cases[i].text);
    }
}

static void strings_are_unescaped(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum status st;
        const char *string;
    } cases[] = { { "\"\"", STATUS_OK, "" }, { "\"plain\" ", STATUS_OK, "plain" },
        { "\"a\\n\\\"\\\\\"", STATUS_OK, "a\n\"\\" },
        { "\"\\u00e9\\ud83d\\ude00\"", STATUS_OK, "\xc3\xa9\xf0\x9f\x98\x80" },
        { "\"\\ud83d\"", STATUS_OK, "\xef\xbf\xbd" },
        { "\"\\ud83d\\ud83d\\ude00\"", STATUS_OK, "\xef\xbf\xbd\xf0\x9f\x98\x80" },
        { "\"\\udc00\\u0041\\u07ff\\b\\f\\r\\t\\/\"", STATUS_OK,
            "\xef\xbf\xbd"
            "A\xdf\xbf\b\f\r\t/" },
        { "\"\\ud83d\\q\"", STATUS_BAD, "" }, { "\"\\ud83d\\u12\"", STATUS_BAD, "" },
        { "7", STATUS_MISMATCH, "" } };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct json_value value;
        struct span text = { 0 };
        assert_ok(value_of(cases[i].text, &value));
        if (json_string(json, &value, &text) != cases[i].st || !span_is(text, cases[i].string))
            fail_msg("%s", cases[i].text);
    }
}

static void raw_text_has_no_space_around(void **state)
{
    (void)state;
    static const char *const texts[] = { "{}", "[]", "{\"a\": [1, {\"b\":\"}\"}] }", "[ 1 ]" };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        char spaced[64];
        struct json_value value;
        struct span raw;
        snprintf(spaced, sizeof spaced, " %s \t", texts[i]);
        assert_ok(value_of(spaced, &value));
        assert_ok(json_raw(&value, &raw));
        assert_true(span_is(raw, texts[i]));
    }
}

static void members_may_be_left_unread_or_half_read(void **state)
{
    (void)state;
    char line[256] =
        "{\"a\":[1,[2,{\"x\":3}]],\"b\":{\"c\":{\"d\":1},\"e\":2},\"s\\u0070\":\"z\" , \"\":true}";
    struct json_items members, inner;
    struct json_value value, deep;
    struct span key, text;
    bool yes;
    assert_ok(json_open(json, span_of(line), &members));
    assert_ok(json_next_member(json, &members, &key, &value));
    assert_ok(json_array(&value, &inner));
    assert_ok(json_next_element(&inner, &deep));
    assert_ok(json_next_element(&inner, &deep));
    assert_ok(json_next_member(json, &members, &key, &value));
    assert_true(span_is(key, "b"));
    assert_ok(json_object(&value, &inner));
    assert_ok(json_next_member(json, &inner, &key, &deep));
    assert_int_equal(deep.type, JSON_OBJECT);
    assert_ok(json_next_member(json, &members, &key, &value));
    assert_true(span_is(key, "sp"));
    assert_ok(json_string(json, &value, &text));
    assert_true(span_is(text, "z"));
    assert_ok(json_next_member(json, &members, &key, &value));
    assert_int_equal(key.n, 0);
    assert_ok(json_bool(&value, &yes));
    assert_true(yes);
    assert_int_equal(json_next_member(json, &members, &key, &value), STATUS_END);
    assert_ok(json_at_end(json));
}

static void keys_of_every_length_are_found_from_behind(void **state)
{
    (void)state;
    for (int n = 0; n < 40; n++) {
        for (int escaped = 0; escaped < 2; escaped++) {
            char line[256] = "{\"", expected[64] = "";
            struct json_items members;
            struct json_value value;
            struct span key;
            for (int i = 0; i < n; i++)
                strcat(line, escaped && i == n - 1 ? "\\\"" : "k"),
                    strcat(expected, escaped && i == n - 1 ? "\"" : "k");
            strcat(line, "\" \t:  \"\\\\\"}");
            assert_ok(json_open(json, span_of(line), &members));
            assert_ok(json_next_member(json, &members, &key, &value));
            assert_true(span_is(key, expected));
        }
    }
}

static void a_text_longer_than_any_before_is_taken(void **state)
{
    (void)state;
    enum { N = 300000 };
    char *line = calloc(1, N + 64 + JSON_PADDING);
    struct json_items members;
    struct json_value value;
    struct span key, text;
    assert_non_null(line);
    size_t n = (size_t)sprintf(line, "{\"v\":\"\\n");
    memset(line + n, 'x', N);
    strcpy(line + n + N, "\"}");
    assert_ok(json_open(json, span_of(line), &members));
    assert_ok(json_next_member(json, &members, &key, &value));
    assert_ok(json_string(json, &value, &text));
    assert_int_equal(text.n, N + 1);
    free(line);
}

static void a_value_that_is_none_is_refused_though_nobody_reads_it(void **state)
{
    (void)state;
    static const char *const values[] = { "", ",", ":", "]", "}", "[", "1:2", "1 2", "\"a\"\"b\"" };
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        struct json_value value;
        char line[128 + JSON_PADDING] = { 0 };
        struct json_items members;
        struct span key;
        snprintf(line, 128, "{\"v\":%s}", values[i]);
        assert_ok(json_open(json, span_of(line), &members));
        enum status st;
        while ((st = json_next_member(json, &members, &key, &value)) == STATUS_OK)
            ;
        if (st == STATUS_END)
            st = json_at_end(json);
        if (st != STATUS_BAD)
            fail_msg("%s", line);
    }
}

static void a_text_is_closed_by_its_last_token(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool closed;
    } cases[] = { { "{}", true }, { "{\"a\":1} ", true }, { "{\"a\":{\"b\":1", false },
        { "{\"a\":\"}\"", false } };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char line[128 + JSON_PADDING] = { 0 };
        struct json_items members;
        snprintf(line, 128, "%s", cases[i].text);
        assert_ok(json_open(json, span_of(line), &members));
        assert_int_equal(json_is_closed(json), cases[i].closed);
    }
}

static int make(void **state)
{
    (void)state;
    return json_new(&json) == STATUS_OK ? 0 : 1;
}

static int drop(void **state)
{
    (void)state;
    json_free(json);
    return 0;
}

static void any_value_can_be_had_as_it_is_written(void **state)
{
    (void)state;
    static const char text[] = " {\"a\":\"x\\n\" ,\"b\":-1.50e1\n,\"c\":[ 1 ] ,\"d\":null }";
    static const char *const expected[] = { "\"x\\n\"", "-1.50e1", "[ 1 ]", "null" };
    char padded[sizeof text + JSON_PADDING] = { 0 };
    struct json *cursor;
    struct json_value root, value;
    struct json_items members;
    struct span key, written;
    memcpy(padded, text, sizeof text);
    assert_ok(json_new(&cursor));
    assert_ok(json_root(cursor, (struct span){ padded, sizeof text - 1 }, &root));
    assert_int_equal(root.type, JSON_OBJECT);
    assert_ok(json_object(&root, &members));
    for (size_t i = 0; i < 4; i++) {
        assert_ok(json_next_member(cursor, &members, &key, &value));
        assert_ok(json_verbatim(&value, &written));
        assert_true(span_is(written, expected[i]));
    }
    assert_int_equal(json_next_member(cursor, &members, &key, &value), STATUS_END);
    assert_ok(json_at_end(cursor));
    assert_ok(json_root(cursor, (struct span){ padded + 6, 5 }, &root));
    assert_int_equal(root.type, JSON_STRING);
    json_free(cursor);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_value_can_be_had_as_it_is_written),
        cmocka_unit_test(whole_numbers_are_whole_however_written),
        cmocka_unit_test(strings_are_unescaped),
        cmocka_unit_test(raw_text_has_no_space_around),
        cmocka_unit_test(members_may_be_left_unread_or_half_read),
        cmocka_unit_test(keys_of_every_length_are_found_from_behind),
        cmocka_unit_test(a_text_longer_than_any_before_is_taken),
        cmocka_unit_test(a_value_that_is_none_is_refused_though_nobody_reads_it),
        cmocka_unit_test(a_text_is_closed_by_its_last_token),
    };
    return cmocka_run_group_tests(tests, make, drop);
}
