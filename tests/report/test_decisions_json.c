#include "report/decisions_json.h"

#include "support/test.h"

static void expect(const struct decision *decision, struct span account, const char *want)
{
    struct json_writer writer;
    json_writer_init(&writer, NULL);
    decision_json(&writer, decision, account);
    assert_ok(json_writer_finish(&writer));
    buffer_put_char(&writer.buffer, '\0');
    assert_string_equal(writer.buffer.data, want);
    json_writer_fini(&writer);
}

static void a_decision_is_one_line_with_every_key_of_the_contract(void **state)
{
    (void)state;
    struct decision decision = {
        .time_ms = 1777600800123,
        .expires_ms = 1777687200000,
        .account = 5,
        .campaign = { 77 },
        .action = ACTION_RESTRICT,
        .mode = MODE_ENFORCED,
        .confidence = 0.95f,
        .families = 1 << FAMILY_IDENTITY | 1 << FAMILY_PROVENANCE,
        .reason = "Because.",
    };
    expect(&decision, SPAN("acct_7f3a"),
        "{\"time\":\"2026-05-01T02:00:00.123Z\",\"account\":\"acct_7f3a\",\"action\":\"restrict\","
        "\"campaign\":\"cmp_000000000002d\",\"mode\":\"enforced\",\"confidence\":0.95,"
        "\"families\":[\"identity\",\"provenance\"],\"reason\":\"Because.\","
        "\"expires\":\"2026-05-02T02:00:00.000Z\"}\n");
}

static void what_is_absent_is_null_and_a_forgotten_name_is_its_hash(void **state)
{
    (void)state;
    struct decision decision = {
        .expires_ms = -1, .account = 5, .action = ACTION_RELEASE, .mode = MODE_SHADOW, .confidence = 1
    };
    expect(&decision, (struct span){ 0 },
        "{\"time\":\"1970-01-01T00:00:00.000Z\",\"account\":\"#0000000000000005\",\"action\":\"release\","
        "\"campaign\":null,\"mode\":\"shadow\",\"confidence\":1,\"families\":[],\"reason\":\"\","
        "\"expires\":null}\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_decision_is_one_line_with_every_key_of_the_contract),
        cmocka_unit_test(what_is_absent_is_null_and_a_forgotten_name_is_its_hash),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
