#define _GNU_SOURCE /* memmem */
#include "store/table.h"

#include "support/test.h"

#include <lmdb.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static struct key key;
static char folder[64];

static int setup(void **state)
{
    (void)state;
    key_init(&key, key_default_secret);
    snprintf(folder, sizeof folder, "/tmp/stillwatch-table-XXXXXX");
    return mkdtemp(folder) ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    char path[96];
    snprintf(path, sizeof path, "%s/data.mdb", folder);
    unlink(path);
    snprintf(path, sizeof path, "%s/lock.mdb", folder);
    unlink(path);
    return rmdir(folder);
}

static struct table *open_as(enum table_mode mode)
{
    struct table *table;
    struct diag diag = { 0 };
    assert_ok(table_open(folder, mode, 1 << 24, &key, &table, &diag));
    return table;
}

static void put_sample(struct table *table)
{
    assert_ok(table_write_begin(table));
    assert_ok(table_put_key(
        table, SPAN("sk-secret"), &(struct key_row){ SPAN("key_1"), SPAN("acct_1"), -1, false }));
    assert_ok(
        table_put_account(table, SPAN("acct_1"), &(struct account_row){ SPAN("org_1"), 5, 2, 1, 4, 0 }));
    assert_ok(table_put_decision(
        table, SPAN("acct_1"), &(struct decision_row){ 3, 1, 9, 10, 20, SPAN("Because.") }));
    assert_ok(table_write_commit(table));
}

static void what_was_committed_is_found_by_a_reader(void **state)
{
    (void)state;
    struct table *writer = open_as(TABLE_WRITE);
    put_sample(writer);
    struct table *reader = open_as(TABLE_READ);
    struct caller caller;
    struct decision_row decision;
    assert_ok(table_read_begin(reader));
    assert_ok(table_find_caller(reader, SPAN("sk-secret"), &caller));
    assert_true(span_is(caller.key.id, "key_1") && span_is(caller.key.account, "acct_1"));
    assert_true(caller.has_account && span_is(caller.account.organization, "org_1"));
    assert_true(caller.has_decision && caller.decision.campaign == 9);
    assert_ok(table_find_decision(reader, SPAN("acct_1"), &decision));
    assert_int_equal(decision.campaign, 9);
    assert_int_equal(table_find_caller(reader, SPAN("sk-other"), &caller), STATUS_NOT_FOUND);
    assert_int_equal(table_find_caller(reader, (struct span){ 0 }, &caller), STATUS_NOT_FOUND);
    table_read_end(reader);
    table_close(reader);
    table_close(writer);
}

static void the_key_itself_is_nowhere_in_the_file(void **state)
{
    (void)state;
    struct table *writer = open_as(TABLE_WRITE);
    put_sample(writer);
    table_close(writer);
    char path[96];
    snprintf(path, sizeof path, "%s/data.mdb", folder);
    FILE *file = fopen(path, "rb");
    static char bytes[1 << 20];
    size_t n = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    assert_true(n > 0);
    assert_non_null(memmem(bytes, n, "key_1", 5));
    assert_null(memmem(bytes, n, "sk-secret", 9));
}

static void nothing_of_an_aborted_write_is_seen(void **state)
{
    (void)state;
    struct table *writer = open_as(TABLE_WRITE);
    struct decision_row decision;
    assert_ok(table_write_begin(writer));
    assert_ok(table_put_decision(writer, SPAN("acct_1"), &(struct decision_row){ .reason = SPAN("r") }));
    table_write_abort(writer);
    assert_ok(table_read_begin(writer));
    assert_int_equal(table_find_decision(writer, SPAN("acct_1"), &decision), STATUS_NOT_FOUND);
    table_read_end(writer);
    table_close(writer);
}

