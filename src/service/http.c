#include "service/http.h"

#include <arpa/inet.h>
#include <errno.h>
#include <microhttpd.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { CONNECTIONS_MAX = 16, IDLE_SECONDS = 5, ADDRESS_BYTES = 64 };
enum { ROOM = 2 * CONNECTIONS_MAX }; /* with those that are going */

struct http {
    struct MHD_Daemon *daemon;
    struct MHD_Connection *open[ROOM]; /* the oldest first; of the daemon's thread only */
    size_t n_open;
    pthread_mutex_t mutex;
    char *page; /* guarded, as what follows */
    size_t n;
    int64_t put_ms;
    bool ready;
};

union address {
    struct sockaddr any;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
};

static int64_t steady_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static enum status parse(const char *listen, union address *ret_address)
{
    char host[ADDRESS_BYTES];
    const char *colon = strrchr(listen, ':');
    char *end = NULL;
    size_t n = colon ? (size_t)(colon - listen) : 0;
    if (n == 0 || n >= sizeof host)
        return STATUS_BAD;
    unsigned long port = strtoul(colon + 1, &end, 10);
    if (colon[1] < '0' || colon[1] > '9' || *end || port > 65535)
        return STATUS_BAD;
    bool six = listen[0] == '[' && listen[n - 1] == ']';
    snprintf(host, sizeof host, "%.*s", (int)(n - (six ? 2 : 0)), listen + (six ? 1 : 0));
    memset(ret_address, 0, sizeof *ret_address);
    if (six) {
        ret_address->v6.sin6_family = AF_INET6;
        ret_address->v6.sin6_port = htons((uint16_t)port);
        return inet_pton(AF_INET6, host, &ret_address->v6.sin6_addr) == 1 ? STATUS_OK : STATUS_BAD;
    }
    ret_address->v4.sin_family = AF_INET;
    ret_address->v4.sin_port = htons((uint16_t)port);
    return inet_pton(AF_INET, host, &ret_address->v4.sin_addr) == 1 ? STATUS_OK : STATUS_BAD;
}

static enum MHD_Result reply(
    struct MHD_Connection *connection, unsigned code, struct span text, const char *type)
{
    struct MHD_Response *response =
        MHD_create_response_from_buffer(text.n, (void *)(uintptr_t)text.data, MHD_RESPMEM_MUST_COPY);
    if (!response)
        return MHD_NO;
    MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, type);
    MHD_add_response_header(response, MHD_HTTP_HEADER_CACHE_CONTROL, "no-store");
    if (code == MHD_HTTP_METHOD_NOT_ALLOWED)
        MHD_add_response_header(response, MHD_HTTP_HEADER_ALLOW, "GET, HEAD");
    enum MHD_Result result = MHD_queue_response(connection, code, response);
    MHD_destroy_response(response);
    return result;
}

static enum MHD_Result reply_line(struct MHD_Connection *connection, unsigned code, const char *text)
{
    return reply(connection, code, span_of(text), "text/plain; charset=utf-8");
}

static enum MHD_Result answer_metrics(struct http *http, struct MHD_Connection *connection)
{
    pthread_mutex_lock(&http->mutex);
    enum MHD_Result result = reply(connection, http->page ? MHD_HTTP_OK : MHD_HTTP_SERVICE_UNAVAILABLE,
        (struct span){ http->page, http->n }, "text/plain; version=0.0.4; charset=utf-8");
    pthread_mutex_unlock(&http->mutex);
    return result;
}

