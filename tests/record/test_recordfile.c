#include "support/alloc_sweep.h"
#include "support/test.h"

#include "base/file.h"
#include "record/codec.h"
#include "record/random_record.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static char folder[] = "/tmp/test_recordfile_XXXXXX";
static char path[64];
static struct key key;

static int start(void **state)
{
    (void)state;
    key_init(&key, key_default_secret);
    if (!mkdtemp(folder))
        return -1;
    snprintf(path, sizeof path, "%s/records", folder);
    return 0;
}

static int stop(void **state)
{
    (void)state;
    unlink(path);
    return rmdir(folder);
}

static struct record_batch *make_batch(uint64_t seed, size_t n)
{
    struct test_random random = { seed };
    struct record_batch *batch;
    char name[32];
    assert_ok(record_batch_new(&batch));
    for (size_t i = 0; i < n; i++) {
        struct record *record;
        assert_ok(record_batch_next(batch, &record));
        *record = random_record(&random);
        snprintf(name, sizeof name, "acct_%u", (unsigned)i % 50);
        record->account = 1 + i % 50;
        assert_ok(record_batch_name(batch, record->account, span_of(name)));
        record_batch_commit(batch);
    }
    return batch;
}

static enum status save(const struct record_batch *batch, unsigned times)
{
    struct record_writer *writer;
    enum status st = record_writer_open(path, &key, &writer);
    for (unsigned i = 0; st == STATUS_OK && i < times; i++) {
        st = record_writer_batch(writer, batch);
        if (st != STATUS_OK)
            record_writer_abort(writer);
    }
    return st == STATUS_OK ? record_writer_close(writer) : st;
}

/* Without the sync of file_write, which would take most of the time here. */
static void put_file(const char *bytes, size_t n)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, n, file), n);
    assert_int_equal(fclose(file), 0);
}

/* Reads what can be read; returns the status that ended it and the number of records before. */
static enum status load(const struct record_batch *expected, size_t *ret_n, struct diag *diag)
{
    struct record_reader *reader;
    struct record_batch *batch;
    *ret_n = 0;
    enum status st = record_reader_open(path, &key, &reader, diag);
    if (st != STATUS_OK)
        return st;
    st = record_batch_new(&batch);
    if (st != STATUS_OK) {
        record_reader_free(reader);
        return st;
    }
    while ((st = record_reader_next(reader, batch, diag)) == STATUS_OK) {
        for (size_t i = 0; expected && i < batch->n; i++)
            assert_memory_equal(
                &batch->records[i], &expected->records[(*ret_n + i) % expected->n], sizeof *batch->records);
        *ret_n += batch->n;
        record_batch_reset(batch);
    }
    record_batch_free(batch);
    record_reader_free(reader);
    return st;
}

static void what_is_saved_is_loaded(void **state)
{
    (void)state;
    size_t n;
    struct record_batch *batch = make_batch(5, 3000);
    assert_ok(save(batch, 9));
    assert_true(record_file_probe(path));
    assert_int_equal(load(batch, &n, NULL), STATUS_END);
    assert_int_equal(n, 9 * 3000);
    record_batch_free(batch);
}

static void names_come_back_with_their_accounts(void **state)
{
    (void)state;
    struct record_batch *batch = make_batch(6, 200), *back;
    struct record_reader *reader;
    assert_ok(save(batch, 1));
    assert_ok(record_reader_open(path, &key, &reader, NULL));
    assert_ok(record_batch_new(&back));
    assert_ok(record_reader_next(reader, back, NULL));
    assert_int_equal(back->n_names, 50);
    for (size_t i = 0; i < 50; i++) {
        assert_int_equal(back->names[i].account, batch->names[i].account);
        assert_true(span_eq(record_batch_name_at(back, i), record_batch_name_at(batch, i)));
    }
    record_batch_free(back);
    record_batch_free(batch);
    record_reader_free(reader);
}

