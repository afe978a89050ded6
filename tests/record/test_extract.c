#include "support/alloc_sweep.h"
#include "support/test.h"

#include "record/codec.h"
#include "record/extract.h"

#include <stdio.h>
#include <stdlib.h>

static struct key key;
static struct extractor *extractor;

static int start(void **state)
{
    (void)state;
    key_init(&key, key_default_secret);
    return extractor_new(&key, &extractor) != STATUS_OK;
}

static int stop(void **state)
{
    (void)state;
    extractor_free(extractor);
    return 0;
}

static struct part text_part(uint8_t role, uint32_t message, const char *text)
{
    return (struct part){ .role = role, .kind = PART_TEXT, .message = message, .text = span_of(text) };
}

static struct part issued_part(const char *text)
{
    struct part part = text_part(ROLE_ASSISTANT, 0, text);
    part.issued = 1;
    return part;
}

static struct record record_of(struct extractor *with, const struct part *parts, uint32_t n)
{
    struct event event = { .kind = EVENT_EXCHANGE, .time_ms = 1000 };
    struct record record;
    event.exchange = (struct exchange){
        .id = SPAN("req_1"),
        .account = SPAN("acct_1"),
        .api = API_OPENAI_CHAT,
        .status = 200,
        .usage = { -1, -1, -1, -1 },
        .duration_ms = -1,
        .params = { .max_tokens = -1,
            .temperature_milli = -1,
            .top_p_milli = -1,
            .n = -1,
            .top_logprobs = -1 },
        .n_parts = n,
        .parts = parts,
    };
    extract_record(with, &event, &record);
    return record;
}

static void the_parts_of_an_exchange_are_sized_and_counted(void **state)
{
    (void)state;
    struct part image = { .role = ROLE_USER, .kind = PART_IMAGE, .message = 3 };
    const struct part parts[] = { text_part(ROLE_SYSTEM, 0, "12345"), text_part(ROLE_USER, 1, "123"),
        text_part(ROLE_ASSISTANT, 2, "1234567"), image, text_part(ROLE_USER, 3, "12"),
        issued_part("123456789012") };
    struct record record = record_of(extractor, parts, 6);
    const struct exchange_record *exchange = &record.exchange;
    assert_int_equal(exchange->system_bytes, 5);
    assert_int_equal(exchange->user_bytes, 2);
    assert_int_equal(exchange->history_bytes, 10);
    assert_int_equal(exchange->output_bytes, 12);
    assert_int_equal(exchange->n_messages, 4);
    assert_int_equal(exchange->n_assistant_turns, 1);
    assert_int_equal(exchange->n_images, 1);
    assert_int_equal(exchange->n_issued_parts, 1);
    assert_int_equal(exchange->flags, REC_FOLLOW_UP | REC_USAGE_ESTIMATED);
    assert_int_equal(exchange->input_tok, 17 / 4);
    assert_int_equal(exchange->output_tok, 3);
    assert_true(exchange->capability[CAP_VISION] >= 128);
    assert_int_equal(exchange->duration_ms, UINT32_MAX);
    assert_int_equal(exchange->max_tokens, -1);
}

static void a_cached_system_prompt_gives_what_a_fresh_one_gives(void **state)
{
    (void)state;
    char text[64];
    for (unsigned i = 0; i < 2000; i++) {
        struct extractor *fresh;
        snprintf(text, sizeof text, "You are assistant no. %u. Reply in JSON.", i % 700);
        const struct part parts[] = { text_part(ROLE_SYSTEM, 0, text),
            text_part(ROLE_USER, 1, "Hello there, how are you?") };
        struct record cached = record_of(extractor, parts, 2);
        if (i % 100)
            continue;
        assert_ok(extractor_new(&key, &fresh));
        struct record uncached = record_of(fresh, parts, 2);
        assert_memory_equal(&cached, &uncached, sizeof cached);
        assert_true(cached.exchange.format & FORMAT_JSON);
        extractor_free(fresh);
    }
}

static void another_slot_in_the_same_frame_changes_only_the_slot(void **state)
{
    (void)state;
    const struct part a[] = { text_part(
        ROLE_USER, 0, "Solve problem 12 named \"apples\" and give reasons for each step") };
    const struct part b[] = { text_part(
        ROLE_USER, 0, "Solve problem 99 named \"pears\" and give reasons for each step") };
    struct record first = record_of(extractor, a, 1), second = record_of(extractor, b, 1);
    assert_true(first.exchange.slot != second.exchange.slot);
    assert_true(first.exchange.user.id == second.exchange.user.id);
    assert_memory_equal(first.exchange.lead, second.exchange.lead, sizeof first.exchange.lead);
    assert_true(first.exchange.lead[0] != 0);
}

static bool contains(const void *bytes, size_t n, const char *text)
{
    for (size_t i = 0; i + strlen(text) <= n; i++)
        if (memcmp((const char *)bytes + i, text, strlen(text)) == 0)
            return true;
    return false;
}

