#include "base/workers.h"

#include "support/alloc_sweep.h"
#include "support/random.h"
#include "support/test.h"

#include <stdatomic.h>
#include <string.h>

enum { ITEMS_MAX = 300 };

struct job {
    atomic_uint runs[ITEMS_MAX];
    enum status results[ITEMS_MAX];
};

static enum status run_item(void *context, size_t i)
{
    struct job *job = context;
    atomic_fetch_add(&job->runs[i], 1);
    return job->results[i];
}

static void assert_each_ran_once(const struct job *job, size_t n)
{
    for (size_t i = 0; i < ITEMS_MAX; i++)
        assert_int_equal(atomic_load(&job->runs[i]), i < n);
}

static void every_index_runs_once_whatever_the_threads(void **state)
{
    (void)state;
    static const unsigned threads[] = { 0, 1, 2, 4 };
    static const size_t sizes[] = { 0, 1, 2, 3, 4, 7, 64, ITEMS_MAX };
    for (size_t i = 0; i < sizeof threads / sizeof *threads; i++) {
        struct workers *workers;
        assert_ok(workers_new(threads[i], &workers));
        for (size_t j = 0; j < sizeof sizes / sizeof *sizes; j++) {
            struct job job = { 0 };
            assert_ok(workers_run(workers, sizes[j], run_item, &job));
            assert_each_ran_once(&job, sizes[j]);
        }
        workers_free(workers);
    }
}

static void the_smallest_index_that_fails_wins(void **state)
{
    (void)state;
    for (unsigned threads = 1; threads <= 4; threads++) {
        struct workers *workers;
        assert_ok(workers_new(threads, &workers));
        for (size_t first = 0; first < 40; first++) {
            struct job job = { 0 };
            for (size_t i = first; i < 40; i++)
                job.results[i] = i == first ? STATUS_TOO_BIG : STATUS_BAD;
            assert_int_equal(workers_run(workers, 40, run_item, &job), STATUS_TOO_BIG);
            assert_each_ran_once(&job, 40);
        }
        workers_free(workers);
    }
}

static void a_failed_run_leaves_nothing_for_the_next(void **state)
{
    (void)state;
    struct workers *workers;
    assert_ok(workers_new(3, &workers));
    struct job bad = { .results = { [5] = STATUS_IO } };
    struct job good = { 0 };
    assert_int_equal(workers_run(workers, 10, run_item, &bad), STATUS_IO);
    assert_ok(workers_run(workers, 10, run_item, &good));
    assert_each_ran_once(&good, 10);
    workers_free(workers);
}

static void thousands_of_runs_follow_each_other(void **state)
{
    (void)state;
    struct test_random random = { 31 };
    print_message("seed %llu\n", (unsigned long long)random.state);
    struct workers *workers;
    assert_ok(workers_new(4, &workers));
    for (int run = 0; run < 3000; run++) {
        struct job job = { 0 };
        size_t n = test_random_below(&random, 9);
        assert_ok(workers_run(workers, n, run_item, &job));
        assert_each_ran_once(&job, n);
    }
    workers_free(workers);
}

static void workers_that_never_ran_can_be_freed(void **state)
{
    (void)state;
    workers_free(NULL);
    for (unsigned threads = 0; threads <= 4; threads++) {
        struct workers *workers;
        assert_ok(workers_new(threads, &workers));
        workers_free(workers);
    }
}

static void running_out_of_memory_makes_no_workers(void **state)
{
    (void)state;
    struct workers *workers = NULL;
    enum status st = STATUS_NOMEM;
    for (long n = 0; st != STATUS_OK; n++) {
        assert_null(workers);
        alloc_sweep_arm(n);
        st = workers_new(3, &workers);
        alloc_sweep_disarm();
        assert_true(st == STATUS_OK || st == STATUS_NOMEM);
    }
    struct job job = { 0 };
    assert_ok(workers_run(workers, 20, run_item, &job));
    assert_each_ran_once(&job, 20);
    workers_free(workers);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_index_runs_once_whatever_the_threads),
        cmocka_unit_test(the_smallest_index_that_fails_wins),
        cmocka_unit_test(a_failed_run_leaves_nothing_for_the_next),
        cmocka_unit_test(thousands_of_runs_follow_each_other),
        cmocka_unit_test(workers_that_never_ran_can_be_freed),
        cmocka_unit_test(running_out_of_memory_makes_no_workers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
