#include "app/progress.h"

#include <stdio.h>
#include <time.h>
#include <unistd.h>

double progress_clock(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

void progress_start(struct progress *progress, bool quiet, uint64_t total_bytes)
{
    *progress = (struct progress){
        .on = !quiet && isatty(STDERR_FILENO), .started_s = progress_clock(), .total_bytes = total_bytes
    };
    progress->last_s = progress->started_s;
}

void progress_show(struct progress *progress, uint64_t input_bytes, uint64_t items, const char *unit)
{
    if (!progress->on)
        return;
    double now = progress_clock();
    if (now - progress->last_s < 0.2)
        return;
    progress->last_s = now;
    progress->shown = true;
    double seconds = now - progress->started_s;
    double done = (double)(progress->done_bytes + input_bytes);
    fprintf(stderr, "\r\033[K%.1f million %s, %.0f thousand a second", (double)items / 1e6, unit,
        (double)items / seconds / 1e3);
    if (progress->total_bytes > 0 && done > 0) {
        double left = seconds * ((double)progress->total_bytes - done) / done;
        fprintf(stderr, ", %.0f %%, %.0f s left", 100 * done / (double)progress->total_bytes,
            left > 0 ? left : 0);
    }
    fflush(stderr);
}

void progress_clear(struct progress *progress)
{
    if (progress->shown)
        fputs("\r\033[K", stderr);
    progress->shown = false;
}
