#include "score/truth_file.h"

#include "folder.h"
#include "support/alloc_sweep.h"

#define TRUTH                                                                                                \
    "{\"account\":\"a\",\"population\":\"attacker\",\"campaign\":\"alpha\"}\n"                               \
    "{\"account\":\"b\",\"population\":\"people\",\"campaign\":null,\"organization\":\"o\"}\n"               \
    "{\"account\":\"c\",\"population\":\"people\",\"since\":\"1970-01-01T00:00:02Z\"}\n"
#define PERIOD "{\"start\":\"1970-01-01T00:00:01Z\",\"end\":\"1970-01-01T00:01:00Z\"}\n"
#define TABLE "exchange,account,time_ms\nr1,a,1500\n"

static void write_all(void)
{
    folder_clear();
    folder_write("truth.jsonl", TRUTH);
    folder_write("period.json", PERIOD);
    folder_write("extraction.csv", TABLE);
    folder_write("costs.jsonl", "{\"campaign\":\"alpha\",\"attempts\":30,\"spent_cents\":1250}\n");
}

static struct truth_file *new_file(void)
{
    struct truth_file *file;
    const struct truth_options options = { .dir = folder, .key = &folder_key, .n_threads = 1 };
    assert_ok(truth_file_new(&options, &file));
    return file;
}

static void a_folder_without_a_log_is_enough(void **state)
{
    (void)state;
    struct truth_file *file = new_file();
    struct diag diag;
    write_all();
    assert_ok(truth_file_read(file, &diag));
    const struct score_truth *t = truth_file_truth(file);
    assert_int_equal(t->n_accounts, 3);
    assert_int_equal(t->accounts[0].account, folder_account("a"));
    assert_int_equal(t->accounts[0].campaign, 0);
    assert_int_equal(t->accounts[0].since_ms, 1000); /* the start */
    assert_int_equal(t->accounts[1].campaign, SCORE_BENIGN);
    assert_true(t->accounts[1].organization != 0);
    assert_int_equal(t->accounts[2].since_ms, 2000);
    assert_int_equal(t->n_populations, 2);
    assert_string_equal(t->populations[t->accounts[2].population], "people");
    assert_int_equal(t->n_campaigns, 1);
    assert_string_equal(t->campaigns[0], "alpha");
    assert_int_equal(t->costs[0].attempts, 30);
    assert_int_equal(t->costs[0].spent_cents, 1250);
    assert_true(t->costs[0].refused == SCORE_UNKNOWN && t->costs[0].accounts_bought == SCORE_UNKNOWN);
    assert_int_equal(t->n_extraction, 1);
    assert_int_equal(t->start_ms, 1000);
    assert_int_equal(t->end_ms, 60000);
    truth_file_free(file);
}

static void a_log_tells_when_accounts_came_and_the_traffic_ended(void **state)
{
    (void)state;
    struct truth_file *file = new_file();
    struct diag diag;
    folder_clear();
    folder_write("truth.jsonl", TRUTH);
    folder_write("extraction.ids", "r2\n");
    folder_write("log.jsonl",
        "{\"time\":\"1970-01-01T00:00:03Z\",\"id\":\"r1\",\"account\":\"b\",\"status\":200}\n"
        "{\"time\":\"1970-01-01T00:00:04Z\",\"id\":\"r2\",\"account\":\"a\",\"status\":200}\n");
    assert_ok(truth_file_read(file, &diag));
    const struct score_truth *t = truth_file_truth(file);
    assert_int_equal(t->accounts[0].since_ms, 4000);
    assert_int_equal(t->accounts[1].since_ms, 3000);
    assert_int_equal(t->accounts[2].since_ms, 2000);
    assert_int_equal(t->start_ms, 3000);
    assert_int_equal(t->end_ms, 4000);
    assert_int_equal(t->extraction[0].time_ms, 4000);
    assert_null(t->costs);
    truth_file_free(file);
}

