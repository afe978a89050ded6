/*
 * say.h: what the program says on standard error, and the status it leaves with.
 *
 * Errors: each failure is said once, where it is handled; exit statuses as documented in README.md. A function that
 *   returns one returns EXIT_GO_ON while there is no reason to leave.
 */
#ifndef APP_SAY_H
#define APP_SAY_H

#include "base/diag.h"
#include "base/status.h"
#include "exchange/log.h"

enum { EXIT_DONE = 0, EXIT_FAILED = 1, EXIT_USAGE = 2, EXIT_BAD_INPUT = 3, EXIT_GO_ON = -1 };

/* Why, for people; for STATUS_IO what errno says. */
const char *say_reason(enum status st);
/* Says what failed; returns EXIT_FAILED. */
int say_failed(const char *what, enum status st);
void say_diag(const struct diag *diag);
/* How many lines were bad for which reason, with the first of each, and which keys were not known. */
void say_log(const struct log_stats *log);
/* Says what is wrong with the command line; returns EXIT_USAGE. */
int say_usage(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
