#include "base/match.h"
#include "support/random.h"
#include "support/test.h"

/* Few different values, so that many are equal. */
static uint32_t draw(struct test_random *random)
{
    return (uint32_t)(test_random_u64(random) % 3) * UINT32_C(0x80000001);
}

static void bits_are_those_of_one_comparison_after_the_other(void **state)
{
    (void)state;
    struct test_random random = { 7 };
    for (int run = 0; run < 2000; run++) {
        uint32_t words[5], value = draw(&random);
        uint64_t wide[5];
        for (unsigned i = 0; i < 5; i++) {
            words[i] = draw(&random);
            wide[i] = (uint64_t)draw(&random) << 32 | draw(&random);
        }
        for (unsigned at = 0; at < 2; at++) {
            unsigned equal = 0, masked = 0, upper = 0;
            for (unsigned i = 0; i < 4; i++) {
                equal |= (unsigned)(words[at + i] == value) << i;
                masked |= (unsigned)((words[at + i] & 0xffff0000) == (value & 0xffff0000)) << i;
                upper |= (unsigned)(wide[at + i] >> 32 == value) << i;
            }
            assert_int_equal(match_words(words + at, value), equal);
            assert_int_equal(match_masked(words + at, 0xffff0000, value & 0xffff0000), masked);
            assert_int_equal(match_upper(wide + at, value), upper);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bits_are_those_of_one_comparison_after_the_other),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
