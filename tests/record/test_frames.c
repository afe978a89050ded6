#include "support/test.h"

#include "record/frames.h"

#include <stdio.h>

static struct key key;
static struct tokens *tokens;
static struct token_scratch scratch;

struct sketch {
    struct frame_sig frame;
    uint64_t lead[LEAD_COUNT], tail[TAIL_COUNT], slot;
};

static int start(void **state)
{
    (void)state;
    key_init(&key, key_default_secret);
    return tokens_new(&tokens) || token_scratch_init(&scratch);
}

static int stop(void **state)
{
    (void)state;
    tokens_free(tokens);
    token_scratch_fini(&scratch);
    return 0;
}

static struct sketch sketch_of(const struct key *with, const char *text)
{
    struct sketch sketch;
    tokens_reset(tokens);
    tokens_add(tokens, span_of(text));
    frame_of(with, tokens, &scratch, &sketch.frame);
    frame_ends(with, tokens, sketch.lead, sketch.tail);
    sketch.slot = frame_slot(with, tokens, &scratch);
    return sketch;
}

static const char long_text[] =
    "You are given a task. Solve it step by step and put the final answer in a box. "
    "Then check every step again, and say how sure you are. Task: how many apples are left";

static void another_slot_leaves_the_frame_as_it_is(void **state)
{
    (void)state;
    struct sketch a = sketch_of(&key, "Rate item 17 called \"red fox\" on a scale from 1 to 10, please.");
    struct sketch b = sketch_of(&key, "Rate item 99 called \"blue whale\" on a scale from 1 to 5, please.");
    assert_true(a.slot != b.slot);
    assert_true(a.frame.id == b.frame.id && a.frame.simhash == b.frame.simhash);
    assert_memory_equal(a.frame.minhash, b.frame.minhash, sizeof a.frame.minhash);
    assert_memory_equal(a.lead, b.lead, sizeof a.lead);
}

static void an_open_slot_at_the_end_leaves_the_lead_as_it_is(void **state)
{
    (void)state;
    char other[sizeof long_text + 32];
    snprintf(other, sizeof other, "%s when Eve eats three", long_text);
    struct sketch a = sketch_of(&key, long_text), b = sketch_of(&key, other);
    assert_true(a.frame.id != b.frame.id && a.slot != b.slot && a.tail[0] != b.tail[0]);
    assert_memory_equal(a.lead, b.lead, sizeof a.lead);
    assert_true(a.lead[2] != 0);
}

static void white_space_and_case_do_not_change_the_slot(void **state)
{
    (void)state;
    assert_true(sketch_of(&key, "What is\n  2 + 2?\n").slot == sketch_of(&key, "what IS 2 + 2?").slot);
    assert_true(sketch_of(&key, "What is 2 + 2?").slot != sketch_of(&key, "What is 2 - 2?").slot);
}

static void ends_are_told_apart_and_short_text_has_none(void **state)
{
    (void)state;
    struct sketch six = sketch_of(&key, "one two three four five six");
    assert_true(six.lead[0] != 0 && six.tail[0] != 0 && six.lead[0] != six.tail[0]);
    assert_true(six.lead[1] == 0 && six.lead[2] == 0 && six.tail[1] == 0);
    assert_true(sketch_of(&key, "one two three four five").lead[0] == 0);
}

static void empty_text_leaves_all_zero_and_one_word_does_not(void **state)
{
    (void)state;
    struct sketch none = sketch_of(&key, ""), zero = { 0 };
    assert_memory_equal(&none, &zero, sizeof zero);
    struct sketch one = sketch_of(&key, "hello");
    assert_true(one.frame.id != 0 && one.frame.simhash != 0 && one.slot != 0);
}

static void another_key_gives_other_sketches(void **state)
{
    (void)state;
    struct key other;
    uint8_t secret[32] = { 1, 2, 3 };
    key_init(&other, secret);
    struct sketch a = sketch_of(&key, long_text), b = sketch_of(&other, long_text);
    assert_true(a.frame.id != b.frame.id && a.frame.simhash != b.frame.simhash && a.slot != b.slot);
    assert_true(a.lead[0] != b.lead[0] && a.tail[0] != b.tail[0]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(another_slot_leaves_the_frame_as_it_is),
        cmocka_unit_test(an_open_slot_at_the_end_leaves_the_lead_as_it_is),
        cmocka_unit_test(white_space_and_case_do_not_change_the_slot),
        cmocka_unit_test(ends_are_told_apart_and_short_text_has_none),
        cmocka_unit_test(empty_text_leaves_all_zero_and_one_word_does_not),
        cmocka_unit_test(another_key_gives_other_sketches),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
