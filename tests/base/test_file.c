#include "support/alloc_sweep.h"
#include "support/test.h"

#include "base/file.h"

#include <stdlib.h>
#include <sys/stat.h>
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
        cmocka_unit_test(an_aborted_draft_leaves_the_old_file_and_nothing_else),
        cmocka_unit_test(a_file_beyond_the_limit_is_refused),
        cmocka_unit_test(what_the_system_refuses_is_an_io_error),
        cmocka_unit_test(every_failed_allocation_leaves_no_file),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
