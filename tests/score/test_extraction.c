#include "score/extraction.h"

#include "folder.h"
#include "record/codec.h"

#define LINE(time, id, account)                                                                              \
    "{\"time\":\"1970-01-01T00:00:" time "Z\",\"id\":\"" id "\",\"account\":\"" account "\",\"status\":200}" \
    "\n"

static const char log_text[] = LINE("01.000", "r1", "a") LINE("02.000", "r2", "b") LINE("03.500", "r3", "a")
    LINE("04.000", "r4", "stranger") LINE("09.000", "r3", "a");

/* Accounts a and b, and where they were first seen. */
struct two {
    struct u64_map index;
    struct score_account items[2];
    struct extraction_accounts accounts;
};

static void two_init(struct two *two)
{
    map_init(&two->index, 2);
    two->items[0] = (struct score_account){ .account = folder_account("a"), .since_ms = INT64_MAX };
    two->items[1] = (struct score_account){ .account = folder_account("b"), .since_ms = 7 };
    for (uint32_t i = 0; i < 2; i++)
        assert_ok(map_put(&two->index, two->items[i].account, i));
    two->accounts = (struct extraction_accounts){ &folder_key, &two->index, two->items };
}

static enum status read_logs(struct two *two, struct extraction *extraction, struct diag *diag)
{
    const char *const logs[] = { folder_path("log.jsonl"), folder_path("more.jsonl") };
    return extraction_read_logs(folder_path("extraction.ids"), logs, 2, 2, &two->accounts, extraction, diag);
}

static void ids_get_account_and_time_from_the_log(void **state)
{
    (void)state;
    struct two two;
    struct extraction e;
    struct diag diag;
    two_init(&two);
    folder_write("extraction.ids", "r3\nr5\nr1\nr_none\n");
    folder_write("log.jsonl", log_text);
    folder_write(
        "more.jsonl", LINE("10.000", "r5", "b") "{\"not\":\"a log line\"}\n" LINE("11.000", "r6", "b"));
    assert_ok(read_logs(&two, &e, &diag));
    assert_int_equal(e.n, 3);
    const int64_t times[] = { 1000, 3500, 10000 };
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(e.items[i].time_ms, times[i]);
        assert_int_equal(e.items[i].account, folder_account(i < 2 ? "a" : "b"));
    }
    assert_int_equal(e.missing, 1);
    assert_int_equal(e.of_unknown, 1);
    assert_int_equal(e.first_ms, 1000);
    assert_int_equal(e.last_ms, 11000);
    assert_int_equal(e.bad_lines, 1);
    assert_int_equal(e.first_bad.line, 2);
    assert_int_equal(two.items[0].since_ms, 1000);
    assert_int_equal(two.items[1].since_ms, 7); /* was told */
    extraction_fini(&e);
    map_fini(&two.index);
}

static void records_give_what_their_log_gives(void **state)
{
    (void)state;
    struct two two;
    struct record_writer *writer;
    struct record_batch *batch;
    struct extraction e;
    struct diag diag;
    two_init(&two);
    assert_ok(record_batch_new(&batch));
    for (int i = 0; i < 3; i++) {
        struct record *record;
        char id[8];
        snprintf(id, sizeof id, "r%d", i);
        assert_ok(record_batch_next(batch, &record));
        *record = (struct record){ .time_ms = 1000 + i, .account = folder_account("a") };
        record->exchange.exchange = key_hash(&folder_key, KEY_EXCHANGE, id, strlen(id));
        record_batch_commit(batch);
    }
    assert_ok(record_writer_open(folder_path("records.swr"), &folder_key, &writer));
    assert_ok(record_writer_batch(writer, batch));
    assert_ok(record_writer_close(writer));
    record_batch_free(batch);
    folder_write("extraction.ids", "r2\nr1\n");
    const char *const logs[] = { folder_path("records.swr") };
    assert_ok(extraction_read_logs(folder_path("extraction.ids"), logs, 1, 1, &two.accounts, &e, &diag));
    assert_int_equal(e.n, 2);
    assert_int_equal(e.items[0].time_ms, 1001);
    assert_int_equal(e.items[1].time_ms, 1002);
    assert_int_equal(e.first_ms, 1000);
    assert_int_equal(two.items[0].since_ms, 1000);
    extraction_fini(&e);
    map_fini(&two.index);
}

