/*
 * progress.h: rate and time left on long runs, on standard error, only where that is a terminal.
 */
#ifndef APP_PROGRESS_H
#define APP_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

struct progress {
    bool on, shown;
    double started_s, last_s;
    uint64_t done_bytes, total_bytes; /* of the inputs before this one, and of all; total 0: unknown */
};

double progress_clock(void); /* seconds, monotonic */
void progress_start(struct progress *progress, bool quiet, uint64_t total_bytes);
/* At most five times a second. */
void progress_show(struct progress *progress, uint64_t input_bytes, uint64_t items, const char *unit);
void progress_clear(struct progress *progress);

#endif