static void a_reader_sees_one_commit_until_it_begins_anew(void **state)
{
    (void)state;
    struct table *writer = open_as(TABLE_WRITE), *reader = open_as(TABLE_READ);
    struct decision_row decision;
    assert_ok(table_read_begin(reader));
    put_sample(writer);
    assert_int_equal(table_find_decision(reader, SPAN("acct_1"), &decision), STATUS_NOT_FOUND);
    table_read_end(reader);
    assert_ok(table_read_begin(reader));
    assert_ok(table_find_decision(reader, SPAN("acct_1"), &decision));
    table_read_end(reader);
    assert_ok(table_write_begin(writer));
    assert_ok(table_drop_decision(writer, SPAN("acct_1")));
    assert_ok(table_drop_decision(writer, SPAN("acct_2")));
    assert_ok(table_write_commit(writer));
    assert_ok(table_read_begin(reader));
    assert_int_equal(table_find_decision(reader, SPAN("acct_1"), &decision), STATUS_NOT_FOUND);
    table_read_end(reader);
    table_close(reader);
    table_close(writer);
}

static void a_key_is_revoked_by_its_id(void **state)
{
    (void)state;
    struct table *table = open_as(TABLE_WRITE);
    struct caller caller;
    put_sample(table);
    assert_ok(table_write_begin(table));
    assert_int_equal(table_revoke_key(table, SPAN("key_2")), STATUS_NOT_FOUND);
    assert_ok(table_revoke_key(table, SPAN("key_1")));
    assert_ok(table_write_commit(table));
    assert_ok(table_read_begin(table));
    assert_ok(table_find_caller(table, SPAN("sk-secret"), &caller));
    assert_true(caller.key.revoked && span_is(caller.key.account, "acct_1"));
    table_read_end(table);
    table_close(table);
}

/* As a service with a small --table-mib beside commands, which have the usual one. */
static void what_another_wrote_beyond_the_map_is_read_and_written_on(void **state)
{
    (void)state;
    static char organization[200];
    char name[16];
    struct table *small, *large = NULL;
    struct diag diag;
    struct caller caller;
    memset(organization, 'o', sizeof organization);
    assert_ok(table_open(folder, TABLE_WRITE, 1 << 19, &key, &small, &diag));
    assert_ok(table_open(folder, TABLE_WRITE, 1 << 24, &key, &large, &diag));
    put_sample(large);
    assert_ok(table_read_begin(small));
    assert_ok(table_find_caller(small, SPAN("sk-secret"), &caller));
    table_read_end(small);
    assert_ok(table_write_begin(large));
    for (unsigned i = 0; i < 4000; i++) {
        snprintf(name, sizeof name, "many_%u", i);
        assert_ok(table_put_account(large, span_of(name),
            &(struct account_row){ .organization = { organization, sizeof organization } }));
    }
    assert_ok(table_write_commit(large));
    assert_ok(table_read_begin(small));
    assert_ok(table_find_caller(small, SPAN("sk-secret"), &caller));
    table_read_end(small);
    assert_ok(table_write_begin(large));
    for (unsigned i = 4000; i < 12000; i++) {
        snprintf(name, sizeof name, "many_%u", i);
        assert_ok(table_put_account(large, span_of(name),
            &(struct account_row){ .organization = { organization, sizeof organization } }));
    }
    assert_ok(table_write_commit(large));
    assert_ok(table_write_begin(small));
    assert_ok(table_revoke_key(small, SPAN("key_1")));
    assert_ok(table_write_commit(small));
    table_close(large);
    table_close(small);
}

static void every_key_of_an_id_is_revoked(void **state)
{
    (void)state;
    struct table *table = open_as(TABLE_WRITE);
    struct caller caller;
    const struct key_row row = { SPAN("key_1"), SPAN("acct_1"), -1, false };
    put_sample(table);
    assert_ok(table_write_begin(table));
    assert_ok(table_put_key(table, SPAN("sk-further"), &row));
    assert_ok(table_revoke_key(table, SPAN("key_1")));
    assert_ok(table_write_commit(table));
    assert_ok(table_read_begin(table));
    assert_ok(table_find_caller(table, SPAN("sk-secret"), &caller));
    assert_true(caller.key.revoked);
    assert_ok(table_find_caller(table, SPAN("sk-further"), &caller));
    assert_true(caller.key.revoked);
    table_read_end(table);
    table_close(table);
}

