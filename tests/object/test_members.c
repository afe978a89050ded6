#include "object/members.h"
#include "sightings.h"

static void members_are_a_set_at_every_size(void **state)
{
    (void)state;
    struct pool pool;
    assert_ok(pool_new(1 << 20, &pool));
    struct members members;
    members_init(&members);
    for (uint64_t account = 1; account <= 5000; account++) {
        assert_null(members_find(&members, &pool, account));
        assert_ok(members_add(
            &members, &pool, account, payer_fold(account % 10) << MEMBER_BITS | (account % 20 < 10)));
        assert_non_null(members_find(&members, &pool, account));
        assert_non_null(members_find(&members, &pool, 1));
        assert_int_equal(members.n, account);
    }
    assert_int_equal(members_paid_by(&members, &pool, payer_fold(3), false), 500);
    assert_int_equal(members_paid_by(&members, &pool, payer_fold(3), true), 250);
    assert_int_equal(members_paid_by(&members, &pool, payer_fold(11), false), 0);
    const uint64_t *accounts;
    const uint32_t *payers;
    uint32_t n = members_slots(&members, &pool, &accounts, &payers), listed = 0;
    for (uint32_t i = 0; i < n; i++)
        listed += accounts[i] != 0;
    assert_int_equal(listed, 5000);
    members_fini(&members, &pool);
    assert_int_equal(pool.used_units, 0);
    pool_free(&pool);
}

static void a_list_that_cannot_grow_stays_as_it_is(void **state)
{
    (void)state;
    struct pool pool;
    assert_ok(pool_new(2 * (POOL_UNIT_BYTES + 1), &pool));
    struct members members;
    members_init(&members);
    for (uint64_t account = 1; account <= 12; account++)
        assert_ok(members_add(&members, &pool, account, 0));
    assert_int_equal(members_add(&members, &pool, 13, 0), STATUS_FULL);
    assert_int_equal(members.n, 12);
    assert_null(members_find(&members, &pool, 13));
    for (uint64_t account = 1; account <= 12; account++)
        assert_non_null(members_find(&members, &pool, account));
    members_fini(&members, &pool);
    pool_free(&pool);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(members_are_a_set_at_every_size),
        cmocka_unit_test(a_list_that_cannot_grow_stays_as_it_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
