/* scenario.c and scenario_schema.c: scenarios are read as they are written, and refused with file, line and path. */
#include "base/file.h"
#include "lab/customers_schema.h"
#include "lab/faults.h"
#include "lab/fixture.h"
#include "lab/scenario_schema.h"
#include "support/alloc_sweep.h"

#include <unistd.h>

#define HEAD "name: n\ntitle: t\nabout: a\nsource: s\n" /* four lines */
#define DAYS "days: 3\n"
/* Six lines, of which the name is on the second. */
#define CAMPAIGN(name)                                                                                       \
    "campaigns:\n  - name: " name "\n    title: t\n    source: s\n    accounts: 9\n    per_day: 5\n"
#define R "{day: 1, model: m}, "
#define JOBS "    jobs: [{text: {pools: {code: 1}}}]\n"

static enum status read_one(struct span yaml, const char *name, struct diag *diag)
{
    struct scenario *scenario = NULL;
    enum status st = scenario_read(yaml, name, &scenario, diag);
    assert_true(st == STATUS_OK || !scenario);
    scenario_free(scenario);
    return st;
}

static void every_scenario_that_is_built_in_loads_and_says_where_it_is_from(void **state)
{
    (void)state;
    for (size_t i = 0; i < builtin_count(BUILTIN_SCENARIO); i++) {
        struct scenario *scenario;
        struct diag diag = { 0 };
        const char *name = builtin_at(BUILTIN_SCENARIO, i)->name;
        if (scenario_load(name, &scenario, &diag) != STATUS_OK)
            fail_msg("%s:%u: %s: %s", name, (unsigned)diag.line, diag.field, diag.reason);
        assert_true(strlen(scenario->source) > 10 && strlen(scenario->about) > 20);
        assert_true(scenario->benign_share > 0 || scenario->benign_accounts > 0 || scenario->n_benign > 0);
        for (uint32_t k = 0; k < scenario->n_campaigns; k++)
            assert_true(strlen(scenario->campaigns[k].source) > 10 && scenario->campaigns[k].n_jobs > 0);
        scenario_free(scenario);
    }
}

static void every_key_arrives_where_it_belongs(void **state)
{
    (void)state;
    struct scenario *s;
    struct diag diag;
    assert_ok(scenario_read(
        SPAN(HEAD DAYS "start: \"2026-06-01T12:00:00Z\"\nscale: 0.5\nbenign_accounts: 40\nbenign_share: 0.9\n"
                       "undeclared: true\nbenign: [{population: course, accounts: 12}]\n"
                       "releases: [{day: 1, model: m-2}, {day: 2.5, model: m-3}]\n" CAMPAIGN("one") JOBS
            "    mix: 0.3\n    paraphrase: request\n    rhythm: office\n    dataset: 900\n"
            "    sampled: true\n    pivot: 0.5\n    raids: [{day: 1, share: 0.4}]\n"
            "    identity: {card_accounts: 12, pinned: true, countries: [DE, US]}\n"
            "    budget: {accounts: 30, money: 99, account_price: 3}\n"
            "    reaction: {handoff: 0.8, standby: 5, switch_at: 0.6}\n"
            "  - {name: two, title: t, source: s, accounts: 1, per_day: 2, pool_of: one, "
            "jobs: [{share: 2, turns: 3, quotes: 0.1, replays: 0.2, attempts: 4, refused: 0.3}]}\n"),
        "test", &s, &diag));
    assert_true(s->days == 3 && s->scale == 0.5 && s->benign_accounts == 40 && s->benign_share == 0.9);
    assert_true(s->undeclared);
    assert_string_equal(s->start, "2026-06-01T12:00:00Z");
    assert_true(s->n_benign == 1 && s->benign[0].accounts == 12);
    assert_string_equal(s->benign[0].population, "course");
    assert_true(s->n_releases == 2 && s->releases[1].day == 2.5);
    const struct campaign_plan *one = &s->campaigns[0], *two = &s->campaigns[1];
    assert_true(one->mix == 0.3 && one->paraphrase == PARAPHRASE_REQUEST && one->rhythm == RHYTHM_OFFICE);
    assert_true(one->dataset == 900 && one->sampled && one->pivot == 0.5 && one->raids[0].share == 0.4);
    assert_true(one->identity.card_accounts == 12 && one->identity.pinned && one->identity.n_countries == 2);
    assert_true(one->budget.accounts == 30 && one->budget.money == 99 && one->reaction.standby == 5);
    assert_true(one->reaction.switch_at == 0.6 && campaign_plan_per_day(one) == 45);
    assert_string_equal(two->pool_of, "one");
    const struct job_kind *job = &two->jobs[0];
    assert_true(job->share == 2 && job->turns == 3 && job->quotes == 0.1 && job->replays == 0.2);
    assert_true(job->attempts == 4 && job->refused == 0.3);
    scenario_free(s);
}

