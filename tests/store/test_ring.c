#define _GNU_SOURCE /* MAP_ANONYMOUS */
#include "store/ring.h"

#include "support/random.h"
#include "support/test.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { KEY = 7, BYTES = RING_BYTES_MIN };

static char folder[64], path[96];

static int setup(void **state)
{
    (void)state;
    snprintf(
        folder, sizeof folder, "%s/stillwatch-ring-XXXXXX", getenv("TMPDIR") ? getenv("TMPDIR") : P_tmpdir);
    if (!mkdtemp(folder))
        return -1;
    snprintf(path, sizeof path, "%s/w.ring", folder);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    char aside[112];
    snprintf(aside, sizeof aside, "%s.corrupt", path);
    unlink(aside);
    unlink(path);
    return rmdir(folder);
}

static struct ring *producer(void)
{
    struct ring *ring;
    struct diag diag = { 0 };
    assert_ok(ring_open(path, BYTES, KEY, &ring, &diag));
    return ring;
}

static struct ring *consumer(void)
{
    struct ring *ring;
    struct diag diag = { 0 };
    assert_ok(ring_attach(path, KEY, &ring, &diag));
    return ring;
}

/* Entry i: its number, and bytes that follow from it, 8 to 607 of them. */
static struct span entry(uint64_t i, char bytes[static 608])
{
    struct test_random random = { i };
    size_t n = 8 + test_random_below(&random, 600);
    memcpy(bytes, &i, 8);
    for (size_t at = 8; at < n; at++)
        bytes[at] = (char)test_random_u64(&random);
    return (struct span){ bytes, n };
}

static bool append(struct ring *ring, uint64_t i)
{
    char bytes[608];
    return ring_append(ring, entry(i, bytes));
}

/* Fails unless items are entry i. */
static void assert_entry(struct span items, uint64_t i)
{
    char bytes[608];
    struct span want = entry(i, bytes);
    assert_int_equal(items.n, want.n);
    assert_memory_equal(items.data, want.data, want.n);
}

static void entries_come_out_as_they_went_in_over_many_laps(void **state)
{
    (void)state;
    struct ring *in = producer(), *out = consumer();
    struct span items;
    uint64_t at = ring_resume(out, NULL), next;
    struct test_random random = { 11 };
    uint64_t written = 0, read = 0;
    while (read < 5000) {
        for (uint64_t n = test_random_below(&random, 60); n > 0 && append(in, written); n--)
            written++;
        for (uint64_t n = test_random_below(&random, 60); n > 0 && read < written; n--, at = next) {
            assert_ok(ring_read(out, at, &items, &next));
            assert_entry(items, read++);
        }
        ring_release(out, at);
        if (read == written)
            assert_int_equal(ring_read(out, at, &items, &next), STATUS_END);
    }
    struct ring_stats stats;
    ring_stats(out, &stats);
    assert_int_equal(stats.written, written);
    assert_true(stats.head > 10 * stats.capacity);
    ring_detach(out);
    ring_close(in);
}

static void a_full_ring_drops_and_counts_and_goes_on_when_there_is_room(void **state)
{
    (void)state;
    struct ring *in = producer(), *out = consumer();
    struct ring_stats stats;
    struct span items;
    uint64_t at = 0, next, n = 0;
    while (append(in, n))
        n++;
    ring_stats(in, &stats);
    assert_int_equal(stats.written, n);
    assert_int_equal(stats.dropped, 1);
    assert_true(stats.head <= stats.capacity && stats.head + 616 > stats.capacity);
    assert_false(append(in, n));
    for (int i = 0; i < 3; i++, at = next) {
        assert_ok(ring_read(out, at, &items, &next));
        assert_entry(items, (uint64_t)i);
    }
    ring_release(out, at);
    assert_true(append(in, n) || append(in, n + 1));
    ring_stats(in, &stats);
    assert_true(stats.dropped >= 2);
    for (uint64_t i = 3; i < n; i++, at = next) {
        assert_ok(ring_read(out, at, &items, &next));
        assert_entry(items, i);
    }
    ring_detach(out);
    ring_close(in);
}

static void asking_whether_there_is_room_tells_what_an_append_would_do_and_counts_nothing(void **state)
{
    (void)state;
    struct ring *in = producer();
    struct ring_stats stats;
    char bytes[608];
    uint64_t n = 0;
    for (; ring_has_room(in, entry(n, bytes).n); n++)
        assert_true(append(in, n));
    ring_stats(in, &stats);
    assert_int_equal(stats.written, n);
    assert_int_equal(stats.dropped, 0);
    assert_false(append(in, n));
    ring_close(in);
}

