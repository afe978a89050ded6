#include "object/index.h"
#include "sightings.h"

static struct index_evicted add(struct object_index *index, enum object_kind kind, uint64_t object)
{
    struct index_evicted evicted;
    index_add(index, index_key(index, object), (uint8_t)kind, 1, &evicted);
    return evicted;
}

static struct index_entry find(const struct object_index *index, uint64_t object)
{
    return index_find(index, index_key(index, object));
}

static void the_first_of_the_least_durable_kind_makes_room(void **state)
{
    (void)state;
    struct object_index index;
    assert_ok(index_new(1, &index)); /* one set */
    add(&index, OBJECT_PAYMENT, 1);
    add(&index, OBJECT_SYSTEM, 2);
    add(&index, OBJECT_IP, 3);
    add(&index, OBJECT_LEAD6, 4);
    add(&index, OBJECT_DEVICE, 5);
    assert_int_equal(index.evicted, 0);
    static const uint64_t order[] = { 2, 4, 3, 1 };
    for (unsigned i = 0; i < 4; i++) {
        assert_non_null(find(&index, order[i]).set);
        add(&index, OBJECT_DEVICE, 10 + i);
        assert_null(find(&index, order[i]).set);
        assert_non_null(find(&index, 10 + i).set);
        assert_int_equal(index.evicted, i + 1);
        assert_int_equal(index.ways.n, WAYS);
    }
    index_free(&index);
}

static void what_was_shown_again_outlives_what_was_not_and_shared_objects_outlive_both(void **state)
{
    (void)state;
    struct object_index index;
    assert_ok(index_new(1, &index));
    for (uint64_t i = 1; i <= 5; i++)
        add(&index, OBJECT_LEAD6, i);
    index_share(find(&index, 1), 41);
    index_touch(find(&index, 2), 1);
    assert_int_equal(add(&index, OBJECT_LEAD6, 6).shared, 0);
    assert_null(find(&index, 3).set);
    index_touch(find(&index, 4), 1);
    add(&index, OBJECT_LEAD6, 7); /* what came first of those not shown again since: 2 */
    assert_null(find(&index, 2).set);
    assert_int_equal(index_place(find(&index, 1)), 41);
    static const uint64_t others[] = { 4, 5, 6, 7 };
    for (unsigned i = 0; i < 4; i++)
        index_share(find(&index, others[i]), 50 + i);
    assert_int_equal(add(&index, OBJECT_LEAD6, 8).shared, 42);
    assert_int_equal(index.evicted, 2); /* shared objects are counted by their table */
    index_free(&index);
}

static void a_single_knows_its_kind_its_holder_and_how_often_it_was_shown(void **state)
{
    (void)state;
    struct object_index index;
    assert_ok(index_new(1 << 12, &index));
    add(&index, OBJECT_SHAPE, 5);
    struct index_entry entry = find(&index, 5);
    assert_non_null(entry.set);
    if (!entry.set)
        return; /* for the analyser, which does not know that the line above ends the test */
    assert_int_equal(index_kind(entry), OBJECT_SHAPE);
    assert_int_equal(index_holder(entry), 1);
    for (unsigned i = 1; i <= 1000; i++) {
        assert_int_equal(index_sightings(entry), i < INDEX_SIGHTINGS_MAX ? i : INDEX_SIGHTINGS_MAX);
        index_touch(entry, 2);
    }
    assert_int_equal(index_holder(entry), 2);
    assert_false(index_is_shared(entry));
    index_share(entry, 0);
    assert_true(index_is_shared(entry));
    assert_int_equal(index_place(entry), 0);
    index_remove(&index, index_key(&index, 5));
    assert_null(find(&index, 5).set);
    assert_int_equal(index.ways.n, 0);
    index_free(&index);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_of_the_least_durable_kind_makes_room),
        cmocka_unit_test(what_was_shown_again_outlives_what_was_not_and_shared_objects_outlive_both),
        cmocka_unit_test(a_single_knows_its_kind_its_holder_and_how_often_it_was_shown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
