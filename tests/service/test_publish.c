#define _GNU_SOURCE /* nftw */
#include "service/publish.h"

#include "folder.h"

static char folder[FOLDER_PATH];
static struct key key;
static struct table *table;
static struct publisher publisher;

static int set_up(void **state)
{
    (void)state;
    struct diag diag = { 0 };
    folder_make(folder);
    key_init(&key, key_default_secret);
    publisher = (struct publisher){ 0 };
    assert_ok(table_open(folder, TABLE_WRITE, 1 << 24, &key, &table, &diag));
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    publisher_fini(&publisher);
    table_close(table);
    folder_remove(folder);
    return 0;
}

static void add(const char *account, enum action action, int64_t expires_ms)
{
    struct decision decision = {
        .action = action, .expires_ms = expires_ms, .campaign = { 9 }, .reason = "Why."
    };
    assert_ok(publisher_add(&publisher, &decision, span_of(account)));
}

static void publish(void)
{
    assert_ok(table_write_begin(table));
    assert_ok(publisher_write(&publisher, table));
    assert_ok(table_write_commit(table));
    publisher_done(&publisher);
}

/* -1: none. */
static int action_of(const char *account)
{
    struct decision_row row;
    assert_ok(table_read_begin(table));
    enum status st = table_find_decision(table, span_of(account), &row);
    int action = st == STATUS_OK ? row.action : -1;
    if (st == STATUS_OK)
        assert_true(span_is(row.reason, "Why.") && row.campaign == 9);
    table_read_end(table);
    return action;
}

static void the_last_word_on_an_account_stands(void **state)
{
    (void)state;
    add("a", ACTION_VERIFY, -1);
    add("b", ACTION_SUSPEND, -1);
    add("a", ACTION_SUSPEND, -1);
    add("b", ACTION_RELEASE, -1);
    add("c", ACTION_RELEASE, -1);
    add("c", ACTION_VERIFY, -1);
    publish();
    assert_int_equal(action_of("a"), ACTION_SUSPEND);
    assert_int_equal(action_of("b"), -1);
    assert_int_equal(action_of("c"), ACTION_VERIFY);
    assert_int_equal(publisher.published[ACTION_RELEASE], 2);
    assert_int_equal(publisher.n, 0);
}

static void what_was_not_committed_waits_and_is_written_again(void **state)
{
    (void)state;
    add("a", ACTION_VERIFY, -1);
    assert_ok(table_write_begin(table));
    assert_ok(publisher_write(&publisher, table));
    table_write_abort(table);
    assert_int_equal(action_of("a"), -1);
    add("b", ACTION_VERIFY, -1);
    publish();
    assert_int_equal(action_of("a"), ACTION_VERIFY);
    assert_int_equal(action_of("b"), ACTION_VERIFY);
}

static void an_account_without_a_name_is_counted(void **state)
{
    (void)state;
    struct decision decision = { .action = ACTION_VERIFY };
    assert_ok(publisher_add(&publisher, &decision, (struct span){ 0 }));
    assert_int_equal(publisher.unnamed, 1);
    assert_int_equal(publisher.n, 0);
}

static void what_expired_is_swept_and_nothing_else(void **state)
{
    (void)state;
    size_t n;
    add("forever", ACTION_VERIFY, -1);
    add("old", ACTION_VERIFY, 99);
    add("new", ACTION_VERIFY, 100);
    publish();
    assert_ok(table_write_begin(table));
    assert_ok(publish_sweep(table, 100, &n));
    assert_ok(table_write_commit(table));
    assert_int_equal(n, 1);
    assert_int_equal(action_of("old"), -1);
    assert_int_equal(action_of("new"), ACTION_VERIFY);
    assert_int_equal(action_of("forever"), ACTION_VERIFY);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(the_last_word_on_an_account_stands),
        TEST(what_was_not_committed_waits_and_is_written_again),
        TEST(an_account_without_a_name_is_counted),
        TEST(what_expired_is_swept_and_nothing_else),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
