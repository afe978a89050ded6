/*
 * clock.h: RFC 3339 times and milliseconds since 1970 UTC.
 *
 * Model: date-time with a zone, "2026-05-05T08:00:00.123Z" or "+02:00" at the end. Digits beyond
 *   milliseconds are dropped, never rounded up, so that order is kept. A leap second (":60") is the first
 *   of the next minute.
 * Source: Klyne, Newman, "Date and Time on the Internet: Timestamps", RFC 3339, 2002. Stricter in one
 *   thing: the separator is T or t, not a space. Days by Hinnant, "chrono-compatible low-level date
 *   algorithms", 2013.
 * Shapes: years 0001 to 9999, proleptic Gregorian.
 * Errors: STATUS_BAD for whatever is not exactly that.
 * Cost: about 15 ns a call.
 * Threads: pure; no locale, no environment, no zone database.
 */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include "base/span.h"
#include "base/status.h"

#include <stdint.h>

#define CLOCK_MIN_MS INT64_C(-62135596800000) /* 0001-01-01T00:00:00.000Z */
#define CLOCK_MAX_MS INT64_C(253402300799999) /* 9999-12-31T23:59:59.999Z */

MUST_CHECK enum status clock_parse(struct span text, int64_t *ret_ms);

/* "2026-05-05T08:00:00.123Z" with its NUL. Times outside the range are clamped to it. */
enum { CLOCK_TEXT_BYTES = 25 };
void clock_format(int64_t ms, char ret_text[static CLOCK_TEXT_BYTES]);

#endif
