#include "object/told.h"
#include "sightings.h"

static void a_pair_is_told_once_an_hour(void **state)
{
    (void)state;
    int64_t start = T0 / HOUR * HOUR;
    struct told told;
    assert_ok(told_new(1 << 16, &told));
    assert_int_equal(told_tell(&told, 1, 2, 3, start), TELL_NEW_PAIR);
    assert_int_equal(told_tell(&told, 1, 2, 3, start + HOUR - 1), TELL_NOT);
    assert_int_equal(told_tell(&told, 1, 2, 3, start + HOUR), TELL_NEW_HOUR);
    assert_int_equal(told_tell(&told, 1, 3, 2, start + HOUR), TELL_NEW_PAIR);
    assert_int_equal(told_tell(&told, 2, 2, 3, start + HOUR), TELL_NEW_PAIR);
    told_free(&told);
}

static void a_full_set_forgets_what_was_told_longest_ago(void **state)
{
    (void)state;
    struct told told;
    assert_ok(told_new(1, &told));
    for (int i = 0; i < 6; i++)
        assert_int_equal(told_tell(&told, (uint64_t)i, 2, 3, T0 + i * HOUR), TELL_NEW_PAIR);
    assert_int_equal(told_tell(&told, 1, 2, 3, T0 + HOUR), TELL_NOT);
    assert_int_equal(told_tell(&told, 0, 2, 3, T0), TELL_NEW_PAIR);
    told_free(&told);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_pair_is_told_once_an_hour),
        cmocka_unit_test(a_full_set_forgets_what_was_told_longest_ago),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
