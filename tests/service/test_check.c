#define _GNU_SOURCE /* nftw */
#include "service/service.h"

#include "base/fault.h"
#include "folder.h"
#include "store/table.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/wait.h>

static struct key key, other_key;
static char top[FOLDER_PATH], state_folder[2 * FOLDER_PATH];

static int set_up(void **state)
{
    (void)state;
    uint8_t secret[32] = { 1 };
    key_init(&key, key_default_secret);
    key_init(&other_key, secret);
    folder_make(top);
    snprintf(state_folder, sizeof state_folder, "%s/state", top);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    folder_remove(top);
    return 0;
}

static struct service_config config_of(const char *folder, const struct key *secret)
{
    return (struct service_config){
        .state = folder, .key = secret, .n_threads = 1, .accounts_max = 1000, .issued_bytes = 1 << 20
    };
}

/* A folder in which a service was, and was ended. */
static void make_state(void)
{
    struct service_config config = config_of(state_folder, &key);
    struct service *service;
    struct diag diag;
    bool more;
    assert_ok(service_open(&config, 0, &service, &diag));
    assert_int_equal(service_replay(service, &diag), STATUS_END);
    assert_ok(service_round(service, 0, &more, &diag));
    service_close(service);
}

static const char *path_of(const char *name)
{
    static char path[3 * FOLDER_PATH];
    snprintf(path, sizeof path, "%s/%s", state_folder, name);
    return path;
}

static bool refuses(
    const struct service_config *config, enum status st, const char *field, const char *reason)
{
    struct diag diag;
    bool said =
        service_check(config, &diag) == st && strcmp(diag.field, field) == 0 && strstr(diag.reason, reason);
    if (!said)
        fprintf(stderr, "%s: %s: %s\n", diag.file ? diag.file : "", diag.field, diag.reason);
    return said;
}

static void a_folder_that_is_not_there_is_fine_where_it_can_be_made(void **state)
{
    (void)state;
    char path[3 * FOLDER_PATH];
    struct service_config config = config_of(state_folder, &key);
    struct diag diag;
    assert_ok(service_check(&config, &diag));
    assert_int_equal(access(state_folder, F_OK), -1);
    snprintf(path, sizeof path, "%s/none/state/", top);
    config = config_of(path, &key);
    assert_true(refuses(&config, STATUS_IO, "the folder above it", "No such file"));
    config = config_of("stillwatch-state-that-is-not-there", &key);
    assert_ok(service_check(&config, &diag));
}

static void what_is_no_folder_is_said(void **state)
{
    (void)state;
    char path[3 * FOLDER_PATH];
    struct service_config config = config_of(path, &key);
    snprintf(path, sizeof path, "%s/file", top);
    close(open(path, O_CREAT | O_WRONLY, 0600));
    assert_true(refuses(&config, STATUS_IO, "", "Not a directory"));
    snprintf(path, sizeof path, "%s/file/state", top);
    assert_true(refuses(&config, STATUS_IO, "", "Not a directory"));
    make_state();
    folder_remove(path_of("spool"));
    close(open(path_of("spool"), O_CREAT | O_WRONLY, 0600));
    config = config_of(state_folder, &key);
    assert_true(refuses(&config, STATUS_IO, "spool", "Not a directory"));
}

static void a_folder_in_use_is_fine_and_no_file_is_made_in_it(void **state)
{
    (void)state;
    struct service_config config = config_of(state_folder, &key);
    struct service *service;
    struct diag diag;
    make_state();
    assert_int_equal(unlink(path_of("table/lock.mdb")), 0);
    assert_int_equal(unlink(path_of("lock")), 0);
    assert_ok(service_check(&config, &diag));
    assert_int_equal(access(path_of("table/lock.mdb"), F_OK), -1);
    assert_int_equal(access(path_of("lock"), F_OK), -1);
    assert_ok(service_open(&config, 0, &service, &diag));
    assert_ok(service_check(&config, &diag));
    service_close(service);
}

static void another_secret_is_refused(void **state)
{
    (void)state;
    struct service_config config = config_of(state_folder, &other_key);
    make_state();
    assert_true(refuses(&config, STATUS_MISMATCH, "table", "another secret"));
}

static void a_journal_that_does_not_fit_the_table_is_refused(void **state)
{
    (void)state;
    struct service_config config = config_of(state_folder, &key);
    char segment[] = "journal/00000001.journal";
    make_state();
    assert_return_code(truncate(path_of(segment), 50), errno);
    assert_true(refuses(&config, STATUS_BAD, "journal", "ends before what was committed"));
    assert_int_equal(unlink(path_of(segment)), 0);
    assert_true(refuses(&config, STATUS_BAD, "journal", "is missing"));
    folder_remove(path_of("table"));
    close(open(path_of(segment), O_CREAT | O_WRONLY, 0600));
    assert_return_code(truncate(path_of(segment), 50), errno);
    assert_true(refuses(&config, STATUS_MISMATCH, "journal", "that the table does not know"));
}

/* In a process of its own, as what a fault leaves is lost. */
static void a_table_that_is_cut_off_is_refused(void **state)
{
    (void)state;
    struct service_config config = config_of(state_folder, &key);
    int status = 0;
    make_state();
    assert_return_code(truncate(path_of("table/data.mdb"), 8192), errno);
    pid_t child = fork();
    if (child == 0) {
        fault_guard_start();
        _exit(refuses(&config, STATUS_BAD, "table", TABLE_DAMAGED) ? 0 : 1);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
}

static void a_policy_that_is_a_pipe_is_refused_and_not_waited_for(void **state)
{
    (void)state;
    char path[3 * FOLDER_PATH];
    struct service_config config = config_of(state_folder, &key);
    config.policy = path;
    snprintf(path, sizeof path, "%s/policy.yaml", top);
    assert_return_code(mkfifo(path, 0600), errno);
    assert_true(refuses(&config, STATUS_BAD, "", "not a regular file"));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_folder_that_is_not_there_is_fine_where_it_can_be_made),
        TEST(what_is_no_folder_is_said),
        TEST(a_folder_in_use_is_fine_and_no_file_is_made_in_it),
        TEST(another_secret_is_refused),
        TEST(a_journal_that_does_not_fit_the_table_is_refused),
        TEST(a_table_that_is_cut_off_is_refused),
        TEST(a_policy_that_is_a_pipe_is_refused_and_not_waited_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
