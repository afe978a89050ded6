#define _GNU_SOURCE /* sigtimedwait, program_invocation_short_name */
#include "app/serve.h"

#include "app/say.h"
#include "base/fault.h"
#include "service/confine.h"
#include "service/http.h"
#include "service/metrics.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

enum { PAGE_EVERY_MS = 1000, SAY_AGAIN_MS = 60000 };

struct server {
    struct service *service;
    unsigned round_ms;
    struct http *http;
    struct buffer page;
    sigset_t signals;
    int64_t started_ms, page_ms, said_ms;
    char trouble[160]; /* said last; empty: none */
    bool ending;
};

static int64_t clock_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void put_page(struct server *server, int64_t now_ms, bool always)
{
    struct service_stats stats;
    if (!server->http || (!always && now_ms - server->page_ms < PAGE_EVERY_MS && now_ms >= server->page_ms))
        return;
    service_stats(server->service, &stats);
    buffer_reset(&server->page);
    metrics_page(&stats, now_ms, &server->page);
    if (server->page.status == STATUS_OK)
        http_put(server->http, buffer_span(&server->page), stats.ready);
    server->page_ms = now_ms;
}

static void say_refused(struct server *server)
{
    struct spool_refusal refusal;
    while (service_next_refusal(server->service, &refusal))
        fprintf(stderr, "%s: spool/%s is passed over: %s\n", program_invocation_short_name, refusal.name,
            refusal.reason);
}

static void reload(struct server *server)
{
    struct diag diag;
    enum status st = service_reload(server->service, &diag);
    if (st == STATUS_OK) {
        fprintf(stderr, "%s: the policy was read again\n", program_invocation_short_name);
        return;
    }
    say_diag(&diag);
    fprintf(stderr, "%s: the policy stays as it was\n", program_invocation_short_name);
}

/* Waits that long for a signal and does what it says. */
static void take_signals(struct server *server, long wait_ms)
{
    struct timespec wait = { wait_ms / 1000, wait_ms % 1000 * 1000000 };
    for (int signal; (signal = sigtimedwait(&server->signals, NULL, &wait)) > 0;
         wait = (struct timespec){ 0 }) {
        if (signal == SIGHUP)
            reload(server);
        else
            server->ending = true;
        if (server->ending)
            return;
    }
}

/* Trouble is said when it begins, when it changes, and every minute while it lasts. */
static void say_trouble(struct server *server, const struct diag *diag, int64_t now_ms)
{
    bool same = strcmp(server->trouble, diag->reason) == 0;
    if (diag->reason[0] && (!same || now_ms - server->said_ms >= SAY_AGAIN_MS)) {
        say_diag(diag);
        server->said_ms = now_ms;
    }
    if (!diag->reason[0] && server->trouble[0])
        fprintf(stderr, "%s: goes on\n", program_invocation_short_name);
    memcpy(server->trouble, diag->reason, sizeof server->trouble);
}

static int say_end(const struct diag *diag, enum status st)
{
    if (diag->reason[0])
        say_diag(diag);
    else
        say_failed(diag->file ? diag->file : "service", st);
    return EXIT_FAILED;
}

static int replay(struct server *server)
{
    struct diag diag;
    struct service_stats stats;
    enum status st = STATUS_OK;
    int64_t round_ms = 0;
    while (st == STATUS_OK && !server->ending) {
        st = service_replay(server->service, &diag);
        int64_t now_ms = clock_ms();
        if (st == STATUS_OK && (now_ms - round_ms >= server->round_ms || now_ms < round_ms)) {
            bool more;
            st = service_round(server->service, now_ms, &more, &diag);
            say_trouble(server, &diag, now_ms);
            round_ms = now_ms;
        }
        say_refused(server);
        put_page(server, now_ms, false);
        take_signals(server, 0);
    }
    if (st != STATUS_OK && st != STATUS_END)
        return say_end(&diag, st);
    if (st == STATUS_OK)
        return EXIT_DONE; /* asked to end under way */
    service_stats(server->service, &stats);
    double seconds = (double)(clock_ms() - server->started_ms) / 1000;
    fprintf(stderr, "%s: ready: %llu records replayed in %.1f s\n", program_invocation_short_name,
        (unsigned long long)stats.replayed, seconds);
    return EXIT_GO_ON;
}

/* The last round is one that leaves nothing; what comes after it waits in the rings. */
static int rounds(struct server *server)
{
    for (bool more = true;;) {
        struct diag diag;
        take_signals(server, more ? 0 : server->round_ms);
        bool last = server->ending;
        if (last)
            service_look_anew(server->service);
        int64_t now_ms = clock_ms();
        enum status st = service_round(server->service, now_ms, &more, &diag);
        if (st != STATUS_OK)
            return say_end(&diag, st);
        say_trouble(server, &diag, now_ms);
        say_refused(server);
        put_page(server, now_ms, false);
        if (last && diag.reason[0])
            return EXIT_FAILED;
        if (last && !more)
            return EXIT_DONE;
    }
}

static int prepare(
    struct server *server, const struct service_config *config, const struct serve_options *options)
{
    struct diag diag = { 0 };
    sigemptyset(&server->signals);
    sigaddset(&server->signals, SIGTERM);
    sigaddset(&server->signals, SIGINT);
    sigaddset(&server->signals, SIGHUP);
    sigprocmask(SIG_BLOCK, &server->signals, NULL); /* threads inherit it */
    signal(SIGPIPE, SIG_IGN);
    fault_guard_start(); /* of rings and table, which others write */
    server->started_ms = clock_ms();
    enum status st = service_open(config, server->started_ms, &server->service, &diag);
    if (st == STATUS_OK && options->listen)
        st = http_start(options->listen, &server->http, &diag);
    if (st == STATUS_OK && !options->unconfined)
        st = confine_calls(&diag);
    if (st == STATUS_OK) {
        put_page(server, server->started_ms, true);
        return EXIT_GO_ON;
    }
    say_end(&diag, st);
    return st == STATUS_BAD && diag.file == config->policy ? EXIT_USAGE : EXIT_FAILED;
}

int serve(const struct service_config *config, const struct serve_options *options)
{
    struct server server = { .round_ms = options->round_ms };
    int status = prepare(&server, config, options);
    if (status == EXIT_GO_ON)
        status = replay(&server);
    if (status == EXIT_GO_ON)
        status = rounds(&server);
    http_stop(server.http);
    service_close(server.service);
    buffer_fini(&server.page);
    return status;
}
