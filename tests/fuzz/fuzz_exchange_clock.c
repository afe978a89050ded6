/* A time that is accepted comes back when it is written and read again. */
#include "fuzz.h"

#include "base/clock.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    int64_t ms, again;
    char text[CLOCK_TEXT_BYTES];
    if (clock_parse((struct span){ (const char *)data, n }, &ms) != STATUS_OK)
        return 0;
    if (ms < CLOCK_MIN_MS || ms > CLOCK_MAX_MS)
        abort();
    clock_format(ms, text);
    if (clock_parse(span_of(text), &again) != STATUS_OK || again != ms)
        abort();
    return 0;
}
