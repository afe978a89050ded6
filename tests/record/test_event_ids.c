#include "record/event_ids.h"

#include "record/extract.h"
#include "support/test.h"

static void the_hashes_are_those_of_the_record(void **state)
{
    (void)state;
    struct key key;
    struct extractor *extractor;
    key_init(&key, key_default_secret);
    assert_ok(extractor_new(&key, &extractor));
    struct event events[] = {
        { .kind = EVENT_EXCHANGE, .time_ms = 1, .exchange = { .id = SPAN("req_1"), .account = SPAN("a") } },
        { .kind = EVENT_ACCOUNT, .time_ms = 2, .account = { .account = SPAN("b"), .created_ms = -1 } },
        { .kind = EVENT_ENFORCEMENT, .time_ms = 3, .enforcement = { .account = SPAN("c") } },
        { .kind = EVENT_RELEASE, .time_ms = 4, .release_model = SPAN("m") },
    };
    for (size_t i = 0; i < sizeof events / sizeof *events; i++) {
        struct record record;
        struct event_ids ids;
        extract_record(extractor, &events[i], &record);
        event_ids(&events[i], &key, &ids);
        assert_int_equal(ids.time_ms, record.time_ms);
        assert_int_equal(ids.account, record.account);
        assert_int_equal(ids.exchange, i == 0 ? record.exchange.exchange : 0);
        assert_true((ids.account != 0) == (i < 3));
    }
    extractor_free(extractor);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(the_hashes_are_those_of_the_record) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
