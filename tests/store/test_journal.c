#include "store/journal.h"

#include "support/random.h"
#include "support/test.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#define DAY INT64_C(86400000)

enum { KEY = 7, SEGMENTS = 8 };

static char top[64], folder[80];

static int setup(void **state)
{
    (void)state;
    snprintf(top, sizeof top, "%s/stillwatch-journal-XXXXXX", getenv("TMPDIR") ? getenv("TMPDIR") : P_tmpdir);
    if (!mkdtemp(top))
        return -1;
    snprintf(folder, sizeof folder, "%s/journal", top);
    return 0;
}

static void path_of(unsigned segment, char ret_path[static 128])
{
    snprintf(ret_path, 128, "%s/%08u.journal", folder, segment);
}

static int teardown(void **state)
{
    (void)state;
    char path[128];
    for (unsigned i = 1; i < SEGMENTS; i++) {
        path_of(i, path);
        unlink(path);
    }
    rmdir(folder);
    return rmdir(top);
}

static struct journal *open_at(struct journal_place place, int64_t now_ms)
{
    struct journal *journal;
    struct diag diag = { 0 };
    assert_ok(journal_open(folder, KEY, place, now_ms, &journal, &diag));
    return journal;
}

/* Block i: bytes that follow from i. */
static struct journal_block block(uint32_t i, char bytes[static 300])
{
    struct test_random random = { i };
    size_t n = test_random_below(&random, 300);
    for (size_t at = 0; at < n; at++)
        bytes[at] = (char)test_random_u64(&random);
    return (struct journal_block){ i % 5 ? JOURNAL_ITEMS : JOURNAL_POLICY, i, { bytes, n } };
}

static void append(struct journal *journal, uint32_t from, uint32_t n)
{
    char bytes[300];
    for (uint32_t i = from; i < from + n; i++) {
        struct journal_block b = block(i, bytes);
        assert_ok(journal_append(journal, &b));
    }
}

/* Blocks from..from+n-1 and nothing else come out. */
static void assert_holds(struct journal_place end, uint32_t from, uint32_t n)
{
    struct journal_reader *reader;
    struct journal_block got;
    struct diag diag = { 0 };
    char bytes[300];
    assert_ok(journal_reader_open(folder, KEY, end, &reader, &diag));
    for (uint32_t i = from; i < from + n; i++) {
        struct journal_block want = block(i, bytes);
        assert_ok(journal_reader_next(reader, &got, &diag));
        assert_int_equal(got.kind, want.kind);
        assert_int_equal(got.count, i);
        assert_int_equal(got.payload.n, want.payload.n);
        assert_memory_equal(got.payload.data, want.payload.data, want.payload.n);
    }
    assert_int_equal(journal_reader_next(reader, &got, &diag), STATUS_END);
    journal_reader_free(reader);
}

static void blocks_come_out_in_order_over_segments(void **state)
{
    (void)state;
    struct journal *journal = open_at((struct journal_place){ 0 }, 0);
    append(journal, 0, 20);
    assert_false(journal_is_due(journal, DAY - 1));
    assert_true(journal_is_due(journal, DAY));
    assert_ok(journal_turn(journal, DAY));
    assert_false(journal_is_due(journal, DAY));
    append(journal, 20, 20);
    assert_ok(journal_sync(journal));
    struct journal_place end = journal_end(journal);
    assert_int_equal(end.segment, 2);
    journal_close(journal);
    assert_holds(end, 0, 40);
}

static void a_reader_follows_a_journal_that_grows(void **state)
{
    (void)state;
    struct journal *journal = open_at((struct journal_place){ 0 }, 0);
    struct journal_reader *reader;
    struct journal_block got;
    struct diag diag = { 0 };
    assert_ok(journal_reader_open(folder, KEY, journal_end(journal), &reader, &diag));
    assert_int_equal(journal_reader_place(reader).segment, 0);
    for (uint32_t i = 0; i < 60; i++) {
        struct journal_place before = journal_reader_place(reader);
        assert_int_equal(journal_reader_next(reader, &got, &diag), STATUS_END);
        append(journal, i, 1);
        if (i % 20 == 19)
            assert_ok(journal_turn(journal, 0));
        journal_reader_extend(reader, journal_end(journal));
        assert_ok(journal_reader_next(reader, &got, &diag));
        assert_int_equal(got.count, i);
        assert_true(journal_is_before(before, journal_reader_place(reader)));
    }
    journal_reader_free(reader);
    journal_close(journal);
}

