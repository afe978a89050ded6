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
    const struct holder *holder = holders_at(&holders, ref);
    assert_non_null(holder);
    assert_int_equal(holder->account, 42);
    assert_int_equal(holder->payer, 7);
    assert_int_equal(holder_organization(holder), 7);
    s.organization = 0;
    s.payer = 9;
    holders_take(&holders, &s);
    assert_int_equal(holder->payer, 9);
    assert_int_equal(holder_organization(holder), 0);
    holders_free(&holders);
}

static struct sighting seen(uint64_t account, int64_t s)
{
    return show(OBJECT_DEVICE, 1, account, T0 + s * SECOND);
}

static void a_full_table_forgets_an_account_seen_longest_ago_and_its_reference_is_nobody(void **state)
{
    (void)state;
    enum { N = 10 };
    struct holders holders;
    assert_ok(holders_new(1, &holders)); /* one set, ten accounts */
    assert_int_equal(holders.n_max, N);
    uint32_t ref[N + 1];
    for (uint64_t i = 0; i < N; i++) {
        struct sighting s = seen(i + 1, (int64_t)i);
        ref[i] = holders_take(&holders, &s);
    }
    struct sighting again = seen(1, 20), newcomer = seen(99, 21);
    holders_take(&holders, &again);
    ref[N] = holders_take(&holders, &newcomer);
    assert_non_null(holders_at(&holders, ref[0]));
    assert_null(holders_at(&holders, ref[1]));
    assert_int_equal(holders_at(&holders, ref[N])->account, 99);
    assert_int_equal(holders.n_used, N);
    assert_int_equal(holders.evicted, 1);
    holders_free(&holders);
}

static void many_accounts_are_found_or_counted_as_evicted(void **state)
{
    (void)state;
    enum { N = 20000 };
    static uint32_t ref[N];
    struct holders holders;
    assert_ok(holders_new(N / 2 * 30, &holders));
    for (uint64_t i = 0; i < N; i++) {
        struct sighting s = seen(i + 1, (int64_t)i);
        ref[i] = holders_take(&holders, &s);
    }
    uint64_t found = 0;
    for (uint64_t i = 0; i < N; i++) {
        const struct holder *holder = holders_at(&holders, ref[i]);
        found += holder && holder->account == i + 1;
    }
    assert_int_equal(found, holders.n_used);
    assert_int_equal(found + holders.evicted, N);
    assert_true(holders.n_max > N / 2 * 9 / 10);
    assert_true(found * 100 > (uint64_t)holders.n_max * 98);
    holders_free(&holders);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_reference_names_the_account_and_its_payer),
        cmocka_unit_test(a_full_table_forgets_an_account_seen_longest_ago_and_its_reference_is_nobody),
        cmocka_unit_test(many_accounts_are_found_or_counted_as_evicted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
