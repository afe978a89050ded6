#include "policy/blast.h"

#include "support/test.h"

#include <math.h>

static uint64_t hashed(uint64_t i)
{
    uint64_t x = i * UINT64_C(0x9E3779B97F4A7C15);
    x = (x ^ x >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    x = (x ^ x >> 27) * UINT64_C(0x94D049BB133111EB);
    return x ^ x >> 31;
}

static void up_to_eight_accounts_are_counted_exactly_and_more_within_a_third(void **state)
{
    (void)state;
    struct blast blast;
    blast_init(&blast, 10);
    for (uint64_t i = 1; i <= 1000; i++) {
        for (int repeat = 0; repeat < 2; repeat++)
            assert_ok(blast_see(&blast, 500, hashed(i)));
        double got = blast_accounts(&blast, 500), want = (double)i;
        if (i <= 8 ? fabs(got - want) > 0 : fabs(got / want - 1) > 0.34)
            fail_msg("%.1f for %.0f", got, want);
    }
    assert_true(blast_accounts(&blast, 501) == 0);
    blast_fini(&blast);
}

static void one_more_is_too_much_where_it_exceeds_the_share(void **state)
{
    (void)state;
    struct blast blast;
    blast_init(&blast, 10);
    for (uint64_t i = 1; i <= 4; i++)
        assert_ok(blast_see(&blast, 500, i));
    assert_false(blast_exceeded(&blast, 500, 0.2, 5));
    assert_ok(blast_see(&blast, 500, 5));
    assert_false(blast_exceeded(&blast, 500, 0.2, 5)); /* one of five */
    blast_contain(&blast, 500, 1);
    assert_true(blast_exceeded(&blast, 500, 0.2, 5));
    blast_contain(&blast, 500, -1);
    assert_false(blast_exceeded(&blast, 500, 0.2, 5));
    assert_true(blast_exceeded(&blast, 500, 0, 5));
    assert_false(blast_exceeded(&blast, 0, 0, 0));
    blast_fini(&blast);
}

static void beyond_the_most_organisations_new_ones_are_refused_and_counted(void **state)
{
    (void)state;
    struct blast blast;
    blast_init(&blast, 2);
    for (uint64_t id = 1; id <= 3; id++)
        assert_ok(blast_see(&blast, id, 1));
    assert_int_equal(blast.n, 2);
    assert_int_equal(blast.refused, 1);
    blast_contain(&blast, 3, 1);
    assert_false(blast_exceeded(&blast, 3, 0, 0));
    assert_true(blast_bytes(&blast) > 0);
    blast_fini(&blast);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(up_to_eight_accounts_are_counted_exactly_and_more_within_a_third),
        cmocka_unit_test(one_more_is_too_much_where_it_exceeds_the_share),
        cmocka_unit_test(beyond_the_most_organisations_new_ones_are_refused_and_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