static void a_key_that_is_there_is_not_given_to_another(void **state)
{
    (void)state;
    struct table *table = open_as(TABLE_WRITE);
    const struct key_row row = { SPAN("key_2"), SPAN("acct_2"), -1, false };
    put_sample(table);
    assert_ok(table_write_begin(table));
    assert_int_equal(table_put_key(table, SPAN("sk-secret"), &row), STATUS_MISMATCH);
    table_write_abort(table);
    table_close(table);
}

static struct caller look_up(struct table *reader, const char *secret)
{
    struct caller caller = { 0 };
    assert_ok(table_read_begin(reader));
    assert_ok(table_find_caller(reader, span_of(secret), &caller));
    table_read_end(reader);
    return caller;
}

static void a_caller_that_was_looked_up_before_is_as_the_last_commit_says(void **state)
{
    (void)state;
    struct table *writer = open_as(TABLE_WRITE), *reader = open_as(TABLE_READ);
    put_sample(writer);
    assert_false(look_up(reader, "sk-secret").key.revoked);
    assert_int_equal(look_up(reader, "sk-secret").decision.campaign, 9);
    assert_ok(table_write_begin(writer));
    assert_ok(table_drop_decision(writer, SPAN("acct_1")));
    assert_true(look_up(reader, "sk-secret").has_decision);
    assert_ok(table_write_commit(writer));
    assert_false(look_up(reader, "sk-secret").has_decision);
    assert_ok(table_write_begin(writer));
    assert_ok(table_revoke_key(writer, SPAN("key_1")));
    assert_ok(table_write_commit(writer));
    assert_true(look_up(reader, "sk-secret").key.revoked);
    table_close(reader);
    table_close(writer);
}

static void a_key_that_was_not_there_is_found_once_it_is(void **state)
{
    (void)state;
    struct table *writer = open_as(TABLE_WRITE), *reader = open_as(TABLE_READ);
    struct caller caller;
    assert_ok(table_read_begin(reader));
    assert_int_equal(table_find_caller(reader, SPAN("sk-secret"), &caller), STATUS_NOT_FOUND);
    table_read_end(reader);
    put_sample(writer);
    assert_true(span_is(look_up(reader, "sk-secret").key.id, "key_1"));
    table_close(reader);
    table_close(writer);
}

static void what_a_writer_has_not_committed_it_sees_itself(void **state)
{
    (void)state;
    struct table *table = open_as(TABLE_WRITE);
    struct caller caller;
    put_sample(table);
    assert_false(look_up(table, "sk-secret").key.revoked);
    assert_ok(table_write_begin(table));
    assert_ok(table_revoke_key(table, SPAN("key_1")));
    assert_ok(table_find_caller(table, SPAN("sk-secret"), &caller));
    assert_true(caller.key.revoked);
    table_write_abort(table);
    assert_false(look_up(table, "sk-secret").key.revoked);
    table_close(table);
}

static void rows_too_long_to_be_kept_are_found_each_time(void **state)
{
    (void)state;
    struct table *table = open_as(TABLE_WRITE);
    char reason[ROW_REASON_MAX + 1];
    memset(reason, 'a', ROW_REASON_MAX);
    reason[ROW_REASON_MAX] = '\0';
    put_sample(table);
    assert_ok(table_write_begin(table));
    assert_ok(table_put_decision(table, SPAN("acct_1"),
        &(struct decision_row){ .campaign = 7, .expires_ms = -1, .reason = span_of(reason) }));
    assert_ok(table_write_commit(table));
    for (unsigned i = 0; i < 2; i++) {
        struct caller caller = look_up(table, "sk-secret");
        assert_true(span_is(caller.key.id, "key_1") && caller.decision.campaign == 7);
    }
    table_close(table);
}