/* The same bytes as by record_writer_batch, whichever number of items comes at once; items that are cut are refused. */
static void items_encoded_elsewhere_make_the_same_file(void **state)
{
    (void)state;
    struct record_writer *writer;
    struct record_batch *batch = make_batch(8, 3000);
    uint8_t *items = malloc((batch->n + batch->n_names) * RECORD_ITEM_MAX);
    struct span want, got;
    size_t n = 0;
    assert_non_null(items);
    for (size_t i = 0; i < batch->n_names; i++)
        n += record_encode_name(batch->names[i].account, record_batch_name_at(batch, i), items + n);
    size_t names = n;
    for (size_t i = 0; i < batch->n; i++)
        n += record_encode(&batch->records[i], items + n, RECORD_ITEM_MAX);
    assert_ok(save(batch, 4));
    assert_ok(file_read(path, 1 << 30, &want));
    assert_ok(record_writer_open(path, &key, &writer));
    for (int i = 0; i < 4; i++) {
        assert_ok(record_writer_items(writer, (struct span){ (char *)items, names }));
        assert_ok(record_writer_items(writer, (struct span){ (char *)items + names, n - names }));
    }
    assert_int_equal(record_writer_items(writer, (struct span){ (char *)items, 2 }), STATUS_BAD);
    assert_int_equal(record_writer_items(writer, (struct span){ (char *)items, names - 1 }), STATUS_BAD);
    record_writer_abort(writer);
    assert_ok(record_writer_open(path, &key, &writer));
    for (int i = 0; i < 4; i++)
        assert_ok(record_writer_items(writer, (struct span){ (char *)items, n }));
    assert_ok(record_writer_close(writer));
    assert_ok(file_read(path, 1 << 30, &got));
    assert_int_equal(got.n, want.n);
    assert_memory_equal(got.data, want.data, got.n);
    free((void *)(uintptr_t)got.data);
    free((void *)(uintptr_t)want.data);
    free(items);
    record_batch_free(batch);
}

static void another_key_or_another_file_is_a_mismatch(void **state)
{
    (void)state;
    struct record_batch *batch = make_batch(7, 10);
    struct record_reader *reader;
    struct diag diag = { 0 };
    struct key other;
    key_init(&other, (const uint8_t[32]){ 1 });
    assert_ok(save(batch, 1));
    assert_int_equal(record_reader_open(path, &other, &reader, &diag), STATUS_MISMATCH);
    assert_string_equal(diag.reason, "written under another key");
    assert_ok(file_write(path, SPAN("{\"event\":\"release\"}\n and more than thirty-two bytes")));
    assert_int_equal(record_reader_open(path, &key, &reader, &diag), STATUS_MISMATCH);
    assert_false(record_file_probe(path));
    assert_false(record_file_probe("/nonexistent"));
    assert_int_equal(record_reader_open("/nonexistent", &key, &reader, &diag), STATUS_IO);
    record_batch_free(batch);
}

static void every_flipped_byte_is_noticed(void **state)
{
    (void)state;
    struct record_batch *batch = make_batch(8, 4);
    struct span whole;
    size_t n;
    assert_ok(save(batch, 1));
    assert_ok(file_read(path, 1 << 20, &whole));
    for (size_t i = 0; i < whole.n; i++) {
        struct diag diag = { 0 };
        ((char *)whole.data)[i] ^= (char)(1 << i % 8);
        put_file(whole.data, whole.n);
        enum status st = load(NULL, &n, &diag);
        assert_true(st == STATUS_MISMATCH || st == STATUS_NEED_MORE || st == STATUS_BAD);
        assert_true(diag.reason[0] != 0 && diag.offset <= whole.n);
        ((char *)whole.data)[i] ^= (char)(1 << i % 8);
    }
    free((char *)whole.data);
    record_batch_free(batch);
}

static void a_file_cut_anywhere_loses_nothing_before_the_cut(void **state)
{
    (void)state;
    struct record_batch *batch = make_batch(9, 30);
    struct span whole;
    size_t n, blocks[4] = { 0 };
    assert_ok(save(batch, 1));
    assert_ok(file_read(path, 1 << 20, &whole));
    size_t one = whole.n - 32 - 16;
    /* Three blocks of the same batch, made by hand from the one block written. */
    char *three = malloc(32 + 3 * one + 16);
    assert_non_null(three);
    memcpy(three, whole.data, 32);
    for (size_t i = 0; i < 3; i++) {
        memcpy(three + 32 + i * one, whole.data + 32, one);
        blocks[i + 1] = 32 + (i + 1) * one;
    }
    memcpy(three + 32 + 3 * one, whole.data + 32 + one, 16);
    for (size_t cut = 0; cut <= 32 + 3 * one + 16; cut += cut % 7 == 0 ? 1 : 6) {
        put_file(three, cut);
        size_t complete = cut < blocks[1] ? 0 : cut < blocks[2] ? 1 : cut < blocks[3] ? 2 : 3;
        enum status st = load(batch, &n, NULL);
        assert_int_equal(st, cut == 32 + 3 * one + 16 ? STATUS_END : STATUS_NEED_MORE);
        assert_int_equal(n, 30 * complete);
    }
    free(three);
    free((char *)whole.data);
    record_batch_free(batch);
}

