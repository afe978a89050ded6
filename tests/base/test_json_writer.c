#include "base/json_writer.h"

#include "base/utf8.h"
#include "support/alloc_sweep.h"
#include "support/random.h"
#include "support/test.h"

#include <math.h>
#include <stdlib.h>

/* Compares what was written and ends the writer. */
static void expect(struct json_writer *writer, const char *text)
{
    assert_ok(json_writer_finish(writer));
    struct span got = json_writer_span(writer);
    if (!span_is(got, text))
        fail_msg("got  %.*s\nwant %s", (int)got.n, got.data, text);
    json_writer_fini(writer);
}

static void containers_nest_with_commas_where_they_belong(void **state)
{
    (void)state;
    struct json_writer w;
    json_writer_init(&w, NULL);
    json_put_object(&w);
    json_put_name(&w, "a");
    json_put_array(&w);
    json_put_u64(&w, UINT64_MAX);
    json_put_i64(&w, INT64_MIN);
    json_put_array(&w);
    json_put_array_end(&w);
    json_put_array_end(&w);
    json_put_name(&w, "b");
    json_put_object(&w);
    json_put_object_end(&w);
    json_put_name(&w, "c");
    json_put_bool(&w, true);
    json_put_name(&w, "d");
    json_put_text(&w, NULL);
    json_put_object_end(&w);
    json_put_line(&w);
    json_put_bool(&w, false);
    expect(
        &w, "{\"a\":[18446744073709551615,-9223372036854775808,[]],\"b\":{},\"c\":true,\"d\":null}\nfalse");
}

static void quotes_backslashes_and_controls_are_escaped(void **state)
{
    (void)state;
    struct json_writer w;
    json_writer_init(&w, NULL);
    json_put_string(&w, SPAN("a\"b\\c\n\t\x01\x7f\0z/<"));
    expect(&w, "\"a\\\"b\\\\c\\n\\t\\u0001\\u007f\\u0000z/<\"");
}

static void bytes_that_are_not_utf8_become_replacement_characters(void **state)
{
    (void)state;
    struct json_writer w;
    json_writer_init(&w, NULL);
    json_put_array(&w);
    json_put_string(&w, SPAN("\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80"));
    json_put_string(&w, SPAN("\xff"
                             "a\xc3"));
    json_put_string(&w, SPAN("\xed\xa0\x80")); /* a surrogate */
    json_put_string(&w, SPAN("\xc0\xaf"));     /* overlong */
    json_put_array_end(&w);
    expect(&w, "[\"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\",\"\xef\xbf\xbd"
               "a\xef\xbf\xbd\","
               "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\",\"\xef\xbf\xbd\xef\xbf\xbd\"]");
}

static void what_is_not_a_number_is_null(void **state)
{
    (void)state;
    struct json_writer w;
    json_writer_init(&w, NULL);
    json_put_array(&w);
    json_put_double(&w, NAN);
    json_put_double(&w, INFINITY);
    json_put_double(&w, 0.5);
    json_put_array_end(&w);
    expect(&w, "[null,null,0.5]");
}

static void times_are_rfc_3339_and_null_when_not_known(void **state)
{
    (void)state;
    struct json_writer w;
    json_writer_init(&w, NULL);
    json_put_array(&w);
    json_put_time(&w, -1);
    json_put_time(&w, 1);
    json_put_array_end(&w);
    expect(&w, "[null,\"1970-01-01T00:00:00.001Z\"]");
}

static void a_long_stream_reaches_the_file_whole(void **state)
{
    (void)state;
    char *text = NULL;
    size_t n = 0;
    FILE *file = open_memstream(&text, &n);
    struct json_writer w;
    json_writer_init(&w, file);
    json_put_array(&w);
    for (int i = 0; i < 100000; i++)
        json_put_u64(&w, 7);
    json_put_array_end(&w);
    assert_ok(json_writer_finish(&w));
    assert_true(w.buffer.capacity <= 128 * 1024);
    json_writer_fini(&w);
    fclose(file);
    assert_int_equal(n, 2 * 100000 + 1);
    assert_memory_equal(text + n - 4, "7,7]", 4);
    free(text);
}

static void raw_json_stands_where_a_value_stands_and_as_it_is(void **state)
{
    (void)state;
    struct json_writer w;
    json_writer_init(&w, NULL);
    json_put_object(&w);
    json_put_name(&w, "a");
    json_put_raw(&w, SPAN("{\"b\": [1, 2.50,\tnull]}"));
    json_put_name(&w, "c");
    json_put_array(&w);
    json_put_raw(&w, SPAN("\"\\u0041\""));
    json_put_raw(&w, SPAN("{}"));
    json_put_u64(&w, 7);
    json_put_array_end(&w);
    json_put_object_end(&w);
    json_put_line(&w);
    json_put_raw(&w, SPAN("[]"));
    assert_ok(json_writer_finish(&w));
    assert_true(
        span_is(json_writer_span(&w), "{\"a\":{\"b\": [1, 2.50,\tnull]},\"c\":[\"\\u0041\",{},7]}\n[]"));
    json_writer_fini(&w);
}

