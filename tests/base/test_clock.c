#include "base/clock.h"

#include "support/test.h"

#include <stdio.h>
#include <string.h>

static int64_t parsed(const char *text)
{
    int64_t ms = INT64_MIN;
    return clock_parse(span_of(text), &ms) == STATUS_OK ? ms : INT64_MIN;
}

static void known_times_have_their_known_numbers(void **state)
{
    (void)state;
    assert_int_equal(parsed("1970-01-01T00:00:00Z"), 0);
    assert_int_equal(parsed("2026-05-05T08:00:00.123Z"), INT64_C(1777968000123));
    assert_int_equal(parsed("2000-02-29T23:59:59.999Z"), INT64_C(951868799999));
    assert_int_equal(parsed("1969-12-31T23:59:59.999Z"), -1);
    assert_int_equal(parsed("0001-01-01T00:00:00Z"), CLOCK_MIN_MS);
    assert_int_equal(parsed("9999-12-31T23:59:59.999Z"), CLOCK_MAX_MS);
}

static void a_zone_is_taken_off(void **state)
{
    (void)state;
    int64_t utc = parsed("2026-05-05T08:00:00Z");
    assert_int_equal(parsed("2026-05-05T10:00:00+02:00"), utc);
    assert_int_equal(parsed("2026-05-05T02:30:00-05:30"), utc);
    assert_int_equal(parsed("2026-05-05t08:00:00z"), utc);
    assert_int_equal(parsed("2026-05-05T08:00:00-00:00"), utc);
}

static void digits_beyond_milliseconds_are_dropped(void **state)
{
    (void)state;
    assert_int_equal(parsed("1970-01-01T00:00:00.9999999Z"), 999);
    assert_int_equal(parsed("1970-01-01T00:00:00.5Z"), 500);
    assert_int_equal(parsed("1970-01-01T00:00:00.05+00:00"), 50);
}

static void a_leap_second_is_the_first_of_the_next_minute(void **state)
{
    (void)state;
    assert_int_equal(parsed("2016-12-31T23:59:60Z"), parsed("2017-01-01T00:00:00Z"));
}

static void whatever_is_not_exactly_a_time_is_bad(void **state)
{
    (void)state;
    static const char *const bad[] = { "", "2026-05-05", "2026-05-05T08:00:00", "2026-05-05 08:00:00Z",
        "2026-05-05T08:00:00.Z", "2026-05-05T08:00:00.123", "2026-05-05T08:00:00+0200",
        "2026-05-05T08:00:00+24:00", "2026-05-05T08:00:00+02:60", "2026-05-05T24:00:00Z",
        "2026-05-05T08:60:00Z", "2026-05-05T08:00:61Z", "2026-13-05T08:00:00Z", "2026-00-05T08:00:00Z",
        "2026-02-29T08:00:00Z", "1900-02-29T08:00:00Z", "2026-05-00T08:00:00Z", "2026-05-05T08:00:00ZZ",
        "2026-05-05T08:00:00Z ", " 2026-05-05T08:00:00Z", "0000-01-01T00:00:00Z", "0001-01-01T00:00:00+00:01",
        "9999-12-31T23:59:59-00:01", "2026-5-05T08:00:00.0Z", "+026-05-05T08:00:00Z", "2026-05-05T08:00:00.1",
        "2026-05-05T-8:00:00Z" };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (parsed(bad[i]) != INT64_MIN)
            fail_msg("accepted: %s", bad[i]);
}

static void a_bad_time_leaves_the_output_alone(void **state)
{
    (void)state;
    int64_t ms = 42;
    assert_int_equal(clock_parse(SPAN("yesterday, at noon, Z"), &ms), STATUS_BAD);
    assert_int_equal(ms, 42);
}

static void formatting_and_parsing_are_inverse(void **state)
{
    (void)state;
    uint64_t seed = 20260505;
    print_message("seed %llu\n", (unsigned long long)seed);
    for (int i = 0; i < 200000; i++) {
        seed = seed * 6364136223846793005u + 1442695040888963407u;
        int64_t ms = CLOCK_MIN_MS + (int64_t)((seed >> 11) % (uint64_t)(CLOCK_MAX_MS - CLOCK_MIN_MS + 1));
        char text[CLOCK_TEXT_BYTES];
        clock_format(ms, text);
        assert_int_equal(strlen(text), CLOCK_TEXT_BYTES - 1);
        assert_int_equal(parsed(text), ms);
    }
}

static void times_out_of_range_are_clamped(void **state)
{
    (void)state;
    char text[CLOCK_TEXT_BYTES];
    clock_format(INT64_MIN, text);
    assert_string_equal(text, "0001-01-01T00:00:00.000Z");
    clock_format(INT64_MAX, text);
    assert_string_equal(text, "9999-12-31T23:59:59.999Z");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_times_have_their_known_numbers),
        cmocka_unit_test(a_zone_is_taken_off),
        cmocka_unit_test(digits_beyond_milliseconds_are_dropped),
        cmocka_unit_test(a_leap_second_is_the_first_of_the_next_minute),
        cmocka_unit_test(whatever_is_not_exactly_a_time_is_bad),
        cmocka_unit_test(a_bad_time_leaves_the_output_alone),
        cmocka_unit_test(formatting_and_parsing_are_inverse),
        cmocka_unit_test(times_out_of_range_are_clamped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
