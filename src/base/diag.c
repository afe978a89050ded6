#include "base/diag.h"

#include <stdarg.h>
#include <stdio.h>

void diag_set(struct diag *diag, const char *field, const char *format, ...)
{
    if (!diag)
        return;
    snprintf(diag->field, sizeof diag->field, "%s", field);
    va_list args;
    va_start(args, format);
    vsnprintf(diag->reason, sizeof diag->reason, format, args);
    va_end(args);
}
