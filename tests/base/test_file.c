#define _GNU_SOURCE /* F_SETPIPE_SZ */
#include "support/alloc_sweep.h"
#include "support/test.h"

#include "base/file.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char folder[] = "/tmp/test_file_XXXXXX";
static char path[64];

static int make_folder(void **state)
{
    (void)state;
    if (!mkdtemp(folder))
        return -1;
    snprintf(path, sizeof path, "%s/a", folder);
    return 0;
}

static int remove_folder(void **state)
{
    (void)state;
    unlink(path);
    return rmdir(folder);
}

static void assert_content(const char *expected)
{
    struct span bytes;
    assert_ok(file_read(path, 100, &bytes));
    assert_int_equal(bytes.n, strlen(expected));
    assert_string_equal(bytes.data, expected);
    free((char *)bytes.data);
}

static void what_is_written_is_read(void **state)
{
    (void)state;
    assert_ok(file_write(path, SPAN("one")));
    assert_content("one");
    assert_ok(file_write(path, SPAN("")));
    assert_content("");
}

static char pipe_bytes[1 << 20];
static size_t pipe_n;

static void *read_slowly(void *context)
{
    ssize_t n;
    while ((n = read(*(int *)context, pipe_bytes + pipe_n, 1 + pipe_n % 5000)) > 0)
        pipe_n += (size_t)n;
    return NULL;
}

/* A pipe takes what it has room for: pieces are cut anywhere. */
static void pieces_follow_each_other_whole_behind_what_was_written(void **state)
{
    (void)state;
    enum { PIECES = 1700 };
    static char text[PIECES];
    struct span pieces[PIECES];
    int ends[2];
    pthread_t reader;
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(pthread_create(&reader, NULL, read_slowly, &ends[0]), 0);
    FILE *out = fdopen(ends[1], "w");
    assert_non_null(out);
    for (int i = 0; i < PIECES; i++) {
        text[i] = (char)('a' + i % 23);
        pieces[i] = (struct span){ text, (size_t)(i % 400) };
    }
    assert_true(fputs("first", out) >= 0);
    assert_ok(file_put_pieces(out, pieces, PIECES));
    assert_ok(file_put_pieces(out, NULL, 0));
    assert_true(fputs("last", out) >= 0);
    assert_int_equal(fclose(out), 0);
    assert_int_equal(pthread_join(reader, NULL), 0);
    close(ends[0]);
    size_t at = strlen("first");
    assert_memory_equal(pipe_bytes, "first", at);
    for (int i = 0; i < PIECES; at += pieces[i++].n)
        assert_true(pieces[i].n == 0 || memcmp(pipe_bytes + at, text, pieces[i].n) == 0);
    assert_int_equal(pipe_n, at + strlen("last"));
    assert_memory_equal(pipe_bytes + at, "last", strlen("last"));
    FILE *full = fopen("/dev/full", "w");
    if (full) {
        assert_int_equal(file_put_pieces(full, pieces, PIECES), STATUS_IO);
        fclose(full);
    }
}

static void an_aborted_draft_leaves_the_old_file_and_nothing_else(void **state)
{
    (void)state;
    struct file_draft draft;
    assert_ok(file_write(path, SPAN("old")));
    assert_ok(file_draft_open(path, &draft));
    fputs("new", draft.stream);
    file_draft_abort(&draft);
    assert_content("old");
    /* remove_folder fails if a draft were left. */
}

static void a_file_beyond_the_limit_is_refused(void **state)
{
    (void)state;
    struct span bytes = { 0 };
    assert_ok(file_write(path, SPAN("12345")));
    assert_int_equal(file_read(path, 4, &bytes), STATUS_TOO_BIG);
    assert_null(bytes.data);
    assert_ok(file_read(path, 5, &bytes));
    free((char *)bytes.data);
}

static void what_the_system_refuses_is_an_io_error(void **state)
{
    (void)state;
    struct span bytes;
    struct file_draft draft;
    assert_int_equal(file_read("/nonexistent/a", 10, &bytes), STATUS_IO);
    assert_int_equal(file_draft_open("/nonexistent/a", &draft), STATUS_IO);
    assert_ok(file_draft_open(path, &draft));
    FILE *own = draft.stream;
    draft.stream = fopen("/dev/full", "wb");
    fclose(own);
    fputs("x", draft.stream);
    assert_int_equal(file_draft_commit(&draft), STATUS_IO);
}

/* Reads all that comes through a pipe in a process of its own and tells its length. */
static pid_t start_reader(const char *pipe_path)
{
    pid_t child = fork();
    if (child == 0) {
        char bytes[4096];
        size_t all = 0;
        ssize_t n;
        int fd = open(pipe_path, O_RDONLY);
        while ((n = read(fd, bytes, sizeof bytes)) > 0)
            all += (size_t)n;
        _exit(all == 200000 ? 0 : 1);
    }
    return child;
}

