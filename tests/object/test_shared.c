#include "object/index.h"
#include "object/shared.h"
#include "sightings.h"

#include <math.h>

static struct shared *add(struct shared_table *table, enum object_kind kind, uint64_t object, int64_t time_ms)
{
    struct shared_evicted evicted;
    return shared_at(table, shared_add(table, object, (uint8_t)kind, time_ms, &evicted));
}

static enum shared_join join(
    struct shared_table *table, struct shared *shared, uint64_t account, uint64_t payer, uint8_t adopter)
{
    return shared_join(table, shared, &(struct shower){ account, payer, 0, adopter });
}

static void the_oldest_of_the_least_durable_makes_room_and_public_objects_stay(void **state)
{
    (void)state;
    struct shared_table table;
    assert_ok(shared_table_new(2 * 8 * sizeof(struct shared), 100, &table)); /* eight objects */
    shared_publish(&table, add(&table, OBJECT_SYSTEM, 1, T0));
    add(&table, OBJECT_PAYMENT, 2, T0 + 1);
    add(&table, OBJECT_IP, 3, T0 + 2);
    add(&table, OBJECT_SYSTEM, 4, T0 + 4);
    add(&table, OBJECT_SYSTEM, 5, T0 + 3);
    for (uint64_t i = 6; i <= 8; i++)
        shared_publish(&table, add(&table, OBJECT_SYSTEM, i, T0 + 5));
    static const uint64_t order[] = { 5, 4, 3, 2, 1 };
    for (unsigned i = 0; i < 5; i++) {
        struct shared_evicted evicted;
        uint32_t place = shared_add(&table, 10 + i, OBJECT_SYSTEM, T0 + 6, &evicted);
        assert_int_equal(evicted.object, order[i]);
        assert_false(evicted.announced);
        shared_publish(&table, shared_at(&table, place));
    }
    assert_int_equal(table.evicted, 5);
    assert_int_equal(table.n, 8);
    assert_int_equal(table.publics, 8);
    shared_table_free(&table);
}

static void content_that_ties_its_accounts_outlives_what_ties_nobody(void **state)
{
    (void)state;
    struct shared_table table;
    assert_ok(shared_table_new(2 * 8 * sizeof(struct shared), 100, &table)); /* eight objects */
    add(&table, OBJECT_SYSTEM, 1, T0)->announced = true;
    for (uint64_t i = 2; i <= 8; i++)
        add(&table, OBJECT_SYSTEM, i, T0 + 1);
    for (uint64_t i = 9; i <= 15; i++) {
        struct shared_evicted evicted;
        uint32_t place = shared_add(&table, i, OBJECT_IP, T0 + 2, &evicted);
        assert_int_not_equal(evicted.object, 1);
        assert_false(evicted.announced);
        shared_at(&table, place)->announced = true;
    }
    struct shared_evicted evicted;
    shared_add(&table, 16, OBJECT_SYSTEM, T0 + 2, &evicted);
    assert_int_equal(evicted.object, 1);
    assert_true(evicted.announced);
    shared_table_free(&table);
}

static void a_place_that_was_freed_is_taken_before_anything_is_forgotten(void **state)
{
    (void)state;
    struct shared_table table;
    assert_ok(shared_table_new(2 * 8 * sizeof(struct shared), 100, &table));
    for (uint64_t i = 1; i <= 8; i++)
        add(&table, OBJECT_SYSTEM, i, T0);
    assert_int_equal(shared_forget(&table, 6).object, 7);
    struct shared_evicted evicted;
    assert_int_equal(shared_add(&table, 9, OBJECT_SYSTEM, T0, &evicted), 6);
    assert_int_equal(evicted.object, 0);
    assert_int_equal(table.n, 8);
    shared_table_free(&table);
}

static void members_and_payers_are_exact_while_listed(void **state)
{
    (void)state;
    struct shared_table table;
    assert_ok(shared_table_new(1 << 20, 1000, &table));
    struct shared *shared = add(&table, OBJECT_SYSTEM, 5, T0);
    for (uint64_t account = 1; account <= 1000; account++) {
        assert_int_equal(join(&table, shared, account, account % 100, 0), JOIN_NEW);
        assert_int_equal(join(&table, shared, account, account % 100, 0), JOIN_KNOWN);
    }
    assert_true(shared_accounts(&table, shared) == 1000);
    assert_true(shared_payers(&table, shared) == 100);
    assert_int_equal(join(&table, shared, 1001, 500, 0), JOIN_UNLISTED);
    assert_int_equal(table.unlisted, 1);
    shared_table_free(&table);
}

