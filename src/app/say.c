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
    fprintf(stderr, "stillwatch: %s: %s\n", what, say_reason(st));
    return EXIT_FAILED;
}

void say_diag(const struct diag *diag)
{
    fprintf(stderr, "stillwatch: %s", diag->file ? diag->file : "input");
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

int say_usage(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    fputs("stillwatch: ", stderr);
    vfprintf(stderr, format, args);
    fputs("\nTry 'stillwatch --help'.\n", stderr);
    va_end(args);
    return EXIT_USAGE;
}
