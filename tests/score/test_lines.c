#include "score/lines.h"

#include "folder.h"
#include "support/alloc_sweep.h"

static struct lines *open_text(const char *text)
{
    struct lines *lines;
    struct diag diag;
    folder_write("lines", text);
    assert_ok(lines_open(folder_path("lines"), &lines, &diag));
    return lines;
}

static void lines_come_without_their_ends_and_without_empty_ones(void **state)
{
    (void)state;
    const char *const expected[] = { "one", "two", " ", "three" };
    struct lines *lines = open_text("one\n\ntwo\r\n\r\n \nthree");
    struct span line;
    struct diag diag;
    for (size_t i = 0; i < 4; i++) {
        assert_ok(lines_next(lines, &line, &diag));
        assert_true(span_is(line, expected[i]));
    }
    assert_int_equal(lines_next(lines, &line, &diag), STATUS_END);
    assert_int_equal(lines_next(lines, &line, &diag), STATUS_END);
    assert_int_equal(lines_bad(lines, &diag, "f", "r"), STATUS_BAD);
    assert_int_equal(diag.line, 6); /* the one read last */
    lines_close(lines);
}

static void a_line_may_be_a_megabyte_and_no_longer(void **state)
{
    (void)state;
    enum { LONGEST = 1 << 20 };
    char *text = malloc(2 * LONGEST);
    struct span line;
    struct diag diag;
    assert_non_null(text);
    for (size_t n = LONGEST - 1; n <= LONGEST; n++) {
        memcpy(text, "a\n", 2);
        memset(text + 2, 'x', n);
        memcpy(text + 2 + n, "\nb\n", 4);
        struct lines *lines = open_text(text);
        assert_ok(lines_next(lines, &line, &diag));
        if (n < LONGEST) {
            assert_ok(lines_next(lines, &line, &diag));
            assert_int_equal(line.n, n);
            assert_ok(lines_next(lines, &line, &diag));
            assert_true(span_is(line, "b"));
        } else {
            assert_int_equal(lines_next(lines, &line, &diag), STATUS_TOO_BIG);
            assert_int_equal(diag.line, 2);
            assert_non_null(strstr(diag.reason, "longer than"));
            assert_ok(lines_next(lines, &line, &diag)); /* behind it */
            assert_true(span_is(line, "b"));
            assert_int_equal(lines_bad(lines, &diag, "f", "r"), STATUS_BAD);
            assert_int_equal(diag.line, 3);
            assert_int_equal(diag.offset, 2 + n + 1);
            assert_int_equal(lines_next(lines, &line, &diag), STATUS_END);
        }
        lines_close(lines);
    }
    free(text);
}

struct point {
    int64_t x;
    struct span name;
};

static const struct field point_table[] = {
    FIELD("x", read_count, .offset = offsetof(struct point, x)),
    FIELD("name", read_id, .offset = offsetof(struct point, name)),
};
static const struct fields point_fields = FIELDS(point_table, NULL);

static void a_line_of_json_fills_an_object(void **state)
{
    (void)state;
    struct lines *lines = open_text("{\"x\":3,\"other\":[{}],\"name\":\"a\\u0062\"}\n{}\n");
    struct point point = { -1, { 0 } };
    struct diag diag;
    assert_ok(lines_json(lines, &point_fields, &point, &diag));
    assert_int_equal(point.x, 3);
    assert_true(span_is(point.name, "ab"));
    assert_ok(lines_json(lines, &point_fields, &point, &diag));
    assert_int_equal(lines_json(lines, &point_fields, &point, &diag), STATUS_END);
    lines_close(lines);
}

static void what_is_wrong_is_told_with_its_line(void **state)
{
    (void)state;
    static const struct {
        const char *text, *field, *reason;
    } wrong[] = {
        { "{}\n{\"x\":}", "", "not a JSON object" },
        { "{}\n{\"x\":1} {}", "", "not a JSON object" },
        { "{}\n[1]", "", "not a JSON object" },
        { "{}\n{\"x\":\"1\"}", "x", "has the wrong type" },
        { "{}\n{\"x\":-1}", "x", "is out of range" },
        { "{}\n{\"x\":1", "", "not a JSON object" },
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct lines *lines = open_text(wrong[i].text);
        struct point point = { -1, { 0 } };
        struct diag diag;
        assert_ok(lines_json(lines, &point_fields, &point, &diag));
        assert_int_equal(lines_json(lines, &point_fields, &point, &diag), STATUS_BAD);
        assert_int_equal(diag.line, 2);
        assert_int_equal(diag.offset, 3);
        assert_string_equal(diag.field, wrong[i].field);
        assert_string_equal(diag.reason, wrong[i].reason);
        lines_close(lines);
    }
}

static void a_file_that_is_not_there_is_told_apart(void **state)
{
    (void)state;
    struct lines *lines = NULL;
    struct diag diag;
    assert_int_equal(lines_open(folder_path("absent"), &lines, &diag), STATUS_NOT_FOUND);
    assert_non_null(strstr(diag.reason, "No such file"));
    assert_null(lines);
    lines_close(lines);
}

static void memory_may_run_out_anywhere(void **state)
{
    (void)state;
    struct lines *lines = NULL;
    struct diag diag;
    enum status st = STATUS_NOMEM;
    long nth = 0;
    folder_write("lines", "a\n");
    for (; st != STATUS_OK; nth++) {
        alloc_sweep_arm(nth);
        st = lines_open(folder_path("lines"), &lines, &diag);
        bool reached = alloc_sweep_disarm();
        assert_true(reached == (st == STATUS_NOMEM));
        assert_true((st == STATUS_OK) == (lines != NULL));
    }
    assert_true(nth > 3);
    lines_close(lines);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_come_without_their_ends_and_without_empty_ones),
        cmocka_unit_test(a_line_may_be_a_megabyte_and_no_longer),
        cmocka_unit_test(a_line_of_json_fills_an_object),
        cmocka_unit_test(what_is_wrong_is_told_with_its_line),
        cmocka_unit_test(a_file_that_is_not_there_is_told_apart),
        cmocka_unit_test(memory_may_run_out_anywhere),
    };
    return cmocka_run_group_tests(tests, folder_make, folder_remove);
}
