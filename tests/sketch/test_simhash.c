#include "support/random.h"
#include "support/test.h"

#include "sketch/simhash.h"

static uint64_t counted_bit_by_bit(const uint64_t *hashes, size_t n)
{
    uint64_t out = 0;
    for (unsigned bit = 0; bit < 64; bit++) {
        long votes = 0;
        for (size_t i = 0; i < n; i++)
            votes += hashes[i] >> bit & 1 ? 1 : -1;
        out |= (uint64_t)(votes > 0) << bit;
    }
    return out;
}

static void it_is_the_majority_of_every_bit(void **state)
{
    (void)state;
    struct test_random random = { 99 };
    uint64_t hashes[1000];
    for (size_t n = 0; n < 1000; n += 1 + n / 20) {
        for (size_t i = 0; i < n; i++)
            hashes[i] = test_random_u64(&random);
        assert_int_equal(simhash_of(hashes, n), counted_bit_by_bit(hashes, n));
    }
}

static void all_ones_stay_all_ones_at_any_count(void **state)
{
    (void)state;
    uint64_t hashes[300];
    for (size_t i = 0; i < 300; i++)
        hashes[i] = UINT64_MAX;
    for (size_t n = 1; n <= 300; n++)
        assert_true(simhash_of(hashes, n) == UINT64_MAX);
}

static void near_duplicates_are_nearer_than_strangers(void **state)
{
    (void)state;
    struct test_random random = { 5 };
    uint64_t text[400], twin[400], stranger[400];
    unsigned near_sum = 0, far_sum = 0;
    for (unsigned round = 0; round < 50; round++) {
        for (size_t i = 0; i < 400; i++) {
            text[i] = test_random_u64(&random);
            twin[i] = i % 50 ? text[i] : test_random_u64(&random);
            stranger[i] = test_random_u64(&random);
        }
        near_sum += simhash_distance(simhash_of(text, 400), simhash_of(twin, 400));
        far_sum += simhash_distance(simhash_of(text, 400), simhash_of(stranger, 400));
    }
    assert_true(near_sum < 50 * 10);
    assert_true(far_sum > 50 * 28);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_the_majority_of_every_bit),
        cmocka_unit_test(all_ones_stay_all_ones_at_any_count),
        cmocka_unit_test(near_duplicates_are_nearer_than_strangers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
