#include "object/singles.h"
#include "sightings.h"

static void add(struct singles *singles, enum object_kind kind, uint64_t object, int64_t time_ms)
{
    struct sighting s = show(kind, object, 1, time_ms);
    singles_add(singles, &s, 1);
}

static void the_oldest_of_the_least_durable_kind_makes_room(void **state)
{
    (void)state;
    struct singles singles;
    assert_ok(singles_new(1, &singles)); /* one set */
    add(&singles, OBJECT_PAYMENT, 1, T0);
    add(&singles, OBJECT_IP, 2, T0 + 1 * SECOND);
    add(&singles, OBJECT_SYSTEM, 3, T0 + 3 * SECOND);
    add(&singles, OBJECT_LEAD6, 4, T0 + 2 * SECOND);
    for (uint64_t i = 5; i <= 8; i++)
        add(&singles, OBJECT_DEVICE, i, T0 + 4 * SECOND);
    assert_int_equal(singles.evicted, 0);
    static const uint64_t order[] = { 4, 3, 2, 1 };
    for (unsigned i = 0; i < 4; i++) {
        assert_non_null(singles_find(&singles, order[i]));
        add(&singles, OBJECT_DEVICE, 10 + i, T0 + 5 * SECOND);
        assert_null(singles_find(&singles, order[i]));
        assert_int_equal(singles.evicted, i + 1);
        assert_int_equal(singles.n, 8);
    }
    singles_free(&singles);
}

static void showing_again_keeps_counts_and_the_time_between(void **state)
{
    (void)state;
    struct singles singles;
    assert_ok(singles_new(1 << 12, &singles));
    struct sighting s = show(OBJECT_SYSTEM, 5, 1, T0);
    struct single *single = singles_add(&singles, &s, 1);
    for (int i = 1; i <= 300; i++) {
        s.time_ms = T0 + i * HOUR;
        s.follow_up = true;
        s.slot = (uint64_t)i;
        single_touch(single, &s);
    }
    assert_in_range(single->sightings, 128, 255);
    assert_true(single->follow_ups <= single->sightings && single->follow_ups + 1 >= single->sightings);
    assert_int_equal(single->span_h, 255);
    assert_int_equal(single->last_s, seconds_of(T0 + 300 * HOUR));
    assert_int_equal(single->slot, slot_fold(300));
    singles_remove(&singles, 5);
    assert_null(singles_find(&singles, 5));
    assert_int_equal(singles.n, 0);
    singles_free(&singles);
}

static void a_table_that_fills_doubles_and_keeps_everything(void **state)
{
    (void)state;
    enum { N = 60000 };
    struct singles singles;
    assert_ok(singles_new(32768 * sizeof(struct single_set), &singles));
    uint32_t first = singles.n_sets;
    assert_true(first < singles.n_sets_max);
    for (uint64_t i = 1; i <= N; i++)
        add(&singles, OBJECT_IP, i * 977, T0 + (int64_t)i * SECOND);
    assert_true(singles.n_sets > first && singles.n_sets <= singles.n_sets_max);
    assert_int_equal(singles.n_sets_max % singles.n_sets, 0);
    assert_int_equal(singles.n + singles.evicted, N);
    assert_true(singles.evicted * 500 < N);
    uint64_t found = 0;
    for (uint64_t i = 1; i <= N; i++) {
        const struct single *single = singles_find(&singles, i * 977);
        found += single && single->last_s == seconds_of(T0 + (int64_t)i * SECOND);
    }
    assert_int_equal(found, singles.n);
    singles_free(&singles);
}

static void only_no_slot_folds_to_zero(void **state)
{
    (void)state;
    assert_int_equal(slot_fold(0), 0);
    for (uint64_t i = 1; i < 100000; i++)
        assert_int_not_equal(slot_fold(i), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_oldest_of_the_least_durable_kind_makes_room),
        cmocka_unit_test(showing_again_keeps_counts_and_the_time_between),
        cmocka_unit_test(a_table_that_fills_doubles_and_keeps_everything),
        cmocka_unit_test(only_no_slot_folds_to_zero),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