static bool has_word(const char *page, const char *word)
{
    static const char more[] = "abcdefghijklmnopqrstuvwxyz_0123456789";
    for (const char *at = page; (at = strstr(at, word)); at++)
        if (at > page && !strchr(more, at[-1]) && !strchr(more, at[strlen(word)]))
            return true;
    return false;
}

/* Of the groups, lists and words below it too. */
static void expect_words(const cyaml_schema_value_t *value, const char *page)
{
    if (value->type == CYAML_SEQUENCE)
        expect_words(value->sequence.entry, page);
    for (uint32_t i = 0; value->type == CYAML_ENUM && i < value->enumeration.count; i++)
        if (!has_word(page, value->enumeration.strings[i].str))
            fail_msg("docs/scenarios.md does not have the word %s", value->enumeration.strings[i].str);
    if (value->type != CYAML_MAPPING)
        return;
    for (const cyaml_schema_field_t *field = value->mapping.fields; field->key; field++) {
        if (!has_word(page, field->key))
            fail_msg("docs/scenarios.md does not have the key %s", field->key);
        expect_words(&field->value, page);
    }
}

static void every_key_and_word_is_in_the_page_about_scenarios(void **state)
{
    (void)state;
    char path[4096];
    struct span page;
    snprintf(path, sizeof path, "%s/docs/scenarios.md", getenv("STILLWATCH_SOURCE"));
    assert_ok(file_read(path, 1 << 20, &page));
    expect_words(&scenario_schema, page.data);
    expect_words(&customers_schema, page.data);
    for (uint32_t i = 0; i < COUNTRY_COUNT; i++)
        assert_true(has_word(page.data, countries[i].code));
    free((char *)page.data);
}

static void keys_that_are_unknown_missing_or_of_the_wrong_type_are_named_with_their_line(void **state)
{
    (void)state;
    static const struct fault faults[] = {
        { "", "", "empty", 0 },
        { HEAD, "", "days is missing", 4 },
        { HEAD DAYS "day: 3\n", "day", "unknown key", 6 },
        { HEAD "days: three\n", "days", "must be a number", 5 },
        { HEAD DAYS "campaigns: {name: one}\n", "campaigns", "must be a list", 6 },
        { HEAD DAYS CAMPAIGN("one") JOBS "    raid: []\n", "campaigns[0].raid", "unknown key", 13 },
        { HEAD DAYS CAMPAIGN("one") JOBS "    budget: {account: 5}\n", "campaigns[0].budget.account",
            "unknown key", 13 },
        { HEAD DAYS CAMPAIGN("one") JOBS "    paraphrase: always\n", "campaigns[0].paraphrase",
            "not one of the words", 13 },
        { HEAD DAYS CAMPAIGN("one") "    jobs: [{text: {frame: poem}}]\n", "campaigns[0].jobs[0].text.frame",
            "not one of the words", 12 },
        { HEAD DAYS CAMPAIGN("one") "    mix: 0.1\n", "campaigns[0]", "jobs is missing", 12 },
        { HEAD DAYS "campaigns: [\n", "campaigns", "did not find", 7 },
    };
    EXPECT(read_one, faults);
}

static void numbers_and_flags_that_could_be_read_in_part_are_refused(void **state)
{
    (void)state;
    static const struct fault faults[] = {
        { HEAD "days: 2,5\n", "days", "must be a number", 5 },
        { HEAD "days: 2days\n", "days", "must be a number", 5 },
        { HEAD "days: nan\n", "days", "must be a number", 5 },
        { HEAD DAYS "benign_accounts: 1e3\n", "benign_accounts", "whole number", 6 },
        { HEAD DAYS "benign_accounts: 010\n", "benign_accounts", "whole number", 6 },
        { HEAD DAYS "undeclared: maybe\n", "undeclared", "true or false", 6 },
        { HEAD DAYS CAMPAIGN("one") JOBS "    dataset: -1\n", "campaigns[0].dataset", "whole number", 13 },
        { HEAD DAYS CAMPAIGN("one") JOBS "    call: {temperature_milli: 0.7}\n",
            "campaigns[0].call.temperature_milli", "whole number", 13 },
        { HEAD DAYS CAMPAIGN("one") "    jobs: [{text: {pools: {math: 1x}}}]\n",
            "campaigns[0].jobs[0].text.pools.math", "must be a number", 12 },
    };
    EXPECT(read_one, faults);
}

