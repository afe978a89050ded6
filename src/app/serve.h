/*
 * serve.h: stillwatchd between its start and its end: rounds, signals, metrics.
 *
 * Errors: said on standard error when they begin, not every round; an exit status is returned.
 */
#ifndef APP_SERVE_H
#define APP_SERVE_H

#include "service/service.h"

struct serve_options {
    const char *listen; /* NULL: nowhere */
    unsigned round_ms;  /* between rounds when nothing more waits */
    bool unconfined;    /* no filter of system calls: for debuggers */
};

/* Until SIGTERM or SIGINT: then takes what waits, commits and returns EXIT_DONE. Signals must be blocked in no thread yet. */
int serve(const struct service_config *config, const struct serve_options *options);

#endif
