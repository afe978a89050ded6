#include "object/lines.h"
#include "support/test.h"

static void memory_is_zeroed_and_starts_on_a_cache_line(void **state)
{
    (void)state;
    struct lines lines;
    void *at;
    assert_ok(lines_new(1000, &lines, &at));
    assert_int_equal((uintptr_t)at % 64, 0);
    for (size_t i = 0; i < 1000; i++)
        assert_int_equal(((char *)at)[i], 0);
    assert_int_equal(lines.bytes, 1064);
    lines_free(&lines);
    assert_int_equal(lines_new(SIZE_MAX, &lines, &at), STATUS_TOO_BIG);
}

static void sets_are_chosen_evenly_and_within_bounds(void **state)
{
    (void)state;
    uint32_t count[7] = { 0 };
    for (uint64_t key = 1; key <= 70000; key++)
        count[set_of(mix64(key), 7)]++;
    for (unsigned i = 0; i < 7; i++)
        assert_in_range(count[i], 9600, 10400);
    assert_int_equal(sets_in(10, 64), 1);
    assert_int_equal(sets_in(640, 64), 10);
}

static void seconds_saturate(void **state)
{
    (void)state;
    assert_int_equal(seconds_of(-5), 0);
    assert_int_equal(seconds_of(1999), 1);
    assert_int_equal(seconds_of(INT64_MAX), UINT32_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memory_is_zeroed_and_starts_on_a_cache_line),
        cmocka_unit_test(sets_are_chosen_evenly_and_within_bounds),
        cmocka_unit_test(seconds_saturate),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
