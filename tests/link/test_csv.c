#include "link/csv.h"

#include "base/file.h"
#include "support/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static char path[] = "/tmp/test_csv_XXXXXX";

static int make_file(void **state)
{
    (void)state;
    int fd = mkstemp(path);
    return fd < 0 ? -1 : close(fd);
}

static int remove_file(void **state)
{
    (void)state;
    return unlink(path);
}

static enum status read_text(
    const char *text, uint64_t bad_max, struct acts *acts, struct csv_counts *counts, struct diag *diag)
{
    acts_init(acts, &(struct acts_limits){ 100, 100, 100 });
    assert_ok(file_write(path, span_of(text)));
    *counts = (struct csv_counts){ 0 };
    return csv_read(path, bad_max, acts, counts, diag);
}

static void expect_bad(const char *text, uint64_t line, const char *field, const char *reason)
{
    struct acts acts;
    struct csv_counts counts;
    struct diag diag;
    if (read_text(text, 0, &acts, &counts, &diag) != STATUS_BAD)
        fail_msg("'%s' was read", text);
    assert_int_equal(diag.line, line);
    assert_string_equal(diag.field, field);
    if (!strstr(diag.reason, reason))
        fail_msg("'%s' does not say '%s'", diag.reason, reason);
    acts_fini(&acts);
}

static void columns_come_in_any_order_and_quotes_are_taken_off(void **state)
{
    (void)state;
    struct acts acts;
    struct csv_counts counts;
    struct diag diag;
    assert_ok(read_text("\xEF\xBB\xBFtime,note,kind,\"object\",account\r\n"
                        "1700000000,,ip,\"a,\"\"b\"\"\",z\r\n\n1700000001,x,,q,\"\"\"\"\n",
        0, &acts, &counts, &diag));
    assert_int_equal(counts.rows, 2);
    assert_true(span_is(roll_name(&acts.objects, 0), "ip:a,\"b\""));
    assert_true(span_is(roll_name(&acts.accounts, 0), "z"));
    assert_true(span_is(roll_name(&acts.objects, 1), "q"));
    assert_true(span_is(roll_name(&acts.accounts, 1), "\""));
    assert_int_equal(acts.items[0].time_ms, INT64_C(1700000000000));
    acts_fini(&acts);
}

static void what_is_wrong_is_told_with_line_and_field(void **state)
{
    (void)state;
    expect_bad("", 0, "", "first line");
    expect_bad("account,object\n", 1, "time", "no such column");
    expect_bad("account,object,time\na,b,soon\n", 2, "time", "is no time");
    expect_bad("account,object,time\na,b,1\n,b,1\n", 3, "account", "empty");
    expect_bad("account,object,time\na,,1\n", 2, "object", "empty");
    expect_bad("account,object,time\na,b\n", 2, "time", "is no time");
    expect_bad("account,object,time\na,\"b,1\n", 2, "", "quote is not closed");
    expect_bad("account,object,time\na,\"b\"c,1\n", 2, "", "follows a closed quote");
    expect_bad("account,object,time\na,\"b\nc\",1\n", 2, "", "line breaks are not read");
    expect_bad("account,object,time\na,b,1\na,b\",1\n", 3, "object", "has a quote");
    expect_bad("account,object,time\na,b,1\na,b,1,x\n", 3, "", "more fields");
}

static void more_than_64_columns_are_refused_and_64_read(void **state)
{
    (void)state;
    struct acts acts;
    struct csv_counts counts;
    struct diag diag;
    char text[256] = "", more[300];
    for (unsigned i = 0; i < 61; i++)
        memcpy(text + 2 * i, "x,", 3);
    snprintf(more, sizeof more, "%saccount,object,time\n", text);
    assert_ok(read_text(more, 0, &acts, &counts, &diag));
    acts_fini(&acts);
    snprintf(more, sizeof more, "x,%saccount,object,time\n", text);
    expect_bad(more, 1, "", "more than 64 columns");
}

static void a_quote_within_a_column_that_is_not_read_is_let_be(void **state)
{
    (void)state;
    struct acts acts;
    struct csv_counts counts;
    struct diag diag;
    assert_ok(read_text("account,object,time,size\na,b,1,5\" disk\n", 0, &acts, &counts, &diag));
    assert_int_equal(acts.n, 1);
    acts_fini(&acts);
}

