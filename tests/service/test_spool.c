#define _GNU_SOURCE /* nftw */
#include "service/spool.h"

#include "base/fault.h"
#include "folder.h"

#include <errno.h>
#include <fcntl.h>

enum { KEY = 5 };

static char state_folder[FOLDER_PATH], spool_folder[2 * FOLDER_PATH];
static struct service_state nothing;
static struct spool *spool;

static int set_up(void **state)
{
    (void)state;
    folder_make(state_folder);
    snprintf(spool_folder, sizeof spool_folder, "%s/spool", state_folder);
    mkdir(spool_folder, 0770);
    assert_ok(spool_new(spool_folder, KEY, &spool));
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    spool_free(spool);
    folder_remove(state_folder);
    return 0;
}

static struct ring *worker(const char *name)
{
    return folder_ring(state_folder, name, KEY);
}

static void append(struct ring *ring, int64_t time_ms)
{
    struct record record = { .time_ms = time_ms, .account = 1, .kind = RECORD_RELEASE };
    assert_true(folder_append(ring, &record));
}

static void scan(const struct service_state *saved)
{
    struct diag diag = { 0 };
    assert_ok(spool_scan(spool, saved, &diag));
}

/* The time of the entry that comes next, and it is taken; -1: none. */
static int64_t take(void)
{
    struct span items;
    int64_t time_ms = -1;
    if (spool_peek(spool, &items) != STATUS_OK)
        return -1;
    assert_true(record_items_time(items, &time_ms));
    spool_take(spool);
    return time_ms;
}

static void entries_of_all_rings_come_by_time_then_name(void **state)
{
    (void)state;
    struct ring *b = worker("b.ring"), *a = worker("a.ring");
    struct span items;
    append(a, 10);
    append(a, 30);
    append(b, 10);
    append(b, 20);
    scan(&nothing);
    assert_ok(spool_peek(spool, &items));
    assert_int_equal(take(), 10);
    struct service_state places;
    spool_keep(spool);
    spool_places(spool, &nothing, &places);
    assert_true(state_find(&places, "a.ring")->at > 0); /* of two of one time the first name */
    assert_int_equal(state_find(&places, "b.ring")->at, 0);
    assert_int_equal(take(), 10);
    assert_int_equal(take(), 20);
    assert_int_equal(take(), 30);
    assert_int_equal(take(), -1);
    ring_close(a);
    ring_close(b);
}

static void what_was_not_kept_comes_again_and_what_was_not_released_fills_the_ring(void **state)
{
    (void)state;
    struct ring *a = worker("a.ring");
    struct ring_stats stats;
    append(a, 1);
    append(a, 2);
    scan(&nothing);
    assert_int_equal(take(), 1);
    spool_keep(spool);
    assert_int_equal(take(), 2);
    spool_rewind(spool);
    assert_int_equal(take(), 2);
    ring_stats(a, &stats);
    assert_int_equal(stats.tail, 0);
    spool_release(spool);
    ring_stats(a, &stats);
    assert_true(stats.tail > 0 && stats.tail < stats.head);
    ring_close(a);
}

static void reading_goes_on_at_the_saved_place(void **state)
{
    (void)state;
    struct ring *a = worker("a.ring");
    struct service_state places;
    append(a, 1);
    append(a, 2);
    scan(&nothing);
    assert_int_equal(take(), 1);
    spool_keep(spool);
    spool_places(spool, &nothing, &places);
    spool_free(spool);
    assert_ok(spool_new(spool_folder, KEY, &spool));
    scan(&places);
    assert_int_equal(take(), 2);
    assert_int_equal(take(), -1);
    ring_close(a);
}

