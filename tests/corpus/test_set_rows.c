#include "base/file.h"
#include "corpus/set_rows.h"
#include "support/alloc_sweep.h"
#include "support/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char folder[] = "corpus_rows_XXXXXX", path[64];

static int set_up(void **state)
{
    (void)state;
    int failed = mkdtemp(folder) == NULL;
    snprintf(path, sizeof path, "%s/file", folder);
    return failed;
}

static int tear_down(void **state)
{
    (void)state;
    unlink(path);
    return rmdir(folder);
}

/* Rows as "0:text|1:text;". */
static enum status take(void *context, const struct row *row)
{
    struct buffer *out = context;
    for (unsigned i = 0; i < row->n; i++) {
        buffer_print(out, "%s%u:", i ? "|" : "", row->strings[i].path);
        buffer_put(out, row->strings[i].text);
    }
    buffer_put_char(out, ';');
    return out->status;
}

static enum status read_text(
    const char *text, const struct row_shape *shape, struct buffer *out, struct diag *diag)
{
    assert_ok(file_write(path, span_of(text)));
    buffer_reset(out);
    return set_rows_read(path, shape, take, out, diag);
}

static void rows_of_every_form_give_the_strings_asked_for(void **state)
{
    (void)state;
    static const struct {
        struct row_shape shape;
        const char *text, *rows;
    } cases[] = {
        { { SET_LINES, NULL, { "a", "b.c" } },
            "{\"b\":{\"x\":1,\"c\":\"two\"},\"a\":\"one\",\"ab\":\"no\"}\n\n{\"a\":7}\r\n{\"a\":"
            "\"\\u00e9\\n\"}",
            "1:two|0:one;;0:\xc3\xa9\n;" },
        { { SET_LINES, NULL, { "m.*.role", "m.*.content" } },
            "{\"m\":[{\"role\":\"user\",\"content\":\"hi\"},{\"content\":\"yes\",\"role\":\"bot\"}]}",
            "0:user|1:hi|1:yes|0:bot;" },
        { { SET_LINES, NULL, { "t.*.*" } }, "{\"t\":[[\"A\",\"b\"],[\"C\",\"d\"],\"e\"]}",
            "0:A|0:b|0:C|0:d;" },
        { { SET_DOCUMENT, "*", { "a" } }, "[\n {\"a\":\"1\"}, {\"b\":\"2\"},\n {\"a\":\"3\"}]\n",
            "0:1;;0:3;" },
        { { SET_DOCUMENT, "list.*", { "a" } },
            "{\"a\":\"no\",\"list\":[{\"a\":\"1\"}],\"z\":[{\"a\":\"no\"}]}", "0:1;" },
        { { SET_CSV, NULL, { NULL } }, "text,label\nplain,x\n\"with, comma\",y\n\"a \"\"b\"\"\nc\",z",
            "0:plain;0:with, comma;0:a \"b\"\nc;" },
        { { SET_PLAIN, NULL, { NULL } }, "all of\nit", "0:all of\nit;" },
    };
    struct buffer out = { 0 };
    for (unsigned i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct diag diag = { 0 };
        assert_ok(read_text(cases[i].text, &cases[i].shape, &out, &diag));
        if (!span_is(buffer_span(&out), cases[i].rows))
            fail_msg("case %u: %.*s", i, (int)out.n, out.data);
    }
    buffer_fini(&out);
}

static void a_bad_row_is_named_by_its_line(void **state)
{
    (void)state;
    static const struct {
        struct row_shape shape;
        const char *text;
        unsigned line;
    } cases[] = {
        { { SET_LINES, NULL, { "a" } }, "{\"a\":\"1\"}\n{\"a\":\"2\"\n{\"a\":\"3\"}\n", 2 },
        { { SET_LINES, NULL, { "a" } }, "[1]\n", 1 },
        { { SET_LINES, NULL, { "a" } }, "{\"a\":\"1\"} x\n", 1 },
        { { SET_LINES, NULL, { "a" } }, "{\"a\":\"1\"}\n\nnothing\n", 3 },
        { { SET_DOCUMENT, "*", { "a" } }, "[{\"a\":\"1\"}", 0 },
        { { SET_DOCUMENT, "*", { "a" } }, "", 0 },
        { { SET_CSV, NULL, { NULL } }, "text\nfine\n\"open", 3 },
    };
    struct buffer out = { 0 };
    for (unsigned i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct diag diag = { 0 };
        enum status st = read_text(cases[i].text, &cases[i].shape, &out, &diag);
        if (st != STATUS_BAD || diag.line != cases[i].line)
            fail_msg("case %u: status %d, line %u", i, (int)st, (unsigned)diag.line);
    }
    struct diag diag = { 0 };
    unlink(path);
    assert_int_equal(set_rows_read(path, &cases[0].shape, take, &out, &diag), STATUS_IO);
    buffer_fini(&out);
}

static void strings_beyond_the_most_of_a_row_are_left_out(void **state)
{
    (void)state;
    struct buffer text = { 0 }, out = { 0 };
    struct row_shape shape = { SET_LINES, NULL, { "a.*" } };
    buffer_put_text(&text, "{\"a\":[\"x\"");
    for (unsigned i = 0; i < ROW_STRINGS + 50; i++)
        buffer_put_text(&text, ",\"x\"");
    buffer_put(&text, SPAN("]}\0"));
    assert_ok(read_text(text.data, &shape, &out, NULL));
    assert_int_equal(out.n, ROW_STRINGS * 4);
    buffer_fini(&text);
    buffer_fini(&out);
}

static void without_memory_nothing_is_read_and_nothing_leaks(void **state)
{
    (void)state;
    struct row_shape shape = { SET_LINES, NULL, { "a" } };
    enum status st = STATUS_NOMEM;
    assert_ok(file_write(path, SPAN("{\"a\":\"b\\n\"}\n")));
    for (long n = 0; st != STATUS_OK; n++) {
        struct buffer out = { 0 };
        alloc_sweep_arm(n);
        st = set_rows_read(path, &shape, take, &out, NULL);
        assert_int_equal(st, alloc_sweep_disarm() ? STATUS_NOMEM : STATUS_OK);
        buffer_fini(&out);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_of_every_form_give_the_strings_asked_for),
        cmocka_unit_test(a_bad_row_is_named_by_its_line),
        cmocka_unit_test(strings_beyond_the_most_of_a_row_are_left_out),
        cmocka_unit_test(without_memory_nothing_is_read_and_nothing_leaks),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
