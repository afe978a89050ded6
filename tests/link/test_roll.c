#include "link/roll.h"

#include "support/test.h"

#include <stdio.h>

static const struct span none = { 0 };

static void a_name_keeps_its_number_and_a_number_its_name(void **state)
{
    (void)state;
    struct roll roll;
    uint32_t number;
    char name[16];
    roll_init(&roll, 3000);
    for (unsigned round = 0; round < 2; round++)
        for (unsigned i = 0; i < 3000; i++) {
            snprintf(name, sizeof name, "n%u", i);
            assert_ok(roll_add(&roll, span_of(name), none, &number));
            assert_int_equal(number, i);
            assert_true(span_is(roll_name(&roll, i), name));
        }
    roll_fini(&roll);
}

static void a_name_is_another_one_under_each_mark(void **state)
{
    (void)state;
    struct roll roll;
    uint32_t bare;
    uint32_t marked;
    uint32_t written;
    roll_init(&roll, 10);
    assert_ok(roll_add(&roll, SPAN("x"), none, &bare));
    assert_ok(roll_add(&roll, SPAN("x"), SPAN("ip"), &marked));
    assert_true(bare != marked);
    assert_true(span_is(roll_name(&roll, marked), "ip:x"));
    assert_ok(roll_add(&roll, SPAN("x"), SPAN("ip"), &written));
    assert_int_equal(written, marked);
    roll_fini(&roll);
}

static void a_full_roll_leaves_newcomers_out_and_knows_the_others(void **state)
{
    (void)state;
    struct roll roll;
    uint32_t number;
    roll_init(&roll, 1);
    assert_ok(roll_add(&roll, SPAN("a"), none, &number));
    assert_ok(roll_add(&roll, SPAN("b"), none, &number));
    assert_int_equal(number, MAP_NONE);
    assert_int_equal(roll.left_out, 1);
    assert_ok(roll_add(&roll, SPAN("a"), none, &number));
    assert_int_equal(number, 0);
    roll_fini(&roll);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_name_keeps_its_number_and_a_number_its_name),
        cmocka_unit_test(a_name_is_another_one_under_each_mark),
        cmocka_unit_test(a_full_roll_leaves_newcomers_out_and_knows_the_others),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
