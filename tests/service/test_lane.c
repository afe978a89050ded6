#define _GNU_SOURCE /* nftw */
#include "service/lane.h"

#include "base/fault.h"
#include "folder.h"

#include <errno.h>

enum { KEY = 5 };

static char folder[FOLDER_PATH], path[2 * FOLDER_PATH];
static struct ring *ring;
static struct lane lane;
static struct lane_losses losses;
static uint8_t bytes[RING_ENTRY_MAX];

static void append(int64_t time_ms)
{
    struct record record = { .time_ms = time_ms, .account = 1, .kind = RECORD_RELEASE };
    assert_true(folder_append(ring, &record));
}

static int set_up(void **state)
{
    (void)state;
    struct diag diag = { 0 };
    folder_make(folder);
    snprintf(path, sizeof path, "%s/spool", folder);
    mkdir(path, 0770);
    ring = folder_ring(folder, "a.ring", KEY);
    snprintf(path, sizeof path, "%s/spool/a.ring", folder);
    append(1);
    append(2);
    assert_ok(lane_open(path, KEY, NULL, &lane, &diag));
    losses = (struct lane_losses){ 0 };
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    lane_close(&lane);
    ring_close(ring);
    folder_remove(folder);
    return 0;
}

/* The guard starts here, because cmocka has handlers of its own from the test's first line to its last. */
static void cut_off(void)
{
    fault_guard_start();
    assert_return_code(truncate(path, 0), errno);
}

static void entries_come_one_after_the_other_until_there_is_none(void **state)
{
    (void)state;
    for (int64_t time_ms = 1; time_ms <= 2; time_ms++) {
        assert_true(lane_look(&lane, &losses));
        assert_int_equal(lane.time_ms, time_ms);
        assert_true(lane_copy(&lane, bytes));
        lane_take(&lane);
    }
    assert_false(lane_look(&lane, &losses));
    assert_false(lane.broken);
    assert_int_equal(losses.damaged, 0);
}

static void what_was_rewound_comes_again(void **state)
{
    (void)state;
    assert_true(lane_look(&lane, &losses));
    lane_take(&lane);
    lane_rewind(&lane);
    assert_true(lane_look(&lane, &losses));
    assert_int_equal(lane.time_ms, 1);
}

static void an_entry_that_waits_cannot_be_copied_from_a_file_that_is_cut_off(void **state)
{
    (void)state;
    assert_true(lane_look(&lane, &losses));
    cut_off();
    assert_false(lane_copy(&lane, bytes));
    assert_true(lane.broken);
    assert_false(lane_look(&lane, &losses));
}

static void nothing_is_asked_of_a_file_that_is_cut_off(void **state)
{
    (void)state;
    struct ring_place place;
    struct ring_stats stats;
    assert_true(lane_look(&lane, &losses));
    lane_take(&lane);
    lane.kept = lane.at;
    cut_off();
    lane_release(&lane);
    assert_int_equal(lane.released, 0);
    assert_false(lane_place(&lane, &place));
    assert_false(lane_stats(&lane, &stats));
    assert_true(lane_finished(&lane));
}

static void a_file_without_its_head_is_not_opened(void **state)
{
    (void)state;
    struct diag diag = { 0 };
    struct lane other;
    cut_off();
    assert_int_equal(lane_open(path, KEY, NULL, &other, &diag), STATUS_NEED_MORE);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(entries_come_one_after_the_other_until_there_is_none),
        TEST(what_was_rewound_comes_again),
        TEST(an_entry_that_waits_cannot_be_copied_from_a_file_that_is_cut_off),
        TEST(nothing_is_asked_of_a_file_that_is_cut_off),
        TEST(a_file_without_its_head_is_not_opened),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