static void records_of_another_key_are_refused(void **state)
{
    (void)state;
    struct two two;
    struct key other;
    const uint8_t secret[32] = { 1 };
    struct extraction e;
    struct diag diag;
    two_init(&two);
    key_init(&other, secret);
    two.accounts.key = &other;
    const char *const logs[] = { folder_path("records.swr") };
    assert_int_equal(
        extraction_read_logs(folder_path("extraction.ids"), logs, 1, 1, &two.accounts, &e, &diag),
        STATUS_MISMATCH);
    assert_true(diag.reason[0] != '\0');
    map_fini(&two.index);
}

static void a_table_has_account_and_time_itself(void **state)
{
    (void)state;
    struct extraction e;
    struct diag diag;
    folder_write("extraction.csv", "exchange,account,time_ms\nr1,a,1000\nr2,b,with,commas,1777968000123\n");
    assert_ok(extraction_read_table(folder_path("extraction.csv"), &folder_key, &e, &diag));
    assert_int_equal(e.n, 2);
    assert_int_equal(e.items[0].account, folder_account("a"));
    assert_int_equal(e.items[0].time_ms, 1000);
    assert_int_equal(e.items[1].account, folder_account("b,with,commas"));
    assert_int_equal(e.items[1].time_ms, INT64_C(1777968000123));
    assert_true(e.first_ms > e.last_ms);
    extraction_fini(&e);
}

static void a_bad_table_is_refused_with_its_line(void **state)
{
    (void)state;
#define HEAD "exchange,account,time_ms\n"
    static const struct {
        const char *text;
        uint64_t line;
        const char *reason;
    } bad[] = {
        { "", 0, "the first line" },
        { "r1,a,1000\n", 1, "the first line" },
        { HEAD "r1,a,1000\nr1,1000\n", 3, "is not exchange,account,time_ms" },
        { HEAD "r1\n", 2, "is not exchange,account,time_ms" },
        { HEAD "r1,,5\n", 2, "is not exchange,account,time_ms" },
        { HEAD "r1,a,\n", 2, "is not milliseconds" },
        { HEAD "r1,a,-5\n", 2, "is not milliseconds" },
        { HEAD "r1,a,1e3\n", 2, "is not milliseconds" },
        { HEAD "r1,a,9999999999999999\n", 2, "is not milliseconds" },
    };
#undef HEAD
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct extraction e = { .n = 77 };
        struct diag diag;
        folder_write("extraction.csv", bad[i].text);
        assert_int_equal(
            extraction_read_table(folder_path("extraction.csv"), &folder_key, &e, &diag), STATUS_BAD);
        assert_int_equal(diag.line, bad[i].line);
        assert_non_null(strstr(diag.reason, bad[i].reason));
        assert_int_equal(e.n, 77);
    }
}

static void a_log_that_is_not_there_is_an_error(void **state)
{
    (void)state;
    struct two two;
    struct extraction e;
    struct diag diag;
    two_init(&two);
    folder_clear();
    assert_int_equal(read_logs(&two, &e, &diag), STATUS_NOT_FOUND); /* the ids */
    folder_write("extraction.ids", "r1\n");
    assert_int_equal(read_logs(&two, &e, &diag), STATUS_IO);
    assert_true(diag.reason[0] != '\0');
    map_fini(&two.index);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ids_get_account_and_time_from_the_log),
        cmocka_unit_test(records_give_what_their_log_gives),
        cmocka_unit_test(records_of_another_key_are_refused),
        cmocka_unit_test(a_table_has_account_and_time_itself),
        cmocka_unit_test(a_bad_table_is_refused_with_its_line),
        cmocka_unit_test(a_log_that_is_not_there_is_an_error),
    };
    return cmocka_run_group_tests(tests, folder_make, folder_remove);
}
