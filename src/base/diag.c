#include "base/diag.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>

/* Keys of a file are named as they stand there: what a terminal might obey is replaced, U+0080 to U+009F too. */
static void clean(char *text)
{
    unsigned char before = 0;
    for (unsigned char *at = (unsigned char *)text; *at; at++) {
        bool is_control = *at < 0x20 || *at == 0x7f || (before == 0xc2 && *at >= 0x80 && *at < 0xa0);
        before = *at;
        if (!is_control)
            continue;
        if (*at >= 0x80)
            at[-1] = '?';
        *at = '?';
    }
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
