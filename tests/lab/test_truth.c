#include "lab/fixture.h"

#include "base/clock.h"
#include "base/file.h"
#include "lab/truth.h"
#include "support/alloc_sweep.h"

#include <dirent.h>
#include <unistd.h>

static struct lab lab;
static char dir[64];

static int open_lab(void **state)
{
    (void)state;
    lab_open(&lab);
    return 0;
}

static int close_lab(void **state)
{
    (void)state;
    lab_close(&lab);
    return 0;
}

static int make_dir(void **state)
{
    (void)state;
    strcpy(dir, "/tmp/stillwatch_truth.XXXXXX");
    return mkdtemp(dir) ? 0 : -1;
}

/* How many files are in the folder. */
static unsigned files(void)
{
    unsigned n = 0;
    DIR *folder = opendir(dir);
    assert_non_null(folder);
    for (const struct dirent *entry; (entry = readdir(folder));)
        n += strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
    closedir(folder);
    return n;
}

static int remove_dir(void **state)
{
    (void)state;
    static const char *const names[] = { "extraction.ids", "extraction.csv", "truth.jsonl", "costs.jsonl",
        "period.json" };
    char path[128];
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        snprintf(path, sizeof path, "%s/%s", dir, names[i]);
        unlink(path);
    }
    return rmdir(dir);
}

static char *text_of(const char *name)
{
    char path[128];
    struct span text;
    snprintf(path, sizeof path, "%s/%s", dir, name);
    assert_ok(file_read(path, 1 << 26, &text));
    return (char *)(uintptr_t)text.data;
}

static unsigned count(const char *text, const char *what)
{
    unsigned n = 0;
    for (const char *at = text; (at = strstr(at, what)); at++)
        n++;
    return n;
}

static struct happened write_truth(void)
{
    struct truth_writer *writer;
    assert_ok(truth_open(dir, lab.world, &writer));
    struct happened all = lab_run(lab.world, SIZE_MAX);
    for (size_t i = 0; i < all.n; i++)
        assert_ok(truth_note(writer, &all.items[i]));
    assert_ok(truth_commit(writer, lab.scenario));
    truth_close(writer);
    return all;
}

/* The second has accounts that wait and are never used: the log does not speak of them. */
#define TWO_CAMPAIGNS                                                                                        \
    LAB_HEAD("2")                                                                                            \
    "benign: [{population: individuals, accounts: 30}, {population: course, accounts: 12}]\n" LAB_CAMPAIGN(  \
        "one", "6", "30") "    jobs: [{refused: 0.4, text: {frame: probe}}]\n    mix: 0.4\n"                 \
                          "    budget: {account_price: 2.5, exchange_price: 0.01}\n" LAB_ANOTHER_CAMPAIGN(   \
                              "two", "3", "10") LAB_JOBS "    reaction: {standby: 4, switch_at: 1}\n"

/* By hand: answered, for a campaign, and neither refused nor restricted. */
static bool serves(const struct happening *happening)
{
    return happening->kind == HAPPENING_ASK && happening->ask.status == 200 &&
           happening->ask.talk.flags & ASK_EXTRACTION && !(happening->ask.talk.flags & ASK_REFUSED) &&
           !(happening->ask.talk.flags & ASK_RESTRICTED);
}

static void exchanges_are_listed_that_were_answered_and_serve_a_campaign(void **state)
{
    (void)state;
    lab_world(&lab, TWO_CAMPAIGNS, 3, 1);
    struct happened all = write_truth();
    char *ids = text_of("extraction.ids"), *csv = text_of("extraction.csv");
    unsigned extraction = 0, others = 0;
    struct buffer line = { 0 };
    for (size_t i = 0; i < all.n; i++) {
        const struct happening *happening = &all.items[i];
        assert_int_equal(truth_is_extraction(happening), serves(happening));
        if (happening->kind != HAPPENING_ASK)
            continue;
        buffer_reset(&line);
        identity_put_id("req_", dice_hash(3, happening->ask.serial), &line);
        size_t id = line.n;
        buffer_print(&line, ",");
        identity_put_name(3, happening->account, &line);
        buffer_print(&line, ",%lld\n%c", (long long)happening->time_ms, 0);
        assert_int_equal(count(csv, line.data), serves(happening));
        memcpy(line.data + id, "\n", 2);
        assert_int_equal(count(ids, line.data), serves(happening));
        extraction += serves(happening);
        others += !serves(happening) && lab.world->accounts[happening->account].campaign >= 0;
    }
    assert_true(extraction > 100 && others > 100);
    assert_int_equal(count(ids, "\n"), extraction);
    assert_int_equal(count(csv, "\n"), extraction + 1);
    buffer_fini(&line);
    free(ids);
    free(csv);
    free(all.items);
}

