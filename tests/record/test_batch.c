#include "support/alloc_sweep.h"
#include "support/test.h"

#include "record/batch.h"

#include <stdio.h>

static enum status add(struct record_batch *batch, int64_t time_ms)
{
    struct record *record;
    enum status st = record_batch_next(batch, &record);
    if (st != STATUS_OK)
        return st;
    record->time_ms = time_ms;
    record_batch_commit(batch);
    return st;
}

static void records_count_once_they_are_committed(void **state)
{
    (void)state;
    struct record_batch *batch;
    struct record *record;
    assert_ok(record_batch_new(&batch));
    assert_ok(record_batch_next(batch, &record));
    record->time_ms = 5;
    assert_int_equal(batch->n, 0);
    assert_ok(record_batch_next(batch, &record));
    assert_int_equal(record->time_ms, 0);
    record_batch_commit(batch);
    assert_int_equal(batch->n, 1);
    record_batch_free(batch);
}

static void names_are_kept_in_order_and_mostly_once(void **state)
{
    (void)state;
    struct record_batch *batch;
    char name[32];
    assert_ok(record_batch_new(&batch));
    for (uint64_t i = 1; i <= 300; i++)
        for (unsigned repeat = 0; repeat < 3; repeat++) {
            snprintf(name, sizeof name, "acct_%u", (unsigned)i);
            assert_ok(record_batch_name(batch, i, span_of(name)));
        }
    assert_int_equal(batch->n_names, 300);
    assert_true(span_is(record_batch_name_at(batch, 0), "acct_1"));
    assert_true(span_is(record_batch_name_at(batch, 299), "acct_300"));
    record_batch_reset(batch);
    assert_int_equal(batch->n_names, 0);
    assert_ok(record_batch_name(batch, 300, SPAN("acct_300")));
    assert_int_equal(batch->n_names, 1);
    record_batch_free(batch);
}

static void names_that_cannot_be_are_refused(void **state)
{
    (void)state;
    struct record_batch *batch;
    char name[ACCOUNT_NAME_MAX + 1];
    memset(name, 'a', sizeof name);
    assert_ok(record_batch_new(&batch));
    assert_int_equal(record_batch_name(batch, 1, (struct span){ name, sizeof name }), STATUS_BAD);
    assert_int_equal(record_batch_name(batch, 1, SPAN("")), STATUS_BAD);
    assert_ok(record_batch_name(batch, 1, (struct span){ name, ACCOUNT_NAME_MAX }));
    assert_int_equal(batch->n_names, 1);
    record_batch_free(batch);
}

static void a_full_batch_says_so(void **state)
{
    (void)state;
    struct record_batch *batch;
    assert_ok(record_batch_new(&batch));
    for (int64_t i = 0; i < BATCH_RECORDS_MAX; i++)
        assert_ok(add(batch, i));
    assert_int_equal(add(batch, 0), STATUS_FULL);
    assert_int_equal(batch->records[BATCH_RECORDS_MAX - 1].time_ms, BATCH_RECORDS_MAX - 1);
    record_batch_free(batch);
}

static enum status fill(struct record_batch *batch)
{
    enum status st = STATUS_OK;
    for (int64_t i = 0; st == STATUS_OK && i < 600; i++)
        st = add(batch, i);
    for (uint64_t i = 1; st == STATUS_OK && i <= 600; i++)
        st = record_batch_name(batch, i, SPAN("a name of some length"));
    return st;
}

static void every_failed_allocation_leaves_a_good_batch(void **state)
{
    (void)state;
    for (long n = 0;; n++) {
        struct record_batch *batch = NULL;
        alloc_sweep_arm(n);
        enum status st = record_batch_new(&batch);
        if (st == STATUS_OK)
            st = fill(batch);
        bool done = !alloc_sweep_disarm();
        assert_int_equal(st, done ? STATUS_OK : STATUS_NOMEM);
        for (size_t i = 0; batch && i < batch->n; i++)
            assert_int_equal(batch->records[i].time_ms, i);
        record_batch_free(batch);
        if (done)
            break;
    }
    record_batch_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(records_count_once_they_are_committed),
        cmocka_unit_test(names_are_kept_in_order_and_mostly_once),
        cmocka_unit_test(names_that_cannot_be_are_refused),
        cmocka_unit_test(a_full_batch_says_so),
        cmocka_unit_test(every_failed_allocation_leaves_a_good_batch),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