static void what_is_behind_the_end_mark_is_not_passed_over(void **state)
{
    (void)state;
    struct record_batch *batch = make_batch(9, 30);
    struct span whole;
    struct diag diag = { 0 };
    size_t n;
    assert_ok(save(batch, 1));
    assert_ok(file_read(path, 1 << 20, &whole));
    char *twice = malloc(2 * whole.n);
    assert_non_null(twice);
    memcpy(twice, whole.data, whole.n);
    memcpy(twice + whole.n, whole.data, whole.n);
    put_file(twice, 2 * whole.n);
    assert_int_equal(load(batch, &n, &diag), STATUS_BAD);
    assert_int_equal(n, 30);
    assert_non_null(strstr(diag.reason, "behind the end mark"));
    free(twice);
    free((char *)whole.data);
    record_batch_free(batch);
}

static void an_aborted_writer_leaves_no_file(void **state)
{
    (void)state;
    struct record_writer *writer;
    unlink(path);
    assert_ok(record_writer_open(path, &key, &writer));
    record_writer_abort(writer);
    record_writer_abort(NULL);
    assert_int_equal(access(path, F_OK), -1);
}

static void every_failed_allocation_is_reported(void **state)
{
    (void)state;
    struct record_batch *batch = make_batch(10, 20);
    for (long n = 0;; n++) {
        size_t count;
        alloc_sweep_arm(n);
        enum status st = save(batch, 1);
        if (st == STATUS_OK)
            st = load(NULL, &count, NULL);
        if (!alloc_sweep_disarm()) {
            assert_int_equal(st, STATUS_END);
            break;
        }
        assert_int_equal(st, STATUS_NOMEM);
    }
    record_batch_free(batch);
}

static void a_run_of_items_is_added_whole_or_not_at_all(void **state)
{
    (void)state;
    struct record_batch *made = make_batch(3, 20), *read;
    uint8_t *items = malloc(40 * RECORD_ITEM_MAX);
    size_t n = 0;
    int64_t time_ms;
    assert_non_null(items);
    for (size_t i = 0; i < 20; i++) {
        n += record_encode_name(made->records[i].account, record_batch_name_at(made, i), items + n);
        n += record_encode(&made->records[i], items + n, RECORD_ITEM_MAX);
    }
    struct span all = { (const char *)items, n };
    assert_ok(record_batch_new(&read));
    assert_true(record_items_time(all, &time_ms));
    assert_int_equal(time_ms, made->records[0].time_ms);
    assert_ok(record_items_decode(all, read, NULL));
    assert_int_equal(read->n, 20);
    for (size_t cut = 0; cut < n; cut += 7) {
        struct record_batch before = *read;
        struct diag diag = { 0 };
        if (record_items_decode((struct span){ all.data, cut }, read, &diag) != STATUS_OK) {
            assert_true(diag.field[0] && diag.reason[0]);
            assert_int_equal(read->n, before.n);
            assert_int_equal(read->n_names, before.n_names);
            assert_int_equal(read->name_n, before.name_n);
        }
        (void)record_items_time((struct span){ all.data, cut }, &time_ms);
    }
    assert_false(record_items_time((struct span){ 0 }, &time_ms));
    record_batch_reset(read);
    assert_ok(record_items_decode(all, read, NULL));
    assert_int_equal(read->n_names, made->n_names);
    assert_memory_equal(read->records, made->records, 20 * sizeof *read->records);
    record_batch_free(read);
    record_batch_free(made);
    free(items);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_run_of_items_is_added_whole_or_not_at_all),
        cmocka_unit_test(what_is_saved_is_loaded),
        cmocka_unit_test(names_come_back_with_their_accounts),
        cmocka_unit_test(items_encoded_elsewhere_make_the_same_file),
        cmocka_unit_test(another_key_or_another_file_is_a_mismatch),
        cmocka_unit_test(every_flipped_byte_is_noticed),
        cmocka_unit_test(a_file_cut_anywhere_loses_nothing_before_the_cut),
        cmocka_unit_test(what_is_behind_the_end_mark_is_not_passed_over),
        cmocka_unit_test(an_aborted_writer_leaves_no_file),
        cmocka_unit_test(every_failed_allocation_is_reported),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
