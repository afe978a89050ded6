/* simulate.c: a log with its truth, in one folder. */
#include "lab/fixture.h"

#include "lab/simulate.h"

#include <unistd.h>

static struct lab lab;
static char dir[64];
static const char *const names[] = { "log.jsonl", "records.swr", "extraction.ids", "extraction.csv",
    "truth.jsonl", "costs.jsonl", "period.json" };

static int open_lab(void **state)
{
    (void)state;
    strcpy(dir, "/tmp/stillwatch_simulate.XXXXXX");
    lab_open(&lab);
    return mkdtemp(dir) ? 0 : -1;
}

static int close_lab(void **state)
{
    (void)state;
    char path[128];
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        snprintf(path, sizeof path, "%s/%s", dir, names[i]);
        unlink(path);
    }
    lab_close(&lab);
    return rmdir(dir);
}

static uint64_t lines(const char *name, const char *beginning)
{
    char path[128], *line = NULL;
    size_t capacity = 0;
    uint64_t n = 0;
    snprintf(path, sizeof path, "%s/%s", dir, name);
    FILE *stream = fopen(path, "r");
    assert_non_null(stream);
    while (getline(&line, &capacity, stream) >= 0)
        n += strncmp(line, beginning, strlen(beginning)) == 0;
    fclose(stream);
    free(line);
    return n;
}

static struct simulate_counts run(bool records, const char *where)
{
    struct diag diag = { 0 };
    struct simulate_counts counts;
    lab_world(&lab,
        LAB_HEAD("2") "benign: [{population: individuals, accounts: 30}]\nreleases: [{day: 1, model: "
                      "m-next}]\n" LAB_CAMPAIGN("one", "10", "30") LAB_JOBS
        "    raids: [{day: 1, share: 1}]\n",
        3, 1);
    const struct simulate_config config = {
        .world = lab_config(&lab, 3, 1), .key = &lab.key, .n_threads = 2, .records = records, .dir = where
    };
    assert_ok(simulate(&config, &counts, &diag));
    return counts;
}

static void every_happening_is_a_line_and_the_truth_knows_every_account(void **state)
{
    (void)state;
    struct simulate_counts counts = run(false, dir);
    assert_true(counts.exchanges > 200 && counts.extraction > 150);
    assert_int_equal(lines("log.jsonl", "{\"event\":\"exchange\""), counts.exchanges);
    assert_int_equal(lines("log.jsonl", "{\"event\":\"account\""), counts.accounts);
    assert_int_equal(lines("log.jsonl", "{\"event\":\"release\""), 1);
    assert_int_equal(lines("log.jsonl", "{\"event\":\"enforcement\""), 10);
    assert_int_equal(lines("log.jsonl", ""), counts.happenings);
    assert_int_equal(lines("truth.jsonl", "{\"account\""), counts.accounts);
    assert_int_equal(lines("extraction.ids", "req_"), counts.extraction);
}

static void records_are_of_the_same_run(void **state)
{
    (void)state;
    struct simulate_counts log = run(false, dir), records = run(true, dir);
    char path[128];
    assert_memory_equal(&log, &records, sizeof log);
    snprintf(path, sizeof path, "%s/records.swr", dir);
    assert_int_equal(access(path, R_OK), 0);
}

static void a_folder_that_is_not_there_is_an_error(void **state)
{
    (void)state;
    struct diag diag = { 0 };
    struct simulate_counts counts;
    lab_world(&lab, LAB_HEAD("1") LAB_CAMPAIGN("one", "2", "5") LAB_JOBS, 3, 1);
    const struct simulate_config config = {
        .world = lab_config(&lab, 3, 1), .key = &lab.key, .n_threads = 1, .dir = "/nonexistent/folder"
    };
    assert_int_equal(simulate(&config, &counts, &diag), STATUS_IO);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_happening_is_a_line_and_the_truth_knows_every_account),
        cmocka_unit_test(records_are_of_the_same_run),
        cmocka_unit_test(a_folder_that_is_not_there_is_an_error),
    };
    return cmocka_run_group_tests(tests, open_lab, close_lab);
}
