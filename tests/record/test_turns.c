#include "support/test.h"

#include "record/turns.h"

static struct turns turns_of(const struct part *parts, uint32_t n, struct exchange_record *ret_record)
{
    struct exchange exchange = { .api = API_OPENAI_CHAT, .parts = parts, .n_parts = n };
    struct turns turns;
    *ret_record = (struct exchange_record){ 0 };
    turns_find(&exchange, &turns, ret_record);
    return turns;
}

static void the_last_turn_is_what_ends_the_request(void **state)
{
    (void)state;
    struct exchange_record record;
    const struct part parts[] = {
        { .role = ROLE_SYSTEM, .message = 0 },
        { .role = ROLE_USER, .message = 1 },
        { .role = ROLE_ASSISTANT, .message = 2 },
        { .role = ROLE_TOOL, .kind = PART_TOOL_RESULT, .message = 3 },
        { .role = ROLE_USER, .message = 4 },
        { .role = ROLE_ASSISTANT, .message = 5, .prefill = 1 },
        { .role = ROLE_ASSISTANT, .issued = 1 },
    };
    struct turns turns = turns_of(parts, 7, &record);
    assert_int_equal(turns.request_end, 6);
    assert_int_equal(turns.last_begin, 3);
    assert_int_equal(turns.n_tool_results, 1);
    assert_int_equal(record.n_messages, 6);
    assert_int_equal(record.n_assistant_turns, 1);
    assert_int_equal(record.flags, REC_PREFILL | REC_FOLLOW_UP);
}

static void a_request_that_ends_with_the_model_has_no_last_turn(void **state)
{
    (void)state;
    struct exchange_record record;
    const struct part parts[] = { { .role = ROLE_USER }, { .role = ROLE_ASSISTANT, .message = 1 } };
    struct turns turns = turns_of(parts, 2, &record);
    assert_int_equal(turns.last_begin, turns.request_end);
    turns = turns_of(NULL, 0, &record);
    assert_int_equal(turns.last_begin, 0);
    assert_int_equal(turns.request_end, 0);
}

static void byte_counts_saturate(void **state)
{
    (void)state;
    struct exchange_record record;
    const struct span huge = { "", UINT32_MAX - 1 };
    const struct part parts[] = { { .role = ROLE_USER, .text = huge }, { .role = ROLE_USER, .text = huge } };
    (void)turns_of(parts, 2, &record);
    assert_int_equal(record.user_bytes, UINT32_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_last_turn_is_what_ends_the_request),
        cmocka_unit_test(a_request_that_ends_with_the_model_has_no_last_turn),
        cmocka_unit_test(byte_counts_saturate),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