static void a_row_that_was_written_over_in_the_file_is_not_taken_from_memory(void **state)
{
    (void)state;
    struct table *table = open_as(TABLE_WRITE);
    struct caller caller;
    static char bytes[1 << 20];
    char path[96];
    put_sample(table);
    (void)look_up(table, "sk-secret");
    snprintf(path, sizeof path, "%s/data.mdb", folder);
    FILE *file = fopen(path, "r+b");
    size_t n = fread(bytes, 1, sizeof bytes, file);
    for (char *at = bytes; (at = memmem(at, (size_t)(bytes + n - at), "key_1", 5)); at++)
        memcpy(at, "key_2", 5);
    rewind(file);
    assert_int_equal(fwrite(bytes, 1, n, file), n);
    fclose(file);
    assert_ok(table_read_begin(table));
    assert_ok(table_find_caller(table, SPAN("sk-secret"), &caller));
    assert_true(span_is(caller.key.id, "key_2"));
    table_read_end(table);
    table_close(table);
}

/* As only damage leaves it: a row in its place, of no bytes. */
static void empty_the_decision_of(const char *account)
{
    MDB_env *env;
    MDB_txn *txn;
    MDB_dbi decisions;
    MDB_val name = { strlen(account), (void *)(uintptr_t)account }, nothing = { 0, (void *)(uintptr_t) "" };
    assert_int_equal(mdb_env_create(&env), 0);
    assert_int_equal(mdb_env_set_maxdbs(env, 4), 0);
    assert_int_equal(mdb_env_open(env, folder, 0, 0660), 0);
    assert_int_equal(mdb_txn_begin(env, NULL, 0, &txn), 0);
    assert_int_equal(mdb_dbi_open(txn, "decisions", 0, &decisions), 0);
    assert_int_equal(mdb_put(txn, decisions, &name, &nothing, 0), 0);
    assert_int_equal(mdb_txn_commit(txn), 0);
    mdb_env_close(env);
}

static void a_decision_of_no_bytes_is_damage_and_not_the_lack_of_one(void **state)
{
    (void)state;
    struct table *table = open_as(TABLE_WRITE);
    struct caller caller;
    put_sample(table);
    table_close(table);
    empty_the_decision_of("acct_1");
    table = open_as(TABLE_READ);
    assert_ok(table_read_begin(table));
    assert_int_equal(table_find_caller(table, SPAN("sk-secret"), &caller), STATUS_BAD);
    assert_true(span_is(caller.key.id, "key_1"));
    table_read_end(table);
    table_close(table);
}

static void two_keys_of_more_than_are_kept_are_told_apart(void **state)
{
    (void)state;
    enum { KEYS = 3 * CALLERS_KEPT };
    struct table *table = open_as(TABLE_WRITE);
    char secret[16], id[16];
    assert_ok(table_write_begin(table));
    for (unsigned i = 0; i < KEYS; i++) {
        snprintf(secret, sizeof secret, "sk-%u", i);
        snprintf(id, sizeof id, "key_%u", i);
        assert_ok(table_put_key(
            table, span_of(secret), &(struct key_row){ span_of(id), SPAN("acct_1"), -1, false }));
    }
    assert_ok(table_write_commit(table));
    for (unsigned i = 0; i < 2 * KEYS; i++) {
        snprintf(secret, sizeof secret, "sk-%u", i % KEYS);
        snprintf(id, sizeof id, "key_%u", i % KEYS);
        assert_true(span_is(look_up(table, secret).key.id, id));
    }
    table_close(table);
}

static enum status count_account(void *context, struct span account, const struct account_row *row)
{
    (void)row;
    size_t *n = context;
    char name[16];
    snprintf(name, sizeof name, "acct_%03zu", (*n)++);
    return span_is(account, name) ? STATUS_OK : STATUS_BAD;
}

