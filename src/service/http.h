/*
 * http.h: GET /metrics, /healthz and /readyz for whoever watches the service.
 *
 * Model: a thread of its own (libmicrohttpd) gives out the page that was put last; the service's thread is never asked
 *   and never waits. /healthz is 200 while a page was put within HTTP_STALE_MS, /readyz once it was put as ready.
 * Shapes: listen is ADDRESS:PORT, [ADDRESS]:PORT for IPv6; port 0 takes a free one (http_port tells).
 * Memory: two pages; at most 16 connections, each closed after five idle seconds, the oldest when another comes.
 * Errors: STATUS_BAD: no such address; STATUS_IO: it cannot be listened on, with diag.
 * Privacy: nothing but counts; no authentication, so listen on loopback or behind something.
 */
#ifndef SERVICE_HTTP_H
#define SERVICE_HTTP_H

#include "base/diag.h"
#include "base/span.h"
#include "base/status.h"

#include <stdbool.h>
#include <stdint.h>

enum { HTTP_STALE_MS = 60000 };

struct http;

/* Whether listen is one, without trying it. */
MUST_CHECK enum status http_check(const char *listen);
MUST_CHECK enum status http_start(const char *listen, struct http **ret_http, struct diag *diag);
void http_stop(struct http *http);
unsigned http_port(const struct http *http);
/* Copies the page. Without memory the earlier one stays. */
void http_put(struct http *http, struct span page, bool ready);

#endif
