#include "report/summary_json.h"

#include "fixture.h"
#include "support/test.h"

static struct fake fake;

static void counts_stand_under_their_names(void **state)
{
    (void)state;
    static const char *const wanted[] = {
        "\"version\":\"0.1.0\",\"policy\":\"config/policy.yaml\",\"mode\":\"enforced\"",
        "\"log\":{\"lines\":1204388,\"events\":1204340,\"bytes\":2881922110,\"refused\":{\"not_json\":41,",
        "\"unknown_keys\":[\"client.region\",\"request.reasoning<b>\"]",
        "\"exchanges\":1180201,\"accounts\":24139",
        "\"campaigns\":{\"suspected\":1,\"confirmed\":1,\"contained\":1,\"closed\":0}",
        "\"suspend\":150,\"release\":0}",
        "\"objects_issued\":48211",
        ("\"state_bytes\":9000000,\"issued_bytes\":268435456,\"peak_memory_bytes\":412000000,"
         "\"wall_s\":14.23,\"threads\":2}\n"),
    };
    struct json_writer writer;
    assert_ok(fake_init(&fake));
    json_writer_init(&writer, NULL);
    summary_json(&writer, &fake.input);
    assert_ok(json_writer_finish(&writer));
    buffer_put_char(&writer.buffer, '\0');
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
        if (!strstr(writer.buffer.data, wanted[i]))
            fail_msg("no %s in\n%s", wanted[i], writer.buffer.data);
    }
    json_writer_fini(&writer);
    fake_fini(&fake);
}

static void without_a_log_or_records_there_are_nulls(void **state)
{
    (void)state;
    struct json_writer writer;
    struct report_input input = { .run = { .version = "0.1.0", .policy = "default" } };
    json_writer_init(&writer, NULL);
    summary_json(&writer, &input);
    assert_ok(json_writer_finish(&writer));
    buffer_put_char(&writer.buffer, '\0');
    assert_non_null(strstr(writer.buffer.data, "\"first\":null,\"last\":null,\"log\":null"));
    json_writer_fini(&writer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_stand_under_their_names),
        cmocka_unit_test(without_a_log_or_records_there_are_nulls),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
