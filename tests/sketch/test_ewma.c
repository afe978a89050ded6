#include "sketch/ewma.h"
#include "support/test.h"

#include <math.h>

static void a_half_life_halves(void **state)
{
    (void)state;
    assert_int_equal(ewma_decay(1000, 0), 1000);
    assert_int_equal(ewma_decay(1000, EWMA_STEPS), 500);
    assert_int_equal(ewma_decay(1000, 3 * EWMA_STEPS), 125);
    assert_int_equal(ewma_decay(EWMA_MAX, 10 * EWMA_STEPS), EWMA_MAX >> 10);
}

static void long_silence_leaves_nothing(void **state)
{
    (void)state;
    assert_int_equal(ewma_decay(EWMA_MAX, 40 * EWMA_STEPS), 0);
    assert_int_equal(ewma_decay(EWMA_MAX, UINT64_MAX), 0);
    assert_int_equal(ewma_decay(EWMA_MAX, 39 * EWMA_STEPS - 1), 1);
}

static void decay_follows_the_power_of_two(void **state)
{
    (void)state;
    for (uint64_t value = 1; value <= EWMA_MAX; value = value * 3 + 1)
        for (uint64_t steps = 0; steps < 700; steps++) {
            double exact = (double)value * exp2(-(double)steps / EWMA_STEPS);
            if (fabs((double)ewma_decay(value, steps) - exact) > 0.5 + exact * 1e-7)
                fail_msg("%lu after %lu steps", (unsigned long)value, (unsigned long)steps);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_half_life_halves),
        cmocka_unit_test(long_silence_leaves_nothing),
        cmocka_unit_test(decay_follows_the_power_of_two),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