static void every_account_that_the_log_speaks_of_has_a_line_that_says_whose_it_is(void **state)
{
    (void)state;
    lab_world(&lab, TWO_CAMPAIGNS, 4, 1);
    struct happened all = write_truth();
    char *truth = text_of("truth.jsonl");
    unsigned introduced = 0;
    for (size_t i = 0; i < all.n; i++) {
        char time[CLOCK_TEXT_BYTES], since[CLOCK_TEXT_BYTES + 16];
        if (all.items[i].kind != HAPPENING_ACCOUNT)
            continue;
        clock_format(all.items[i].time_ms, time);
        snprintf(since, sizeof since, "\"since\":\"%s\"", time);
        assert_true(count(truth, since) > 0);
        introduced++;
    }
    assert_int_equal(world_accounts(lab.world), introduced + 4);
    assert_int_equal(count(truth, "\n"), introduced);
    assert_int_equal(count(truth, "\"population\":\"operator\""), 9);
    assert_int_equal(count(truth, "\"campaign\":\"one\""), 6);
    assert_int_equal(count(truth, "\"campaign\":\"two\""), 3);
    assert_int_equal(count(truth, "\"campaign\":null"), introduced - 9);
    assert_true(count(truth, "\"population\":\"course\",\"campaign\":null,\"organization\":\"org_") > 5);
    assert_int_equal(count(truth, "\"population\":\"individuals\",\"campaign\":null,\"since\""),
        count(truth, "individuals"));
    free(truth);
    free(all.items);
}

static void costs_and_period_are_those_of_the_world(void **state)
{
    (void)state;
    char want[256];
    lab_world(&lab, TWO_CAMPAIGNS, 5, 1);
    struct happened all = write_truth();
    char *costs = text_of("costs.jsonl"), *period = text_of("period.json");
    unsigned attempts = 0;
    struct campaign_cost cost;
    for (size_t i = 0; i < all.n; i++)
        attempts +=
            all.items[i].kind == HAPPENING_ASK && lab.world->accounts[all.items[i].account].campaign == 0;
    world_cost(lab.world, 0, &cost);
    assert_true(cost.attempts == attempts && cost.accounts_bought == 6 && cost.refused > 0);
    snprintf(want, sizeof want,
        "{\"campaign\":\"one\",\"accounts_bought\":6,\"spent_cents\":%u,\"attempts\":%u,\"refused\":%u}\n",
        1500 + attempts, attempts, (unsigned)cost.refused);
    assert_memory_equal(costs, want, strlen(want));
    assert_int_equal(count(costs, "\n"), 2);
    assert_string_equal(
        period, "{\"start\":\"2026-05-04T00:00:00.000Z\",\"end\":\"2026-05-06T00:00:00.000Z\"}\n");
    free(costs);
    free(period);
    free(all.items);
}

static void without_a_commit_nothing_is_left_behind(void **state)
{
    (void)state;
    struct truth_writer *writer;
    lab_world(&lab, TWO_CAMPAIGNS, 6, 1);
    assert_ok(truth_open(dir, lab.world, &writer));
    assert_ok(truth_note(writer, &(struct happening){ .kind = HAPPENING_RELEASE }));
    truth_close(writer);
    truth_close(NULL);
    assert_int_equal(files(), 0);
}

static void a_folder_that_is_not_there_is_an_error(void **state)
{
    (void)state;
    struct truth_writer *writer = NULL;
    char path[5000];
    lab_world(&lab, TWO_CAMPAIGNS, 7, 1);
    assert_int_equal(truth_open("/nonexistent", lab.world, &writer), STATUS_IO);
    memset(path, 'a', sizeof path);
    path[sizeof path - 1] = '\0';
    assert_int_equal(truth_open(path, lab.world, &writer), STATUS_TOO_BIG);
    assert_null(writer);
}

static void without_memory_nothing_is_left_behind(void **state)
{
    (void)state;
    bool failed = true;
    lab_world(&lab, TWO_CAMPAIGNS, 8, 1);
    struct happened all = lab_run(lab.world, 400);
    for (long nth = 0; failed; nth++) {
        struct truth_writer *writer = NULL;
        alloc_sweep_arm(nth);
        enum status st = truth_open(dir, lab.world, &writer);
        for (size_t i = 0; st == STATUS_OK && i < all.n; i++)
            st = truth_note(writer, &all.items[i]);
        if (st == STATUS_OK)
            st = truth_commit(writer, lab.scenario);
        failed = alloc_sweep_disarm();
        assert_int_equal(st, failed ? STATUS_NOMEM : STATUS_OK);
        truth_close(writer);
        assert_int_equal(files(), failed ? 0 : 5);
    }
    free(all.items);
}

#define IN_DIR(test) cmocka_unit_test_setup_teardown(test, make_dir, remove_dir)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_DIR(exchanges_are_listed_that_were_answered_and_serve_a_campaign),
        IN_DIR(every_account_that_the_log_speaks_of_has_a_line_that_says_whose_it_is),
        IN_DIR(costs_and_period_are_those_of_the_world),
        IN_DIR(without_a_commit_nothing_is_left_behind),
        IN_DIR(a_folder_that_is_not_there_is_an_error),
        IN_DIR(without_memory_nothing_is_left_behind),
    };
    return cmocka_run_group_tests(tests, open_lab, close_lab);
}