static void texts_and_lists_of_a_wrong_size_are_told_their_own_limits(void **state)
{
    (void)state;
    static const struct fault faults[] = {
        { "name: ''\n", "name", "1 to 40 bytes", 1 },
        { HEAD DAYS "releases: [{day: 1, model: a model with a name of 32 bytes.}]\n", "releases[0].model",
            "1 to 31 bytes", 6 },
        { HEAD DAYS "releases: [" R R R R R R R R R R R R R R "{day: 1, model: m}]\n", "releases",
            "0 to 14 entries", 6 },
        { HEAD DAYS CAMPAIGN("one") "    jobs: []\n", "campaigns[0].jobs", "1 to 64 entries", 12 },
        { HEAD DAYS CAMPAIGN("one") JOBS "    identity: {countries: [USA]}\n",
            "campaigns[0].identity.countries[0]", "must have 2 bytes", 13 },
    };
    EXPECT(read_one, faults);
}

static void numbers_out_of_their_range_are_named_with_their_line(void **state)
{
    (void)state;
    static const struct fault faults[] = {
        { HEAD "days: 0\n", "days", "between 0.01 and 400", 5 },
        { HEAD DAYS "scale: 2\n", "scale", "between 0 and 1", 6 },
        { HEAD DAYS "benign_accounts: 200000000\n", "benign_accounts", "between", 6 },
        { HEAD DAYS "benign: [{population: course, accounts: 0}]\n", "benign[0].accounts", "between 1", 6 },
        { HEAD DAYS "releases:\n  - {day: 1, model: a}\n  - {day: 500, model: b}\n", "releases[1].day",
            "between", 8 },
        { HEAD DAYS CAMPAIGN("one") JOBS "    mix: 1\n", "campaigns[0].mix", "between 0 and 0.99", 13 },
        { HEAD DAYS CAMPAIGN("one") JOBS "    reaction:\n      handoff: 1.1\n",
            "campaigns[0].reaction.handoff", "between 0 and 1", 14 },
        { HEAD DAYS CAMPAIGN("one") "    jobs:\n      - {turns: 2}\n      - {turns: 65}\n",
            "campaigns[0].jobs[1].turns", "between 0 and 64", 14 },
        { HEAD DAYS CAMPAIGN("one") "    jobs: [{text: {pools: {math: -1}}}]\n",
            "campaigns[0].jobs[0].text.pools.math", "a weight", 12 },
        { HEAD DAYS CAMPAIGN("one") "    jobs: [{text: {answer_tok: 1501}}]\n",
            "campaigns[0].jobs[0].text.answer_tok", "between", 12 },
        { HEAD DAYS CAMPAIGN("one") JOBS "    call: {n: 129}\n", "campaigns[0].call.n", "between", 13 },
        { HEAD DAYS CAMPAIGN("one") JOBS "    identity: {apis: {chat: 0}}\n", "campaigns[0].identity.apis",
            "above 0", 13 },
        { HEAD DAYS CAMPAIGN("one") JOBS "    from_day: 3\n", "campaigns[0].from_day", "within the days",
            13 },
        { HEAD DAYS CAMPAIGN("one") JOBS "    raids: [{day: 1, share: 2}]\n", "campaigns[0].raids[0].share",
            "between", 13 },
    };
    EXPECT(read_one, faults);
}

