#define _GNU_SOURCE /* memfd_create */
#include "base/fault.h"
#include "support/test.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { BYTES = 1 << 16 };

struct file {
    int fd;
    volatile const char *at;
    int sum;
};

static struct file file;

static int set_up(void **state)
{
    (void)state;
    file.fd = memfd_create("mapped", 0);
    assert_return_code(ftruncate(file.fd, BYTES), errno);
    file.at = mmap(NULL, BYTES, PROT_READ, MAP_SHARED, file.fd, 0);
    assert_ptr_not_equal(file.at, MAP_FAILED);
    file.sum = 0;
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    munmap((void *)(uintptr_t)file.at, BYTES);
    close(file.fd);
    return 0;
}

static void read_last(void *data)
{
    struct file *read = data;
    read->sum += 1 + read->at[BYTES - 1];
}

/* The guard starts here, because cmocka has handlers of its own from the test's first line to its last. */
static void cut(void)
{
    fault_guard_start();
    assert_return_code(ftruncate(file.fd, 0), errno);
}

static void a_reading_of_a_whole_file_is_done(void **state)
{
    (void)state;
    assert_true(fault_guarded(read_last, &file));
    assert_int_equal(file.sum, 1);
}

static void a_reading_of_a_file_that_was_cut_off_ends_as_often_as_it_is_tried(void **state)
{
    (void)state;
    cut();
    for (int i = 0; i < 3; i++)
        assert_false(fault_guarded(read_last, &file));
    assert_int_equal(file.sum, 0);
    assert_return_code(ftruncate(file.fd, BYTES), errno);
    assert_true(fault_guarded(read_last, &file));
}

static void *read_apart(void *data)
{
    bool *done = data;
    *done = fault_guarded(read_last, &file);
    return NULL;
}

static void read_meanwhile(void *data)
{
    pthread_t thread;
    bool done = true;
    assert_int_equal(pthread_create(&thread, NULL, read_apart, &done), 0);
    pthread_join(thread, NULL);
    *(bool *)data = done;
}

/* The thread's fault comes back to the thread, not to whoever else is guarded. */
static void each_thread_guards_its_own_readings(void **state)
{
    (void)state;
    bool done = true;
    cut();
    assert_true(fault_guarded(read_meanwhile, &done));
    assert_false(done);
}

static void meet(void *data)
{
    fault_meet();
    read_last(data);
}

static void what_a_library_meets_ends_the_reading_and_nothing_else(void **state)
{
    (void)state;
    assert_false(fault_guarded(meet, &file));
    assert_int_equal(file.sum, 0);
    meet(&file);
    assert_int_equal(file.sum, 1);
}

static void a_fault_outside_of_a_guard_ends_the_process(void **state)
{
    (void)state;
    int status = 0;
    assert_return_code(ftruncate(file.fd, 0), errno);
    pid_t child = fork();
    if (child == 0) {
        signal(SIGBUS, SIG_DFL);
        fault_guard_start();
        read_last(&file);
        _exit(0);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status));
    assert_int_equal(WTERMSIG(status), SIGBUS);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_reading_of_a_whole_file_is_done),
        TEST(a_reading_of_a_file_that_was_cut_off_ends_as_often_as_it_is_tried),
        TEST(each_thread_guards_its_own_readings),
        TEST(what_a_library_meets_ends_the_reading_and_nothing_else),
        TEST(a_fault_outside_of_a_guard_ends_the_process),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