static void a_draft_onto_a_pipe_is_written_into_it_at_once(void **state)
{
    (void)state;
    struct file_draft draft;
    struct stat info;
    int ended;
    static char text[100000];
    memset(text, 'x', sizeof text);
    unlink(path);
    assert_int_equal(mkfifo(path, 0600), 0);
    pid_t reader = start_reader(path);
    assert_true(reader > 0);
    assert_ok(file_draft_open(path, &draft));
    assert_null(draft.draft_path);
    assert_int_equal(fwrite(text, 1, sizeof text, draft.stream), sizeof text);
    assert_int_equal(fwrite(text, 1, sizeof text, draft.stream), sizeof text);
    assert_ok(file_draft_commit(&draft));
    assert_int_equal(waitpid(reader, &ended, 0), reader);
    assert_true(WIFEXITED(ended) && WEXITSTATUS(ended) == 0);
    assert_int_equal(stat(path, &info), 0);
    assert_true(S_ISFIFO(info.st_mode));
    unlink(path);
}

static void a_pipe_is_made_as_wide_as_the_system_lets_it(void **state)
{
    (void)state;
    struct file_draft draft;
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    int most = fcntl(ends[0], F_SETPIPE_SZ, 1 << 20); /* a system may grant less */
    close(ends[0]);
    close(ends[1]);
    unlink(path);
    assert_int_equal(mkfifo(path, 0600), 0);
    int reader = open(path, O_RDONLY | O_NONBLOCK);
    assert_ok(file_draft_open(path, &draft));
    if (most > 0)
        assert_int_equal(fcntl(reader, F_GETPIPE_SZ), most);
    file_draft_abort(&draft);
    close(reader);
    unlink(path);
}

static void an_aborted_draft_onto_a_device_leaves_it_and_a_full_one_is_an_error(void **state)
{
    (void)state;
    struct file_draft draft;
    assert_ok(file_draft_open("/dev/null", &draft));
    fputs("x", draft.stream);
    file_draft_abort(&draft);
    assert_int_equal(access("/dev/null", F_OK), 0);
    assert_ok(file_draft_open("/dev/full", &draft));
    fputs("x", draft.stream);
    assert_int_equal(file_draft_commit(&draft), STATUS_IO);
    assert_int_equal(access("/dev/full", F_OK), 0);
}

/* As /dev/stdout is where a shell has sent it into a file. */
static void a_link_to_standard_output_stays_one_and_is_written_behind_what_is_there(void **state)
{
    (void)state;
    char link[80];
    struct stat info;
    snprintf(link, sizeof link, "%s.link", path);
    assert_int_equal(symlink("/proc/self/fd/1", link), 0);
    fflush(stdout);
    int kept = dup(STDOUT_FILENO), file = open(path, O_CREAT | O_TRUNC | O_RDWR, 0666);
    assert_true(kept >= 0 && file >= 0 && dup2(file, STDOUT_FILENO) >= 0);
    ssize_t before = write(STDOUT_FILENO, "one ", 4);
    enum status st = file_write(link, SPAN("two"));
    assert_int_equal(dup2(kept, STDOUT_FILENO), STDOUT_FILENO);
    close(kept);
    close(file);
    assert_true(before == 4 && lstat(link, &info) == 0 && S_ISLNK(info.st_mode));
    unlink(link);
    assert_ok(st);
    assert_content("one two");
}

static void every_failed_allocation_leaves_no_file(void **state)
{
    (void)state;
    enum status st;
    unlink(path);
    for (long n = 0;; n++) {
        alloc_sweep_arm(n);
        st = file_write(path, SPAN("x"));
        if (!alloc_sweep_disarm())
            break;
        assert_int_equal(st, STATUS_NOMEM);
        assert_int_equal(access(path, F_OK), -1);
    }
    assert_ok(st);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_written_is_read),
        cmocka_unit_test(pieces_follow_each_other_whole_behind_what_was_written),
        cmocka_unit_test(an_aborted_draft_leaves_the_old_file_and_nothing_else),
        cmocka_unit_test(a_file_beyond_the_limit_is_refused),
        cmocka_unit_test(what_the_system_refuses_is_an_io_error),
        cmocka_unit_test(a_draft_onto_a_pipe_is_written_into_it_at_once),
        cmocka_unit_test(a_pipe_is_made_as_wide_as_the_system_lets_it),
        cmocka_unit_test(an_aborted_draft_onto_a_device_leaves_it_and_a_full_one_is_an_error),
        cmocka_unit_test(a_link_to_standard_output_stays_one_and_is_written_behind_what_is_there),
        cmocka_unit_test(every_failed_allocation_leaves_no_file),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
