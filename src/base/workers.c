#include "base/workers.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>

struct workers {
    pthread_mutex_t lock;
    pthread_cond_t start, done;
    pthread_t *threads;
    unsigned n_threads; /* made, the caller not counted */
    enum status (*work)(void *context, size_t i);
    void *context;
    size_t n, next, finished;
    size_t failed_at;
    enum status failed;
    bool stop;
};

/* Takes indices until none is left. The lock is held on entry and exit. */
static void take_work(struct workers *w)
{
    while (w->next < w->n) {
        size_t i = w->next++;
        pthread_mutex_unlock(&w->lock);
        enum status st = w->work(w->context, i);
        pthread_mutex_lock(&w->lock);
        if (st != STATUS_OK && (w->failed == STATUS_OK || i < w->failed_at)) {
            w->failed = st;
            w->failed_at = i;
        }
        if (++w->finished == w->n)
            pthread_cond_broadcast(&w->done);
    }
}

static void *thread_main(void *argument)
{
    struct workers *w = argument;
    pthread_mutex_lock(&w->lock);
    while (!w->stop) {
        if (w->next < w->n)
            take_work(w);
        else
            pthread_cond_wait(&w->start, &w->lock);
    }
    pthread_mutex_unlock(&w->lock);
    return NULL;
}

enum status workers_new(unsigned n_threads, struct workers **ret_workers)
{
    enum status st = STATUS_OK;
    struct workers *w = calloc(1, sizeof *w);
    REQUIRE(w, STATUS_NOMEM);
    pthread_mutex_init(&w->lock, NULL);
    pthread_cond_init(&w->start, NULL);
    pthread_cond_init(&w->done, NULL);
    w->threads = calloc(n_threads + 1, sizeof *w->threads);
    REQUIRE(w->threads, STATUS_NOMEM);
    for (unsigned i = 1; i < n_threads; i++) {
        REQUIRE(pthread_create(&w->threads[w->n_threads], NULL, thread_main, w) == 0, STATUS_IO);
        w->n_threads++;
    }
    *ret_workers = w;
    return STATUS_OK;
fail:
    workers_free(w);
    return st;
}

void workers_free(struct workers *workers)
{
    if (!workers)
        return;
    pthread_mutex_lock(&workers->lock);
    workers->stop = true;
    pthread_cond_broadcast(&workers->start);
    pthread_mutex_unlock(&workers->lock);
    for (unsigned i = 0; i < workers->n_threads; i++)
        pthread_join(workers->threads[i], NULL);
    pthread_cond_destroy(&workers->done);
    pthread_cond_destroy(&workers->start);
    pthread_mutex_destroy(&workers->lock);
    free(workers->threads);
    free(workers);
}

static enum status run_alone(size_t n, enum status (*work)(void *context, size_t i), void *context)
{
    enum status first = STATUS_OK;
    for (size_t i = 0; i < n; i++) {
        enum status st = work(context, i);
        if (first == STATUS_OK)
            first = st;
    }
    return first;
}

enum status workers_run(
    struct workers *workers, size_t n, enum status (*work)(void *context, size_t i), void *context)
{
    struct workers *w = workers;
    if (w->n_threads == 0 || n < 2)
        return run_alone(n, work, context);
    pthread_mutex_lock(&w->lock);
    w->work = work;
    w->context = context;
    w->n = n;
    w->next = w->finished = 0;
    w->failed = STATUS_OK;
    pthread_cond_broadcast(&w->start);
    take_work(w);
    while (w->finished < w->n)
        pthread_cond_wait(&w->done, &w->lock);
    w->n = w->next = 0;
    enum status st = w->failed;
    pthread_mutex_unlock(&w->lock);
    return st;
}
