/*
 * metrics.h: what the service counts, as a page for Prometheus.
 *
 * Source: Prometheus text exposition format, version 0.0.4.
 * Shapes: counters end in _total and start at 0 with the process, unless their help says since when they count.
 * Errors: the buffer's status.
 * Privacy: counts only; no account, no key, no address.
 */
#ifndef SERVICE_METRICS_H
#define SERVICE_METRICS_H

#include "base/buffer.h"
#include "service/service.h"

/* Appends the page. now_ms: for the lag. */
void metrics_page(const struct service_stats *stats, int64_t now_ms, struct buffer *page);
/* How far behind the traffic decisions are: 0 while nothing waits. */
int64_t metrics_lag_ms(const struct service_stats *stats, int64_t now_ms);

#endif
