#include "engine/timeline.h"

#include "support/random.h"
#include "support/test.h"

#define HOUR INT64_C(3600000)
#define T0 (INT64_C(472000) * HOUR)

static uint64_t total(const struct timeline *timeline)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < TIMELINE_BUCKETS; i++)
        sum += timeline->counts[i];
    return sum;
}

static void events_fall_into_hours_at_first(void **state)
{
    (void)state;
    struct timeline timeline = { 0 };
    timeline_add(&timeline, T0 + HOUR / 2, 1);
    timeline_add(&timeline, T0 + HOUR - 1, 2);
    timeline_add(&timeline, T0 + 3 * HOUR, 4);
    assert_int_equal(timeline.start_ms, T0);
    assert_int_equal(timeline.bucket_ms, HOUR);
    assert_int_equal(timeline.counts[0], 3);
    assert_int_equal(timeline.counts[3], 4);
    assert_int_equal(timeline.n, 4);
}

static void what_came_before_the_start_is_counted_in_the_first_bucket(void **state)
{
    (void)state;
    struct timeline timeline = { 0 };
    timeline_add(&timeline, T0, 1);
    timeline_add(&timeline, T0 - 400 * HOUR, 5);
    assert_int_equal(timeline.counts[0], 6);
}

static void full_buckets_are_added_in_pairs(void **state)
{
    (void)state;
    struct timeline timeline = { 0 };
    for (int64_t i = 0; i < TIMELINE_BUCKETS; i++)
        timeline_add(&timeline, T0 + i * HOUR, (uint32_t)i);
    assert_int_equal(timeline.n, TIMELINE_BUCKETS);
    timeline_add(&timeline, T0 + TIMELINE_BUCKETS * HOUR, 1000000);
    assert_int_equal(timeline.bucket_ms, 2 * HOUR);
    assert_int_equal(timeline.n, TIMELINE_BUCKETS / 2 + 1);
    for (uint32_t i = 0; i < TIMELINE_BUCKETS / 2; i++)
        assert_int_equal(timeline.counts[i], 4 * i + 1);
    assert_int_equal(timeline.counts[TIMELINE_BUCKETS / 2], 1000000);
}

/* Against the list of events: each bucket holds those of its time, whatever the length of a bucket is by now. */
static void coarsening_keeps_every_count_in_its_place(void **state)
{
    (void)state;
    enum { EVENTS = 400 };
    for (uint64_t seed = 1; seed <= 20; seed++) {
        struct test_random random = { seed };
        struct timeline timeline = { 0 };
        int64_t times[EVENTS];
        print_message("seed %llu\n", (unsigned long long)seed);
        for (size_t i = 0; i < EVENTS; i++) {
            times[i] = T0 + (int64_t)test_random_below(&random, (uint64_t)HOUR << (i / 20));
            timeline_add(&timeline, times[i], 1);
        }
        for (size_t bucket = 0; bucket < TIMELINE_BUCKETS; bucket++) {
            uint32_t want = 0;
            for (size_t i = 0; i < EVENTS; i++)
                want += (size_t)((times[i] - timeline.start_ms) / timeline.bucket_ms) == bucket;
            assert_int_equal(timeline.counts[bucket], want);
            assert_true(want == 0 || bucket < timeline.n);
        }
        assert_int_equal(total(&timeline), EVENTS);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(events_fall_into_hours_at_first),
        cmocka_unit_test(what_came_before_the_start_is_counted_in_the_first_bucket),
        cmocka_unit_test(full_buckets_are_added_in_pairs),
        cmocka_unit_test(coarsening_keeps_every_count_in_its_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
