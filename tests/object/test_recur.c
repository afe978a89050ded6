#include "object/recur.h"

#include "sightings.h"

static void on_the_first_day_little_is_asked_for(void **state)
{
    (void)state;
    assert_true(object_recurs(10, 10, HOUR)); /* each said it once */
    assert_true(object_recurs(9, 10, 0));
    assert_false(object_recurs(10, 10, 17 * HOUR));
    assert_true(object_recurs(11, 10, 17 * HOUR));
}

static void after_a_day_it_is_one_and_a_half_times_each(void **state)
{
    (void)state;
    assert_false(object_recurs(14, 10, DAY));
    assert_true(object_recurs(15, 10, DAY));
    assert_true(object_recurs(15, 10, 7 * DAY));
}

static void from_the_eighth_day_on_it_is_once_in_five_days_up_to_eight_times(void **state)
{
    (void)state;
    assert_false(object_recurs(39, 10, 20 * DAY));
    assert_true(object_recurs(40, 10, 20 * DAY));
    assert_false(object_recurs(79, 10, 400 * DAY));
    assert_true(object_recurs(80, 10, 400 * DAY));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(on_the_first_day_little_is_asked_for),
        cmocka_unit_test(after_a_day_it_is_one_and_a_half_times_each),
        cmocka_unit_test(from_the_eighth_day_on_it_is_once_in_five_days_up_to_eight_times),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
