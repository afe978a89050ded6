#define _GNU_SOURCE /* program_invocation_short_name */
#include "app/say.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

const char *say_reason(enum status st)
{
    return st == STATUS_IO && errno ? strerror(errno) : status_text(st);
}

int say_failed(const char *what, enum status st)
{
    fprintf(stderr, "%s: %s: %s\n", program_invocation_short_name, what, say_reason(st));
    return EXIT_FAILED;
}

void say_diag(const struct diag *diag)
{
    fprintf(stderr, "%s: %s", program_invocation_short_name, diag->file ? diag->file : "input");
    if (diag->line > 0)
        fprintf(stderr, ":%llu", (unsigned long long)diag->line);
    if (diag->column > 0)
        fprintf(stderr, ":%u", diag->column);
    if (diag->column == 0 && (diag->line > 0 || diag->offset > 0))
        fprintf(stderr, " (byte %llu)", (unsigned long long)diag->offset);
    if (diag->field[0])
        fprintf(stderr, ": %s", diag->field);
    fprintf(stderr, ": %s\n", diag->reason);
}

void say_log(const struct log_stats *log)
{
    for (unsigned i = 0; i < FAULT_COUNT; i++) {
        if (log->faults[i] == 0)
            continue;
        fprintf(stderr, "%s: %llu bad (%s), the first:\n", program_invocation_short_name,
            (unsigned long long)log->faults[i], line_fault_name((enum line_fault)i));
        say_diag(&log->first[i]);
    }
    for (uint64_t i = 0; i < log->unknown_keys && i < 32; i++)
        fprintf(stderr, "%s: key '%s' is not known and was ignored\n", program_invocation_short_name,
            log->unknown_key[i]);
}

int say_usage(const char *format, ...)
{
    va_list args;
    fprintf(stderr, "%s: ", program_invocation_short_name);
    va_start(args, format);
    vfprintf(stderr, format, args); // NOLINT(clang-analyzer-valist.Uninitialized): started in the line above
    fprintf(stderr, "\nTry '%s --help'.\n", program_invocation_short_name);
    va_end(args);
    return EXIT_USAGE;
}