static void an_account_is_established_once_it_is(void **state)
{
    (void)state;
    struct shared_table table;
    assert_ok(shared_table_new(1 << 20, 1000, &table));
    struct shared *shared = add(&table, OBJECT_SYSTEM, 5, T0);
    join(&table, shared, 1, 70, 0);
    join(&table, shared, 2, 70, ADOPTER_ESTABLISHED);
    assert_int_equal(shared->adopters.established, 1);
    assert_int_equal(join(&table, shared, 1, 70, ADOPTER_ESTABLISHED), JOIN_ESTABLISHED);
    assert_int_equal(join(&table, shared, 1, 70, ADOPTER_ESTABLISHED), JOIN_KNOWN);
    assert_int_equal(shared->adopters.established, 2);
    assert_int_equal(shared->adopters.established_payers, 1);
    shared_table_free(&table);
}

static void beyond_its_list_an_object_keeps_counting(void **state)
{
    (void)state;
    struct shared_table table;
    assert_ok(shared_table_new(1 << 20, 100, &table));
    struct shared *listed = add(&table, OBJECT_SYSTEM, 5, T0), *public = add(&table, OBJECT_SYSTEM, 6, T0);
    for (uint64_t account = 1; account <= 20000; account++) {
        join(&table, listed, account, account % 5000, 0);
        join(&table, public, account, account % 5000, 0);
        if (account == 80)
            shared_publish(&table, public);
    }
    /* Four standard errors of 6.5 %. */
    assert_true(fabs(shared_accounts(&table, listed) / 20000 - 1) < 0.26);
    assert_true(fabs(shared_payers(&table, listed) / 5000 - 1) < 0.26);
    assert_true(shared_accounts(&table, public) == shared_accounts(&table, listed));
    assert_int_equal(public->members.n, 0);
    assert_int_equal(public->adopters.accounts, 80);
    shared_table_free(&table);
}

static void slots_are_exact_while_few(void **state)
{
    (void)state;
    struct shared_table table;
    assert_ok(shared_table_new(1 << 20, 100, &table));
    struct shared *shared = add(&table, OBJECT_SYSTEM, 5, T0);
    shared_count_slot(&table, shared, 0);
    assert_true(shared_slots(&table, shared) == 0);
    for (uint64_t slot = 1; slot <= 3000; slot++) {
        shared_count_slot(&table, shared, slot_fold(slot));
        shared_count_slot(&table, shared, slot_fold(slot));
        if (slot <= SHARED_SLOTS)
            assert_true(shared_slots(&table, shared) == (double)slot);
    }
    assert_true(fabs(shared_slots(&table, shared) / 3000 - 1) < 0.26);
    shared_table_free(&table);
}

static void without_room_in_the_pool_nobody_is_listed_and_nothing_breaks(void **state)
{
    (void)state;
    struct shared_table table;
    assert_ok(shared_table_new(1, 100, &table)); /* a pool of one unit */
    struct shared *shared = add(&table, OBJECT_SYSTEM, 5, T0);
    for (uint64_t account = 1; account <= 200; account++) {
        join(&table, shared, account, account, 0);
        shared_count_slot(&table, shared, slot_fold(account));
    }
    assert_true(shared_accounts(&table, shared) == 12);
    assert_true(shared_slots(&table, shared) == SHARED_SLOTS);
    assert_int_equal(table.unlisted, 188);
    shared_publish(&table, shared);
    assert_int_equal(table.pool.used_units, 0);
    shared_table_free(&table);
}

static void only_no_slot_folds_to_zero(void **state)
{
    (void)state;
    assert_int_equal(slot_fold(0), 0);
    for (uint64_t i = 1; i < 100000; i++)
        assert_int_not_equal(slot_fold(i), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_oldest_of_the_least_durable_makes_room_and_public_objects_stay),
        cmocka_unit_test(content_that_ties_its_accounts_outlives_what_ties_nobody),
        cmocka_unit_test(a_place_that_was_freed_is_taken_before_anything_is_forgotten),
        cmocka_unit_test(members_and_payers_are_exact_while_listed),
        cmocka_unit_test(an_account_is_established_once_it_is),
        cmocka_unit_test(beyond_its_list_an_object_keeps_counting),
        cmocka_unit_test(slots_are_exact_while_few),
        cmocka_unit_test(without_room_in_the_pool_nobody_is_listed_and_nothing_breaks),
        cmocka_unit_test(only_no_slot_folds_to_zero),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