static void what_was_committed_before_a_kill_is_given_back_at_the_start(void **state)
{
    (void)state;
    struct ring *a = worker("a.ring");
    struct service_state places;
    struct ring_stats stats;
    append(a, 1);
    scan(&nothing);
    assert_int_equal(take(), 1);
    spool_keep(spool);
    spool_places(spool, &nothing, &places);
    spool_free(spool);
    ring_stats(a, &stats);
    assert_true(stats.tail < stats.head);
    assert_ok(spool_new(spool_folder, KEY, &spool));
    scan(&places);
    ring_stats(a, &stats);
    assert_int_equal(stats.tail, stats.head);
    ring_close(a);
}

/* Others are read on; the next scan lets go of what is left of it. */
static void a_ring_that_is_cut_off_under_the_spool_is_damaged_and_let_go(void **state)
{
    (void)state;
    char path[3 * FOLDER_PATH];
    struct spool_stats stats;
    struct service_state places;
    struct ring *a = worker("a.ring"), *b = worker("b.ring");
    append(a, 1);
    append(a, 3);
    append(b, 2);
    append(b, 4);
    scan(&nothing);
    assert_int_equal(take(), 1);
    snprintf(path, sizeof path, "%s/a.ring", spool_folder);
    fault_guard_start(); /* not before: cmocka has handlers of its own from here to the test's end */
    assert_return_code(truncate(path, 0), errno);
    assert_int_equal(take(), 2);
    assert_int_equal(take(), 4);
    assert_int_equal(take(), -1);
    spool_keep(spool);
    spool_places(spool, &nothing, &places);
    assert_null(state_find(&places, "a.ring"));
    assert_non_null(state_find(&places, "b.ring"));
    spool_release(spool);
    spool_stats(spool, &stats);
    assert_int_equal(stats.waiting_bytes, 0);
    scan(&nothing);
    spool_stats(spool, &stats);
    assert_int_equal(stats.rings, 1);
    assert_int_equal(stats.damaged, 1);
    ring_close(a);
    ring_close(b);
}

static void a_ring_goes_once_it_is_read_committed_and_free(void **state)
{
    (void)state;
    struct spool_stats stats;
    char path[3 * FOLDER_PATH];
    struct ring *a = worker("a.ring");
    snprintf(path, sizeof path, "%s/a.ring", spool_folder);
    append(a, 1);
    scan(&nothing);
    assert_int_equal(take(), 1);
    spool_keep(spool);
    spool_release(spool);
    scan(&nothing);
    assert_int_equal(access(path, F_OK), 0); /* its worker lives */
    append(a, 2);
    ring_close(a);
    scan(&nothing);
    assert_int_equal(access(path, F_OK), 0); /* there is something to read */
    assert_int_equal(take(), 2);
    spool_keep(spool);
    scan(&nothing);
    assert_int_equal(access(path, F_OK), 0); /* and to commit */
    spool_release(spool);
    scan(&nothing);
    assert_int_equal(access(path, F_OK), -1);
    spool_stats(spool, &stats);
    assert_int_equal(stats.rings, 0);
    a = worker("a.ring");
    append(a, 3);
    scan(&nothing);
    assert_int_equal(take(), 3);
    ring_close(a);
}

/* The refusal that comes next is of that ring, for that reason; all are taken in the order in which they come. */
static bool is_named(const char *name, const char *reason)
{
    struct spool_refusal refusal;
    bool there = spool_next_refusal(spool, &refusal);
    return there && strcmp(refusal.name, name) == 0 && strcmp(refusal.reason, reason) == 0;
}

static void a_ring_that_cannot_be_read_is_told_and_stops_no_other(void **state)
{
    (void)state;
    struct spool_stats stats;
    struct service_state saved = { .n = 2,
        .rings = { { "bad.ring", { 1, 2, 3 } }, { "gone.ring", { 4, 5, 6 } } } },
                         places;
    struct ring *a = worker("a.ring");
    ring_close(folder_ring(state_folder, "bad.ring", KEY + 1));
    append(a, 1);
    scan(&saved);
    spool_stats(spool, &stats);
    assert_int_equal(stats.refused, 1);
    assert_true(is_named("bad.ring", "made under another secret"));
    assert_int_equal(take(), 1);
    spool_places(spool, &saved, &places);
    assert_int_equal(
        places.n, 2); /* what is known of a ring that is there is kept, of one that is gone not */
    assert_int_equal(state_find(&places, "bad.ring")->at, 3);
    ring_close(a);
}