static void what_is_no_entry_is_dropped(void **state)
{
    (void)state;
    static char large[RING_ENTRY_MAX + 1];
    struct ring *in = producer();
    struct ring_stats stats;
    assert_false(ring_append(in, (struct span){ 0 }));
    assert_false(ring_append(in, (struct span){ large, RING_ENTRY_MAX + 1 }));
    assert_true(ring_append(in, (struct span){ large, RING_ENTRY_MAX }));
    ring_stats(in, &stats);
    assert_int_equal(stats.dropped, 2);
    assert_int_equal(stats.written, 1);
    ring_close(in);
}

static void a_ring_that_is_held_is_refused(void **state)
{
    (void)state;
    struct ring *first = producer(), *second;
    struct diag diag = { 0 };
    assert_int_equal(ring_open(path, BYTES, KEY, &second, &diag), STATUS_IO);
    assert_int_equal(errno, EWOULDBLOCK);
    assert_string_equal(diag.reason, "another process holds it");
    ring_close(first);
    ring_close(producer());
}

static void another_secret_is_refused_at_both_ends(void **state)
{
    (void)state;
    struct ring *ring;
    struct diag diag = { 0 };
    ring_close(producer());
    assert_int_equal(ring_open(path, BYTES, KEY + 1, &ring, &diag), STATUS_MISMATCH);
    assert_string_equal(diag.reason, "made under another secret");
    assert_int_equal(ring_attach(path, KEY + 1, &ring, &diag), STATUS_MISMATCH);
    ring_close(producer());
}

static void unread_entries_of_a_dead_worker_stay_and_the_next_goes_on_behind_them(void **state)
{
    (void)state;
    struct span items;
    uint64_t at = 0, next, n = 0;
    for (int worker = 0; worker < 3; worker++) {
        struct ring *in = producer();
        for (int i = 0; i < 20; i++)
            assert_true(append(in, n++));
        ring_close(in);
    }
    struct ring *out = consumer();
    for (uint64_t i = 0; i < n; i++, at = next) {
        assert_ok(ring_read(out, at, &items, &next));
        assert_entry(items, i);
    }
    assert_int_equal(ring_read(out, at, &items, &next), STATUS_END);
    ring_detach(out);
}

static void overwrite(size_t offset, const void *bytes, size_t n)
{
    int fd = open(path, O_RDWR);
    assert_int_equal(pwrite(fd, bytes, n, (off_t)offset), n);
    close(fd);
}

static void a_damaged_head_is_moved_aside_and_a_new_ring_made(void **state)
{
    (void)state;
    /* Magic, version, secret, capacity, birth; the tail beyond the head. */
    static const size_t offsets[] = { 0, 8, 16, 24, 32, 128 };
    for (size_t i = 0; i < sizeof offsets / sizeof *offsets; i++) {
        struct ring *in = producer(), *out;
        struct stat info;
        struct diag diag = { 0 };
        char aside[112];
        assert_true(append(in, 0));
        ring_close(in);
        overwrite(offsets[i], "\377\377\377\377\377\377\377\377", 8);
        assert_int_equal(ring_attach(path, KEY, &out, &diag), STATUS_BAD);
        in = producer();
        snprintf(aside, sizeof aside, "%s.corrupt", path);
        assert_int_equal(stat(aside, &info), 0);
        struct ring_stats stats;
        ring_stats(in, &stats);
        assert_int_equal(stats.head, 0);
        ring_close(in);
        unlink(path);
        unlink(aside);
    }
}

static void a_file_cut_short_is_moved_aside(void **state)
{
    (void)state;
    ring_close(producer());
    assert_int_equal(truncate(path, RING_HEAD_BYTES + 4096), 0);
    struct ring *out;
    struct diag diag = { 0 };
    assert_int_equal(ring_attach(path, KEY, &out, &diag), STATUS_BAD);
    struct ring *in = producer();
    assert_true(append(in, 0));
    ring_close(in);
}

static void a_file_whose_maker_was_killed_is_made_anew(void **state)
{
    (void)state;
    struct ring *out;
    struct diag diag = { 0 };
    close(open(path, O_RDWR | O_CREAT, 0600));
    assert_int_equal(ring_attach(path, KEY, &out, &diag), STATUS_NEED_MORE);
    ring_close(producer());
    ring_detach(consumer());
    assert_int_equal(truncate(path, 0), 0);
    assert_int_equal(truncate(path, RING_HEAD_BYTES + BYTES), 0);
    assert_int_equal(ring_attach(path, KEY, &out, &diag), STATUS_NEED_MORE);
    struct ring *in = producer();
    assert_true(append(in, 0));
    ring_close(in);
}