static void what_lies_behind_the_committed_end_is_cut_off(void **state)
{
    (void)state;
    struct journal *journal = open_at((struct journal_place){ 0 }, 0);
    append(journal, 0, 10);
    struct journal_place end = journal_end(journal);
    append(journal, 10, 5);
    assert_ok(journal_turn(journal, DAY));
    append(journal, 15, 5);
    journal_close(journal);
    journal = open_at(end, 2 * DAY);
    unsigned segments;
    assert_int_equal(journal_bytes(journal, &segments), end.offset);
    assert_int_equal(segments, 1);
    append(journal, 10, 30);
    end = journal_end(journal);
    journal_close(journal);
    assert_holds(end, 0, 40);
}

static void a_journal_that_the_table_does_not_know_is_kept(void **state)
{
    (void)state;
    struct journal *journal = open_at((struct journal_place){ 0 }, 0);
    journal_close(journal);
    journal = open_at((struct journal_place){ 0 }, 0); /* the first segment's maker was killed */
    append(journal, 0, 3);
    struct journal_place end = journal_end(journal);
    journal_close(journal);
    struct diag diag = { 0 };
    assert_int_equal(
        journal_open(folder, KEY, (struct journal_place){ 0 }, 0, &journal, &diag), STATUS_MISMATCH);
    assert_non_null(strstr(diag.reason, "does not know"));
    assert_holds(end, 0, 3);
}

static void another_secret_is_refused(void **state)
{
    (void)state;
    struct journal *journal = open_at((struct journal_place){ 0 }, 0);
    append(journal, 0, 3);
    struct journal_place end = journal_end(journal);
    journal_close(journal);
    struct journal_reader *reader;
    struct journal_block got;
    struct diag diag = { 0 };
    assert_int_equal(journal_open(folder, KEY + 1, end, 0, &journal, &diag), STATUS_MISMATCH);
    assert_ok(journal_reader_open(folder, KEY + 1, end, &reader, &diag));
    assert_int_equal(journal_reader_next(reader, &got, &diag), STATUS_MISMATCH);
    journal_reader_free(reader);
    assert_holds(end, 0, 3);
}

static enum status read_all(struct journal_place end)
{
    struct journal_reader *reader;
    struct journal_block got;
    struct diag diag = { 0 };
    enum status st = journal_reader_open(folder, KEY, end, &reader, &diag);
    if (st != STATUS_OK)
        return st;
    while ((st = journal_reader_next(reader, &got, &diag)) == STATUS_OK)
        ;
    journal_reader_free(reader);
    return st == STATUS_END ? STATUS_OK : st;
}

static void every_damaged_byte_is_noticed(void **state)
{
    (void)state;
    char path[128], was, is;
    struct journal *journal = open_at((struct journal_place){ 0 }, 0);
    append(journal, 0, 4);
    struct journal_place end = journal_end(journal);
    journal_close(journal);
    path_of(1, path);
    assert_ok(read_all(end));
    int fd = open(path, O_RDWR);
    for (off_t at = 0; at < (off_t)end.offset; at++) {
        assert_int_equal(pread(fd, &was, 1, at), 1);
        is = (char)(was ^ 1);
        assert_int_equal(pwrite(fd, &is, 1, at), 1);
        if (read_all(end) == STATUS_OK)
            fail_msg("byte %d", (int)at);
        assert_int_equal(pwrite(fd, &was, 1, at), 1);
    }
    assert_int_equal(ftruncate(fd, (off_t)end.offset - 1), 0);
    close(fd);
    struct diag diag = { 0 };
    assert_int_equal(read_all(end), STATUS_BAD);
    assert_int_equal(journal_open(folder, KEY, end, 0, &journal, &diag), STATUS_BAD);
    unlink(path);
    assert_int_equal(read_all(end), STATUS_BAD);
    assert_int_equal(journal_open(folder, KEY, end, 0, &journal, &diag), STATUS_BAD);
}

static void a_segment_goes_when_all_in_it_is_old(void **state)
{
    (void)state;
    struct journal *journal = open_at((struct journal_place){ 0 }, 0);
    unsigned segments;
    for (uint32_t i = 1; i < 5; i++) {
        append(journal, 10 * (i - 1), 10);
        assert_ok(journal_turn(journal, i * DAY));
    }
    append(journal, 40, 10);
    assert_int_equal(journal_drop_before(journal, DAY), 0); /* the first segment has a block of that time */
    assert_int_equal(journal_drop_before(journal, 2 * DAY + 1), 2);
    uint64_t bytes = journal_bytes(journal, &segments), found = 0;
    assert_int_equal(segments, 3);
    for (unsigned i = 3; i <= 5; i++) {
        char path[128];
        struct stat info;
        path_of(i, path);
        assert_int_equal(stat(path, &info), 0);
        found += (uint64_t)info.st_size;
    }
    assert_int_equal(bytes, found);
    struct journal_place end = journal_end(journal);
    assert_int_equal(journal_drop_before(journal, 1000 * DAY), 2);
    assert_int_equal(journal_drop_before(journal, 1000 * DAY), 0);
    journal_close(journal);
    assert_holds(end, 40, 10);
    journal_close(open_at(end, 0));
}

