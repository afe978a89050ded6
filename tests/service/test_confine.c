#define _GNU_SOURCE /* MAP_ANONYMOUS */
#include "service/confine.h"

#include "support/test.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

/* Runs it under the filter in a child: its answer, or minus the signal that ended it. */
static int confined(int (*act)(void))
{
    int status;
    pid_t child = fork();
    if (child == 0) {
        setrlimit(RLIMIT_CORE, &(struct rlimit){ 0 });
        struct diag diag = { 0 };
        if (confine_calls(&diag) != STATUS_OK)
            _exit(99);
        _exit(act());
    }
    waitpid(child, &status, 0);
    return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

static int run_a_program(void)
{
    execl("/bin/true", "true", (char *)NULL);
    return 1;
}

static int open_a_socket(void)
{
    return socket(AF_INET, SOCK_STREAM, 0) < 0;
}

static int fork_a_child(void)
{
    return fork() < 0;
}

static int map_something_executable(void)
{
    return mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED;
}

static void *store(void *place)
{
    *(int *)place = 7;
    return NULL;
}

static int ascending(const void *a, const void *b)
{
    int x = *(const int *)a, y = *(const int *)b;
    return (x > y) - (x < y);
}

/* Of more than a kilobyte: glibc then asks for memory, and first how much there is. */
static int sort_many(void)
{
    enum { N = 100000 };
    int *items = malloc(N * sizeof *items);
    if (!items)
        return 1;
    for (int i = 0; i < N; i++)
        items[i] = (int)((unsigned)i * 2654435761U % N);
    qsort(items, N, sizeof *items, ascending);
    int bad = 0;
    for (int i = 1; i < N; i++)
        bad |= items[i - 1] > items[i];
    free(items);
    return bad;
}

static int work(void)
{
    pthread_t thread;
    int made = 0;
    char *memory = malloc((size_t)64 << 20);
    int fd = open("/dev/null", O_RDWR | O_CLOEXEC);
    if (!memory || fd < 0 || write(fd, "x", 1) != 1)
        return 1;
    free(memory);
    close(fd);
    if (pthread_create(&thread, NULL, store, &made) != 0 || pthread_join(thread, NULL) != 0)
        return 2;
    return made == 7 ? 0 : 3;
}

static void work_goes_on_under_the_filter(void **state)
{
    (void)state;
    assert_int_equal(confined(work), 0);
    assert_int_equal(confined(sort_many), 0);
}

static void a_call_that_is_not_allowed_kills(void **state)
{
    (void)state;
    assert_int_equal(confined(run_a_program), -SIGSYS);
    assert_int_equal(confined(open_a_socket), -SIGSYS);
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__) && !defined(__clang__)
    assert_int_equal(confined(fork_a_child), -SIGSYS);
    assert_int_equal(confined(map_something_executable), -SIGSYS);
#else
    (void)fork_a_child; /* the sanitizers need them */
    (void)map_something_executable;
#endif
}

static void *wait_for_ever(void *unused)
{
    (void)unused;
    for (;;)
        pause();
    return NULL;
}

static void on_signal(int signal)
{
    (void)signal;
}

/* pause is not on the list: a thread that was there before the filter is killed by it, and the process with it. */
static void the_filter_holds_for_threads_that_were_there(void **state)
{
    (void)state;
    int status;
    pid_t child = fork();
    if (child == 0) {
        pthread_t thread;
        struct diag diag = { 0 };
        setrlimit(RLIMIT_CORE, &(struct rlimit){ 0 });
        signal(SIGUSR1, on_signal);
        if (pthread_create(&thread, NULL, wait_for_ever, NULL) != 0 || confine_calls(&diag) != STATUS_OK)
            _exit(99);
        for (int i = 0; i < 200; i++) {
            pthread_kill(thread, SIGUSR1);
            usleep(10000);
        }
        _exit(0);
    }
    waitpid(child, &status, 0);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS);
}

/* Becomes somebody in a child; 0, or 1 if it was refused. */
static int become(const char *user, char reason[static 160])
{
    int status, ends[2];
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    if (child == 0) {
        struct diag diag = { 0 };
        enum status st = confine_user(user, &diag);
        if (write(ends[1], diag.reason, sizeof diag.reason) != sizeof diag.reason)
            _exit(9);
        if (st == STATUS_OK && (geteuid() == 0 || setuid(0) == 0))
            _exit(2);
        _exit(st != STATUS_OK);
    }
    waitpid(child, &status, 0);
    assert_int_equal(read(ends[0], reason, 160), 160);
    close(ends[0]);
    close(ends[1]);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void root_is_given_up_for_good_or_refused(void **state)
{
    (void)state;
    char reason[160];
    assert_int_equal(become("no-such-user-here", reason), 1);
    assert_string_equal(reason, "there is no such user");
    assert_int_equal(become("root", reason), 1);
    if (geteuid() != 0) {
        assert_int_equal(become(NULL, reason), 0);
        assert_int_equal(become("nobody", reason), 1);
        return;
    }
    assert_int_equal(become(NULL, reason), 1);
    assert_string_equal(reason, "it does not run as root: name another with --user");
    assert_int_equal(become("nobody", reason), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(work_goes_on_under_the_filter),
        cmocka_unit_test(a_call_that_is_not_allowed_kills),
        cmocka_unit_test(the_filter_holds_for_threads_that_were_there),
        cmocka_unit_test(root_is_given_up_for_good_or_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
