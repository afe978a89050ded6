#include "campaign/marks.h"

#include "support/alloc_sweep.h"
#include "support/random.h"
#include "support/test.h"

enum { INDICES = 3000 };

static void a_set_equals_a_naive_one(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 30; seed++) {
        struct test_random random = { seed };
        struct marks marks = { 0 };
        bool has[INDICES] = { false };
        size_t n = 0;
        for (int round = 0; round < 6; round++) {
            n += test_random_below(&random, INDICES - n);
            assert_ok(marks_widen(&marks, n + 1));
            for (uint64_t i = test_random_below(&random, 50); i > 0; i--) {
                size_t index = test_random_below(&random, n + 1);
                marks_set(&marks, index);
                has[index] = true;
            }
            size_t next = marks_next(&marks, 0);
            for (size_t i = 0; i < INDICES; i++) {
                assert_int_equal(i == next, has[i]);
                if (i == next)
                    next = marks_next(&marks, i + 1);
            }
            assert_true(next == SIZE_MAX);
        }
        marks_clear(&marks);
        assert_true(marks_next(&marks, 0) == SIZE_MAX);
        marks_fini(&marks);
    }
}

static void an_empty_set_has_no_index(void **state)
{
    (void)state;
    struct marks marks = { 0 };
    marks_clear(&marks);
    assert_true(marks_next(&marks, 0) == SIZE_MAX);
    assert_int_equal(marks_bytes(&marks), 0);
}

static void without_memory_it_stays_as_it_was(void **state)
{
    (void)state;
    struct marks marks = { 0 };
    assert_ok(marks_widen(&marks, 10));
    marks_set(&marks, 7);
    alloc_sweep_arm(0);
    assert_int_equal(marks_widen(&marks, 1000), STATUS_NOMEM);
    alloc_sweep_disarm();
    assert_true(marks_next(&marks, 0) == 7 && marks_next(&marks, 8) == SIZE_MAX);
    marks_fini(&marks);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_set_equals_a_naive_one),
        cmocka_unit_test(an_empty_set_has_no_index),
        cmocka_unit_test(without_memory_it_stays_as_it_was),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
