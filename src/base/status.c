#include "base/status.h"

const char *status_text(enum status st)
{
    static const char *const text[] = {
        [STATUS_OK] = "ok",
        [STATUS_NOMEM] = "out of memory",
        [STATUS_IO] = "input or output error",
        [STATUS_BAD] = "malformed input",
        [STATUS_TOO_BIG] = "over the limit",
        [STATUS_NEED_MORE] = "input ends too early",
        [STATUS_END] = "no more items",
        [STATUS_FULL] = "table full",
        [STATUS_NOT_FOUND] = "not found",
        [STATUS_MISMATCH] = "version, key or checksum differs",
    };
    if ((unsigned)st >= sizeof text / sizeof text[0])
        return "unknown status";
    return text[st];
}