static void what_names_nothing_is_named_with_its_line(void **state)
{
    (void)state;
    static const struct fault faults[] = {
        { HEAD DAYS "start: yesterday\n", "start", "not a time", 6 },
        { "name: \"n\\e[31m\"\ntitle: t\nabout: a\nsource: s\ndays: 3\n", "name", "control", 1 },
        { "name: n\ntitle: \"t\\n\"\nabout: a\nsource: s\ndays: 3\n", "title", "control", 2 },
        { HEAD DAYS CAMPAIGN("\"\\x9b31m\"") JOBS, "campaigns[0].name", "control", 7 },
        { HEAD DAYS "start: \"1970-05-04T00:00:00Z\"\n", "start", "after 1970", 6 },
        { HEAD DAYS "benign_share: 0.9\n", "benign_share", "needs a campaign", 6 },
        { HEAD DAYS
            "benign:\n  - {population: course, accounts: 3}\n  - {population: martians, accounts: 3}\n",
            "benign[1].population", "no population", 8 },
        { HEAD DAYS CAMPAIGN("one") JOBS
            "  - {name: one, title: t, source: s, accounts: 1, per_day: 2, jobs: [{}]}\n",
            "campaigns[1].name", "another campaign", 13 },
        { HEAD DAYS CAMPAIGN("one") JOBS "    pool_of: one\n", "campaigns[0].pool_of", "no campaign before",
            13 },
        { HEAD DAYS CAMPAIGN("one") JOBS "    identity:\n      countries: [DE, XX]\n",
            "campaigns[0].identity.countries[1]", "does not have", 14 },
    };
    EXPECT(read_one, faults);
}

static void what_has_an_order_is_in_it(void **state)
{
    (void)state;
    static const struct fault faults[] = {
        { HEAD DAYS "releases:\n  - {day: 2, model: a}\n  - {day: 1, model: b}\n", "releases[1].day",
            "before", 8 },
        { HEAD DAYS CAMPAIGN("one") JOBS
            "    raids:\n      - {day: 2, share: 1}\n      - {day: 1, share: 1}\n",
            "campaigns[0].raids[1].day", "before", 15 },
    };
    EXPECT(read_one, faults);
}

static void a_name_is_of_a_file_where_it_has_a_slash_or_the_ending(void **state)
{
    (void)state;
    struct scenario *scenario = NULL;
    struct diag diag = { 0 };
    char path[] = "/tmp/stillwatch_scenario.XXXXXX";
    assert_int_equal(scenario_load("l99", &scenario, &diag), STATUS_NOT_FOUND);
    assert_string_equal(diag.file, "l99");
    assert_int_equal(scenario_load("l1.yaml", &scenario, &diag), STATUS_IO);
    assert_int_equal(scenario_load("no/such", &scenario, &diag), STATUS_IO);
    assert_string_equal(diag.reason, "No such file or directory");
    assert_null(scenario);
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    static const char text[] = HEAD DAYS;
    assert_int_equal(write(fd, text, sizeof text - 1), (ssize_t)(sizeof text - 1));
    assert_ok(scenario_load(path, &scenario, &diag));
    assert_true(scenario->days == 3);
    scenario_free(scenario);
    scenario = NULL;
    assert_int_equal(ftruncate(fd, (4 << 20) + 1), 0);
    assert_int_equal(scenario_load(path, &scenario, &diag), STATUS_TOO_BIG);
    assert_string_equal(diag.reason, "is over 4 MiB");
    close(fd);
    unlink(path);
}

static void without_memory_nothing_is_read_and_nothing_is_left(void **state)
{
    (void)state;
    bool failed = true;
    long nth = 0;
    for (; failed; nth++) {
        struct scenario *scenario = NULL;
        alloc_sweep_arm(nth);
        enum status st = scenario_load("l6", &scenario, NULL);
        failed = alloc_sweep_disarm();
        assert_int_equal(st, failed ? STATUS_NOMEM : STATUS_OK);
        assert_true(failed == !scenario);
        scenario_free(scenario);
    }
    assert_true(nth > 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_scenario_that_is_built_in_loads_and_says_where_it_is_from),
        cmocka_unit_test(every_key_arrives_where_it_belongs),
        cmocka_unit_test(every_key_and_word_is_in_the_page_about_scenarios),
        cmocka_unit_test(keys_that_are_unknown_missing_or_of_the_wrong_type_are_named_with_their_line),
        cmocka_unit_test(numbers_and_flags_that_could_be_read_in_part_are_refused),
        cmocka_unit_test(texts_and_lists_of_a_wrong_size_are_told_their_own_limits),
        cmocka_unit_test(numbers_out_of_their_range_are_named_with_their_line),
        cmocka_unit_test(what_names_nothing_is_named_with_its_line),
        cmocka_unit_test(what_has_an_order_is_in_it),
        cmocka_unit_test(a_name_is_of_a_file_where_it_has_a_slash_or_the_ending),
        cmocka_unit_test(without_memory_nothing_is_read_and_nothing_is_left),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