static void accounts_are_walked_in_the_order_of_their_names(void **state)
{
    (void)state;
    struct table *table = open_as(TABLE_WRITE);
    size_t n = 0;
    assert_ok(table_write_begin(table));
    for (unsigned i = 200; i-- > 0;) {
        char name[16];
        snprintf(name, sizeof name, "acct_%03u", i);
        assert_ok(table_put_account(table, span_of(name), &(struct account_row){ .created_ms = -1 }));
    }
    assert_ok(table_write_commit(table));
    assert_ok(table_read_begin(table));
    assert_ok(table_each_account(table, count_account, &n));
    assert_int_equal(n, 200);
    table_read_end(table);
    table_close(table);
}

static void a_table_of_another_secret_is_refused(void **state)
{
    (void)state;
    uint8_t secret[32] = { 1 };
    struct key other;
    struct table *table;
    struct diag diag = { 0 };
    table_close(open_as(TABLE_WRITE));
    key_init(&other, secret);
    assert_int_equal(table_open(folder, TABLE_READ, 1 << 24, &other, &table, &diag), STATUS_MISMATCH);
    assert_non_null(strstr(diag.reason, "secret"));
}

static void a_reader_finds_no_table_where_none_was_made(void **state)
{
    (void)state;
    struct table *table;
    struct diag diag = { 0 };
    assert_int_not_equal(table_open("no-such-folder", TABLE_READ, 0, &key, &table, &diag), STATUS_OK);
    assert_true(strlen(diag.reason) > 0);
}

static void a_full_map_says_so_and_keeps_what_it_has(void **state)
{
    (void)state;
    struct table *table;
    struct diag diag = { 0 };
    assert_ok(table_open(folder, TABLE_WRITE, 1 << 17, &key, &table, &diag));
    put_sample(table);
    enum status st = STATUS_OK;
    assert_ok(table_write_begin(table));
    for (unsigned i = 0; i < 5000 && st == STATUS_OK; i++) {
        char name[16];
        snprintf(name, sizeof name, "a%u", i);
        st = table_put_decision(table, span_of(name), &(struct decision_row){ .reason = SPAN("r") });
    }
    assert_int_equal(st, STATUS_FULL);
    table_write_abort(table);
    (void)look_up(table, "sk-secret");
    table_close(table);
}

/* The state and what belongs to it are one commit: a writer that is killed leaves both as they were, or neither. */
static void a_killed_writer_leaves_whole_commits(void **state)
{
    (void)state;
    table_close(open_as(TABLE_WRITE));
    for (unsigned round = 0; round < 10; round++) {
        pid_t child = fork();
        if (child == 0) {
            struct table *table = open_as(TABLE_WRITE);
            for (uint64_t i = 0;; i++) {
                struct span bytes = { (char *)&i, sizeof i };
                if (table_write_begin(table) || table_put_state(table, "a", bytes) ||
                    table_put_decision(table, SPAN("acct_1"), &(struct decision_row){ .campaign = i }) ||
                    table_write_commit(table))
                    _exit(1);
            }
        }
        usleep(3000 + round * 1700);
        kill(child, SIGKILL);
        waitpid(child, NULL, 0);
        struct table *table = open_as(TABLE_WRITE);
        struct span bytes;
        struct decision_row decision;
        uint64_t i = 0;
        assert_ok(table_read_begin(table));
        if (table_find_state(table, "a", &bytes) == STATUS_OK) {
            memcpy(&i, bytes.data, sizeof i);
            assert_ok(table_find_decision(table, SPAN("acct_1"), &decision));
            assert_int_equal(decision.campaign, i);
        }
        table_read_end(table);
        table_close(table);
    }
}

/* Workers that crash one after the other while the service has the table open: each leaves a reader's slot. */
static void readers_that_were_killed_leave_room_for_others(void **state)
{
    (void)state;
    enum { KILLS = 300 }; /* more than there are slots */
    struct table *writer = open_as(TABLE_WRITE);
    for (unsigned i = 0; i < KILLS; i++) {
        pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0) {
            struct table *table = NULL;
            enum status st = table_open(folder, TABLE_READ, 0, &key, &table, &(struct diag){ 0 });
            _exit(st == STATUS_OK && table_read_begin(table) == STATUS_OK ? 0 : 1);
        }
        int how = 0;
        assert_int_equal(waitpid(child, &how, 0), child);
        assert_int_equal(how, 0);
    }
    table_close(writer);
}