static void a_damaged_entry_is_skipped_to_the_head_and_what_follows_is_read(void **state)
{
    (void)state;
    /* Each byte of an entry's head and two of its items. */
    for (size_t byte = 0; byte < 10; byte++) {
        struct ring *in = producer(), *out = consumer();
        struct span items;
        struct ring_stats stats;
        uint64_t first = ring_resume(out, NULL), second, next;
        char was, is;
        for (uint64_t i = 0; i < 3; i++)
            assert_true(append(in, i));
        assert_ok(ring_read(out, first, &items, &second));
        size_t offset = RING_HEAD_BYTES + (second & (BYTES - 1)) + byte;
        int fd = open(path, O_RDONLY);
        assert_int_equal(pread(fd, &was, 1, (off_t)offset), 1);
        close(fd);
        is = (char)(was ^ 0x40);
        overwrite(offset, &is, 1);
        assert_int_equal(ring_read(out, second, &items, &next), STATUS_MISMATCH);
        ring_stats(out, &stats);
        assert_int_equal(next, stats.head);
        ring_release(out, next);
        assert_true(append(in, 3));
        assert_ok(ring_read(out, next, &items, &next));
        assert_entry(items, 3);
        ring_release(out, next);
        ring_detach(out);
        ring_close(in);
    }
}

static void a_place_is_found_again_and_another_files_place_is_not(void **state)
{
    (void)state;
    struct ring *in = producer(), *out = consumer();
    struct span items;
    uint64_t next;
    for (uint64_t i = 0; i < 5; i++)
        assert_true(append(in, i));
    assert_ok(ring_read(out, 0, &items, &next));
    struct ring_place place = ring_place_at(out, next);
    ring_close(in);
    in = producer();
    assert_int_equal(ring_resume(out, &place), next);
    assert_int_equal(ring_resume(out, NULL), 0);
    ring_close(in);
    unlink(path);
    assert_true(ring_replaced(out));
    ring_detach(out);
    in = producer();
    out = consumer();
    assert_int_equal(ring_resume(out, &place), 0);
    ring_detach(out);
    ring_close(in);
}

/* A file that was written back before its last entries were: what a loss of power leaves. */
static void a_file_that_went_back_is_read_from_where_its_next_worker_began(void **state)
{
    (void)state;
    static char old[RING_HEAD_BYTES + BYTES];
    struct ring *in = producer(), *out = consumer();
    struct span items;
    uint64_t at = 0, next;
    assert_true(append(in, 0));
    int fd = open(path, O_RDWR);
    assert_int_equal(read(fd, old, sizeof old), sizeof old);
    for (uint64_t i = 1; i < 20; i++)
        assert_true(append(in, i));
    for (uint64_t i = 0; i < 20; i++, at = next)
        assert_ok(ring_read(out, at, &items, &next));
    struct ring_place place = ring_place_at(out, at);
    ring_detach(out);
    ring_close(in);
    assert_int_equal(pwrite(fd, old, sizeof old, 0), sizeof old);
    close(fd);
    in = producer();
    for (uint64_t i = 20; i < 60; i++)
        assert_true(append(in, i));
    out = consumer();
    at = ring_resume(out, &place);
    for (uint64_t i = 20; i < 60; i++, at = next) {
        assert_ok(ring_read(out, at, &items, &next));
        assert_entry(items, i);
    }
    ring_detach(out);
    ring_close(in);
}

static void a_ring_is_removed_only_when_it_is_read_and_nobody_holds_it(void **state)
{
    (void)state;
    struct ring *in = producer(), *out = consumer();
    struct span items;
    uint64_t next;
    assert_true(append(in, 0));
    assert_ok(ring_read(out, 0, &items, &next));
    assert_false(ring_remove(out, next));
    ring_close(in);
    assert_false(ring_remove(out, 0));
    assert_true(ring_remove(out, next));
    assert_int_equal(access(path, F_OK), -1);
    ring_detach(out);
}

static void another_size_is_taken_once_everything_was_read(void **state)
{
    (void)state;
    struct ring *in = producer(), *out = consumer();
    struct ring_stats stats;
    struct span items;
    struct diag diag = { 0 };
    uint64_t next;
    assert_true(append(in, 0));
    ring_close(in);
    assert_ok(ring_open(path, 4 * BYTES, KEY, &in, &diag));
    ring_stats(in, &stats);
    assert_int_equal(stats.capacity, BYTES);
    ring_close(in);
    assert_ok(ring_read(out, 0, &items, &next));
    ring_release(out, next);
    assert_ok(ring_open(path, 4 * BYTES - 1, KEY, &in, &diag));
    ring_stats(in, &stats);
    assert_int_equal(stats.capacity, 4 * BYTES);
    assert_true(ring_replaced(out));
    ring_detach(out);
    ring_close(in);
}

