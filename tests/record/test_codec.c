#include "support/test.h"

#include "record/codec.h"
#include "record/random_record.h"

#include <stdlib.h>

static void load_of_save_is_the_same_record(void **state)
{
    (void)state;
    struct test_random random = { 1001 };
    uint8_t bytes[1024];
    print_message("seed 1001\n");
    for (unsigned round = 0; round < 20000; round++) {
        struct record record = random_record(&random), back;
        size_t used, n = record_encode(&record, bytes, sizeof bytes);
        assert_true(n > 0);
        assert_ok(record_decode(bytes, n, &back, &used, NULL));
        assert_int_equal(used, n);
        assert_memory_equal(&back, &record, sizeof record);
    }
}

static void too_little_room_writes_nothing_beyond_it(void **state)
{
    (void)state;
    struct test_random random = { 1002 };
    struct record record = random_record(&random);
    uint8_t full[1024];
    record.kind = RECORD_EXCHANGE;
    size_t n = record_encode(&record, full, sizeof full);
    for (size_t room = 0; room < n; room++) {
        uint8_t *bytes = malloc(room + 1);
        assert_non_null(bytes);
        bytes[room] = 0xee;
        assert_int_equal(record_encode(&record, bytes, room), 0);
        assert_int_equal(bytes[room], 0xee);
        free(bytes);
    }
}

static void a_cut_item_needs_more_at_every_length(void **state)
{
    (void)state;
    struct test_random random = { 1003 };
    uint8_t bytes[1024];
    for (unsigned round = 0; round < 20; round++) {
        struct record record = random_record(&random), untouched = { .time_ms = 77 }, back = untouched;
        size_t used = 99, n = record_encode(&record, bytes, sizeof bytes);
        for (size_t cut = 0; cut < n; cut++)
            assert_int_equal(record_decode(bytes, cut, &back, &used, NULL), STATUS_NEED_MORE);
        assert_memory_equal(&back, &untouched, sizeof back);
        assert_int_equal(used, 99);
    }
}

static void items_that_cannot_be_are_refused_with_a_reason(void **state)
{
    (void)state;
    struct record record = { .kind = RECORD_ACCOUNT, .account_facts = { .tier = TIER_COUNT } }, back;
    struct diag diag = { 0 };
    uint8_t bytes[1024] = { 9, 0, 0 };
    size_t used;
    assert_int_equal(record_decode(bytes, 3, &back, &used, &diag), STATUS_BAD);
    assert_string_equal(diag.field, "kind");
    size_t n = record_encode(&record, bytes, sizeof bytes);
    assert_int_equal(record_decode(bytes, n, &back, &used, &diag), STATUS_BAD);
    assert_string_equal(diag.field, "tier");
    bytes[1]--;
    assert_int_equal(record_decode(bytes, n, &back, &used, &diag), STATUS_BAD);
}

static void assert_time(int64_t time_ms, int64_t created_ms, const char *refused)
{
    struct record record = { .time_ms = time_ms,
        .kind = RECORD_ACCOUNT,
        .account_facts = { .created_ms = created_ms } },
                  back;
    struct diag diag = { 0 };
    uint8_t bytes[1024];
    size_t used, n = record_encode(&record, bytes, sizeof bytes);
    assert_int_equal(record_decode(bytes, n, &back, &used, &diag), refused ? STATUS_BAD : STATUS_OK);
    if (refused)
        assert_string_equal(diag.field, refused);
}

static void times_that_no_log_can_say_are_refused(void **state)
{
    (void)state;
    assert_time(CLOCK_MIN_MS, NUMBER_ABSENT, NULL);
    assert_time(CLOCK_MAX_MS, CLOCK_MAX_MS, NULL);
    assert_time(CLOCK_MIN_MS - 1, 0, "time");
    assert_time(CLOCK_MAX_MS + 1, 0, "time");
    assert_time(INT64_MAX, 0, "time");
    assert_time(INT64_MIN, 0, "time");
    assert_time(0, CLOCK_MAX_MS + 1, "created");
    assert_time(0, INT64_MIN, "created");
}

static void a_record_takes_the_bytes_that_are_documented(void **state)
{
    (void)state;
    uint8_t bytes[1024];
    struct record record = { .kind = RECORD_EXCHANGE };
    assert_int_equal(record_encode(&record, bytes, sizeof bytes), 3 + 16 + 210 + 1 + 8);
    memset(&record.exchange, 0xff, sizeof record.exchange);
    assert_int_equal(record_encode(&record, bytes, sizeof bytes), 3 + 16 + 210 + 1 + 3 * 48 + 8 + 32 * 8);
    record.kind = RECORD_ACCOUNT;
    assert_int_equal(record_encode(&record, bytes, sizeof bytes), 3 + 16 + 65);
    record.kind = RECORD_ENFORCEMENT;
    assert_int_equal(record_encode(&record, bytes, sizeof bytes), 3 + 16 + 1);
    record.kind = RECORD_RELEASE;
    assert_int_equal(record_encode(&record, bytes, sizeof bytes), 3 + 16 + 8);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(load_of_save_is_the_same_record),
        cmocka_unit_test(too_little_room_writes_nothing_beyond_it),
        cmocka_unit_test(a_cut_item_needs_more_at_every_length),
        cmocka_unit_test(items_that_cannot_be_are_refused_with_a_reason),
        cmocka_unit_test(times_that_no_log_can_say_are_refused),
        cmocka_unit_test(a_record_takes_the_bytes_that_are_documented),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
