#include "object/holder.h"
#include "sightings.h"

static void a_reference_names_the_account_and_its_payer(void **state)
{
    (void)state;
    struct holders holders;
    assert_ok(holders_new(1 << 16, &holders));
    struct sighting s = show(OBJECT_DEVICE, 1, 42, T0);
    s.organization = 7;
    uint32_t ref = holders_take(&holders, &s);
    assert_int_not_equal(ref, 0);
    assert_int_equal(holders_take(&holders, &s), ref);
    uint64_t account;
    const struct holder *holder = holders_at(&holders, ref, &account);
    assert_non_null(holder);
    assert_int_equal(account, 42);
    assert_int_equal(holder->payer, 7);
    assert_int_equal(holder_organization(holder), 7);
    s.organization = 0;
    s.payer = 9;
    holders_take(&holders, &s);
    assert_int_equal(holder->payer, 9);
    assert_int_equal(holder_organization(holder), 0);
    holders_free(&holders);
}

static void a_full_set_forgets_the_account_seen_longest_ago_and_its_reference_is_nobody(void **state)
{
    (void)state;
    struct holders holders;
    assert_ok(holders_new(1, &holders));
    uint32_t ref[9];
    for (uint64_t i = 0; i < 8; i++) {
        struct sighting s = show(OBJECT_DEVICE, 1, i + 1, T0 + (int64_t)i * SECOND);
        ref[i] = holders_take(&holders, &s);
    }
    struct sighting again = show(OBJECT_DEVICE, 1, 1, T0 + 8 * SECOND);
    holders_take(&holders, &again);
    struct sighting ninth = show(OBJECT_DEVICE, 1, 9, T0 + 9 * SECOND);
    ref[8] = holders_take(&holders, &ninth);
    uint64_t account;
    assert_non_null(holders_at(&holders, ref[0], &account));
    assert_null(holders_at(&holders, ref[1], &account));
    assert_non_null(holders_at(&holders, ref[8], &account));
    assert_int_equal(account, 9);
    assert_int_equal(holders.n, 8);
    assert_int_equal(holders.evicted, 1);
    holders_free(&holders);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_reference_names_the_account_and_its_payer),
        cmocka_unit_test(a_full_set_forgets_the_account_seen_longest_ago_and_its_reference_is_nobody),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
