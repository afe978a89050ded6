#include "base/diag.h"

#include "base/utf8.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Keys of a file are named as they stand there: what a terminal might obey is replaced. */
static void clean(char *text)
{
    size_t n = strlen(text);
    for (size_t at = 0; at < n; at++)
        memset(text + at, '?', utf8_control(text + at, n - at));
}

void diag_set(struct diag *diag, const char *field, const char *format, ...)
{
    if (!diag)
        return;
    snprintf(diag->field, sizeof diag->field, "%s", field);
    va_list args;
    va_start(args, format);
    vsnprintf(diag->reason, sizeof diag->reason, format, args);
    va_end(args);
    clean(diag->field);
    clean(diag->reason);
}
