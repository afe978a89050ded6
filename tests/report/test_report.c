#include "report/report.h"

#include "base/file.h"
#include "fixture.h"
#include "support/alloc_sweep.h"
#include "support/test.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static struct fake fake;
static char dir[64];

static int set_up(void **state)
{
    (void)state;
    snprintf(dir, sizeof dir, "report-XXXXXX");
    return fake_init(&fake) == STATUS_OK && mkdtemp(dir) ? 0 : -1;
}

static const char *path_in(const char *name)
{
    static char path[256];
    snprintf(path, sizeof path, "%s/%s", dir, name);
    return path;
}

static int tear_down(void **state)
{
    (void)state;
    static const char *const names[] = { "campaigns.json", "summary.json", "report/index.html" };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        unlink(path_in(names[i]));
    rmdir(path_in("report"));
    rmdir(dir);
    fake_fini(&fake);
    return 0;
}

static struct span contents(const char *name)
{
    struct span text;
    assert_ok(file_read(path_in(name), 1 << 24, &text));
    return text;
}

static void all_three_files_are_written(void **state)
{
    (void)state;
    struct diag diag;
    assert_ok(report_write(dir, &fake.input, &diag));
    struct span campaigns = contents("campaigns.json"), summary = contents("summary.json");
    struct span page = contents("report/index.html");
    assert_memory_equal(campaigns.data, "{\"version\":1,\"campaigns\":[\n{\"id\":\"cmp_", 37);
    assert_memory_equal(summary.data, "{\"version\":\"0.1.0\"", 18);
    assert_memory_equal(page.data, "<!doctype html>", 15);
    free((void *)campaigns.data);
    free((void *)summary.data);
    free((void *)page.data);
    assert_ok(report_write(dir, &fake.input, &diag)); /* again, over what is there */
}

static void a_folder_that_cannot_be_made_is_named(void **state)
{
    (void)state;
    struct diag diag;
    assert_int_equal(report_write("no/such/folder", &fake.input, &diag), STATUS_IO);
    assert_string_equal(diag.file, "no/such/folder");
    assert_string_equal(diag.reason, "No such file or directory");
    FILE *file = fopen(path_in("report"), "w");
    fclose(file);
    assert_int_equal(report_write(dir, &fake.input, &diag), STATUS_IO);
    assert_string_equal(diag.field, "report/index.html");
    unlink(path_in("report"));
}

static void a_failed_allocation_leaves_the_older_files_whole(void **state)
{
    (void)state;
    bool reached = true;
    struct diag diag;
    assert_ok(report_write(dir, &fake.input, &diag));
    struct span before = contents("report/index.html");
    for (long nth = 0; reached; nth++) {
        alloc_sweep_arm(nth);
        enum status st = report_write(dir, &fake.input, &diag);
        reached = alloc_sweep_disarm();
        assert_int_equal(st, reached ? STATUS_NOMEM : STATUS_OK);
        struct span after = contents("report/index.html");
        assert_true(span_eq(before, after));
        free((void *)after.data);
    }
    free((void *)before.data);
}

/* For the eye: STILLWATCH_REPORT_DEMO=folder keeps the page. */
static void the_page_can_be_kept_to_look_at(void **state)
{
    (void)state;
    struct diag diag;
    const char *kept = getenv("STILLWATCH_REPORT_DEMO");
    if (!kept)
        skip();
    assert_ok(report_write(kept, &fake.input, &diag));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(all_three_files_are_written),
        TEST(a_folder_that_cannot_be_made_is_named),
        TEST(a_failed_allocation_leaves_the_older_files_whole),
        TEST(the_page_can_be_kept_to_look_at),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