static void what_is_wrong_is_told_with_file_and_line(void **state)
{
    (void)state;
    static const struct {
        const char *name, *text;
        uint64_t line;
        const char *field, *reason;
    } wrong[] = {
        { "truth.jsonl", "", 0, "", "has no account" },
        { "truth.jsonl", TRUTH "{\"population\":\"people\"}\n", 4, "account", "required" },
        { "truth.jsonl", TRUTH "{\"account\":\"d\"}\n", 4, "population", "required" },
        { "truth.jsonl", TRUTH "{\"account\":\"a\",\"population\":\"people\"}\n", 4, "account", "twice" },
        { "truth.jsonl", TRUTH "{\"account\":\"d\",\"population\":\"p\",\"since\":\"soon\"}\n", 4, "since",
            "RFC 3339" },
        { "truth.jsonl", TRUTH "{\"account\":7,\"population\":\"p\"}\n", 4, "account", "wrong type" },
        { "truth.jsonl", "account\n", 1, "", "not a JSON object" },
        { "truth.jsonl", "{\"account\":\"d\",\"population\":\"p\\u001b[31m\"}\n", 1, "population",
            "control" },
        { "truth.jsonl", "{\"account\":\"d\",\"population\":\"p\",\"campaign\":\"c\\n\"}\n", 1, "campaign",
            "control" },
        { "costs.jsonl", "{\"campaign\":\"beta\"}\n", 1, "campaign", "none of truth.jsonl" },
        { "costs.jsonl", "{\"campaign\":\"alpha\",\"attempts\":-3}\n", 1, "attempts", "out of range" },
        { "costs.jsonl", "{\"campaign\":\"alpha\",\"attempts\":3}\n{\"campaign\":\"alpha\",\"attempts\":4}\n",
            2, "campaign", "twice" },
        { "period.json", "{\"start\":\"1971-01-01T00:00:00Z\",\"end\":\"1971-01-02T00:00:00Z\"}\n", 0, "",
            "outside of it, at 1970-01-01T00:00:01.500Z" },
        { "period.json", "{\"start\":\"1970-01-01T00:00:01Z\"}\n", 1, "", "no start before an end" },
        { "period.json", "", 0, "", "no start before an end" },
        { "extraction.csv", TABLE "r2,a\n", 3, "", "is not exchange,account,time_ms" },
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct truth_file *file = new_file();
        struct diag diag;
        write_all();
        folder_write(wrong[i].name, wrong[i].text);
        assert_int_equal(truth_file_read(file, &diag), STATUS_BAD);
        assert_string_equal(diag.file, folder_path(wrong[i].name));
        assert_int_equal(diag.line, wrong[i].line);
        assert_string_equal(diag.field, wrong[i].field);
        assert_non_null(strstr(diag.reason, wrong[i].reason));
        truth_file_free(file);
    }
}

static void what_is_missing_is_told(void **state)
{
    (void)state;
    static const struct {
        const char *gone, *file, *reason;
    } missing[] = {
        { "truth.jsonl", "truth.jsonl", "No such file" },
        { "period.json", "extraction.csv", "needs period.json" },
        { "extraction.csv", "", "neither extraction.csv nor a log" },
    };
    for (size_t i = 0; i < sizeof missing / sizeof *missing; i++) {
        struct truth_file *file = new_file();
        struct diag diag;
        write_all();
        unlink(folder_path(missing[i].gone));
        assert_int_equal(truth_file_read(file, &diag), STATUS_NOT_FOUND);
        assert_non_null(strstr(diag.file, missing[i].file));
        assert_non_null(strstr(diag.reason, missing[i].reason));
        truth_file_free(file);
    }
}

static void an_account_without_a_name_is_known_by_its_hash(void **state)
{
    (void)state;
    char text[32];
    uint64_t a = folder_account("a");
    snprintf(text, sizeof text, "#%016llx", (unsigned long long)a);
    assert_int_equal(truth_account_hash(&folder_key, span_of(text)), a);
    assert_int_equal(truth_account_hash(&folder_key, SPAN("a")), a);
    assert_int_equal(truth_account_hash(&folder_key, SPAN("#12")), folder_account("#12"));
    assert_int_equal(
        truth_account_hash(&folder_key, SPAN("#000000000000000G")), folder_account("#000000000000000G"));
}

static void memory_may_run_out_anywhere(void **state)
{
    (void)state;
    enum status st = STATUS_NOMEM;
    long nth = 0;
    write_all();
    for (; st != STATUS_OK; nth++) {
        const struct truth_options options = { .dir = folder, .key = &folder_key, .n_threads = 1 };
        struct truth_file *file = NULL;
        struct diag diag;
        alloc_sweep_arm(nth);
        st = truth_file_new(&options, &file);
        if (st == STATUS_OK)
            st = truth_file_read(file, &diag);
        bool reached = alloc_sweep_disarm();
        assert_true(reached == (st == STATUS_NOMEM));
        truth_file_free(file);
    }
    assert_true(nth > 15);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_folder_without_a_log_is_enough),
        cmocka_unit_test(a_log_tells_when_accounts_came_and_the_traffic_ended),
        cmocka_unit_test(what_is_wrong_is_told_with_file_and_line),
        cmocka_unit_test(what_is_missing_is_told),
        cmocka_unit_test(an_account_without_a_name_is_known_by_its_hash),
        cmocka_unit_test(memory_may_run_out_anywhere),
    };
    return cmocka_run_group_tests(tests, folder_make, folder_remove);
}