static void write_at(const char *name, off_t at, const char *bytes)
{
    char path[3 * FOLDER_PATH];
    snprintf(path, sizeof path, "%s/%s", spool_folder, name);
    int fd = open(path, O_WRONLY);
    assert_int_equal(pwrite(fd, bytes, strlen(bytes), at), strlen(bytes));
    close(fd);
}

static void every_ring_that_is_refused_is_named_once_with_its_own_reason(void **state)
{
    (void)state;
    struct spool_refusal refusal;
    struct spool_stats stats;
    unsigned versions = 0, damaged = 0;
    for (char name[] = "a.ring"; name[0] <= 'd'; name[0]++) {
        ring_close(worker(name));
        write_at(name, name[0] == 'd' ? 24 : 8, "\7"); /* the version's place; the capacity's */
    }
    scan(&nothing);
    while (spool_next_refusal(spool, &refusal)) {
        versions += strcmp(refusal.reason, "made by another version, or damaged") == 0;
        damaged +=
            strcmp(refusal.name, "d.ring") == 0 && strcmp(refusal.reason, "not a ring, or damaged") == 0;
    }
    assert_int_equal(versions, 3);
    assert_int_equal(damaged, 1);
    scan(&nothing);
    assert_false(spool_next_refusal(spool, &refusal));
    write_at("b.ring", 0, "X");
    scan(&nothing);
    assert_true(is_named("b.ring", "not a ring, or damaged"));
    write_at("b.ring", 0, "S");
    write_at("b.ring", 8, "\1");
    scan(&nothing); /* it is whole now */
    assert_false(spool_next_refusal(spool, &refusal));
    spool_stats(spool, &stats);
    assert_int_equal(stats.refused, 3);
    scan(&nothing); /* and gone, as nobody writes to it */
    ring_close(worker("b.ring"));
    write_at("b.ring", 8, "\7");
    scan(&nothing);
    assert_true(is_named("b.ring", "made by another version, or damaged"));
    assert_false(spool_next_refusal(spool, &refusal));
}

static void a_damaged_entry_is_counted_and_what_is_appended_after_it_is_read(void **state)
{
    (void)state;
    struct spool_stats stats;
    char path[3 * FOLDER_PATH];
    struct ring *a = worker("a.ring");
    append(a, 1);
    append(a, 2);
    snprintf(path, sizeof path, "%s/a.ring", spool_folder);
    FILE *file = fopen(path, "r+b");
    assert_non_null(file);
    assert_int_equal(fseek(file, RING_HEAD_BYTES + 20, SEEK_SET), 0);
    assert_int_equal(fputc(0x55, file), 0x55);
    fclose(file);
    scan(&nothing);
    assert_int_equal(take(), -1);
    append(a, 3);
    assert_int_equal(take(), 3);
    spool_stats(spool, &stats);
    assert_int_equal(stats.damaged, 1);
    assert_true(stats.lost_bytes > 0);
    ring_close(a);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(entries_of_all_rings_come_by_time_then_name),
        TEST(what_was_not_kept_comes_again_and_what_was_not_released_fills_the_ring),
        TEST(reading_goes_on_at_the_saved_place),
        TEST(what_was_committed_before_a_kill_is_given_back_at_the_start),
        TEST(a_ring_that_is_cut_off_under_the_spool_is_damaged_and_let_go),
        TEST(a_ring_goes_once_it_is_read_committed_and_free),
        TEST(a_ring_that_cannot_be_read_is_told_and_stops_no_other),
        TEST(every_ring_that_is_refused_is_named_once_with_its_own_reason),
        TEST(a_damaged_entry_is_counted_and_what_is_appended_after_it_is_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