static void a_gap_is_noticed(void **state)
{
    (void)state;
    char path[128];
    struct journal *journal = open_at((struct journal_place){ 0 }, 0);
    for (uint32_t i = 1; i < 4; i++)
        assert_ok(journal_turn(journal, i * DAY));
    struct journal_place end = journal_end(journal);
    journal_close(journal);
    path_of(2, path);
    unlink(path);
    assert_int_equal(read_all(end), STATUS_BAD);
}

static void an_early_segment_that_ends_where_a_block_ends_is_noticed(void **state)
{
    (void)state;
    char path[128];
    struct journal *journal = open_at((struct journal_place){ 0 }, 0);
    append(journal, 0, 3);
    struct journal_place early = journal_end(journal);
    append(journal, 3, 1);
    assert_ok(journal_turn(journal, DAY));
    append(journal, 4, 2);
    struct journal_place end = journal_end(journal);
    journal_close(journal);
    assert_holds(end, 0, 6);
    path_of(1, path);
    assert_int_equal(truncate(path, (off_t)early.offset), 0);
    assert_int_equal(read_all(end), STATUS_BAD);
}

static void a_segment_under_another_name_is_noticed(void **state)
{
    (void)state;
    char first[128], second[128], aside[128];
    struct journal *journal = open_at((struct journal_place){ 0 }, 0);
    for (int i = 0; i < 3; i++)
        assert_ok(journal_turn(journal, DAY)); /* empty ones, which differ in nothing else */
    struct journal_place end = journal_end(journal);
    journal_close(journal);
    path_of(2, first);
    path_of(3, second);
    path_of(7, aside);
    assert_ok(read_all(end));
    assert_int_equal(rename(first, aside) | rename(second, first) | rename(aside, second), 0);
    assert_int_equal(read_all(end), STATUS_BAD);
}

/* The disk takes `room` bytes more. */
static void fail_to_append(struct journal *journal, size_t room)
{
    struct rlimit before, limit;
    char bytes[400] = { 0 };
    struct journal_block b = { JOURNAL_ITEMS, 0, { bytes, sizeof bytes } };
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    limit = (struct rlimit){ journal_end(journal).offset + room, before.rlim_max };
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
    assert_int_equal(journal_append(journal, &b), STATUS_IO);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
}

static void what_a_full_disk_left_is_no_part_of_a_segment(void **state)
{
    (void)state;
    struct journal *journal = open_at((struct journal_place){ 0 }, 0);
    append(journal, 0, 3);
    fail_to_append(journal, 350);
    assert_ok(journal_turn(journal, DAY));
    append(journal, 3, 3);
    struct journal_place end = journal_end(journal);
    journal_close(journal);
    assert_holds(end, 0, 6);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(blocks_come_out_in_order_over_segments, setup, teardown),
        cmocka_unit_test_setup_teardown(a_reader_follows_a_journal_that_grows, setup, teardown),
        cmocka_unit_test_setup_teardown(what_lies_behind_the_committed_end_is_cut_off, setup, teardown),
        cmocka_unit_test_setup_teardown(a_journal_that_the_table_does_not_know_is_kept, setup, teardown),
        cmocka_unit_test_setup_teardown(another_secret_is_refused, setup, teardown),
        cmocka_unit_test_setup_teardown(every_damaged_byte_is_noticed, setup, teardown),
        cmocka_unit_test_setup_teardown(a_segment_goes_when_all_in_it_is_old, setup, teardown),
        cmocka_unit_test_setup_teardown(a_gap_is_noticed, setup, teardown),
        cmocka_unit_test_setup_teardown(
            an_early_segment_that_ends_where_a_block_ends_is_noticed, setup, teardown),
        cmocka_unit_test_setup_teardown(a_segment_under_another_name_is_noticed, setup, teardown),
        cmocka_unit_test_setup_teardown(what_a_full_disk_left_is_no_part_of_a_segment, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