static void the_first_bad_line_of_each_reason_is_kept(void **state)
{
    (void)state;
    const char *text = "account,object,time\na,b,1\na,b,x\n,b,2\na,b,y\na,,2\nc,b,3\n";
    struct acts acts;
    struct csv_counts counts;
    struct diag diag;
    assert_ok(read_text(text, 9, &acts, &counts, &diag));
    assert_int_equal(counts.bad, 4);
    assert_int_equal(counts.n_reasons, 3);
    assert_int_equal(counts.reasons[0].n, 2);
    assert_int_equal(counts.reasons[0].first.line, 3);
    assert_int_equal(counts.reasons[1].first.line, 4);
    assert_string_equal(counts.reasons[2].first.field, "object");
    acts_fini(&acts);
}

static void a_line_that_is_too_long_is_a_bad_one(void **state)
{
    (void)state;
    enum { LONG = 3 << 20 };
    struct acts acts;
    struct csv_counts counts;
    struct diag diag;
    char *text = malloc(LONG + 64);
    assert_non_null(text);
    size_t n = (size_t)sprintf(text, "account,object,time\na,b,1\n");
    memset(text + n, 'x', LONG);
    strcpy(text + n + LONG, "\nc,d,2\n");
    assert_ok(read_text(text, 1, &acts, &counts, &diag));
    assert_int_equal(counts.rows, 3);
    assert_int_equal(counts.bad, 1);
    assert_int_equal(counts.reasons[0].first.line, 3);
    assert_int_equal(acts.n, 2);
    acts_fini(&acts);
    assert_int_equal(read_text(text, 0, &acts, &counts, &diag), STATUS_BAD);
    acts_fini(&acts);
    free(text);
}

static void bad_lines_are_passed_over_as_far_as_they_may(void **state)
{
    (void)state;
    const char *text = "account,object,time\na,b,1\na,b,x\n,b,2\nc,b,3\n";
    struct acts acts;
    struct csv_counts counts;
    struct diag diag;
    assert_ok(read_text(text, 2, &acts, &counts, &diag));
    assert_int_equal(counts.bad, 2);
    assert_int_equal(acts.n, 2);
    assert_int_equal(counts.reasons[0].first.line, 3);
    acts_fini(&acts);
    assert_int_equal(read_text(text, 1, &acts, &counts, &diag), STATUS_BAD);
    acts_fini(&acts);
}

static void times_are_read_in_every_form(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t ms;
    } good[] = {
        { "0", 0 },
        { "1700000000", INT64_C(1700000000000) },
        { "1700000000.25", INT64_C(1700000000250) },
        { "1700000000.123456", INT64_C(1700000000123) },
        { "1700000000123", INT64_C(1700000000123) },
        { "-5", -5000 },
        { "2023-11-14T22:13:20Z", INT64_C(1700000000000) },
        { "2023-11-14T22:13:20.5Z", INT64_C(1700000000500) },
        { "2023-11-15T00:13:20+02:00", INT64_C(1700000000000) },
        { "2023-11-15T00:13:20.123456+02:00", INT64_C(1700000000123) },
        { "2023-11-14 22:13:20", INT64_C(1700000000000) },
        { "2023-11-14", INT64_C(1699920000000) },
    };
    static const char *const bad[] = { "", "-", "1.", ".5", "1e9", "1700000000x", "2023-11-14T22",
        "2023-13-01", "2023-1-1", "99999999999999999999", "2023-11-14T22:13:20+2", "14/11/2023" };
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        int64_t ms;
        if (csv_time(span_of(good[i].text), &ms) != STATUS_OK || ms != good[i].ms)
            fail_msg("%s", good[i].text);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        int64_t ms = 7;
        if (csv_time(span_of(bad[i]), &ms) != STATUS_BAD || ms != 7)
            fail_msg("%s", bad[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(columns_come_in_any_order_and_quotes_are_taken_off),
        cmocka_unit_test(what_is_wrong_is_told_with_line_and_field),
        cmocka_unit_test(more_than_64_columns_are_refused_and_64_read),
        cmocka_unit_test(a_quote_within_a_column_that_is_not_read_is_let_be),
        cmocka_unit_test(the_first_bad_line_of_each_reason_is_kept),
        cmocka_unit_test(a_line_that_is_too_long_is_a_bad_one),
        cmocka_unit_test(bad_lines_are_passed_over_as_far_as_they_may),
        cmocka_unit_test(times_are_read_in_every_form),
    };
    return cmocka_run_group_tests(tests, make_file, remove_file);
}
