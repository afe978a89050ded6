/*
 * corpus_bench: what texts of simulated traffic cost: a task of each pool, and a kB of answer of each.
 *
 * Model: TASKS tasks, ANSWERS answers of ANSWER_TOK tokens, of indices by chance, into one buffer that is emptied after each.
 *   A peer is measured in the same run: one memcpy of the same bytes out of 64 MiB of text, the least that copying a
 *   stored text costs. Medians of RUNS runs, and the least, which says what the machine does undisturbed.
 * Order: bench_corpus prints one JSON object a pool.
 */
#include "bench.h"
#include "corpus/corpus.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { RUNS = 11, TASKS = 50000, ANSWERS = 20000, ANSWER_TOK = 500, STORED_BYTES = 64 << 20 };

struct bench {
    struct corpus *corpus;
    enum corpus_pool pool;
    struct buffer out;
    char *stored;
    uint64_t seed, n_bytes;
};

static void run_tasks(struct bench *bench)
{
    for (unsigned i = 0; i < TASKS; i++) {
        buffer_reset(&bench->out);
        if (corpus_task(bench->corpus, bench->pool, random_next(&bench->seed), &bench->out) != STATUS_OK)
            exit(1);
        bench->n_bytes += bench->out.n;
    }
}

static void run_answers(struct bench *bench)
{
    for (unsigned i = 0; i < ANSWERS; i++) {
        uint64_t task = random_next(&bench->seed);
        buffer_reset(&bench->out);
        if (corpus_answer(bench->corpus, bench->pool, task, ~task, ANSWER_TOK, &bench->out) != STATUS_OK)
            exit(1);
        bench->n_bytes += bench->out.n;
    }
}

static void run_copies(struct bench *bench)
{
    for (unsigned i = 0; i < ANSWERS; i++) {
        size_t n = ANSWER_TOK * 4, at = random_next(&bench->seed) % (STORED_BYTES - n);
        buffer_reset(&bench->out);
        buffer_put(&bench->out, (struct span){ bench->stored + at, n });
        bench->n_bytes += n;
    }
}

/* Nanoseconds a run of n, or a kB where n is 0: median and least. */
static void measure(
    struct bench *bench, void (*run)(struct bench *), double n, double *ret_median, double *ret_least)
{
    double times[RUNS];
    run(bench);
    for (unsigned i = 0; i < RUNS; i++) {
        bench->n_bytes = 0;
        double start = now_us();
        run(bench);
        times[i] = (now_us() - start) * 1e3 / (n > 0 ? n : (double)bench->n_bytes / 1e3);
    }
    qsort(times, RUNS, sizeof *times, by_value);
    *ret_median = times[RUNS / 2];
    *ret_least = times[0];
}

int main(void)
{
    struct bench bench = { .seed = 1 };
    double task[2], answer[2], copy[2];
    bench.stored = malloc(STORED_BYTES);
    if (!bench.stored || corpus_new(NULL, &bench.corpus, NULL) != STATUS_OK)
        return 1;
    memset(bench.stored, 'x', STORED_BYTES);
    measure(&bench, run_copies, 0, &copy[0], &copy[1]);
    for (unsigned i = 0; i < POOL_COUNT; i++) {
        bench.pool = (enum corpus_pool)i;
        measure(&bench, run_tasks, TASKS, &task[0], &task[1]);
        double task_bytes = (double)bench.n_bytes / TASKS;
        measure(&bench, run_answers, 0, &answer[0], &answer[1]);
        printf("{\"bench\":\"corpus\",\"pool\":\"%s\",\"task_bytes\":%.0f,\"ns_per_task\":%.0f,"
               "\"ns_per_task_least\":%.0f,\"ns_per_answer_kb\":%.0f,\"ns_per_answer_kb_least\":%.0f,"
               "\"copy_ns_per_kb\":%.0f}\n",
            corpus_pool_name(bench.pool), task_bytes, task[0], task[1], answer[0], answer[1], copy[0]);
    }
    corpus_free(bench.corpus);
    buffer_fini(&bench.out);
    free(bench.stored);
    return 0;
}