static enum MHD_Result answer(void *context, struct MHD_Connection *connection, const char *url,
    const char *method, const char *version, const char *data, size_t *data_n, void **of_request)
{
    static int seen;
    struct http *http = context;
    (void)version;
    (void)data;
    if (!*of_request) { /* the head is here, the body not yet */
        *of_request = &seen;
        return MHD_YES;
    }
    if (*data_n > 0) {
        *data_n = 0; /* nobody reads bodies */
        return MHD_YES;
    }
    if (strcmp(method, MHD_HTTP_METHOD_GET) != 0 && strcmp(method, MHD_HTTP_METHOD_HEAD) != 0)
        return reply_line(connection, MHD_HTTP_METHOD_NOT_ALLOWED, "GET only\n");
    if (strcmp(url, "/metrics") == 0)
        return answer_metrics(http, connection);
    pthread_mutex_lock(&http->mutex);
    bool alive = steady_ms() - http->put_ms < HTTP_STALE_MS, ready = http->ready;
    pthread_mutex_unlock(&http->mutex);
    if (strcmp(url, "/healthz") == 0)
        return alive ? reply_line(connection, MHD_HTTP_OK, "ok\n")
                     : reply_line(connection, MHD_HTTP_SERVICE_UNAVAILABLE, "no round for a minute\n");
    if (strcmp(url, "/readyz") == 0)
        return ready ? reply_line(connection, MHD_HTTP_OK, "ready\n")
                     : reply_line(connection, MHD_HTTP_SERVICE_UNAVAILABLE, "replaying the journal\n");
    return reply_line(connection, MHD_HTTP_NOT_FOUND, "/metrics, /healthz or /readyz\n");
}

static void shut(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    if (info)
        shutdown(info->connect_fd, SHUT_RDWR); /* the daemon sees its end, and closes it */
}

/* Beyond the most the oldest goes for a newcomer: those who never finish their request keep nobody out. */
static void on_connection(void *context, struct MHD_Connection *connection, void **of_connection,
    enum MHD_ConnectionNotificationCode code)
{
    struct http *http = context;
    size_t i = 0;
    (void)of_connection;
    if (code == MHD_CONNECTION_NOTIFY_STARTED) {
        if (http->n_open >= CONNECTIONS_MAX)
            shut(http->open[http->n_open - CONNECTIONS_MAX]);
        if (http->n_open < ROOM)
            http->open[http->n_open++] = connection;
        return;
    }
    while (i < http->n_open && http->open[i] != connection)
        i++;
    for (; i + 1 < http->n_open; i++)
        http->open[i] = http->open[i + 1];
    http->n_open = i;
}

enum status http_check(const char *listen)
{
    union address address;
    return parse(listen, &address);
}

enum status http_start(const char *listen, struct http **ret_http, struct diag *diag)
{
    enum status st = STATUS_OK;
    union address address;
    struct http *http = NULL;
    if (diag)
        diag->file = listen;
    st = parse(listen, &address);
    if (st != STATUS_OK)
        diag_set(diag, "", "not ADDRESS:PORT");
    TRY(st);
    http = calloc(1, sizeof *http);
    REQUIRE(http, STATUS_NOMEM);
    pthread_mutex_init(&http->mutex, NULL);
    http->put_ms = steady_ms();
    unsigned flags = MHD_USE_AUTO_INTERNAL_THREAD | (address.any.sa_family == AF_INET6 ? MHD_USE_IPv6 : 0);
    errno = 0;
    http->daemon = MHD_start_daemon(flags, 0, NULL, NULL, answer, http, MHD_OPTION_SOCK_ADDR, &address.any,
        MHD_OPTION_CONNECTION_LIMIT, (unsigned)ROOM, MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE_SECONDS,
        MHD_OPTION_NOTIFY_CONNECTION, on_connection, http, MHD_OPTION_END);
    if (!http->daemon)
        diag_set(diag, "", "cannot be listened on: %s", errno ? strerror(errno) : "no reason given");
    REQUIRE(http->daemon, STATUS_IO);
    *ret_http = http;
    return STATUS_OK;
fail:
    http_stop(http);
    return st;
}

void http_stop(struct http *http)
{
    if (!http)
        return;
    if (http->daemon)
        MHD_stop_daemon(http->daemon);
    pthread_mutex_destroy(&http->mutex);
    free(http->page);
    free(http);
}

unsigned http_port(const struct http *http)
{
    const union MHD_DaemonInfo *info = MHD_get_daemon_info(http->daemon, MHD_DAEMON_INFO_BIND_PORT);
    return info ? info->port : 0;
}

void http_put(struct http *http, struct span page, bool ready)
{
    char *copy = malloc(page.n + 1);
    if (copy)
        memcpy(copy, page.data, page.n);
    pthread_mutex_lock(&http->mutex);
    char *earlier = http->page;
    if (copy) {
        http->page = copy;
        http->n = page.n;
    }
    http->put_ms = steady_ms();
    http->ready = ready;
    pthread_mutex_unlock(&http->mutex);
    if (copy)
        free(earlier);
}
