#include "lab/phrases.h"

#include "support/alloc_sweep.h"
#include "support/test.h"

#include <stdio.h>
#include <string.h>

static void say(struct phrases *phrases, const char *text, enum role role, enum part_kind kind)
{
    phrases_begin(phrases);
    buffer_put_text(&phrases->text, text);
    assert_ok(phrases_part(phrases, role, kind));
}

static void parts_point_at_their_texts_however_often_the_memory_moved(void **state)
{
    (void)state;
    struct phrases phrases = { 0 };
    char text[64];
    for (int i = 0; i < 3000; i++) {
        snprintf(text, sizeof text, "the text of part %d", i);
        phrases.message = (uint32_t)i / 2;
        say(&phrases, text, i % 2 ? ROLE_ASSISTANT : ROLE_USER, PART_TEXT);
    }
    phrases_settle(&phrases);
    assert_int_equal(phrases.n_parts, 3000);
    for (uint32_t i = 0; i < 3000; i++) {
        snprintf(text, sizeof text, "the text of part %u", i);
        assert_true(span_is(phrases.parts[i].text, text));
        assert_int_equal(phrases.parts[i].role, i % 2 ? ROLE_ASSISTANT : ROLE_USER);
        assert_int_equal(phrases.parts[i].message, i / 2);
        assert_null(phrases.parts[i].name.data);
        assert_null(phrases.parts[i].id.data);
    }
    phrases_fini(&phrases);
}

static void empty_text_is_no_part_unless_it_is_a_call(void **state)
{
    (void)state;
    struct phrases phrases = { 0 };
    say(&phrases, "", ROLE_USER, PART_TEXT);
    say(&phrases, "", ROLE_TOOL, PART_TOOL_RESULT);
    assert_int_equal(phrases.n_parts, 0);
    say(&phrases, "", ROLE_ASSISTANT, PART_TOOL_CALL);
    assert_int_equal(phrases.n_parts, 1);
    phrases_settle(&phrases);
    assert_int_equal(phrases.parts[0].text.n, 0);
    phrases_fini(&phrases);
}

static void a_text_that_was_taken_is_found_after_more_was_said(void **state)
{
    (void)state;
    struct phrases phrases = { 0 };
    phrases_begin(&phrases);
    buffer_put_text(&phrases.text, "first");
    struct span first = phrases_taken(&phrases);
    for (int i = 0; i < 500; i++)
        say(&phrases, "and so on and on", ROLE_USER, PART_TEXT);
    phrases.parts[7].name = first;
    phrases.parts[7].id = first;
    phrases_settle(&phrases);
    assert_true(span_is(phrases.parts[7].name, "first"));
    assert_true(span_is(phrases.parts[7].id, "first"));
    assert_true(span_is(phrases.parts[7].text, "and so on and on"));
    phrases_fini(&phrases);
}

static void what_was_settled_stays_right_when_more_is_said_or_the_end_is_cut(void **state)
{
    (void)state;
    struct phrases phrases = { 0 };
    say(&phrases, "question", ROLE_USER, PART_TEXT);
    struct phrases_mark asked = phrases_here(&phrases);
    for (int round = 0; round < 300; round++) {
        say(&phrases, "an answer that is taken back", ROLE_ASSISTANT, PART_TEXT);
        phrases_settle(&phrases);
        phrases_cut(&phrases, &asked);
        say(&phrases, "an answer", ROLE_ASSISTANT, PART_TEXT);
        phrases.parts[phrases.n_parts - 1].id = phrases_taken(&phrases);
        phrases_settle(&phrases);
        asked = phrases_here(&phrases);
    }
    assert_int_equal(phrases.n_parts, 301);
    assert_true(span_is(phrases.parts[0].text, "question"));
    for (uint32_t i = 1; i < phrases.n_parts; i++) {
        assert_true(span_is(phrases.parts[i].text, "an answer"));
        assert_true(span_is(phrases.parts[i].id, "an answer"));
        assert_null(phrases.parts[i].name.data);
    }
    phrases_fini(&phrases);
}

static void a_reset_forgets_everything_and_keeps_the_memory(void **state)
{
    (void)state;
    struct phrases phrases = { 0 };
    phrases.message = 9;
    say(&phrases, "before", ROLE_USER, PART_TEXT);
    const struct part *parts = phrases.parts;
    phrases_reset(&phrases);
    assert_int_equal(phrases.n_parts, 0);
    assert_int_equal(phrases.message, 0);
    say(&phrases, "after", ROLE_USER, PART_TEXT);
    phrases_settle(&phrases);
    assert_ptr_equal(phrases.parts, parts);
    assert_true(span_is(phrases.parts[0].text, "after"));
    phrases_fini(&phrases);
}

static void without_memory_no_part_is_added_and_it_is_said(void **state)
{
    (void)state;
    bool failed = true;
    for (long nth = 0; failed; nth++) {
        struct phrases phrases = { 0 };
        enum status st = STATUS_OK;
        alloc_sweep_arm(nth);
        for (int i = 0; i < 200 && st == STATUS_OK; i++) {
            phrases_begin(&phrases);
            buffer_put_text(&phrases.text, "some text of one part");
            st = phrases_part(&phrases, ROLE_USER, PART_TEXT);
        }
        failed = alloc_sweep_disarm();
        assert_int_equal(st, failed ? STATUS_NOMEM : STATUS_OK);
        assert_true(failed ? phrases.n_parts < 200 : phrases.n_parts == 200);
        phrases_fini(&phrases);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_point_at_their_texts_however_often_the_memory_moved),
        cmocka_unit_test(empty_text_is_no_part_unless_it_is_a_call),
        cmocka_unit_test(a_text_that_was_taken_is_found_after_more_was_said),
        cmocka_unit_test(what_was_settled_stays_right_when_more_is_said_or_the_end_is_cut),
        cmocka_unit_test(a_reset_forgets_everything_and_keeps_the_memory),
        cmocka_unit_test(without_memory_no_part_is_added_and_it_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
