#include "exchange/walk.h"

#include "support/test.h"

#include <stdio.h>

struct thing {
    struct span text;
    int64_t count;
    int32_t small;
    int32_t milli;
    uint32_t flags;
    int colour;
};

#define THING(key, member, ...) FIELD(key, __VA_ARGS__, .offset = offsetof(struct thing, member))

static const struct word colours[] = { { "red", 1 }, { "blue", 2 }, { NULL, 0 } };

static enum status read_item(struct walk *walk, struct json_value *value, void *object)
{
    (void)object;
    struct span text;
    return json_string(walk->json, value, &text);
}

static enum status read_items(
    struct walk *walk, const struct field *field, struct json_value *value, void *object)
{
    (void)field;
    return walk_elements(walk, value, read_item, object);
}

extern const struct fields thing_fields;

static const struct field thing_rows[] = {
    THING("text", text, read_span, .bit = 1),
    THING("count", count, read_count, .bit = 2, .arg = 1000),
    THING("small", small, read_int32, .bit = 3),
    THING("milli", milli, read_milli, .bit = 4),
    THING("flag", flags, read_flag, .arg = 4),
    THING("given", flags, read_given, .arg = 8),
    THING("colour", colour, read_word, .more = colours),
    FIELD("inner", read_fields, .more = &thing_fields),
    FIELD("items", read_items),
    THING("a_key_of_exactly_twenty_six", text, read_span, .bit = 5),
};
const struct fields thing_fields = FIELDS(thing_rows, "thing.");

static struct walk walk;
static struct thing thing;

static enum status walk_text(const char *text)
{
    static char line[4096];
    struct json_items members;
    memset(line, 0, sizeof line);
    snprintf(line, sizeof line - JSON_PADDING, "%s", text);
    walk_start(&walk);
    thing = (struct thing){ 0 };
    enum status st = json_open(walk.json, span_of(line), &members);
    return st == STATUS_OK ? walk_open_members(&walk, &members, &thing_fields, &thing) : st;
}

static void assert_explains(const char *text, enum status expected, const char *field, const char *reason)
{
    struct diag diag = { 0 };
    enum status st = walk_text(text);
    assert_int_equal(st, expected);
    walk_explain(&walk, st, &diag);
    assert_string_equal(diag.field, field);
    assert_string_equal(diag.reason, reason);
}

static void fields_are_read_in_any_order_and_remembered(void **state)
{
    (void)state;
    assert_ok(walk_text("{\"a_key_of_exactly_twenty_six\":\"t\",\"colour\":\"blue\",\"given\":[],\"flag\":"
                        "true,\"milli\":0.0125,"
                        "\"small\":1e12,\"count\":1000,\"text\":null}"));
    assert_int_equal(walk.seen & ~UINT64_C(1), 1 << 2 | 1 << 3 | 1 << 4 | 1 << 5);
    assert_true(span_is(thing.text, "t"));
    assert_int_equal(thing.count, 1000);
    assert_int_equal(thing.small, INT32_MAX);
    assert_int_equal(thing.milli, 12);
    assert_int_equal(thing.flags, 12);
    assert_int_equal(thing.colour, 2);
}

static void a_fault_is_named_by_its_path(void **state)
{
    (void)state;
    assert_explains(
        "{\"inner\":{\"inner\":{\"text\":1}}}", STATUS_MISMATCH, "inner.inner.text", "has the wrong type");
    assert_explains(
        "{\"inner\":{\"items\":[\"a\",null,{}]}}", STATUS_MISMATCH, "inner.items[2]", "has the wrong type");
    assert_explains("{\"count\":1001}", STATUS_BAD, "count", "is out of range");
    assert_explains("{\"colour\":\"green\"}", STATUS_BAD, "colour", "is not a word of its list");
    assert_explains("{\"text\"}", STATUS_BAD, "", "not a JSON object");
}

static void a_path_that_is_too_long_is_cut(void **state)
{
    (void)state;
    struct diag diag = { 0 };
    char text[1024] = "";
    for (int i = 0; i < 20; i++)
        strcat(text, "{\"inner\":");
    strcat(text, "5");
    for (int i = 0; i < 20; i++)
        strcat(text, "}");
    enum status st = walk_text(text);
    assert_int_equal(st, STATUS_MISMATCH);
    walk_explain(&walk, st, &diag);
    assert_int_equal(strlen(diag.field), sizeof diag.field - 1);
}

static void what_is_nested_beyond_reason_is_not_read(void **state)
{
    (void)state;
    char text[1024] = "";
    for (int i = 0; i < 40; i++)
        strcat(text, "{\"inner\":");
    strcat(text, "5");
    for (int i = 0; i < 40; i++)
        strcat(text, "}");
    assert_ok(walk_text(text));
}

static void a_lenient_walk_passes_over_wrong_types(void **state)
{
    (void)state;
    walk.lenient = true;
    assert_ok(
        walk_text("{\"count\":\"x\",\"items\":[1,\"a\",2],\"inner\":{\"flag\":3,\"small\":4},\"milli\":5}"));
    assert_int_equal(thing.small, 4);
    assert_int_equal(thing.milli, 5000);
    assert_int_equal(walk_text("{\"count\":-1}"), STATUS_BAD);
    walk.lenient = false;
}

static void unknown_names_are_whole_characters_that_no_terminal_obeys(void **state)
{
    (void)state;
    char text[UNKNOWN_BYTES + 64], expected[UNKNOWN_BYTES];
    assert_ok(walk_text("{\"a\\u001b[\x7f\xc2\x9b\xc2\xa0\xc3\xa4\":1}"));
    assert_string_equal(walk.unknown.names[0], "thing.a?[??\xc2\xa0\xc3\xa4");
    for (int shift = 0; shift < 4; shift++) {
        int n = snprintf(expected, sizeof expected, "thing.%.*s", shift, "xyz");
        int whole = (UNKNOWN_BYTES - 1 - n) / 4;
        for (int i = 0; i < whole; i++)
            strcat(expected, "\xf0\x9f\x98\x80");
        snprintf(text, sizeof text, "{\"%s\xf0\x9f\x98\x80\":1}", expected + strlen("thing."));
        assert_ok(walk_text(text));
        assert_string_equal(walk.unknown.names[0], expected);
    }
}

static void unknown_keys_are_noted_once_and_bounded(void **state)
{
    (void)state;
    char text[4000] = "{\"x\":1,\"x\":2";
    for (int i = 0; i < 100; i++)
        sprintf(text + strlen(text), ",\"key%d\":0", i);
    strcat(text, "}");
    assert_ok(walk_text(text));
    assert_int_equal(walk.unknown.n, UNKNOWN_MAX);
    assert_string_equal(walk.unknown.names[0], "thing.x");
    assert_string_equal(walk.unknown.names[1], "thing.key0");
}

static int make(void **state)
{
    (void)state;
    return json_new(&walk.json) == STATUS_OK ? 0 : 1;
}

static int drop(void **state)
{
    (void)state;
    json_free(walk.json);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fields_are_read_in_any_order_and_remembered),
        cmocka_unit_test(a_fault_is_named_by_its_path),
        cmocka_unit_test(a_path_that_is_too_long_is_cut),
        cmocka_unit_test(what_is_nested_beyond_reason_is_not_read),
        cmocka_unit_test(a_lenient_walk_passes_over_wrong_types),
        cmocka_unit_test(unknown_names_are_whole_characters_that_no_terminal_obeys),
        cmocka_unit_test(unknown_keys_are_noted_once_and_bounded),
    };
    return cmocka_run_group_tests(tests, make, drop);
}
