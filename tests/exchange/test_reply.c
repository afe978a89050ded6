#include "exchange/reply.h"

#include "support/alloc_sweep.h"
#include "support/test.h"

static void assert_text(const struct reply_item *item, enum reply_text which, const char *expected)
{
    assert_true(span_is(buffer_span(&item->texts[which]), expected));
}

static void items_lie_in_the_order_of_their_places(void **state)
{
    (void)state;
    static const uint32_t places[][2] = { { 3, 0 }, { 1, 2 }, { 1, 0 }, { 3, 0 }, { 0, 7 }, { 1, 1 },
        { 2, 0 } };
    static const uint32_t expected[][2] = { { 0, 7 }, { 1, 0 }, { 1, 1 }, { 1, 2 }, { 2, 0 }, { 3, 0 } };
    struct reply reply;
    reply_init(&reply, 100);
    for (size_t i = 0; i < sizeof places / sizeof *places; i++)
        assert_non_null(reply_at(&reply, places[i][0], places[i][1]));
    assert_int_equal(reply.n_items, 6);
    for (size_t i = 0; i < 6; i++) {
        assert_int_equal(reply.items[i].place, expected[i][0]);
        assert_int_equal(reply.items[i].below, expected[i][1]);
    }
    assert_int_equal(reply_last(&reply, 1)->below, 2);
    assert_null(reply_last(&reply, 4));
    reply_drop_below(&reply, 1);
    assert_int_equal(reply.n_items, 4);
    assert_int_equal(reply_last(&reply, 1)->below, 0);
    reply_fini(&reply);
}

static void text_is_cut_at_a_whole_character(void **state)
{
    (void)state;
    static const char text[] = "a\\n\xc3\xa9\\u00e9\\\\\xf0\x9f\x98\x80.";
    static const size_t ends[] = { 0, 1, 1, 3, 3, 5, 5, 5, 5, 5, 5, 11, 11, 13, 13, 13, 13, 17, 18 };
    for (size_t limit = 0; limit < sizeof ends / sizeof *ends; limit++) {
        struct reply reply;
        reply_init(&reply, limit);
        struct reply_item *item = reply_at(&reply, 0, 0);
        reply_add(&reply, item, REPLY_SAID, SPAN(text));
        assert_int_equal(item->texts[REPLY_SAID].n, ends[limit]);
        assert_int_equal(reply.held, ends[limit]);
        assert_int_equal(reply.truncated, limit < sizeof text - 1);
        reply_fini(&reply);
    }
}

static void what_is_kept_of_a_cut_text_is_a_beginning(void **state)
{
    (void)state;
    struct reply reply;
    reply_init(&reply, 4);
    struct reply_item *item = reply_at(&reply, 0, 0);
    reply_add(&reply, item, REPLY_SAID, SPAN("abc"));
    reply_add(&reply, item, REPLY_SAID, SPAN("\xc3\xa9"));
    reply_add(&reply, item, REPLY_SAID, SPAN("d"));
    reply_add(&reply, item, REPLY_SIGNATURE, SPAN("s"));
    reply_set(&reply, &item->texts[REPLY_FINISH], SPAN("stop"));
    assert_text(item, REPLY_SAID, "abc");
    assert_text(item, REPLY_SIGNATURE, "");
    assert_text(item, REPLY_FINISH, "stop");
    reply_fini(&reply);
}

static void a_head_is_kept_whole_or_the_item_is_lost(void **state)
{
    (void)state;
    struct reply reply;
    reply_init(&reply, 6);
    struct reply_item *item = reply_at(&reply, 0, 0);
    reply_add(&reply, item, REPLY_HEAD, SPAN("\"a\":1"));
    assert_false(item->lost);
    reply_add(&reply, item, REPLY_HEAD, SPAN(",\"b\":1"));
    assert_true(item->lost && reply.truncated);
    assert_text(item, REPLY_HEAD, "\"a\":1");
    reply_clear_item(&reply, item);
    assert_int_equal(reply.held, 0);
    assert_false(item->lost);
    reply_fini(&reply);
}

static void a_short_text_that_is_long_changes_nothing(void **state)
{
    (void)state;
    char text[REPLY_SHORT_BYTES + 1];
    struct reply reply;
    reply_init(&reply, 6);
    memset(text, 'x', sizeof text);
    reply_set(&reply, &reply.id, (struct span){ text, REPLY_SHORT_BYTES });
    assert_int_equal(reply.id.n, REPLY_SHORT_BYTES);
    reply_set(&reply, &reply.id, SPAN("y"));
    reply_set(&reply, &reply.id, (struct span){ text, sizeof text });
    reply_set(&reply, &reply.id, (struct span){ 0 });
    assert_true(span_is(buffer_span(&reply.id), "y"));
    reply_fini(&reply);
}

static void more_items_than_the_limit_are_left_out(void **state)
{
    (void)state;
    struct reply reply;
    reply_init(&reply, 6);
    for (uint32_t i = 0; i < REPLY_ITEMS_MAX; i++)
        assert_non_null(reply_at(&reply, i, 0));
    assert_false(reply.truncated);
    assert_null(reply_at(&reply, REPLY_ITEMS_MAX, 0));
    assert_true(reply.truncated);
    assert_non_null(reply_at(&reply, 5, 0));
    reply_fini(&reply);
}

static void the_whole_output_takes_the_place_of_the_items(void **state)
{
    (void)state;
    struct reply reply;
    reply_init(&reply, 6);
    reply_add(&reply, reply_at(&reply, 0, 0), REPLY_SAID, SPAN("abcd"));
    assert_false(reply_set_output(&reply, SPAN("[1,2,3]")));
    assert_int_equal(reply.n_items, 1);
    assert_true(reply_set_output(&reply, SPAN("[1, 2]")));
    assert_int_equal(reply.n_items, 0);
    assert_int_equal(reply.held, 6);
    reply_fini(&reply);
}

static void running_out_of_memory_is_remembered(void **state)
{
    (void)state;
    bool reached = true;
    for (long n = 0; reached; n++) {
        struct reply reply;
        reply_init(&reply, 100);
        alloc_sweep_arm(n);
        for (uint32_t i = 0; i < 5 && reply.status == STATUS_OK; i++) {
            struct reply_item *item = reply_at(&reply, i, 0);
            if (item)
                reply_add(&reply, item, REPLY_SAID, SPAN("a"));
            if (item)
                reply_set(&reply, &item->texts[REPLY_ID], SPAN("b"));
        }
        reached = alloc_sweep_disarm();
        assert_int_equal(reply.status, reached ? STATUS_NOMEM : STATUS_OK);
        reply_fini(&reply);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(items_lie_in_the_order_of_their_places),
        cmocka_unit_test(text_is_cut_at_a_whole_character),
        cmocka_unit_test(what_is_kept_of_a_cut_text_is_a_beginning),
        cmocka_unit_test(a_head_is_kept_whole_or_the_item_is_lost),
        cmocka_unit_test(a_short_text_that_is_long_changes_nothing),
        cmocka_unit_test(more_items_than_the_limit_are_left_out),
        cmocka_unit_test(the_whole_output_takes_the_place_of_the_items),
        cmocka_unit_test(running_out_of_memory_is_remembered),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
