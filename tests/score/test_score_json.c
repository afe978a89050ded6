#include "score/score_json.h"

#include "support/test.h"
#include "world.h"

#include <stdlib.h>

static char *json_of(const struct score_truth *truth, const struct score_run *run)
{
    struct score score;
    struct diag diag = { 0 };
    struct json_writer writer;
    const struct score_input input = { 4, 3, 2, 1 };
    assert_ok(score_compute(truth, run, &score, &diag));
    json_writer_init(&writer, NULL);
    score_json(&writer, &score, &input);
    assert_ok(json_writer_finish(&writer));
    struct span span = json_writer_span(&writer);
    char *text = calloc(1, span.n + 1);
    assert_non_null(text);
    memcpy(text, span.data, span.n);
    json_writer_fini(&writer);
    score_fini(&score);
    return text;
}

static void every_number_of_the_example_is_written(void **state)
{
    (void)state;
    char *text = json_of(&world_truth, &world_run);
    static const char *const parts[] = {
        "{\"campaign\":\"alpha\",\"accounts\":4,\"extraction_exchanges\":10,\"leaked\":6,\"leak\":0.6,"
        "\"detected\":\"1970-01-01T00:00:08.000Z\",\"time_to_detect_s\":7,\"exchanges_to_detect\":2,"
        "\"account_recall\":0.5,\"contained_at_end\":2,\"best_match_share\":0.5,\"reported_as\":2,"
        "\"cost\":{\"accounts_used\":3,\"accounts_burnt\":2,\"accounts_bought\":10,\"spent_cents\":5000,"
        "\"attempts\":30,\"refused\":4,\"useful\":6,\"wasted_per_useful\":4}}",
        "{\"accounts_used\":1,\"accounts_burnt\":0,\"accounts_bought\":null,\"spent_cents\":null,"
        "\"attempts\":null,\"refused\":null,\"useful\":3,\"wasted_per_useful\":null}}",
        "{\"population\":\"firm\",\"accounts\":2,\"account_months\":2,\"contained\":{\"accounts\":1,"
        "\"per_million_account_months\":500000,\"upper_95\":987421},",
        "\"all\":{\"accounts\":5,\"account_months\":4.5,",
        "\"organizations\":{\"organizations\":1,\"hit\":1,\"most_contained\":1,\"largest_share_contained\":0."
        "5}",
        "\"clusters\":{\"accounts\":7,\"reported\":3,\"adjusted_rand_index\":-0.08,"
        "\"bcubed_precision\":0.666667,\"bcubed_recall\":0.5,\"split\":2,\"merged\":1}",
        "\"operator\":{\"reviews\":6,\"groups\":3,\"single_decisions\":3,\"appeals\":2}",
        "\"end\":\"1970-01-31T00:00:00.000Z\",\"decisions\":9,\"decisions_of_unknown\":1,"
        "\"shadow_decisions\":4,\"extraction_missing\":3,\"events_of_unknown\":2,\"bad_lines\":1}}\n",
    };
    for (size_t i = 0; i < WORLD_COUNT(parts); i++)
        if (!strstr(text, parts[i]))
            fail_msg("not there: %s\n%s", parts[i], text);
    free(text);
}

static void a_rate_over_nothing_is_null(void **state)
{
    (void)state;
    const char *const campaigns[] = { "empty" };
    const struct score_truth empty = { .campaigns = campaigns, .n_campaigns = 1 };
    const struct score_run nothing = { 0 };
    char *text = json_of(&empty, &nothing);
    static const char *const names[] = { "leak", "detected", "time_to_detect_s", "exchanges_to_detect",
        "account_recall", "best_match_share", "wasted_per_useful", "per_million_account_months", "upper_95",
        "adjusted_rand_index", "bcubed_precision", "bcubed_recall", "organizations" };
    for (size_t i = 0; i < WORLD_COUNT(names); i++) {
        char part[64];
        snprintf(part, sizeof part, "\"%s\":null", names[i]);
        if (!strstr(text, part))
            fail_msg("not there: %s\n%s", part, text);
    }
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_number_of_the_example_is_written),
        cmocka_unit_test(a_rate_over_nothing_is_null),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
