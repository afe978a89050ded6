#include "report/campaigns_json.h"

#include "base/file.h"
#include "fixture.h"
#include "support/test.h"

#include <stdlib.h>

static struct fake fake;

/* The suspected campaign of seven, with one link that has no full set of examples. */
static void what_is_written_equals_the_reviewed_file(void **state)
{
    (void)state;
    char path[512];
    struct span want = { 0 };
    struct json_writer writer;
    assert_ok(fake_init(&fake));
    fake.campaigns[0] = fake.campaigns[1];
    fake.input.source.n_campaigns = 1;
    fake.few[0].account = 13; /* not known any more */
    fake_links(&fake.campaigns[0], 300, 1);
    fake.campaigns[0].links[0].example[2] = 0;
    fake.campaigns[0].capability[CAP_CODING] = 0.25;
    fake.campaigns[0].capability[CAP_JUDGING] = 0.75;
    fake.campaigns[0].successor_of.value = 1;
    fake.campaigns[0].pool.value = 2;
    fake.campaigns[0].parting = (struct campaign_parting){ 54, 15, 1, 5, -14.25 };
    json_writer_init(&writer, NULL);
    campaigns_json(&writer, &fake.input.source);
    assert_ok(json_writer_finish(&writer));
    struct span got = json_writer_span(&writer);
    snprintf(path, sizeof path, "%s/tests/golden/campaigns.json", getenv("STILLWATCH_SOURCE"));
    if (file_read(path, 1 << 20, &want) != STATUS_OK || !span_eq(got, want)) {
        assert_ok(file_write("campaigns.got.json", got));
        fail_msg("differs from %s; see campaigns.got.json", path);
    }
    free((void *)want.data);
    json_writer_fini(&writer);
    fake_fini(&fake);
}

static void estimated_tasks_are_not_more_than_the_sightings_they_were_seen_in(void **state)
{
    (void)state;
    struct json_writer writer;
    assert_ok(fake_init(&fake));
    fake.campaigns[0].links[3].sightings = 1202;
    fake.campaigns[0].links[3].tasks = 1256.38;
    json_writer_init(&writer, NULL);
    campaigns_json(&writer, &fake.input.source);
    buffer_put_char(&writer.buffer, '\0');
    assert_non_null(strstr(writer.buffer.data, "\"sightings\":1202,\"tasks\":1202,"));
    json_writer_fini(&writer);
    fake_fini(&fake);
}

static void a_hostile_account_id_stays_a_string(void **state)
{
    (void)state;
    struct json_writer writer;
    assert_ok(fake_init(&fake));
    fake.hostile = "\",\"action\":\"release\n\xff";
    json_writer_init(&writer, NULL);
    campaigns_json(&writer, &fake.input.source);
    buffer_put_char(&writer.buffer, '\0');
    assert_null(strstr(writer.buffer.data, "\"action\""));
    assert_non_null(
        strstr(writer.buffer.data, "{\"account\":\"\\\",\\\"action\\\":\\\"release\\n\xef\xbf\xbd\""));
    json_writer_fini(&writer);
    fake_fini(&fake);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_written_equals_the_reviewed_file),
        cmocka_unit_test(estimated_tasks_are_not_more_than_the_sightings_they_were_seen_in),
        cmocka_unit_test(a_hostile_account_id_stays_a_string),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