/* Strings are copied in runs of bytes that stand for themselves: every byte at every place of a run. */
static void every_byte_comes_out_alike_wherever_it_stands(void **state)
{
    (void)state;
    for (int c = 1; c < 128; c++)
        for (size_t at = 0; at < 40; at++) {
            char text[41], alone[16];
            struct json_writer w, one;
            memset(text, 'x', sizeof text);
            text[at] = (char)c;
            json_writer_init(&w, NULL);
            json_writer_init(&one, NULL);
            json_put_string(&w, (struct span){ text, 40 });
            json_put_string(&one, (struct span){ text + at, 1 });
            struct span got = json_writer_span(&w), inner = json_writer_span(&one);
            assert_in_range(inner.n, 3, sizeof alone);
            assert_int_equal(got.n, 39 + inner.n);
            assert_memory_equal(got.data + 1 + at, inner.data + 1, inner.n - 2);
            for (size_t i = 0; i < at; i++)
                assert_int_equal(got.data[1 + i], 'x');
            json_writer_fini(&w);
            json_writer_fini(&one);
        }
}

/* The oracle goes character by character. */
static void quote_slowly(struct span text, struct buffer *out)
{
    buffer_put_char(out, '"');
    for (size_t i = 0, n; i < text.n; i += n) {
        unsigned char c = (unsigned char)text.data[i];
        const char *named = c ? strchr("\"\"\\\\\bb\ff\nn\rr\tt", c) : NULL;
        n = c < 0x80 ? 1 : utf8_length(text.data + i, text.n - i);
        if (n == 0) {
            buffer_put_text(out, "\xef\xbf\xbd");
            n = 1;
        } else if (c == '"' || c == '\\' || (c < 0x20 && named)) {
            buffer_print(out, "\\%c", named[1]);
        } else if (c < 0x20 || c == 0x7f) {
            buffer_print(out, "\\u%04x", c);
        } else {
            buffer_put(out, (struct span){ text.data + i, n });
        }
    }
    buffer_put_char(out, '"');
}

static void long_texts_of_all_bytes_are_quoted_as_character_by_character(void **state)
{
    (void)state;
    static const char *const pieces[] = { "plain words and ", "\xc3\xa9", "\xe6\xbc\xa2\xe5\xad\x97",
        "\xf0\x9f\x98\x80", "\n", "\"", "\\", "\x7f", "\x01", "\xc3", "\xff", "\t\b", "x" };
    struct test_random random = { 77 };
    for (int round = 0; round < 300; round++) {
        struct buffer text = { 0 }, want = { 0 };
        struct json_writer w;
        size_t wanted = test_random_u64(&random) % 4000;
        while (text.n < wanted)
            buffer_put_text(&text, pieces[test_random_u64(&random) % (sizeof pieces / sizeof *pieces)]);
        json_writer_init(&w, NULL);
        json_put_string(&w, buffer_span(&text));
        quote_slowly(buffer_span(&text), &want);
        assert_true(span_eq(json_writer_span(&w), buffer_span(&want)));
        json_writer_fini(&w);
        buffer_fini(&text);
        buffer_fini(&want);
    }
}

static void whole_numbers_are_written_to_their_ends(void **state)
{
    (void)state;
    struct json_writer w;
    json_writer_init(&w, NULL);
    json_put_array(&w);
    json_put_u64(&w, 0);
    json_put_u64(&w, UINT64_MAX);
    json_put_i64(&w, INT64_MIN);
    json_put_i64(&w, INT64_MAX);
    json_put_i64(&w, -10);
    json_put_array_end(&w);
    expect(&w, "[0,18446744073709551615,-9223372036854775808,9223372036854775807,-10]");
}

static void a_full_disk_is_reported(void **state)
{
    (void)state;
    FILE *file = fopen("/dev/full", "w");
    if (!file)
        skip();
    struct json_writer w;
    json_writer_init(&w, file);
    json_put_text(&w, "x");
    assert_int_equal(json_writer_finish(&w), STATUS_IO);
    json_writer_fini(&w);
    fclose(file);
}

static void every_failed_allocation_is_reported_once_at_the_end(void **state)
{
    (void)state;
    bool reached = true;
    for (long nth = 0; reached; nth++) {
        struct json_writer w;
        json_writer_init(&w, NULL);
        alloc_sweep_arm(nth);
        json_put_array(&w);
        for (int i = 0; i < 500; i++)
            json_put_text(&w, "some text");
        json_put_array_end(&w);
        enum status st = json_writer_finish(&w);
        reached = alloc_sweep_disarm();
        assert_int_equal(st, reached ? STATUS_NOMEM : STATUS_OK);
        json_writer_fini(&w);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(containers_nest_with_commas_where_they_belong),
        cmocka_unit_test(quotes_backslashes_and_controls_are_escaped),
        cmocka_unit_test(bytes_that_are_not_utf8_become_replacement_characters),
        cmocka_unit_test(what_is_not_a_number_is_null),
        cmocka_unit_test(times_are_rfc_3339_and_null_when_not_known),
        cmocka_unit_test(a_long_stream_reaches_the_file_whole),
        cmocka_unit_test(raw_json_stands_where_a_value_stands_and_as_it_is),
        cmocka_unit_test(every_byte_comes_out_alike_wherever_it_stands),
        cmocka_unit_test(long_texts_of_all_bytes_are_quoted_as_character_by_character),
        cmocka_unit_test(whole_numbers_are_written_to_their_ends),
        cmocka_unit_test(a_full_disk_is_reported),
        cmocka_unit_test(every_failed_allocation_is_reported_once_at_the_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