static unsigned mode_of(const char *path)
{
    struct stat info;
    assert_int_equal(stat(path, &info), 0);
    return info.st_mode & 07777;
}

static void a_new_table_is_for_the_group_whatever_the_umask(void **state)
{
    (void)state;
    char path[80], data[96], lock[96];
    struct table *table;
    struct diag diag = { 0 };
    snprintf(path, sizeof path, "%s/made", folder);
    snprintf(data, sizeof data, "%s/data.mdb", path);
    snprintf(lock, sizeof lock, "%s/lock.mdb", path);
    mode_t before = umask(077);
    assert_ok(table_open(path, TABLE_WRITE, 1 << 24, &key, &table, &diag));
    umask(before);
    table_close(table);
    assert_int_equal(mode_of(path), 0770);
    assert_int_equal(mode_of(data), 0660);
    assert_int_equal(mode_of(lock), 0660);
    assert_int_equal(chmod(data, 0600), 0); /* the operator's wish, once it is there */
    assert_ok(table_open(path, TABLE_WRITE, 1 << 24, &key, &table, &diag));
    table_close(table);
    assert_int_equal(mode_of(data), 0600);
    unlink(data);
    unlink(lock);
    rmdir(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_was_committed_is_found_by_a_reader, setup, teardown),
        cmocka_unit_test_setup_teardown(the_key_itself_is_nowhere_in_the_file, setup, teardown),
        cmocka_unit_test_setup_teardown(nothing_of_an_aborted_write_is_seen, setup, teardown),
        cmocka_unit_test_setup_teardown(a_reader_sees_one_commit_until_it_begins_anew, setup, teardown),
        cmocka_unit_test_setup_teardown(a_key_is_revoked_by_its_id, setup, teardown),
        cmocka_unit_test_setup_teardown(
            what_another_wrote_beyond_the_map_is_read_and_written_on, setup, teardown),
        cmocka_unit_test_setup_teardown(every_key_of_an_id_is_revoked, setup, teardown),
        cmocka_unit_test_setup_teardown(a_key_that_is_there_is_not_given_to_another, setup, teardown),
        cmocka_unit_test_setup_teardown(
            a_caller_that_was_looked_up_before_is_as_the_last_commit_says, setup, teardown),
        cmocka_unit_test_setup_teardown(a_key_that_was_not_there_is_found_once_it_is, setup, teardown),
        cmocka_unit_test_setup_teardown(what_a_writer_has_not_committed_it_sees_itself, setup, teardown),
        cmocka_unit_test_setup_teardown(rows_too_long_to_be_kept_are_found_each_time, setup, teardown),
        cmocka_unit_test_setup_teardown(
            a_row_that_was_written_over_in_the_file_is_not_taken_from_memory, setup, teardown),
        cmocka_unit_test_setup_teardown(
            a_decision_of_no_bytes_is_damage_and_not_the_lack_of_one, setup, teardown),
        cmocka_unit_test_setup_teardown(two_keys_of_more_than_are_kept_are_told_apart, setup, teardown),
        cmocka_unit_test_setup_teardown(accounts_are_walked_in_the_order_of_their_names, setup, teardown),
        cmocka_unit_test_setup_teardown(a_table_of_another_secret_is_refused, setup, teardown),
        cmocka_unit_test_setup_teardown(a_reader_finds_no_table_where_none_was_made, setup, teardown),
        cmocka_unit_test_setup_teardown(a_full_map_says_so_and_keeps_what_it_has, setup, teardown),
        cmocka_unit_test_setup_teardown(a_killed_writer_leaves_whole_commits, setup, teardown),
        cmocka_unit_test_setup_teardown(readers_that_were_killed_leave_room_for_others, setup, teardown),
        cmocka_unit_test_setup_teardown(a_new_table_is_for_the_group_whatever_the_umask, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