/* Appends until it is killed; *acknowledged counts what append took. */
static void write_on(_Atomic uint64_t *acknowledged)
{
    struct ring *in;
    struct diag diag;
    if (ring_open(path, BYTES, KEY, &in, &diag) != STATUS_OK)
        _exit(1);
    for (uint64_t i = *acknowledged;;)
        if (append(in, i))
            *acknowledged = ++i;
}

/*
 * The parent reads while it waits, so that kills meet every state of the ring. A worker that is killed between append
 * and its own count leaves an entry more than it knows of; its successor begins at that count, so the number comes twice.
 */
static void a_killed_worker_loses_nothing_and_tears_nothing(void **state)
{
    (void)state;
    enum { ROUNDS = 300 };
    _Atomic uint64_t *acknowledged =
        mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    struct test_random random = { 2026 };
    struct span items;
    uint64_t at = 0, next = 0, expected = 0, uncounted = 0, laps = 0;
    ring_close(producer());
    struct ring *out = consumer();
    for (unsigned round = 0; round < ROUNDS; round++) {
        pid_t child = fork();
        if (child == 0)
            write_on(acknowledged);
        useconds_t wait = (useconds_t)test_random_below(&random, 3000);
        usleep(wait / 2);
        enum status st = STATUS_OK;
        for (int pass = 0; pass < 2; pass++) {
            while ((st = ring_read(out, at, &items, &next)) == STATUS_OK) {
                assert_entry(items, expected++);
                at = next;
                if (pass == 0 && test_random_below(&random, 64) == 0)
                    ring_release(out, at);
                if (pass == 0 && test_random_below(&random, 200) == 0)
                    break;
            }
            if (pass == 0) {
                usleep(wait / 2);
                kill(child, SIGKILL);
                waitpid(child, NULL, 0);
            }
        }
        assert_int_equal(st, STATUS_END);
        assert_true(expected == *acknowledged || expected == *acknowledged + 1);
        uncounted += expected != *acknowledged;
        *acknowledged = expected;
        ring_release(out, at);
    }
    struct ring_stats stats;
    ring_stats(out, &stats);
    laps = stats.head / stats.capacity;
    print_message("%llu entries, %llu laps, %llu killed between append and count\n",
        (unsigned long long)expected, (unsigned long long)laps, (unsigned long long)uncounted);
    assert_true(laps > 10);
    ring_detach(out);
    munmap(acknowledged, 4096);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(entries_come_out_as_they_went_in_over_many_laps, setup, teardown),
        cmocka_unit_test_setup_teardown(
            a_full_ring_drops_and_counts_and_goes_on_when_there_is_room, setup, teardown),
        cmocka_unit_test_setup_teardown(
            asking_whether_there_is_room_tells_what_an_append_would_do_and_counts_nothing, setup, teardown),
        cmocka_unit_test_setup_teardown(what_is_no_entry_is_dropped, setup, teardown),
        cmocka_unit_test_setup_teardown(a_ring_that_is_held_is_refused, setup, teardown),
        cmocka_unit_test_setup_teardown(another_secret_is_refused_at_both_ends, setup, teardown),
        cmocka_unit_test_setup_teardown(
            unread_entries_of_a_dead_worker_stay_and_the_next_goes_on_behind_them, setup, teardown),
        cmocka_unit_test_setup_teardown(a_damaged_head_is_moved_aside_and_a_new_ring_made, setup, teardown),
        cmocka_unit_test_setup_teardown(a_file_cut_short_is_moved_aside, setup, teardown),
        cmocka_unit_test_setup_teardown(a_file_whose_maker_was_killed_is_made_anew, setup, teardown),
        cmocka_unit_test_setup_teardown(
            a_damaged_entry_is_skipped_to_the_head_and_what_follows_is_read, setup, teardown),
        cmocka_unit_test_setup_teardown(
            a_place_is_found_again_and_another_files_place_is_not, setup, teardown),
        cmocka_unit_test_setup_teardown(
            a_file_that_went_back_is_read_from_where_its_next_worker_began, setup, teardown),
        cmocka_unit_test_setup_teardown(
            a_ring_is_removed_only_when_it_is_read_and_nobody_holds_it, setup, teardown),
        cmocka_unit_test_setup_teardown(another_size_is_taken_once_everything_was_read, setup, teardown),
        cmocka_unit_test_setup_teardown(a_killed_worker_loses_nothing_and_tears_nothing, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