static void no_text_is_in_the_record(void **state)
{
    (void)state;
    struct part tool_call = {
        .role = ROLE_ASSISTANT, .kind = PART_TOOL_CALL, .text = SPAN("PLANT"), .name = SPAN("PLANT")
    };
    struct tool tool = { SPAN("PLANT"), SPAN("PLANT"), SPAN("{\"PLANT\":1}") };
    const struct part parts[] = { text_part(ROLE_SYSTEM, 0, "PLANT"), text_part(ROLE_USER, 1, "PLANT"),
        text_part(ROLE_ASSISTANT, 2, "PLANT"), tool_call, text_part(ROLE_USER, 3, "PLANT PLANT"),
        issued_part("PLANT") };
    struct event event = { .kind = EVENT_EXCHANGE };
    struct record record;
    uint8_t bytes[1024];
    struct span plant = SPAN("PLANT");
    event.exchange = (struct exchange){ .id = plant,
        .account = plant,
        .organization = plant,
        .key = plant,
        .end_user = plant,
        .session = plant,
        .client = { plant, plant, plant, plant, plant, 1 },
        .api = API_OPENAI_CHAT,
        .params = { .model = plant },
        .response_id = plant,
        .n_tools = 1,
        .tools = &tool,
        .n_parts = 6,
        .parts = parts };
    extract_record(extractor, &event, &record);
    size_t n = record_encode(&record, bytes, sizeof bytes);
    assert_true(n > 0);
    assert_false(contains(&record, sizeof record, "PLAN"));
    assert_false(contains(bytes, n, "PLAN"));
    assert_false(contains(bytes, n, "plan"));
}

static void every_kind_of_event_has_a_record(void **state)
{
    (void)state;
    struct record record;
    struct event account = { .kind = EVENT_ACCOUNT, .time_ms = 5 };
    account.account = (struct account_event){ .account = SPAN("a"),
        .created_ms = 4,
        .tier = TIER_PAID,
        .email_domain = SPAN("Example.net"),
        .signup_ip = SPAN("192.0.2.1"),
        .country = SPAN("DE"),
        .reseller = -1 };
    extract_record(extractor, &account, &record);
    assert_int_equal(record.kind, RECORD_ACCOUNT);
    assert_int_equal(record.account_facts.created_ms, 4);
    assert_int_equal(record.account_facts.tier, TIER_PAID);
    assert_int_equal(record.account_facts.reseller, -1);
    assert_true(record.account_facts.email_domain && record.account_facts.signup_net &&
                !record.account_facts.payment);
    struct event enforcement = { .kind = EVENT_ENFORCEMENT,
        .enforcement = { SPAN("a"), ENFORCEMENT_SUSPENDED, SPAN("x") } };
    uint64_t id = record.account;
    extract_record(extractor, &enforcement, &record);
    assert_true(record.account == id && id != 0);
    assert_int_equal(record.enforcement.action, ENFORCEMENT_SUSPENDED);
    struct event release = { .kind = EVENT_RELEASE, .release_model = SPAN("m") };
    extract_record(extractor, &release, &record);
    assert_true(record.account == 0 && record.release.model != 0);
    struct event metadata = { .kind = EVENT_EXCHANGE };
    extract_record(extractor, &metadata, &record);
    assert_int_equal(record.exchange.flags, REC_METADATA_ONLY);
    assert_true(record.exchange.shape == 0 && record.exchange.user.id == 0);
}

static void a_batch_takes_the_name_along(void **state)
{
    (void)state;
    struct record_batch *batch;
    struct event event = { .kind = EVENT_EXCHANGE, .exchange = { .account = SPAN("acct_7f3a") } };
    assert_ok(record_batch_new(&batch));
    assert_ok(extract_into(extractor, &event, batch));
    assert_ok(extract_into(extractor, &event, batch));
    assert_int_equal(batch->n, 2);
    assert_int_equal(batch->n_names, 1);
    assert_true(span_is(record_batch_name_at(batch, 0), "acct_7f3a"));
    assert_int_equal(batch->names[0].account, batch->records[0].account);
    record_batch_free(batch);
}

static void every_failed_allocation_is_reported(void **state)
{
    (void)state;
    struct extractor *fresh = NULL;
    for (long n = 0;; n++) {
        alloc_sweep_arm(n);
        enum status st = extractor_new(&key, &fresh);
        if (!alloc_sweep_disarm())
            break;
        assert_int_equal(st, STATUS_NOMEM);
        assert_null(fresh);
    }
    extractor_free(fresh);
    extractor_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_parts_of_an_exchange_are_sized_and_counted),
        cmocka_unit_test(a_cached_system_prompt_gives_what_a_fresh_one_gives),
        cmocka_unit_test(another_slot_in_the_same_frame_changes_only_the_slot),
        cmocka_unit_test(no_text_is_in_the_record),
        cmocka_unit_test(every_kind_of_event_has_a_record),
        cmocka_unit_test(a_batch_takes_the_name_along),
        cmocka_unit_test(every_failed_allocation_is_reported),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
