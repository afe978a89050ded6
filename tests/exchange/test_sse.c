#include "exchange/json.h"
#include "exchange/sse.h"

#include "support/alloc_sweep.h"
#include "support/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LIMIT = 64 };

static enum status show(void *context, const struct sse_event *event)
{
    FILE *out = context;
    static const char zeros[JSON_PADDING];
    fprintf(out, "%.*s|", (int)event->name.n, event->name.data);
    if (event->too_long)
        fputs("too long\n", out);
    else
        fprintf(out, "%.*s\n", (int)event->data.n, event->data.data);
    if (!event->too_long)
        assert_memory_equal(event->data.data + event->data.n, zeros, JSON_PADDING);
    return STATUS_OK;
}

/* All events as text, of the bytes in pieces of at most `piece`. Caller frees. */
static char *shown(const char *text, size_t n, size_t piece)
{
    char *events = NULL;
    size_t events_n = 0;
    struct sse sse;
    FILE *out = open_memstream(&events, &events_n);
    sse_init(&sse, LIMIT);
    for (size_t at = 0; at < n; at += piece) {
        size_t more = n - at < piece ? n - at : piece;
        char *copy = malloc(more); /* so that a sanitizer sees what is read beyond */
        assert_non_null(copy);
        memcpy(copy, text + at, more);
        assert_ok(sse_feed(&sse, (struct span){ copy, more }, show, out));
        free(copy);
    }
    fclose(out);
    sse_fini(&sse);
    return events;
}

static void assert_events(const char *text, const char *expected)
{
    for (size_t piece = 1; piece <= strlen(text); piece++) {
        char *events = shown(text, strlen(text), piece);
        assert_string_equal(events, expected);
        free(events);
    }
}

static void lines_end_in_lf_cr_or_crlf(void **state)
{
    (void)state;
    assert_events("event: a\ndata: 1\n\ndata: 2\n\n", "a|1\n|2\n");
    assert_events("event: a\rdata: 1\r\rdata: 2\r\r", "a|1\n|2\n");
    assert_events("event: a\r\ndata: 1\r\n\r\ndata: 2\r\n\r\n", "a|1\n|2\n");
    assert_events("event: a\ndata: 1\r\r\ndata: 2\n\r", "a|1\n|2\n");
}

static void a_leading_byte_order_mark_is_dropped_once(void **state)
{
    (void)state;
    assert_events("\xef\xbb\xbf"
                  "data: 1\n\n\xef\xbb\xbf"
                  "data: 2\n\n",
        "|1\n");
    assert_events("\xef\xbb"
                  "data: 1\n\ndata: 2\n\n",
        "|2\n");
}

static void comments_and_unknown_fields_are_passed_over(void **state)
{
    (void)state;
    assert_events(": hi\n:\ndata: 1\nid: 7\nretry: 5\nDATA: x\n data: y\n\n: ping\n\n", "|1\n");
}

static void one_space_behind_the_colon_is_dropped(void **state)
{
    (void)state;
    assert_events("data:1\n\ndata:  2\n\ndata: a: b\n\n", "|1\n| 2\n|a: b\n");
}

static void several_data_lines_are_joined(void **state)
{
    (void)state;
    assert_events("data: 1\ndata\ndata:\ndata: 2\n\ndata\n\n", "|1\n\n\n2\n|\n");
}

static void an_event_without_data_is_none_and_leaves_no_name(void **state)
{
    (void)state;
    assert_events("event: a\n\ndata: 1\n\nevent: b\nevent: c\ndata: 2\n\n", "|1\nc|2\n");
}

static void an_event_that_is_not_ended_is_discarded(void **state)
{
    (void)state;
    assert_events("data: 1\n\ndata: 2\n", "|1\n");
    assert_events("data: 1\n\ndata: 2", "|1\n");
}

static void of_an_event_beyond_the_limit_only_the_name_is_told(void **state)
{
    (void)state;
    char text[512], most[LIMIT + 1];
    memset(most, 'x', LIMIT);
    most[LIMIT] = 0;
    char expected[256];
    snprintf(text, sizeof text,
        "event: a\ndata: %s\n\nevent: b\ndata: %sx\n\ndata: %.*s\ndata: y\n\ndata: z\n\n", most, most,
        LIMIT - 1, most);
    snprintf(expected, sizeof expected, "a|%s\nb|too long\n|too long\n|z\n", most);
    assert_events(text, expected);
    snprintf(text, sizeof text, "event: a\ndata: %s%s%s\ndata: 1\n\n: %s%s\ndata: 2\n\n", most, most, most,
        most, most);
    assert_events(text, "a|too long\n|2\n");
}

static void any_chunking_gives_the_same_events(void **state)
{
    (void)state;
    static const char *const tokens[] = { "\n", "\r", "\r\n", "data: ", "data", "event: ", ":", " ", "a",
        "\xc3\xa9", "0123456789012345678901234567890123456789", "\xef\xbb\xbf", "\n\n" };
    uint64_t seed = 5;
    print_message("seed %llu\n", (unsigned long long)seed);
    for (int round = 0; round < 500; round++) {
        char text[2048] = "";
        for (int i = 0; i < 40; i++) {
            seed = seed * 6364136223846793005u + 1442695040888963407u;
            strcat(text, tokens[(seed >> 33) % (sizeof tokens / sizeof *tokens)]);
        }
        char *whole = shown(text, strlen(text), sizeof text);
        assert_events(text, whole);
        free(whole);
    }
}

static void running_out_of_memory_says_so(void **state)
{
    (void)state;
    bool reached = true;
    FILE *out = fopen("/dev/null", "w");
    assert_non_null(out);
    for (long n = 0; reached; n++) {
        struct sse sse;
        sse_init(&sse, LIMIT);
        alloc_sweep_arm(n);
        enum status st = sse_feed(&sse, SPAN("data: 1\nda"), show, out);
        if (st == STATUS_OK)
            st = sse_feed(&sse, SPAN("ta: 2\n\n"), show, out);
        reached = alloc_sweep_disarm();
        assert_int_equal(st, reached ? STATUS_NOMEM : STATUS_OK);
        sse_fini(&sse);
    }
    fclose(out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_end_in_lf_cr_or_crlf),
        cmocka_unit_test(a_leading_byte_order_mark_is_dropped_once),
        cmocka_unit_test(comments_and_unknown_fields_are_passed_over),
        cmocka_unit_test(one_space_behind_the_colon_is_dropped),
        cmocka_unit_test(several_data_lines_are_joined),
        cmocka_unit_test(an_event_without_data_is_none_and_leaves_no_name),
        cmocka_unit_test(an_event_that_is_not_ended_is_discarded),
        cmocka_unit_test(of_an_event_beyond_the_limit_only_the_name_is_told),
        cmocka_unit_test(any_chunking_gives_the_same_events),
        cmocka_unit_test(running_out_of_memory_says_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
